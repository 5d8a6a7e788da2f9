# SPDX-License-Identifier: Apache-2.0
"""A policy as the command line names it: where it lies, and what it may read besides."""

from pathlib import Path
from typing import NamedTuple

from loyaltyrules.policy.load import load_policy
from loyaltyrules.policy.model import Policy
from loyaltyrules.testing.coverage import HANDBOOK


class PolicyAt(NamedTuple):
    """The file or folder of a policy, and a further folder that its files may lie in."""

    path: Path
    root: Path | None = None

    def load(self) -> Policy:
        return load_policy(self.path, root=self.root)


def files_of(policy: Policy) -> list[Path]:
    """The files that a policy was read from, bases and includes among them, and the handbooks beside."""
    if policy.written is None:
        return []
    document = policy.written.document
    places = (*document.places.values(), *document.keys.values())
    files = [Path(name) for name in dict.fromkeys(each.file for each in places)]
    return [*files, *dict.fromkeys(each.parent / HANDBOOK for each in files)]
