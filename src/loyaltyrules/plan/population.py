# SPDX-License-Identifier: Apache-2.0
"""What a plan knows of all records together: the order of each group, for shares and ranks."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, Facts
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.policy.model import Ties

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Siblings:
    """The order keys of each group, lowest first; the last part of a key is the id."""

    groups: Mapping[Any, tuple[Key, ...]]

    def place(self, group: Any, key: Key, ties: Ties) -> tuple[int, int]:
        """The rank of a key in its group, 1 for the highest, and the size of the group.

        A record that is not among the siblings gets the place that it would have there.
        """
        keys = self.groups.get(group, ())
        above = len(keys) - bisect_right(keys, key)
        if ties == "higher":
            above = len(keys) - bisect_right(keys, key[:-1], key=_without_id)
        if ties == "lower":
            other = key not in keys[bisect_left(keys, key) : bisect_right(keys, key)]
            above = len(keys) - bisect_left(keys, key[:-1], key=_without_id) - (not other)
        return 1 + above, len(keys)


@dataclass(frozen=True, slots=True)
class RankingNodes:
    """The expressions of a ranking, for whoever computes it in columns."""

    order: tuple[Node, ...]
    within: Node | None
    where: Node
    share: Node | None
    smallest: Node | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a standing among siblings is computed: order, group, membership, share, parts."""

    function: str
    order: tuple[Evaluated, ...]
    within: Evaluated | None
    where: Evaluated
    share: Evaluated | None
    parts: int
    smallest: Evaluated | None
    nodes: "RankingNodes"
    ties: Ties = "id"

    def key(self, facts: Facts) -> Key:
        """Highest first by the facts in order; missing counts as lowest, the id comes last."""
        pairs = zip(self.order, self.nodes.order, strict=True)
        return (*(_ordinal(of(facts), node) for of, node in pairs), _reversed(str(facts["id"])))

    def group(self, facts: Facts) -> Any:
        """The group of a record; None where it is unknown, and so is where it stands."""
        return self.within(facts) if self.within else ""

    def siblings(self, population: Iterable[Facts]) -> Siblings:
        """The order of everybody for whom the ranking is meant."""
        groups: dict[Any, list[Key]] = {}
        for facts in population:
            group = self.group(facts)
            if group is not None and self.where(facts) is True:
                groups.setdefault(group, []).append(self.key(facts))
        return Siblings(Frozen({group: tuple(sorted(keys)) for group, keys in groups.items()}))

    def of(self, siblings: Siblings | None, facts: Facts) -> Any:
        """Where one record stands; None without a population or a group, or in too small a one."""
        group = self.group(facts)
        if siblings is None or group is None or self.where(facts) is not True:
            return None
        rank, size = siblings.place(group, self.key(facts), self.ties)
        if not size or (self.smallest and size < self.smallest(facts)):
            return None
        match self.function:
            case "rank":
                return rank
            case "top":
                share = self.share(facts) if self.share else 0
                return rank <= int((Decimal(share) * size).to_integral_value(ROUND_FLOOR))
        return 1 + (size - rank) * self.parts // size


def _without_id(key: Key) -> Key:
    return key[:-1]


def _ordinal(value: Any, node: Node) -> tuple[bool, Any]:
    if value is None or value is NOT_HAPPENED:
        return False, 0
    return True, Falling(value) if isinstance(node, tree.Falling) else value


@dataclass(frozen=True, slots=True)
class Falling:
    """A value that is before the lesser ones, and after the greater."""

    value: Any

    def __lt__(self, other: "Falling") -> bool:
        return bool(other.value < self.value)


def _reversed(text: str) -> tuple[int, ...]:
    """Orders texts backwards, so that of two equals the smaller id stands higher."""
    return (*(-ord(character) for character in text), 0)
