# SPDX-License-Identifier: Apache-2.0
"""What a what-if measures: how many records have which word of a label, how many actions
there are, and what they cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

import narwhals.stable.v2 as nw

from loyaltyrules.simulation.costs import COST, MINUTES, require_costs
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

    def rows(self, side: Side) -> Iterator[tuple[str, float | None]]:
        """The number under one policy."""
        counts = side.run.tally(False).items()
        yield self.name, sum(n for (kind, *_), n in counts if fnmatchcase(kind, self.kinds))


@dataclass(frozen=True, slots=True)
class Spending:
    """What the actions of some kinds cost in all, in money (`cost`) or `minutes`."""

    what: str
    kinds: str

    @property
    def name(self) -> str:
        return f"{self.what} {self.kinds}"

    def rows(self, side: Side) -> Iterator[tuple[str, float | None]]:
        """The sum of what is known, and of how many actions it is not, if there are any."""
        require_costs(side.policy, self.what)
        fitting = [e for e in set(side.priced["kind"].to_list()) if fnmatchcase(e, self.kinds)]
        own = side.priced.filter(nw.col("kind").is_in(fitting))
        known = own[self.what].drop_nulls()
        yield self.name, float(known.sum() or 0) if len(known) or not len(own) else None
        if len(known) < len(own):
            yield f"no {self.name}", len(own) - len(known)


def cost(kinds: str = "*") -> Spending:
    """What the actions of the kinds that fit a pattern cost, as the section `costs` of the policy says."""
    return Spending(COST, kinds)


def minutes(kinds: str = "*") -> Spending:
    """How many minutes of work the actions of the kinds that fit a pattern take."""
    return Spending(MINUTES, kinds)


def count(label: str) -> Words:
    """How many records have each word of a label."""
    return Words(label)


def share(label: str) -> Words:
    """The share of the records that have each word of a label, among all that have one."""
    return Words(label)


def actions(kinds: str = "*") -> Actions:
    """How many actions there are of the kinds that fit a pattern, such as `gift.*`."""
    return Actions(kinds)
