# SPDX-License-Identifier: Apache-2.0
"""Tables decided day by day: every rule group by signature, the gate, and what is to be noted."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.decision.touches import carried_over
from loyaltyrules.expression.types import Type
from loyaltyrules.fact.declaration import parents_first, ways_up
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.frame.actions.assignments import Assignments, InMemory, Keep, Rows, in_order
from loyaltyrules.frame.actions.emit import Emission, emission
from loyaltyrules.frame.actions.gate_tables import Gating
from loyaltyrules.frame.actions.run_result import PartResult
from loyaltyrules.frame.actions.touches import OfSpan
from loyaltyrules.frame.facts.derive_columns import Tables
from loyaltyrules.frame.facts.ranking import Ranks, members, placed
from loyaltyrules.frame.input.canonical import ROW, Canonical, Fault
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.input.given import tables_as_given
from loyaltyrules.frame.input.required_facts import missing
from loyaltyrules.frame.keys.table import Table
from loyaltyrules.frame.result import Notes
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.population import Ranking


def _held(each: Emission, key: str, lost: bool) -> Emission:
    """The rows of an emission that have no root, or those that have one."""
    if not lost:
        return replace(each, frame=each.frame.filter(~nw.col(key).is_null()))
    return replace(each, frame=each.frame.filter(nw.col(key).is_null()))


NO_RANKS: Ranks = Frozen()
CUSTOMERS = ("customer",)
Lacked: TypeAlias = Counter[
    tuple[str, tuple[str, ...]]
]  # rules left open, and the facts they lacked


@dataclass(frozen=True, slots=True)
class Manner:
    """How a part of a run is decided.

    `ranks` are those of its records among all, where they were computed beforehand; `own` the tables
    whose records belong to it (others only stand beside them); `keep` puts rows away until they are
    asked for; `labels` is false where nobody will ask for them, and `changes` where nobody will ask
    what actions change.
    """

    ranks: Ranks = NO_RANKS
    own: frozenset[str] | None = None
    keep: Keep = InMemory
    labels: bool = True
    changes: bool = True


WHOLE = Manner()


class RowsRefused(Exception):
    """Rows came to figures which no fact may be; what others come to may depend on them."""

    def __init__(self, rows: list[Fault]) -> None:
        super().__init__(rows)
        self.rows = rows


def decide(plan: DayPlan, given: Mapping[str, Any], manner: Manner = WHOLE) -> PartResult:
    """Decide tables in memory: all that is asked of a run, or one part of it.

    Args:
        plan: A compiled day or span.
        given: Frames by subject, all of one kind.
        manner: How the part is decided.

    Raises:
        FrameError: a table as a whole cannot be read, as `evaluate_frame` says.
    """
    return decided(Part.opened(plan, given, manner)).result


class Decided(NamedTuple):
    """What a part comes to, and its tables with all that was derived on the last day."""

    result: PartResult
    part: "Part"
    tables: Tables


def decided(part: "Part") -> Decided:
    """Decide tables that were read; rows that come to figures which no fact may be are set aside."""
    while True:
        try:
            return _of_part(part)
        except RowsRefused as found:
            part = part.without(found.rows)


def _of_part(part: "Part") -> Decided:
    """What a part comes to.

    Raises:
        RowsRefused: rows that come to figures which no fact may be.
    """
    plan, manner = part.plan, part.manner
    assignments: list[Assignments] = []
    lacked: dict[str, dict[tuple[str, ...], int]] = {}
    touched = {name: OfSpan.of(plan.policy) for name in part.read}
    carried = None if carried_over(plan) is None else touched
    for day in map(plan.day, plan.dates):
        tables = part.derived(day)
        today: Lacked = Counter()
        assignments += part.assignments(day, tables, today, carried)
        if tables.refused:
            raise RowsRefused(tables.refused)
        for (rule, facts), count in today.items():  # of a span the day with most of them counts
            known = lacked.setdefault(rule, {})
            known[facts] = max(count, known.get(facts, 0))
    result = PartResult(
        part.kind, tuple(assignments), part.labels(tables) if manner.labels else {},
        tuple(part.faults), part.notes(tables, lacked),
    )  # fmt: skip
    return Decided(result, part, tables)


def assigned(part: "Part") -> tuple[list[Assignments], Tables]:
    """What the last day of a part's plan comes to, and the tables with all that was derived; no notes."""
    day = part.plan.day(part.plan.on)
    while True:
        tables = part.derived(day)
        found = part.assignments(day, tables, Counter())
        if not tables.refused:
            return found, tables
        part = part.without(tables.refused)


def settled(part: "Part", only: Collection[str] | None = None) -> tuple["Part", Tables]:
    """The tables of the last day with all that is derived, and the part without rows that are refused.

    `only` names those that will be read.
    """
    while True:
        tables = part.derived(part.plan.day(part.plan.on))
        for subject in tables.by_subject if only is None else only:
            tables.settle(subject)
        if not tables.refused:
            return part, tables
        part = part.without(tables.refused)


def members_of(plan: DayPlan, given: Mapping[str, Any]) -> dict[tuple[str, str], nw.DataFrame[Any]]:
    """Of each ranking of customers on the last day, the records among whom it is computed."""
    return members_in(settled(Part.opened(plan, given), CUSTOMERS)[1])


def members_in(tables: Tables) -> dict[tuple[str, str], nw.DataFrame[Any]]:
    """The same of tables that are settled."""
    ranked = [e for e in tables.day.subjects["customer"].deriving if e.ranking is not None]
    return {("customer", each.name): members(tables, "customer", each) for each in ranked}


def rankings_of(plan: DayPlan) -> dict[tuple[str, str], Ranking]:
    """The shares and ranks of customers on the last day, by subject and fact."""
    deriving = plan.day(plan.on).subjects["customer"].deriving
    return {("customer", each.name): each.ranking for each in deriving if each.ranking is not None}


def among_themselves(part: "Part") -> "Part":
    """The part whose customers are the population: in shares and ranks they stand among each other."""
    rankings = rankings_of(part.plan)
    if not rankings or "customer" not in part.read:
        return part
    part, tables = settled(part, CUSTOMERS)
    found = members_in(tables)
    ranks = {name: placed(found[name], ranking) for name, ranking in rankings.items()}
    return replace(part, manner=replace(part.manner, ranks=ranks))


@dataclass(frozen=True, slots=True)
class Part:
    """Tables as they were given, faulty rows set aside."""

    plan: DayPlan
    kind: FrameFormat
    read: Mapping[str, Canonical]
    faults: list[Fault]  # of its own records
    own: frozenset[str]
    manner: Manner

    @classmethod
    def opened(cls, plan: DayPlan, given: Mapping[str, Any], manner: Manner = WHOLE) -> "Part":
        """Read tables by subject; nothing is decided yet."""
        read, kind, faults = tables_as_given(plan, given)
        own = frozenset(given) if manner.own is None else manner.own
        told = [fault for fault in faults if fault.subject in own]
        return cls(plan, kind, read, told, own, manner)

    def without(self, refused: list[Fault]) -> "Part":
        """The part without rows that are refused; those of its own are told."""
        read = dict(self.read)
        for subject in {fault.subject for fault in refused}:
            rows = [fault.row for fault in refused if fault.subject == subject]
            frame = read[subject].frame.filter(~nw.col(ROW).is_in(rows))
            read[subject] = replace(read[subject], frame=frame)
        told = [fault for fault in refused if fault.subject in self.own]
        return replace(self, read=read, faults=[*self.faults, *told])

    def derived(self, day: Day) -> Tables:
        """The tables with all that the policy derives on a day."""
        found = {}
        for subject, each in self.read.items():
            declared = self.plan.policy.vocabulary.declarations[subject]
            types = {"id": Type("text"), **{name: fact.type for name, fact in declared.items()}}
            found[subject] = Table(subject, each.frame, types)
        tables = Tables(self.plan, day, self.kind, found, self.manner.ranks)
        tables.derive()
        return tables

    def assignments(
        self, day: Day, tables: Tables, lacked: Lacked,
        carried: Mapping[str, OfSpan] | None = None,
    ) -> list[Assignments]:  # fmt: skip
        """What the part's own records come to on a day; rules left open are counted in `lacked`.

        `carried` is by root what the days of a span before it let through; the day adds its own.
        """
        emissions = {
            name: emission(day, tables, name, lacked if name in self.own else Counter())
            for name in tables.by_subject
        }
        keep, changes = self.manner.keep, self.manner.changes
        return [
            each
            for root in self._roots()
            for name, own in self._apart(root, self._below(root, emissions))
            for each in Gating(
                self.plan,
                day,
                tables,
                self.kind,
                name,
                own,
                keep,
                changes,
                None if carried is None else carried[name],
            ).assignments()  # fmt: skip
            if each.subject in self.own
        ]

    def _apart(
        self, root: str, below: dict[str, Emission]
    ) -> Iterator[tuple[str, dict[str, Emission]]]:
        """The emissions of a root; those of records below it without a first parent stand alone."""
        subjects = self.plan.policy.vocabulary.subjects
        for name in reversed(parents_first(below, subjects)):
            if name != root and subjects[name].also:
                own = {n: e for n, e in below.items() if n == name or name in ways_up(n, subjects)}
                strays = {n: _held(e, self._key(root, n), True) for n, e in own.items()}
                if any(len(each.frame) for each in strays.values()):
                    yield name, strays
                    below |= {n: _held(e, self._key(root, n), False) for n, e in own.items()}
        yield root, below

    def _key(self, root: str, name: str) -> str:
        """The column with the id of the root in a table below it."""
        return self.plan.policy.vocabulary.subjects[name].links.get(root, f"{root}.id")

    def _roots(self) -> list[str]:
        """Tables whose actions are gated on their own: those without a parent's table, and customers."""
        subjects = self.plan.policy.vocabulary.subjects
        return [n for n in self.read if n == "customer" or subjects[n].parent not in self.read]

    def _below(self, root: str, emissions: Mapping[str, Emission]) -> dict[str, Emission]:
        """The emissions of the root and of all tables that are gated with it."""
        subjects, found = self.plan.policy.vocabulary.subjects, {root: emissions[root]}
        for name, each in emissions.items():
            parent = subjects[name].parent or ""
            while parent in emissions and parent not in (root, "customer"):
                parent = subjects[parent].parent or ""
            if name != root and name != "customer" and parent == root:
                found[name] = each
        return found

    def labels(self, tables: Tables) -> dict[str, Rows]:
        """By subject one row a record: its labels as computed, on file, and by every way."""
        names, none = self._label_columns(), nw.lit(None, nw.String)
        found = {}
        for subject, table in tables.by_subject.items():
            columns = [nw.lit(subject).alias("subject"), nw.col("id").alias("subject_id")]
            for name, (owner, fact) in names.items():
                known = owner == subject and fact in table.frame.columns
                columns.append((nw.col(fact) if known else none).alias(name))
            if subject in self.own:
                found[subject] = self.manner.keep(
                    in_order(table.frame.select(columns), "subject_id")
                )
        return found

    def _label_columns(self) -> dict[str, tuple[str, str]]:
        found = {}
        for label in self.plan.policy.labels:
            if label.subject in self.read:
                found[label.name] = (label.subject, label.computed)
                if label.standing:
                    found[f"{label.name}.standing"] = (label.subject, label.standing)
                found |= {f"{label.name}.{way}": (label.subject, fact) for way, fact in label.ways}
        return found

    def notes(self, tables: Tables, lacked: Mapping[str, Mapping[tuple[str, ...], int]]) -> Notes:
        """Rows, what was ignored, what stages decided on the last day, rules left undecided."""
        aside = len({(fault.subject, fault.row) for fault in self.faults})
        rows = {name: len(each.frame) for name, each in self.read.items() if name in self.own}
        own = {subject: each.ignored for subject, each in self.read.items() if each.ignored}
        ignored = {**self.plan.ignored, **own}
        lacking = missing(self.plan, {name: each.columns for name, each in self.read.items()})
        mark = self.plan.policy.fingerprint
        return Notes(rows, aside, ignored, tables.stages, lacked, lacking, mark)
