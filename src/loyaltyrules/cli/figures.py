# SPDX-License-Identifier: Apache-2.0
"""The outcome of a run on its way to files, and in figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from loyaltyrules.cli.terminal import Terminal
from loyaltyrules.cli.writing import write_all
from loyaltyrules.frame.canonical import Fault
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

    @property
    def paths(self) -> list[Path]:
        given = (self.actions, self.suppressed, self.faults, self.labels, self.report)
        return [path for path in given if path is not None]


class Outcome(Protocol):
    """What a run came to, wherever it was decided.

    Its tables are asked for when they are written, for a file of some ending; `held` are the
    actions that were held back, not the others.
    """

    @property
    def plan(self) -> DayPlan: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def faults(self) -> Sequence[Fault]: ...
    def codes(self) -> Counts: ...
    def count(self, held: bool, counts: Counts) -> None: ...
    def stated(self, held: bool, ending: str, counts: Counts) -> Any: ...
    def labelled(self, ending: str) -> Any: ...
    def faulty(self, ending: str, language: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """A run on its way to files: actions are counted as they are written, or for the count alone."""

    terminal: Terminal
    found: Outcome
    aside: list[Problem]
    tally: Tally = field(default_factory=Tally)

    @property
    def summary(self) -> dict[str, Any]:
        found, language = self.found, self.terminal.language
        told = summary(found.plan, self.tally, found.notes)
        return told | {"reference_faults": [as_record(each, language) for each in self.aside]}

    def write(self, outputs: Outputs) -> None:
        """Write what is asked for, and count everything."""
        found, tally, language = self.found, self.tally, self.terminal.language
        held = (
            (False, outputs.actions, tally.actions),
            (True, outputs.suppressed, tally.suppressed),
        )
        tally.faults.update(found.codes())
        for back, path, counts in held:
            if path is None:
                found.count(back, counts)
        wanted: list[tuple[Path | None, Callable[[str], Any]]] = [
            *((path, partial(found.stated, back, counts=counts)) for back, path, counts in held),
            (outputs.labels, found.labelled),
            (outputs.faults, partial(found.faulty, language=language)),
            (outputs.report, lambda _: self.summary),
        ]
        write_all({path: partial(made, path.suffix) for path, made in wanted if path is not None})
