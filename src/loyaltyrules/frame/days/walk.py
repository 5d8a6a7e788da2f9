# SPDX-License-Identifier: Apache-2.0
"""Tables decided day after day, as daily runs decide them: on each day those of whom something turned.

What a day decides of all others is what the day before decided of them, but for the day itself.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.decision.decider import decider_of
from loyaltyrules.decision.passing import with_instead
from loyaltyrules.decision.turning import Turning, of_gate, turning
from loyaltyrules.expression.tree import facts_in
from loyaltyrules.fact.declaration import linked_twice
from loyaltyrules.frame.actions.assignments import Assignments
from loyaltyrules.frame.days.families import Family, families
from loyaltyrules.frame.days.known import Known
from loyaltyrules.frame.days.reach import Everybody, Fact, Reach, asked, references
from loyaltyrules.frame.days.turned import opening, turned
from loyaltyrules.frame.decide import Manner, Part, among_themselves, assigned, decided
from loyaltyrules.frame.facts.derive_columns import Tables
from loyaltyrules.frame.keys.by_signature import OUTCOME
from loyaltyrules.plan.above import counted_of
from loyaltyrules.plan.day import Day, Instance, SubjectDay
from loyaltyrules.plan.groups import groups
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Cap, Merge, Move, Reserve

LOOKING = Cap | Merge | Move | Reserve  # sieves that look at several actions, or at their days
Turnings = Mapping[str, Turning]  # by kind of record


class Decided(NamedTuple):
    """What a day decides of those of whom something turned, or for whom something opens.

    That may be what the day before decided of them.
    """

    plan: DayPlan
    assignments: tuple[Assignments, ...]


@dataclass(slots=True)
class Walk:
    """Tables on their way through the days of a plan.

    `records` are those of each kind with all that was derived of them. `held` are by root the places
    of those whom a sieve held that may let them pass the next day; `before` is the day before,
    `counted` what it counted of reference records.
    """

    plan: DayPlan
    part: Part
    families: tuple[Family, ...]
    records: dict[str, Known] = field(default_factory=dict)
    held: dict[str, set[int]] = field(default_factory=dict)
    before: Day | None = None
    counted: Mapping[Fact, list[Any]] = field(default_factory=dict)

    @classmethod
    def opened(cls, plan: DayPlan, given: Mapping[str, Any]) -> "Walk":
        """Read tables by subject; the customers among them are the population.

        Raises:
            FrameError: a table as a whole cannot be read.
        """
        part = Part.opened(plan, given, Manner(labels=False, changes=False))
        return cls(plan, part, tuple(families(part.read, plan.policy.vocabulary.subjects)))

    def decide(self, date: date) -> Decided:
        """The next day: what it decides anew; that may be what the day before decided.

        After one that was broken off, a day decides everybody.
        """
        plan = self.plan.alone(date)
        before, day, self.before = self.before, plan.day(date), None
        try:
            found = self._some(plan, before, day) if before else self._all(plan)
        except Everybody:
            found = self._all(plan)
        self.before = day
        return Decided(plan, tuple(found))

    def _all(self, plan: DayPlan) -> list[Assignments]:
        part = among_themselves(replace(self.part, plan=plan))
        found = decided(part)
        read = {}
        for name, table in found.tables.by_subject.items():
            table.frame = table.frame.sort("id")  # rows keep their places from now on
            own = part.read[name].frame
            own = own.join(table.frame.select("id"), on="id", how="semi").sort("id")
            read[name] = replace(part.read[name], frame=own)
            given = frozenset(own.columns)
            functions = plan.policy.functions
            self.records[name] = Known(table, given, functions, part.kind)
        self.part = replace(part, read=read)
        self.counted = _counted(plan, plan.day(plan.on), self.records)
        self.held = {}
        self._hold(plan, found.result.assignments)
        return [*found.result.assignments]

    def _some(self, plan: DayPlan, before: Day, day: Day) -> list[Assignments]:
        """What a day decides of those of whom something turned, and for whom something opens.

        Raises:
            Everybody: it cannot be told of whom.
        """
        if linked_twice(self.records, plan.policy.vocabulary.subjects):
            raise Everybody  # families do not hold all that read each other
        turnings = self._turnings(plan, before, day)
        reach = Reach(day, self.records, self._links)
        reach.start(turnings)
        held, self.held = self.held, {}
        found: list[Assignments] = []
        for each in self.families:
            gate = of_gate(before, day, plan.policy, each.members)
            derived = self._roots(each, reach.found)
            asked_ = derived | held.get(each.root, set()) | self._standing(each, turnings, gate)
            opens = self._opening(each, turnings) - asked_
            if self._alone(day, each):
                found += self._opened(plan, day, each, turnings, opens) if opens else ()
            else:
                asked_ |= opens
            if asked_:
                found += self._of_family(plan, each, asked_, reach.facts)
        return found

    def _turnings(self, plan: DayPlan, before: Day, day: Day) -> Turnings:
        found = {n: turning(before.subjects[n], day.subjects[n]) for n in self.records}
        counted, self.counted = self.counted, _counted(plan, day, self.records)
        if any(each.everybody for each in found.values()) or counted != self.counted:
            raise Everybody
        return found

    @property
    def _links(self) -> dict[str, str]:
        subjects = self.plan.policy.vocabulary.subjects
        return {name: link for name in self.records if (link := subjects[name].link)}

    # ---- of whom

    def _roots(self, family: Family, places: Mapping[str, set[int]]) -> set[int]:
        """The places of the roots of records at some places."""
        found: set[int] = set()
        for name, key in family.keys.items():
            own = places.get(name, set())
            if own and name != family.root:
                ids = self.records[name].texts_at(key, own)
                own = self.records[family.root].places_of("id", ids)
            found |= own
        return found

    def _standing(self, family: Family, turnings: Turnings, gate: Turning) -> set[int]:
        """The roots of records of whom a rule that holds on, or the gate, may decide otherwise."""
        if gate.everybody:
            raise Everybody
        pairs = {name: turnings[name].standing for name in family.members}
        pairs[family.root] += gate.standing
        places = {name: turned(self.records[name], own) for name, own in pairs.items() if own}
        return self._roots(family, places)

    def _opening(self, family: Family, turnings: Turnings) -> set[int]:
        """The roots of records for whom something may open."""
        places = {
            name: opening(self.records[name], [each.condition for each in turnings[name].opening])
            for name in family.members
            if turnings[name].opening
        }
        return self._roots(family, places)

    def _alone(self, day: Day, family: Family) -> bool:
        """True where what opens can be decided by itself, of what is derived already."""
        if any(isinstance(sieve, LOOKING) for sieve, _ in day.gate):
            return False
        return all(
            {each.name for each in day.subjects[name].deriving}
            <= {*self.records[name].frame.columns}
            for name in family.members
        )

    # ---- what is decided of them

    def _opened(
        self, plan: DayPlan, day: Day, family: Family, turnings: Turnings, roots: set[int]
    ) -> list[Assignments]:
        """Decide what opens for some records of a family, and nothing else."""
        opening = {name: turnings[name].opening for name in family.members}
        subjects = {
            name: SubjectDay(name, (), tuple(e.memo for e in groups(plan.policy, name, own)), own)
            for name, own in opening.items()
        }
        read = self._read(plan, family, [each for own in opening.values() for each in own])
        tables = {}
        for name, places in self._members(family, roots):
            known = self.records[name]
            names = [each for each in known.frame.columns if each in read]
            tables[name] = replace(known.table, frame=known.at(places, names))
        own_ = frozenset(family.members)
        given = {name: self.part.read[name] for name in family.members}
        part = replace(self.part, plan=plan.apart(), read=given, own=own_)
        whole = Tables(part.plan, day, part.kind, tables)
        return part.assignments(replace(day, subjects=subjects), whole, Counter())

    def _read(self, plan: DayPlan, family: Family, instances: Iterable[Instance]) -> set[str]:
        """The columns that are read where something opens: by its conditions, the gate and actions."""
        listed = [*instances]
        recipes = [*with_instead(recipe for each in listed for recipe in each.recipes)]
        gate = decider_of(plan).passage(plan, plan.on).gate
        nodes = [*gate.conditions(recipes), *(each.condition for each in listed)]
        links = (self._links.get(name, "id") for name in family.members)
        owners = {"id", "customer_id", "store_id", *family.keys.values(), *links}
        facts = {name for node in nodes for name in facts_in(node)}
        return owners | facts | {name for recipe in recipes for name in recipe.reads}

    def _members(self, family: Family, roots: set[int]) -> Iterator[tuple[str, set[int]]]:
        """The places of all records of some roots, by kind."""
        ids = self.records[family.root].texts_at("id", roots)
        for name, key in family.keys.items():
            known = self.records[name]
            yield name, roots if name == family.root else known.places_of(key, ids)

    def _of_family(
        self, plan: DayPlan, family: Family, roots: set[int], turned_: Set[Fact]
    ) -> list[Assignments]:
        """Decide some records of a family; facts that turned are known anew."""
        read = dict(self.part.read)
        for name, places in self._members(family, roots):
            frame = read[name].frame
            own = frame if len(places) == len(frame) else frame[sorted(places)]
            read[name] = replace(read[name], frame=own)
        own_ = frozenset(family.members)
        manner = replace(self.part.manner, own=own_)
        part = replace(self.part, plan=plan, read=read, faults=[], own=own_, manner=manner)
        found, tables = assigned(part)
        for name in family.members:
            facts = [*self.records[name].turning(turned_)]
            if facts:
                self.records[name].renew(tables.by_subject[name].frame, facts)
        self._hold(plan, found)
        return found

    def _hold(self, plan: DayPlan, assignments: Iterable[Assignments]) -> None:
        """Note the roots of records of whom such a sieve held an action."""
        sieves = {each.id for each in plan.policy.gate if isinstance(each, LOOKING)}
        for each in assignments if sieves else ():
            places = [
                place
                for place, outcome in enumerate(each.outcomes)
                if any(fate.held and fate.sieve in sieves for fate in outcome.fates)
            ]
            if places:
                rows = each.rows.open().filter(nw.col(OUTCOME).is_in(places))
                family = next(f for f in self.families if each.subject in f.members)
                own = self.records[each.subject].places_of("id", rows["id"].to_list())
                held = self.held.setdefault(family.root, set())
                held |= self._roots(family, {each.subject: own})


def _counted(plan: DayPlan, day: Day, records: Collection[str]) -> dict[Fact, list[Any]]:
    """What is read that is counted of reference records, perhaps by the day: by fact those of all.

    Where a table of such records is among those that are decided, that is read instead.
    """
    subjects = plan.policy.vocabulary.subjects
    given = (name for name in plan.tables if name in subjects and name not in records)
    counted = {(name, fact) for name in given for fact in counted_of(plan.policy, name)}
    nodes = ((name, node) for name in records for node in asked(day, name)) if counted else ()
    read = references(nodes) & counted
    parents = plan.around(day).parents if read else {}
    return {
        (name, fact): [parents[key].get(f"{name}.{fact}") for key in parents if key[0] == name]
        for name, fact in read
    }
