# SPDX-License-Identifier: Apache-2.0
"""Tables decided day after day, as daily runs decide them: on each day those of whom something turned.

What a day decides of all others is what the day before decided of them, but for the day itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.decision.turning import Turning, of_gate, turning
from loyaltyrules.frame.actions.assignments import Assignments, Frame, InMemory
from loyaltyrules.frame.days.families import ROOT, Family, families
from loyaltyrules.frame.days.reach import Everybody, Fact, Reach, asked, references
from loyaltyrules.frame.days.turned import opening, turned
from loyaltyrules.frame.decide import Manner, Part, among_themselves, decided
from loyaltyrules.frame.keys.by_signature import OUTCOME
from loyaltyrules.frame.keys.table import Table
from loyaltyrules.plan.above import counted_of
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Cap, Merge, Move

LOOKING = Cap | Merge | Move  # sieves that look at several actions, or at their days


@dataclass(frozen=True, slots=True)
class Decided:
    """What a day decides anew: of everybody, or of those for whom something opens or has turned.

    `turned` are by root the ids of those of whom something turned: to all others, rules that hold as
    long as their condition does say what they said the day before, but for those that are `renamed`.
    None where that is not known.
    """

    plan: DayPlan
    assignments: tuple[Assignments, ...] = ()
    turned: Mapping[str, Frame] | None = None
    renamed: frozenset[str] = frozenset()

    def anew(self, assigned: Assignments) -> Assignments:
        """Those records of whom something turned; all of them where that is not known."""
        ids = None if self.turned is None else self.turned.get(assigned.subject)
        if ids is None:
            return assigned
        rows = assigned.rows.open().join(ids, left_on="id", right_on=ROOT, how="semi")
        counted = dict(rows.group_by(OUTCOME).agg(nw.len().alias("n")).iter_rows())
        counts = tuple(int(counted.get(place, 0)) for place in range(len(assigned.outcomes)))
        return replace(assigned, rows=InMemory(rows), counts=counts)


@dataclass(slots=True)
class Walk:
    """Tables on their way through the days of a plan.

    `tables` are the records with all that was derived of them; `held` are by root those whom a sieve
    held that may let them pass the next day; `before` is the day before, `counted` what it counted of
    reference records.
    """

    plan: DayPlan
    part: Part
    families: tuple[Family, ...]
    tables: dict[str, Table] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
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

    def days(self) -> Iterator[Decided]:
        """Each day with what it decides anew; that may be what the day before decided."""
        for date in self.plan.dates:
            plan = self.plan.alone(date)
            day = plan.day(date)
            try:
                found = self._some(plan, self.before, day) if self.before else self._all(plan)
            except Everybody:
                found = self._all(plan)
            self.before = day
            yield found

    def _all(self, plan: DayPlan) -> Decided:
        self.part = among_themselves(replace(self.part, plan=plan))
        found = decided(self.part)
        self.tables = dict(found.tables.by_subject)
        self.held = {}
        self.counted = _counted(plan, plan.day(plan.on), self.tables)
        self._hold(plan, found.result.assignments)
        return Decided(plan, found.result.assignments)

    def _some(self, plan: DayPlan, before: Day, day: Day) -> Decided:
        """What a day decides of those of whom something turned, and for whom something opens.

        Raises:
            Everybody: it cannot be told of whom.
        """
        turnings = self._turnings(plan, before, day)
        reach = Reach(plan, day, self.tables, self.part.kind)
        reach.start(turnings)
        held, self.held = self.held, {}
        turned_: dict[str, Frame] = {}
        assignments: list[Assignments] = []
        for each in self.families:
            known = self.part.kind.frame({ROOT: held.get(each.root, [])}, {ROOT: nw.String})
            derived = nw.concat([known.head(0), *self._derived(each, reach)]).unique()
            standing = self._standing(
                plan, each, turnings, of_gate(before, day, plan.policy, each.members)
            )
            turned_[each.root] = nw.concat([known, derived, *standing]).unique()
            roots = nw.concat([turned_[each.root], *self._opening(each, turnings)]).unique()
            if len(roots):
                assignments += self._of_family(plan, each, roots, derived)
        renamed = frozenset[str]().union(*(each.renamed for each in turnings.values()))
        return Decided(plan, tuple(assignments), turned_, renamed)

    def _turnings(self, plan: DayPlan, before: Day, day: Day) -> dict[str, Turning]:
        policy = plan.policy
        found = {n: turning(policy, before.subjects[n], day.subjects[n]) for n in self.tables}
        counted, self.counted = self.counted, _counted(plan, day, self.tables)
        if any(each.everybody for each in found.values()) or counted != self.counted:
            raise Everybody
        return found

    # ---- of whom

    def _derived(self, family: Family, reach: Reach) -> Iterator[Frame]:
        """The roots of records of whom a derived fact turned."""
        for name in family.members:
            ids = reach.ids(name)
            if len(ids):
                rows = self.tables[name].frame.join(ids, on="id", how="semi")
                yield family.roots(name, rows)

    def _standing(
        self, plan: DayPlan, family: Family, turnings: Mapping[str, Turning], gate: Turning
    ) -> Iterator[Frame]:
        """The roots of records of whom a rule that holds on, or the gate, may decide otherwise."""
        if gate.everybody:
            raise Everybody
        for name in family.members:
            pairs = turnings[name].standing
            pairs += gate.standing if name == family.root else ()
            if pairs:
                functions, kind = plan.policy.functions, self.part.kind
                yield family.roots(name, turned(self.tables[name], pairs, functions, kind))

    def _opening(self, family: Family, turnings: Mapping[str, Turning]) -> Iterator[Frame]:
        """The roots of records for whom something may open."""
        for name in family.members:
            if turnings[name].opening:
                yield family.roots(name, opening(self.tables[name], turnings[name].opening))

    # ---- what is decided of them

    def _of_family(
        self, plan: DayPlan, family: Family, roots: Frame, derived: Frame
    ) -> tuple[Assignments, ...]:
        """Decide some records of a family; what was derived of them anew is kept."""
        read = dict(self.part.read)
        for name, key in family.keys.items():
            ids = self.tables[name].frame.join(roots, left_on=key, right_on=ROOT, how="semi")
            own = read[name].frame.join(ids.select("id"), on="id", how="semi")
            read[name] = replace(read[name], frame=own)
        own_ = frozenset(family.members)
        manner = replace(self.part.manner, own=own_)
        part = replace(self.part, plan=plan, read=read, faults=[], own=own_, manner=manner)
        found = decided(part)
        if len(derived):
            for name, key in family.keys.items():
                fresh = found.tables.by_subject[name].frame
                self._renew(name, fresh.join(derived, left_on=key, right_on=ROOT, how="semi"))
        self._hold(plan, found.result.assignments)
        return found.result.assignments

    def _renew(self, name: str, fresh: Frame) -> None:
        table = self.tables[name]
        kept = table.frame.join(fresh.select("id"), on="id", how="anti")
        table.frame = nw.concat([kept, fresh.select(table.frame.columns)])

    def _hold(self, plan: DayPlan, assignments: tuple[Assignments, ...]) -> None:
        """Note the roots of records of whom such a sieve held an action."""
        sieves = {each.id for each in plan.policy.gate if isinstance(each, LOOKING)}
        for each in assignments:
            places = [
                place
                for place, outcome in enumerate(each.outcomes)
                if any(fate.held and fate.sieve in sieves for fate in outcome.fates)
            ]
            if places:
                rows = each.rows.open().filter(nw.col(OUTCOME).is_in(places))
                family = next(f for f in self.families if each.subject in f.members)
                known = self.tables[each.subject].frame.join(rows.select("id"), on="id", how="semi")
                roots = family.roots(each.subject, known)[ROOT].to_list()
                self.held.setdefault(family.root, []).extend(roots)


def _counted(plan: DayPlan, day: Day, tables: Mapping[str, Table]) -> dict[Fact, list[Any]]:
    """What is read that is counted of reference records, perhaps by the day: by fact those of all."""
    subjects = plan.policy.vocabulary.subjects
    given = (name for name in plan.tables if name in subjects)
    counted = {(name, fact) for name in given for fact in counted_of(plan.policy, name)}
    nodes = ((name, node) for name in tables for node in asked(day, name)) if counted else ()
    read, parents = references(nodes) & counted, plan.around(day).parents
    return {
        (name, fact): [parents[key].get(f"{name}.{fact}") for key in parents if key[0] == name]
        for name, fact in read
    }
