# SPDX-License-Identifier: Apache-2.0
"""A run that this process decides: actions are written as they are stated, rule by rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
from polars.io.plugins import register_io_source

from loyaltyrules.cli.faults import excel_row, grouped, remedies
from loyaltyrules.cli.writing import Stream
from loyaltyrules.decision.passing import PENDING, READY
from loyaltyrules.frame.actions.run_result import RunResult
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.input.formats import POLARS
from loyaltyrules.frame.result import CHANGE_SCHEMA, SCHEMA, Notes, fault_frame
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.report.summary import Counts

TEXTS = ("template", "subject")
_TYPES = {nw.String: pl.String, nw.Int64: pl.Int64, nw.Date: pl.Date}
ACTIONS = {name: _TYPES[kind] for name, kind in SCHEMA.items()}


@dataclass(frozen=True, slots=True)
class Here:
    """What was decided of all tables."""

    decided: RunResult
    sheets: frozenset[str]

    @property
    def plan(self) -> DayPlan:
        return self.decided.plan

    @property
    def notes(self) -> Notes:
        return self.decided.notes

    @property
    def faults(self) -> Sequence[Fault]:
        return self.decided.faults

    def codes(self) -> Counts:
        """How many faults there are of each code."""
        return Counter((fault.problem.code,) for fault in self.faults)

    def tally(self, held: bool) -> Counts:
        return self.decided.tally(held)

    def texts(self) -> Counts:
        """How many actions there are that texts can be written for, by template and kind of record."""
        found: Counts = Counter()
        if len(self.plan.dates) > 1:
            columns = ("action_id", "status", *TEXTS)
            for frame in self.decided.actions(False, columns):
                ready = frame.filter(nw.col("status").is_in([READY, PENDING]))
                for *said, number in ready.group_by(*TEXTS).agg(nw.len()).iter_rows():
                    found[tuple(map(str, said))] += number
            return found
        for each in (each for part in self.decided.parts for each in part.assignments):
            for outcome, count in zip(each.outcomes, each.counts, strict=True):
                for fate in outcome.fates:
                    if fate.status in (READY, PENDING):
                        template = str(fate.recipe.columns.get("template"))
                        found[template, each.subject] += count
        return found

    def actions(self, held: bool, ending: str) -> Stream:
        """All actions, or all that were held back, sorted by id."""
        return lazily(partial(self.decided.actions, held), ACTIONS)

    def changes(self, ending: str) -> Stream:
        """What all actions change that are not held back, by action id and fact."""
        return lazily(self.decided.changes, dict.fromkeys(CHANGE_SCHEMA, pl.String))

    def labels(self, ending: str) -> Stream:
        """The labels of all records, by subject and id."""
        first: pl.DataFrame = next(self.decided.labels()).to_native()
        return lazily(self.decided.labels, dict(first.schema))

    def faulty(self, ending: str, language: str) -> pl.DataFrame:
        """The rows that were set aside, causes before what follows from them, as they are told."""
        policy = self.plan.policy
        groups = grouped(self.faults, policy.vocabulary.subjects)
        order = {id(each): at for at, each in enumerate(f for g in groups for f in g.faults)}
        told: pl.DataFrame = fault_frame(self.faults, POLARS, language)
        rows = [excel_row(each, self.sheets) for each in self.faults]
        whole = told.with_columns(
            pl.Series("remedy", remedies(self.faults, policy, language), pl.String),
            pl.Series("excel_row", rows, pl.Int64),
            pl.Series("__at", [order[id(each)] for each in self.faults], pl.Int64),
        )
        return whole.sort("__at").drop("__at")


def lazily(frames: Callable[[], Iterable[nw.DataFrame[Any]]], schema: Mapping[str, Any]) -> Stream:
    """Frames as they come, for a sink that writes them one after the other."""
    stopped = Event()

    def source(
        columns: list[str] | None, predicate: Any, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        for frame in ahead(frames()):
            if stopped.is_set():
                return
            native: pl.DataFrame = frame.to_native()
            yield native if columns is None else native.select(columns)

    return Stream(register_io_source(source, schema=dict(schema)), stopped)


def ahead(frames: Iterable[nw.DataFrame[Any]]) -> Iterator[nw.DataFrame[Any]]:
    """The same, the next one being stated while the last one is written."""
    waiting = iter(frames)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, waiting, None)
        while (frame := coming.result()) is not None:
            coming = pool.submit(next, waiting, None)
            yield frame
