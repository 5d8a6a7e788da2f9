# SPDX-License-Identifier: Apache-2.0
"""What a what-if measures: how many records have which word of a label, and how many actions there are."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from loyaltyrules.simulation.side import Side


@dataclass(frozen=True, slots=True)
class Words:
    """The records by the words of a label: how many, and which share of those that have a word."""

    label: str


@dataclass(frozen=True, slots=True)
class Actions:
    """How many actions of some kinds there are; what is held back is none."""

    kinds: str

    @property
    def name(self) -> str:
        return f"actions {self.kinds}"

    def of(self, side: Side) -> int:
        """The number under one policy."""
        counts = side.run.tally(False).items()
        return sum(n for (kind, *_), n in counts if fnmatchcase(kind, self.kinds))


def count(label: str) -> Words:
    """How many records have each word of a label."""
    return Words(label)


def share(label: str) -> Words:
    """The share of the records that have each word of a label, among all that have one."""
    return Words(label)


def actions(kinds: str = "*") -> Actions:
    """How many actions there are of the kinds that fit a pattern, such as `gift.*`."""
    return Actions(kinds)
