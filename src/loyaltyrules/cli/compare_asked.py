# SPDX-License-Identifier: Apache-2.0
"""What the verb compare is asked: the policies, the snapshot, the days, and where results go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from loyaltyrules.cli.outputs import check_page, check_paths
from loyaltyrules.cli.policy_at import PolicyAt
from loyaltyrules.cli.setting import changed, changes_of
from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.problem import problem
from loyaltyrules.simulation.shown.charts.look import require


class Days(NamedTuple):
    """The day, or the first and the last of a span."""

    on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared, as it was written: the policies, the snapshot, the changes, the condition."""

    old: PolicyAt
    new: PolicyAt | None
    snapshot: Path
    settings: Sequence[str]
    fail_on: str | None

    def policies(self) -> tuple[Policy, Policy]:
        """The old policy and the new one, with the changes.

        Raises:
            MisuseError: a change is no NAME=VALUE (LR534).
            PolicyError: a policy is faulty, or would be with the changes.
        """
        changes = changes_of(self.settings)
        old = self.old.load()
        return old, changed(self.new.load() if self.new else old, changes)


class Files(NamedTuple):
    """Where the parts of a comparison go; None means nowhere."""

    html: Path | None = None
    movers: Path | None = None
    actions: Path | None = None

    @property
    def tables(self) -> list[Path]:
        return [path for path in (self.movers, self.actions) if path is not None]

    @property
    def paths(self) -> list[Path]:
        return [*self.tables, *([self.html] if self.html else [])]

    def check(self) -> None:
        """Refuse what cannot be written, before anything is read.

        Raises:
            MisuseError: a file that cannot be (LR411, LR450, LR531).
            FrameError: what draws charts is not installed (LR530).
        """
        check_paths(self.tables)
        if self.html is not None:
            check_page(self.html, self.tables)
            require()


def asked_of(
    old: PolicyAt, second: Path | None, third: Path | None, settings: Sequence[str],
    fail_on: str | None,
) -> Asked:  # fmt: skip
    """The arguments as what they are: of two the second is the snapshot.

    Raises:
        MisuseError: there is no snapshot, or nothing to compare with (LR532, LR533).
    """
    if second is None:
        raise MisuseError([problem("LR532", None)])
    if third is not None:
        return Asked(old, PolicyAt(second, old.root), third, settings, fail_on)
    if not settings:
        raise MisuseError([problem("LR533", None)])
    return Asked(old, None, second, settings, fail_on)
