# SPDX-License-Identifier: Apache-2.0
"""A snapshot is decided part by part, and its actions are stated rule by rule as they are written."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
from polars.io.plugins import register_io_source

from loyaltyrules.cli.parts import PART, Part
from loyaltyrules.frame.canonical import Fault
from loyaltyrules.frame.evaluate import Evaluation, evaluation
from loyaltyrules.frame.gathering import by_head, of_head
from loyaltyrules.frame.kinds import POLARS
from loyaltyrules.frame.ranking import standings
from loyaltyrules.frame.result import SCHEMA, Notes, fault_frame
from loyaltyrules.frame.stamping import Batch, Later, at_hand, in_order, ordered
from loyaltyrules.frame.united import united
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.population import Ranking
from loyaltyrules.report.summary import Counts

Frame = nw.DataFrame[Any]
Told = Callable[[int, int], None]
TOGETHER = 2  # parts that are decided at the same time
ROOM = 512 * 2**20  # bytes of rows that wait in memory
_TYPES = {nw.String: pl.String, nw.Int64: pl.Int64, nw.Date: pl.Date}
ACTIONS = {name: _TYPES[kind] for name, kind in SCHEMA.items()}


@dataclass(slots=True)
class Shelf:
    """Where rows wait: in memory while there is room, then in files."""

    folder: Path
    room: int = ROOM
    files: Iterator[int] = field(default_factory=count)

    def keep(self, rows: Frame) -> Later:
        size = int(rows.estimated_size())
        if size <= self.room:
            self.room -= size
            return at_hand(rows)
        path = self.folder / f"rows-{next(self.files)}.ipc"
        rows.to_native().write_ipc(path)
        return lambda: nw.from_native(pl.read_ipc(path), eager_only=True)


@dataclass(slots=True)
class Decided:
    """What all parts came to: decisions, not yet stated."""

    plan: DayPlan
    parts: list[Mapping[str, list[Batch]]] = field(default_factory=list)
    by_subject: dict[str, list[Later]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    noted: list[Notes] = field(default_factory=list)

    def add(self, other: "Decided") -> None:
        """The parts that come next."""
        self.parts += other.parts
        for subject, labels in other.by_subject.items():
            self.by_subject.setdefault(subject, []).extend(labels)
        self.faults += other.faults
        self.noted += other.noted

    @property
    def notes(self) -> Notes:
        return united(self.noted)

    def actions(self, held: bool, counts: Counts) -> Iterator[pl.DataFrame]:
        """All actions, or all that were held back, sorted by id; what comes is counted."""
        days = len(self.plan.dates)
        for head in sorted({head for part in self.parts for head in part}):
            each = (of_head(part.get(head, ()), held, days) for part in self.parts)
            frames = (frame for frame in each if frame is not None)
            for found in _in_turn(head.split("/")[2], frames, ordered):
                yield _counted(found, held, counts)

    def stated(self, held: bool, ending: str, counts: Counts) -> pl.LazyFrame:
        """The same as a table, whose rows are counted as they are written."""
        return lazily(partial(self.actions, held, counts), ACTIONS)

    def count(self, held: bool, counts: Counts) -> None:
        """Count the actions that nobody writes."""
        deque(self.actions(held, counts), maxlen=0)

    def codes(self) -> Counts:
        """How many faults there are of each code."""
        return Counter((fault.problem.code,) for fault in self.faults)

    def faulty(self, ending: str, language: str) -> pl.DataFrame:
        """The rows that were set aside, in the order of the tables."""
        told: pl.DataFrame = fault_frame(self.faults, POLARS, language)
        return told

    def labelled(self, ending: str) -> pl.LazyFrame:
        """The labels as a table."""
        return lazily(self.labels, dict(next(self.labels()).schema))

    def labels(self) -> Iterator[pl.DataFrame]:
        """The labels of all records, by subject and id."""
        for subject, several in sorted(self.by_subject.items()):
            yield from _in_turn(subject, (later() for later in several), _by_id)


Placed = Mapping[tuple[str, str], Later]  # standings of the customers of a part


def rankings_of(plan: DayPlan) -> dict[tuple[str, str], Ranking]:
    """The shares and ranks of customers on the last day, by subject and fact."""
    deriving = plan.day(plan.on).subjects["customer"].deriving
    return {("customer", each.name): each.ranking for each in deriving if each.ranking is not None}


def ranked(plan: DayPlan, parts: list[Part], shelf: Shelf) -> list[Placed]:
    """For each part where its customers stand among all, in shares and ranks."""
    rankings = rankings_of(plan) if "customer" in parts[0].own else {}
    if not rankings:
        return [{} for _ in parts]
    found = [
        {
            name: shelf.keep(frame.with_columns(nw.lit(number, nw.Int64).alias(PART)))
            for name, frame in evaluation(plan, part.opened()).members().items()
        }
        for number, part in enumerate(parts)
    ]
    placed: list[dict[tuple[str, str], Later]] = [{} for _ in parts]
    for name, ranking in rankings.items():
        whole = standings(nw.concat([each[name]() for each in found]), ranking)
        for number in range(len(parts)):
            own = whole.filter(nw.col(PART) == nw.lit(number, nw.Int64)).drop([PART])
            placed[number][name] = shelf.keep(own)
    return list(placed)


def at_once(placed: list[Placed]) -> Placed:
    """The standings of all parts together, for a choice of customers from any of them."""
    return {
        name: at_hand(nw.concat([each[name]() for each in placed]))
        for name in (placed[0] if placed else ())
    }


def decide(
    plan: DayPlan, parts: list[Part], placed: list[Placed], shelf: Shelf, labels: bool, told: Told
) -> Decided:
    """Decide all parts.

    Args:
        plan: A compiled day or span.
        parts: What is decided together.
        placed: The standings of the customers of each part.
        shelf: Where decisions wait.
        labels: True if they will be asked for.
        told: Called with the number of parts that are done, and of all.
    """
    found = Decided(plan)
    one = partial(_decided, plan, shelf, labels)
    with ThreadPoolExecutor(TOGETHER) as pool:
        for number, each in enumerate(pool.map(one, parts, placed), 1):
            found.add(each)
            told(number, len(parts))
    found.faults.sort(key=lambda fault: (fault.subject, fault.row))
    return found


def _decided(plan: DayPlan, shelf: Shelf, labels: bool, part: Part, placed: Placed) -> Decided:
    """One part, decided."""
    standing = {name: later() for name, later in placed.items()}
    made = evaluation(plan, part.opened(), shelf.keep, standing)
    heads = by_head(_own(made.batches(), part))
    told = made.labels() if labels else {}
    kept = {name: [shelf.keep(each)] for name, each in told.items() if name in part.own}
    faults = [fault for fault in made.faults if fault.subject in part.own]
    return Decided(plan, [heads], kept, faults, [_noted(made, part)])


def _own(batches: Iterator[Batch], part: Part) -> Iterator[Batch]:
    """The actions of the part's own records; the others are those of the first part."""
    return (batch for batch in batches if batch.head.split("/")[2] in part.own)


def _noted(made: Evaluation, part: Part) -> Notes:
    notes = made.notes()
    subjects = {rule.id: rule.subject for rule in made.plan.policy.rules}
    rows = {subject: number for subject, number in notes.rows.items() if subject in part.own}
    undecided = {rule: n for rule, n in notes.undecided.items() if subjects[rule] in part.own}
    aside = {(fault.subject, fault.row) for fault in made.faults if fault.subject in part.own}
    return Notes(rows, len(aside), notes.ignored, notes.stages, undecided, notes.missing)


def lazily(frames: Callable[[], Iterator[pl.DataFrame]], schema: Mapping[str, Any]) -> pl.LazyFrame:
    """Frames as they come, for a sink that writes them one after the other."""

    def source(
        columns: list[str] | None, predicate: Any, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        for frame in frames():
            yield frame if columns is None else frame.select(columns)

    return register_io_source(source, schema=dict(schema))


def _in_turn(
    subject: str, frames: Iterator[Frame], sort: Callable[[Frame], Frame]
) -> Iterator[pl.DataFrame]:
    """The frames of all parts in the order of ids: parts are ranges of customers, not of others."""
    if subject == "customer":
        yield from (frame.to_native() for frame in frames)
    elif listed := list(frames):
        yield sort(nw.concat(listed)).to_native()


def _by_id(labels: Frame) -> Frame:
    return in_order(labels, "subject_id")


def _counted(frame: pl.DataFrame, held: bool, counts: Counts) -> pl.DataFrame:
    names = ("reason",) if held else ("kind", "status")
    for *parts, number in frame.group_by(*names).len().iter_rows():
        counts[tuple(map(str, parts))] += number
    return frame
