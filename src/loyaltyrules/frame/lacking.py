# SPDX-License-Identifier: Apache-2.0
"""Which rules of a day need a fact: told where a table has no column of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from loyaltyrules.expression.tree import Node, facts_in
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Aggregate, Standing

Fact = tuple[str, str]  # subject and name
Needing = dict[Fact, list[str]]


def needing(plan: DayPlan, subjects: Collection[str]) -> Needing:
    """Given facts of these subjects, each with the rules of the last day that read it, in order."""
    reading = _Reading(plan, plan.day(plan.on), subjects)
    found: Needing = {}
    for subject in subjects:
        for instance in reading.day.subjects[subject].instances:
            names = {*facts_in(instance.condition)}
            for recipe in instance.recipes:
                names |= {*recipe.reads, *(need.fact for need in recipe.needs)}
            for fact in {given for name in names for given in reading.of(subject, name)}:
                rules = found.setdefault(fact, [])
                if instance.rule.id not in rules:
                    rules.append(instance.rule.id)
    return found


@dataclass(slots=True)
class _Reading:
    """What facts are derived from, in the end."""

    plan: DayPlan
    day: Day
    subjects: Collection[str]
    known: dict[Fact, frozenset[Fact]] = field(default_factory=dict)

    def of(self, subject: str, name: str) -> frozenset[Fact]:
        """The given facts behind a name, as a record of the subject reads it."""
        head, _, rest = name.partition(".")
        own = name in self.plan.policy.derived.get(subject, {})
        if rest and not own and head in self.plan.policy.vocabulary.subjects:
            subject, name = head, rest
        fact = subject, name
        if fact not in self.known:
            self.known[fact] = frozenset()  # a fact does not wait for itself
            derived = name in self.plan.policy.derived.get(subject, {})
            self.known[fact] = (
                frozenset(g for s, n in self._read(subject, name) for g in self.of(s, n))
                if derived and subject in self.subjects
                else frozenset([fact])
            )
        return self.known[fact]

    def _read(self, subject: str, name: str) -> Iterator[Fact]:
        """What one derived fact reads on the day."""
        for each in self.day.subjects[subject].deriving:
            if each.name == name:
                nodes = [each.node] if each.node is not None else []
                yield from _facts(subject, nodes)
        origin = self.plan.policy.derived[subject][name].origin
        match origin:
            case Aggregate(_, over, value, where, _, order):
                given = [node for node in (value, where, *order) if node is not None]
                yield from _facts(over, given)
            case Standing(_, order, within, where):
                yield from ((subject, each) for each in (*order, within) if each)
                yield from _facts(subject, [where])
            case _:
                yield from _facts(subject, [origin])


def _facts(subject: str, nodes: list[Node]) -> Iterator[Fact]:
    for node in nodes:
        yield from ((subject, name) for name in facts_in(node))


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
