# SPDX-License-Identifier: Apache-2.0
"""evaluate_frame: tables of records through the same evaluator as single ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.expression.types import Type
from loyaltyrules.frame.canonical import Canonical, Fault
from loyaltyrules.frame.carriers import carrier_of
from loyaltyrules.frame.deriving import Tables
from loyaltyrules.frame.gathering import by_head, gathered
from loyaltyrules.frame.gating import Emission, Gating
from loyaltyrules.frame.given import tables_as_given
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.lacking import missing
from loyaltyrules.frame.ranking import Standings, members
from loyaltyrules.frame.result import FrameResult, Notes, fault_frame
from loyaltyrules.frame.stages import OUTCOME, decided, distinct
from loyaltyrules.frame.stamping import Batch, Keep, at_hand, in_order
from loyaltyrules.frame.table import Table
from loyaltyrules.plan.day import Day, Fired
from loyaltyrules.plan.plan import DayPlan

NONE: Standings = MappingProxyType({})


def evaluate_frame(plan: DayPlan, frame_or_frames: Any, *, language: str = "en") -> FrameResult:
    """Decide what every record of a table receives in the plan's span.

    Args:
        plan: A compiled day or span.
        frame_or_frames: One frame of customers, or a mapping from subject to frame, all of one
            kind: Polars (eager or lazy), pandas, PyArrow, PySpark, Dask or DuckDB; child tables
            carry the id of their parent.
        language: The language of the reasons in the table of faults.

    Returns:
        `.actions`, `.suppressed`, `.labels` and `.faults` as the same kind of frame, and `.notes`.
        The actions are exactly those of `evaluate` on each row.

    Raises:
        FrameError: a table as a whole cannot be read (LR410, LR413, LR414, LR420, LR424, LR425), a figure
            over child records is too large (LR406), or a package that its kind needs is missing (LR423).
    """
    given = (
        frame_or_frames if isinstance(frame_or_frames, Mapping) else {"customer": frame_or_frames}
    )
    carrier = carrier_of(given)
    if carrier is not None:
        return carrier.carry(plan, given, language, evaluate_frame)
    return evaluation(plan, given).result(language)


def evaluation(
    plan: DayPlan, given: Mapping[str, Any], keep: Keep = at_hand, standings: Standings = NONE
) -> "Evaluation":
    """Read tables by subject, and set faulty rows aside; nothing is decided yet.

    `standings` are those of the records among all, where they were computed beforehand.

    Raises:
        FrameError: as `evaluate_frame`.
    """
    read, kind, faults = tables_as_given(plan, given)
    return Evaluation(plan, kind, read, faults, keep, standings)


@dataclass(slots=True)
class Evaluation:
    """One evaluation of tables: day by day, subject by subject.

    `batches` decides; labels and notes are known when it is through.
    """

    plan: DayPlan
    kind: Kind
    read: Mapping[str, Canonical]
    faults: list[Fault]
    keep: Keep
    standings: Standings
    tables: Tables | None = None
    open_today: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict)
    undecided: dict[str, dict[tuple[str, ...], int]] = field(default_factory=dict)

    def batches(self) -> Iterator[Batch]:
        """All actions of the span, day by day."""
        for day in map(self.plan.day, self.plan.dates):
            yield from self._on_day(day)

    def result(self, language: str) -> FrameResult:
        """Everything decided, as frames of the caller's kind."""
        kind, faults = self.kind, self.faults
        done, days = by_head(self.batches()), len(self.plan.dates)
        actions, suppressed = (gathered(done, held, days, kind) for held in (False, True))
        labels = nw.concat(list(self.labels().values()))
        return FrameResult(
            kind.finish(actions), kind.finish(suppressed), kind.finish(labels),
            fault_frame(faults, kind, language), self.notes(), tuple(faults),
        )  # fmt: skip

    def members(self) -> dict[tuple[str, str], nw.DataFrame[Any]]:
        """Of each standing of customers on the last day, the records among whom it is computed."""
        day = self.plan.day(self.plan.on)
        tables = Tables(self.plan, day, self.kind, self._opened())
        tables.derive()
        ranked = [each for each in day.subjects["customer"].deriving if each.ranking is not None]
        return {("customer", each.name): members(tables, "customer", each) for each in ranked}

    def _on_day(self, day: Day) -> Iterator[Batch]:
        self.open_today = {}
        self.tables = Tables(self.plan, day, self.kind, self._opened(), self.standings)
        self.tables.derive()
        emissions = {name: self._emission(day, name) for name in self.tables.by_subject}
        for root in self._roots():
            below = self._below(root, emissions)
            yield from Gating(
                self.plan, day, self.tables, self.kind, root, below, self.keep
            ).batches()
        self._note_most()

    def _opened(self) -> dict[str, Table]:
        found = {}
        for subject, each in self.read.items():
            declared = self.plan.policy.vocabulary.declarations[subject]
            types = {"id": Type("text"), **{name: fact.type for name, fact in declared.items()}}
            found[subject] = Table(each.frame, types)
        return found

    def _roots(self) -> list[str]:
        """Tables whose actions are gated on their own: those without a parent's table, and customers."""
        subjects = self.plan.policy.vocabulary.subjects
        return [n for n in self.read if n == "customer" or subjects[n].parent not in self.read]

    def _below(self, root: str, emissions: dict[str, Emission]) -> dict[str, Emission]:
        """The emissions of the root and of all tables that are gated with it."""
        subjects, found = self.plan.policy.vocabulary.subjects, {root: emissions[root]}
        for name, each in emissions.items():
            parent = subjects[name].parent
            while parent in emissions and parent not in (root, "customer"):
                parent = subjects[parent].parent
            if name != root and name != "customer" and parent == root:
                found[name] = each
        return found

    def _emission(self, day: Day, subject: str) -> Emission:
        """Every rule group of a subject over its table; the outcomes as one column."""
        assert self.tables is not None
        table = self.tables.by_subject[subject]
        frame, names, listed = table.frame, list[str](), list[list[Fired]]()
        happened = frozenset(table.happened)
        for number, group in enumerate(day.subjects[subject].groups):
            name = f"__g{number}"
            each = decided(group, frame, table.types, happened, self.kind)
            self.tables.stages[group.name] = each.note
            frame, found = each.placed(name)
            self._note_undecided(frame, name, found)
            names.append(name)
            listed.append(found)
        return self._combined(frame, names, listed)

    def _note_undecided(self, frame: nw.DataFrame[Any], name: str, found: list[Fired]) -> None:
        open_ = [place for place, fired in enumerate(found) if fired.undecided]
        if not open_:
            return
        rows = frame.select(name).filter(nw.col(name).is_in(open_))
        counted = rows.group_by(name).agg(nw.len().alias("n"))
        for place, count in zip(counted[name].to_list(), counted["n"].to_list(), strict=True):
            for lacking in set(found[place].undecided):  # a rule may open twice on a day
                self.open_today[lacking] = self.open_today.get(lacking, 0) + count

    def _note_most(self) -> None:
        """Of a span, the day on which most records lacked the facts counts."""
        for (rule, facts), count in self.open_today.items():
            notes = self.undecided.setdefault(rule, {})
            notes[facts] = max(count, notes.get(facts, 0))

    def _combined(
        self, frame: nw.DataFrame[Any], names: list[str], listed: list[list[Fired]]
    ) -> Emission:
        """Rows that emit nothing drop out; the others point at the recipes that they emit."""
        acting = [
            nw.col(name).is_in([place for place, each in enumerate(found) if each.acting])
            for name, found in zip(names, listed, strict=True)
        ]
        if not acting:
            return Emission(frame.head(0).with_columns(nw.lit(0, nw.Int64).alias(OUTCOME)), [])
        emitting = frame.filter(nw.any_horizontal(*acting, ignore_nulls=False))
        sets = emitting.select(names).unique(maintain_order=False)
        rows = list(zip(*(sets[name].to_list() for name in names), strict=True))
        places, fired = distinct(
            tuple(
                recipe
                for place, found in zip(row, listed, strict=True)
                for instance in found[place].acting
                for recipe in instance.recipes
            )
            for row in rows
        )
        column = self.kind.frame({OUTCOME: places}, {OUTCOME: nw.Int64})[OUTCOME]
        joined = emitting.join(sets.with_columns(column), on=names, how="left").drop(names)
        return Emission(joined, fired)

    def labels(self) -> dict[str, nw.DataFrame[Any]]:
        """By subject one row a record: its labels as computed, on file, and by every way."""
        assert self.tables is not None
        names = self._label_columns()
        none = nw.lit(None, nw.String)
        frames = {}
        for subject, table in sorted(self.tables.by_subject.items(), key=lambda each: each[0]):
            columns = [nw.lit(subject).alias("subject"), nw.col("id").alias("subject_id")]
            for name, (owner, fact) in names.items():
                known = owner == subject and fact in table.frame.columns
                columns.append((nw.col(fact) if known else none).alias(name))
            frames[subject] = in_order(table.frame.select(columns), "subject_id")
        return frames

    def _label_columns(self) -> dict[str, tuple[str, str]]:
        found = {}
        for label in self.plan.policy.labels:
            if label.subject in self.read:
                found[label.name] = (label.subject, label.computed)
                if label.standing:
                    found[f"{label.name}.standing"] = (label.subject, label.standing)
                found |= {f"{label.name}.{way}": (label.subject, fact) for way, fact in label.ways}
        return found

    def notes(self) -> Notes:
        """Rows, what was ignored, what stages decided on the last day, rules left undecided."""
        assert self.tables is not None
        aside = len({(fault.subject, fault.row) for fault in self.faults})
        rows = {subject: len(each.frame) for subject, each in self.read.items()}
        ignored = {subject: each.ignored for subject, each in self.read.items() if each.ignored}
        lacking = missing(self.plan, {name: each.columns for name, each in self.read.items()})
        return Notes(rows, aside, ignored, self.tables.stages, self.undecided, lacking)
