# SPDX-License-Identifier: Apache-2.0
"""Which rules of a day need a fact: told where a table has no column of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loyaltyrules.expression.tree import Node, references_in
from loyaltyrules.plan.day import Day, Instance
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Aggregate, Rank
from loyaltyrules.policy.order import needed_first

Fact = tuple[str, str]  # subject and name
Needing = dict[Fact, list[str]]


def needing(plan: DayPlan, subjects: Collection[str]) -> Needing:
    """Given facts of these subjects, each with the rules of the last day that read it, in order."""
    reading = _Reading(plan, plan.day(plan.on), subjects)
    found: Needing = {}
    for subject in subjects:
        for instance in reading.day.subjects[subject].instances:
            asked = _facts(subject, _asked(instance))
            for fact in {given for each in asked for given in reading.behind(*each)}:
                rules = found.setdefault(fact, [])
                if instance.rule.id not in rules:
                    rules.append(instance.rule.id)
    return found


def _asked(instance: Instance) -> Iterator[Node]:
    """All that a rule and its actions read of a record."""
    yield instance.condition
    for recipe in instance.recipes:
        yield from recipe.nodes
        yield from (need.missing for need in recipe.needs)


@dataclass(slots=True)
class _Reading:
    """What facts are derived from, in the end."""

    plan: DayPlan
    day: Day
    subjects: Collection[str]
    known: dict[Fact, frozenset[Fact]] = field(default_factory=dict)

    def behind(self, subject: str, name: str) -> frozenset[Fact]:
        """The given facts behind a fact of a subject."""
        for fact in needed_first([(subject, name)], self._below):
            if fact not in self.known:
                below = self._below(fact)
                given = [self.known.get(each, frozenset()) for each in below]
                self.known[fact] = frozenset[Fact]().union(*given) if below else frozenset([fact])
        return self.known[subject, name]

    def _below(self, fact: Fact) -> list[Fact]:
        """What a fact is derived from, as far as that is not known yet."""
        subject, name = fact
        derived = name in self.plan.policy.derived.get(subject, {}) and subject in self.subjects
        return [*self._read(subject, name)] if derived and fact not in self.known else []

    def _read(self, subject: str, name: str) -> Iterator[Fact]:
        """What one derived fact reads on the day."""
        for each in self.day.subjects[subject].deriving:
            if each.name == name:
                yield from _facts(subject, [each.node] if each.node is not None else [])
        origin = self.plan.policy.derived[subject][name].origin
        match origin:
            case Aggregate(_, over, value, where, _, order):
                given = [node for node in (value, where, *order) if node is not None]
                yield from _facts(over, given)
            case Rank(_, order, within, where):
                yield from _facts(subject, (*order, *([within] if within else []), where))
            case _:
                yield from _facts(subject, [origin])


def _facts(subject: str, nodes: Iterable[Node]) -> Iterator[Fact]:
    """The facts in expressions about a subject, each with whose it is."""
    for node in nodes:
        yield from ((each.owner or subject, each.name) for each in references_in(node))


def named(rules: list[str], most: int = 3) -> str:
    """Some of the rules, for a message."""
    return ", ".join([*rules[:most], *(["…"] if len(rules) > most else [])])


def missing(
    plan: DayPlan, columns: Mapping[str, Collection[str]]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """By subject the columns that its table lacks, with the rules that need them."""
    declared = plan.policy.vocabulary.declarations
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for (subject, name), rules in sorted(needing(plan, columns.keys()).items()):
        fact = declared.get(subject, {}).get(name)
        needed = fact is not None and fact.default is None
        if needed and subject in columns and name not in columns[subject]:
            found.setdefault(subject, {})[name] = tuple(rules)
    return found
