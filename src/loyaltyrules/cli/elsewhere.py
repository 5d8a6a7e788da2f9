# SPDX-License-Identifier: Apache-2.0
"""A run that an engine decides and writes: its tables stay there until one file asks for them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from loyaltyrules.cli.backends import Backend
from loyaltyrules.cli.faults import ORPHAN, with_remedies
from loyaltyrules.cli.here import TEXTS
from loyaltyrules.cli.reading import Source
from loyaltyrules.decision.passing import PENDING, READY
from loyaltyrules.frame.actions.assignments import in_order
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.result import FrameResult, Notes
from loyaltyrules.frame.streaming.run import ranked_at_once
from loyaltyrules.frame.streaming.shelf import Shelf
from loyaltyrules.frame.with_ranks import evaluate_with_ranks
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.report.summary import Counts

FAULTS = ("subject", "id", "field", "value", "code", "reason")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What an engine decided. One file is sorted here, in memory; a folder is written there."""

    plan: DayPlan
    backend: Backend
    result: FrameResult

    @property
    def notes(self) -> Notes:
        return self.result.notes

    @property
    def faults(self) -> Sequence[Fault]:
        """Some of the faults, if there are any."""
        return self.result.problems

    @property
    def sheets(self) -> frozenset[str]:
        """Rows that an engine has parted have no number."""
        return frozenset()

    def codes(self) -> Counts:
        return self._counted(self.result.faults, "code") if self.faults else Counter()

    def tally(self, held: bool) -> Counts:
        names = ("reason",) if held else ("kind", "status")
        return self._counted(self._actions(held), *names)

    def texts(self) -> Counts:
        """How many actions there are that texts can be written for, by template and kind of record."""
        found: Counts = Counter()
        for (*said, status), count in self._counted(self._actions(False), *TEXTS, "status").items():
            if status in (READY, PENDING):
                found[tuple(said)] += count
        return found

    def actions(self, held: bool, ending: str) -> Any:
        return self._content(self._actions(held), ending, lambda rows: rows.sort("action_id"))

    def changes(self, ending: str) -> Any:
        return self._content(
            self.result.changes, ending, lambda rows: rows.sort("action_id", "fact", "subject")
        )

    def labels(self, ending: str) -> Any:
        return self._content(self.result.labels, ending, _by_subject)

    def faulty(self, ending: str, language: str) -> Any:
        """The rows that were set aside; they were told in the run's language when it was decided.

        How to mend them stands in a file; a folder is the engine's own.
        """
        ordered = partial(_mendable, language=language)
        return self._content(self.result.faults, ending, ordered)

    def _actions(self, held: bool) -> Any:
        return self.result.suppressed if held else self.result.actions

    def _counted(self, frame: Any, *names: str) -> Counts:
        with self.backend.speaking():
            rows = list(self.backend.counted(frame, names))
        return Counter({tuple(map(str, values)): int(number) for *values, number in rows})

    def _content(
        self, frame: Any, ending: str, ordered: Callable[[pl.DataFrame], pl.DataFrame]
    ) -> Any:
        """The rows in order for a file; for a folder a writer of it."""
        if not ending:
            return lambda folder: self._write(frame, folder)
        with self.backend.speaking():
            return ordered(self.backend.here(frame))

    def _write(self, frame: Any, folder: Path) -> None:
        with self.backend.speaking():
            self.backend.parted(frame, folder)


def decide_by(
    backend: Backend, plan: DayPlan, given: Mapping[str, Source], folder: Path, language: str
) -> Elsewhere:
    """Decide all tables inside of an engine.

    Raises:
        FrameError: a table cannot be opened (LR426, LR427), or as `evaluate_frame`.
    """
    frames = backend.tables(given, folder)
    tables = {name: source.table for name, source in given.items()}
    known = ranked_at_once(plan, tables, Shelf(folder))  # computed here, as without an engine
    ranks = {name: _arrow(rows.open()) for name, rows in known.items()}
    with backend.speaking():
        return Elsewhere(plan, backend, evaluate_with_ranks(plan, frames, ranks, language))


def _arrow(rows: nw.DataFrame[Any]) -> Any:
    """Rows as an Arrow table whose texts are of the type that the kernel's have."""
    table = nw.from_native(rows.to_arrow(), eager_only=True)
    return table.with_columns(nw.col("id").cast(nw.String)).to_native()


def _mendable(faults: pl.DataFrame, language: str) -> pl.DataFrame:
    causes_first = pl.col("code") == ORPHAN
    return with_remedies(faults.sort(causes_first, *FAULTS), language)


def _by_subject(labels: pl.DataFrame) -> pl.DataFrame:
    named: pl.DataFrame = in_order(nw.from_native(labels), "subject_id").to_native()
    return named.sort("subject", maintain_order=True)
