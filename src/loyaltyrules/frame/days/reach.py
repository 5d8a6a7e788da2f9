# SPDX-License-Identifier: Apache-2.0
"""How far it reaches that a derived fact of some records turned: to what reads it, below and above."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loyaltyrules.decision.turning import Turning
from loyaltyrules.expression.tree import Node, references_in
from loyaltyrules.frame.days.known import Known
from loyaltyrules.frame.days.turned import turned
from loyaltyrules.plan.day import Counting, Day, Deriving
from loyaltyrules.plan.population import Ranking
from loyaltyrules.plan.recipe import nodes_in

Fact = tuple[str, str]  # the kind of record and the name of its fact


class Everybody(Exception):
    """It cannot be told of whom a day decides otherwise than the day before."""


@dataclass(slots=True)
class Reach:
    """The facts that turned, and by kind of record the places of those of whom one did."""

    day: Day
    records: Mapping[str, Known]
    links: Mapping[str, str]  # by kind of record the fact with the id of its parent
    facts: set[Fact] = field(default_factory=set)
    found: dict[str, set[int]] = field(default_factory=dict)

    def start(self, turnings: Mapping[str, Turning]) -> None:
        """Those of whom a condition of the fact itself turned, or of a child record that it counts.

        Raises:
            Everybody: it reaches a ranking, in which all stand.
        """
        for name, each in turnings.items():
            for fact, pairs in each.derived.items():
                self._add((name, fact), turned(self.records[name], pairs))
            for fact, (over, pairs) in each.counted.items():
                if over in self.records:
                    places = turned(self.records[over], pairs)
                    self._add((name, fact), self._parents(name, over, places))
        known: set[Fact] = set()
        while more := self.facts - known:
            known |= more
            self._within(more)
            self._below(more)

    def _add(self, fact: Fact, places: set[int]) -> None:
        if places:
            self.facts.add(fact)
            self.found.setdefault(fact[0], set()).update(places)

    def _parents(self, name: str, below: str, places: set[int]) -> set[int]:
        """The places of the parents of records at some places."""
        ids = self.records[below].texts_at(self.links[below], places) if places else ()
        return self.records[name].places_of("id", ids)

    def _within(self, turned_: set[Fact]) -> None:
        """What is derived of the record or counted over it may turn too, of the same records."""
        for name in self.records:
            for each in self.day.subjects[name].deriving:
                if not references(_read(name, each)) & turned_:
                    continue
                if each.ranking is not None:
                    raise Everybody
                if each.counting is not None:
                    over = each.counting.over
                    places = self.found.get(over, set())
                    self._add((name, each.name), self._parents(name, over, places))
                    if any((name, own) in turned_ for own, _ in each.counting.handed):
                        self.facts.add((name, each.name))
                else:
                    self.facts.add((name, each.name))

    def _below(self, turned_: set[Fact]) -> None:
        """Records of whom a fact above them turned are asked anew, where they read it."""
        for name, known in self.records.items():
            if all(subject == name for subject, _ in turned_):
                continue
            read = references((name, node) for node in asked(self.day, name))
            for above in {subject for subject, _ in read & turned_ if subject != name}:
                key = f"{above}.id"
                if key in known.frame.columns:
                    ids = self.records[above].texts_at("id", self.found.get(above, set()))
                    self.found.setdefault(name, set()).update(known.places_of(key, ids))


def _read(name: str, each: Deriving) -> Iterator[tuple[str, Node]]:
    """What a fact is derived from, each expression with the kind of record that it is over."""
    match each:
        case Deriving(
            counting=Counting(over=over, where_node=where, value_node=value, order=order)
        ):
            listed = (where, value, *(each.node for each in order))
            yield from ((over, node) for node in listed if node is not None)
        case Deriving(ranking=Ranking(nodes=nodes)):
            listed = (*nodes.order, nodes.within, nodes.where, nodes.share, nodes.smallest)
            yield from ((name, node) for node in listed if node is not None)
        case Deriving(node=node) if node is not None:
            yield name, node


def references(nodes: Iterable[tuple[str, Node]]) -> set[Fact]:
    """The facts that expressions read, each expression with the kind of record that it is over."""
    return {(e.owner or name, e.name) for name, node in nodes for e in references_in(node)}


def asked(day: Day, subject: str) -> Iterator[Node]:
    """All that rules, their actions and derived facts read of the records of a kind on a day."""
    own = day.subjects[subject]
    for each in own.instances:
        yield each.condition
        for recipe in each.recipes:
            yield from recipe.nodes
            yield from nodes_in(recipe.changes.values())
    yield from (each.node for each in own.deriving if each.node is not None)
