# SPDX-License-Identifier: Apache-2.0
"""The outcome of a run on its way to files, and in figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from loyaltyrules.cli.beside import Beside
from loyaltyrules.cli.lacking_texts import lacking_texts
from loyaltyrules.cli.writing import write_all
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.result import Notes
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import as_record
from loyaltyrules.report.summary import Counts, Tally, summary


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the parts of a result go; None means nowhere."""

    actions: Path | None = None
    suppressed: Path | None = None
    faults: Path | None = None
    labels: Path | None = None
    report: Path | None = None
    changes: Path | None = None

    @property
    def paths(self) -> list[Path]:
        given = (self.actions, self.suppressed, self.faults, self.labels, self.report, self.changes)
        return [path for path in given if path is not None]


class Found(Protocol):
    """What a run came to, wherever it was decided.

    `sheets` are the tables whose rows are those of a spreadsheet, below its heading. Tables of the
    result are asked for when they are written, for a file of some ending; `held` are the actions
    that were held back, not the others.
    """

    @property
    def plan(self) -> DayPlan: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def faults(self) -> Sequence[Fault]: ...
    @property
    def sheets(self) -> frozenset[str]: ...
    def codes(self) -> Counts: ...
    def tally(self, held: bool) -> Counts: ...
    def texts(self) -> Counts: ...
    def actions(self, held: bool, ending: str) -> Any: ...
    def changes(self, ending: str) -> Any: ...
    def labels(self, ending: str) -> Any: ...
    def faulty(self, ending: str, language: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """A run in figures, and on its way to files."""

    found: Found
    summary: dict[str, Any]

    def write(self, outputs: Outputs, language: str) -> None:
        """Write what is asked for."""
        found = self.found
        wanted: list[tuple[Path | None, Callable[[str], Any]]] = [
            (outputs.actions, partial(found.actions, False)),
            (outputs.suppressed, partial(found.actions, True)),
            (outputs.changes, found.changes),
            (outputs.labels, found.labels),
            (outputs.faults, partial(found.faulty, language=language)),
            (outputs.report, lambda _: self.summary),
        ]
        write_all({path: partial(made, path.suffix) for path, made in wanted if path is not None})


class Left(NamedTuple):
    """What is to be told beside the decisions: faults of reference tables, tables of which no row is
    left, what lies beside the tables, and how many texts lack which cell."""

    aside: Sequence[Problem]
    lost: Sequence[str]
    beside: Beside
    cells: Mapping[str, int]


def figures(found: Found, left: Left, language: str) -> Figures:
    """Count what a run came to."""
    tally = Tally(found.tally(False), found.tally(True), found.codes())
    told = summary(found.plan, tally, found.notes)
    missing = found.notes.missing
    texts = lacking_texts(found.plan.policy, found.texts(), missing) if missing else {}
    return Figures(found, told | {
        "reference_faults": [as_record(each, language) for each in left.aside],
        "nothing_left": list(left.lost),
        "lacking_texts": texts,
        "lacking_cells": dict(left.cells),
        "unread_files": dict(left.beside.unread),
        "replaced_rows": list(left.beside.replaced),
    })  # fmt: skip
