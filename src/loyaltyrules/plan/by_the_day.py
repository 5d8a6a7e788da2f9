# SPDX-License-Identifier: Apache-2.0
"""Which facts go by the day: what they say on another day is another thing, though nothing was told anew."""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import reduce

from loyaltyrules.expression.tree import Node, references_in, symbols_in
from loyaltyrules.policy.model import Aggregate, Derived, Policy, Rank
from loyaltyrules.policy.order import needed_first

Key = tuple[str, str]  # the kind of record, and the fact


class Goes(IntEnum):
    """Whether an expression goes by the day, and whether another day can be told by writing it out."""

    ALIKE = 0
    WRITTEN = 1
    COUNTED = 2  # over records, or too long to be written out


class ByTheDay:
    """How the derived facts of a policy go by the day."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        figures = policy.parameters.items()
        self._moving = {"today"} | {name for name, each in figures if len(each.values) > 1}
        self._known: dict[Key, Goes] = {}
        keys = [(subject, name) for subject, own in policy.derived.items() for name in own]
        for key in needed_first(keys, self._read):
            self._known[key] = self._derived(policy.derived[key[0]][key[1]])

    def of(self, subject: str, node: Node) -> Goes:
        """How an expression over a kind of record goes by the day."""
        moves = not self._moving.isdisjoint(symbols_in(node))
        read = (self.of_fact(each.owner or subject, each.name) for each in references_in(node))
        return reduce(max, read, Goes.WRITTEN if moves else Goes.ALIKE)

    def of_fact(self, subject: str, name: str) -> Goes:
        """How a fact goes by the day; given ones never do."""
        return self._known.get((subject, name), Goes.ALIKE)

    def _derived(self, derived: Derived) -> Goes:
        parts = (self.of(subject, node) for subject, node in _nodes(derived))
        found = reduce(max, parts, Goes.ALIKE)
        whole = derived.shared or isinstance(derived.origin, Aggregate | Rank)
        return Goes.COUNTED if found and whole else found

    def _read(self, key: Key) -> Iterable[Key]:
        for subject, node in _nodes(self._policy.derived[key[0]][key[1]]):
            for each in references_in(node):
                if each.name in self._policy.derived.get(each.owner or subject, {}):
                    yield each.owner or subject, each.name


def _nodes(derived: Derived) -> Iterator[tuple[str, Node]]:
    """What a fact is made of, each expression with the kind of record that it is over."""
    if isinstance(derived.origin, Aggregate):
        yield from ((derived.origin.over, node) for node in derived.origin.nodes)
    else:
        yield from ((derived.subject, node) for node in derived.nodes)
