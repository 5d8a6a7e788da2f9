# SPDX-License-Identifier: Apache-2.0
"""A policy as the command line names it: where it lies, and what it may read besides."""

from pathlib import Path
from typing import NamedTuple

from loyaltyrules.policy.load import load_policy
from loyaltyrules.policy.model import Policy


class PolicyAt(NamedTuple):
    """The file or folder of a policy, and a further folder that its files may lie in."""

    path: Path
    root: Path | None = None

    def load(self) -> Policy:
        return load_policy(self.path, root=self.root)
