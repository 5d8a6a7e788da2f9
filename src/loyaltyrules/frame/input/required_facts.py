# SPDX-License-Identifier: Apache-2.0
"""Which rules of a day need a fact: told where a table has no column of it, or is not there at all."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from loyaltyrules.action.kinds import is_duty
from loyaltyrules.expression.tree import Node, references_in
from loyaltyrules.fact.coerce import is_missing
from loyaltyrules.fact.declaration import ways_up
from loyaltyrules.host.record import mapping_of
from loyaltyrules.plan.day import Day, Instance
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe, nodes_in
from loyaltyrules.policy.model import Aggregate, Cap, Policy, Rank
from loyaltyrules.policy.order import needed_first

Fact = tuple[str, str]  # subject and name
Needing = dict[Fact, list[str]]


class NeedingOfSubjects(dict[tuple[frozenset[str], frozenset[str]], Needing]):
    """What rules of some subjects need, by these and by those known; it belongs to the plan's memory."""


class ReferenceColumns(dict[str, frozenset[str]]):
    """The facts that reference data say of each kind of record; it belongs to the plan's memory."""


def needing(
    plan: DayPlan, subjects: Collection[str], known: Collection[str] | None = None
) -> Needing:
    """Given facts, each with the rules of these subjects of the last day that read it, in order.

    Of kinds of record of which none are `known`, what falls back on a default is not needed.
    """
    made = plan.memory.of(NeedingOfSubjects, NeedingOfSubjects)
    everything = plan.policy.vocabulary.subjects
    key = frozenset(subjects), frozenset(everything if known is None else known)
    if key not in made:
        asking = [name for name in everything if name in key[0]]
        made[key] = _needing(_Reading(plan, plan.day(plan.on), key[1]), asking)
    return made[key]


def _needing(reading: "_Reading", subjects: Iterable[str]) -> Needing:
    found: Needing = {}
    policy = reading.plan.policy
    for subject in subjects:
        for instance in reading.day.subjects[subject].instances:
            asked = _facts(policy, subject, _asked(policy, instance))
            if subject == "customer":
                asked = chain(asked, _facts(policy, subject, _counted(policy, instance)))
            for fact in {given for each in asked for given in reading.behind(*each)}:
                rules = found.setdefault(fact, [])
                if instance.rule.id not in rules:
                    rules.append(instance.rule.id)
    return found


def _asked(policy: Policy, instance: Instance) -> Iterator[Node]:
    """All that a rule, its actions and their texts read of a record."""
    yield instance.condition
    for recipe in instance.recipes:
        yield from _asked_by(policy, recipe)


def _counted(policy: Policy, instance: Instance) -> Iterator[Node]:
    """The histories that caps count before they let the actions of a rule through."""
    duties = all(is_duty(recipe.form.kind) for recipe in instance.recipes)
    for sieve in policy.gate if not duties else ():
        if isinstance(sieve, Cap) and sieve.history is not None:
            yield sieve.history


def _asked_by(policy: Policy, recipe: Recipe) -> Iterator[Node]:
    yield from recipe.nodes
    yield from nodes_in(recipe.changes.values())
    yield from (need.missing for need in recipe.needs)
    template = policy.templates.get(str(recipe.columns.get("template")))
    if template is not None:
        yield from template.fields.get(recipe.subject, {}).values()
    if recipe.instead is not None:
        yield from _asked_by(policy, recipe.instead)


@dataclass(slots=True)
class _Reading:
    """What facts are derived from, in the end."""

    plan: DayPlan
    day: Day
    there: frozenset[str]  # subjects of which there are records
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
        derived = name in self.plan.policy.derived.get(subject, {})
        return [*self._read(subject, name)] if derived and fact not in self.known else []

    def _read(self, subject: str, name: str) -> Iterator[Fact]:
        """What one derived fact reads on the day."""
        policy = self.plan.policy
        for each in self.day.subjects[subject].deriving:
            if each.name == name:
                yield from _facts(policy, subject, [each.node] if each.node is not None else [])
        origin = policy.derived[subject][name].origin
        match origin:
            case Aggregate(default=default, over=over) if (
                default is not None and over not in self.there
            ):
                return
            case Aggregate(_, over, value, where, _, order):
                given = [node for node in (value, where, *order) if node is not None]
                yield over, policy.vocabulary.subjects[over].links[subject]
                yield from _facts(policy, over, given)
            case Rank(_, order, within, where):
                yield from _facts(policy, subject, (*order, *([within] if within else []), where))
            case _:
                yield from _facts(policy, subject, [origin])


def _facts(policy: Policy, subject: str, nodes: Iterable[Node]) -> Iterator[Fact]:
    """The facts in expressions about a subject, each with whose it is, and what its parent is found by."""
    for node in nodes:
        for each in references_in(node):
            owner = each.owner or subject
            if owner in policy.vocabulary.subjects:  # what else may lack is a notice of workdays
                yield owner, each.name
                yield from _way_up(policy, subject, owner) if each.owner else ()


def _way_up(policy: Policy, subject: str, owner: str) -> Iterator[Fact]:
    """The facts that lead from a record to one above it."""
    subjects = policy.vocabulary.subjects
    while subject != owner:
        by = owner if owner in subjects[subject].links else ways_up(subject, subjects)[owner]
        yield subject, subjects[subject].links[by]
        subject = by
    yield owner, "id"


def named(rules: list[str], most: int = 3) -> str:
    """Some of the rules, for a message."""
    return ", ".join([*rules[:most], *(["…"] if len(rules) > most else [])])


def missing(
    plan: DayPlan, columns: Mapping[str, Collection[str]]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """By subject the columns that its table lacks, with the rules that need them.

    Of a table that is not there at all it is the column that its rows are found by.
    """
    declared = plan.policy.vocabulary.declarations
    known = {**_reference_columns(plan), **columns}
    above = {name for subject in columns for name in _ancestors(plan.policy, subject)}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for (subject, name), rules in sorted(needing(plan, columns.keys(), known).items()):
        fact = declared[subject].get(name)
        absent = name == "id" and subject not in known
        needed = absent if fact is None else fact.default is None
        if not needed or name in known.get(subject, ()):
            continue
        link = plan.policy.vocabulary.subjects[subject].link
        lacks = name if subject in known else "id" if subject in above else link
        own = found.setdefault(subject, {})
        own[lacks] = tuple(dict.fromkeys((*own.get(lacks, ()), *rules)))
    return found


def _ancestors(policy: Policy, subject: str) -> Iterable[str]:
    return ways_up(subject, policy.vocabulary.subjects)


def _reference_columns(plan: DayPlan) -> ReferenceColumns:
    """The facts that reference data say of each kind of record, in tables and in lists of their rows."""
    known = plan.memory.get(ReferenceColumns)
    if known is None:
        found: dict[str, set[str]] = {}
        declared = plan.policy.vocabulary.declarations
        for subject in plan.tables.keys() & plan.policy.vocabulary.subjects.keys():
            rows = plan.tables[subject]
            found.setdefault(subject, set()).update(() if rows else declared[subject])
            _note(plan.policy, subject, rows, found)
        made = ReferenceColumns({name: frozenset(each) for name, each in found.items()})
        known = plan.memory.of(ReferenceColumns, lambda: made)
    return known


def _note(policy: Policy, subject: str, rows: Iterable[Any], found: dict[str, set[str]]) -> None:
    """Note the facts of rows and of the child records in their lists; a bare value is the one fact."""
    children = policy.vocabulary.children_of(subject)
    for each in rows:
        row = mapping_of(policy.vocabulary.whole(each, subject, "")) or {}
        found.setdefault(subject, set()).update(map(str, row))
        for child in children:
            listed: Any = row.get(child.listed_as)
            if not is_missing(listed):
                found.setdefault(child.name, set()).add(child.links[subject])
                _note(policy, child.name, listed, found)
