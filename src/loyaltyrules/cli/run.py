# SPDX-License-Identifier: Apache-2.0
"""run: a policy over files of records, for a day or a span."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NamedTuple

import polars as pl

from loyaltyrules.cli.beside import beside, tell_beside
from loyaltyrules.cli.days import moment
from loyaltyrules.cli.figures import Found, Left, Outputs, figures
from loyaltyrules.cli.here import Here
from loyaltyrules.cli.lacking_cells import lacking_cells, tell_lacking_cells
from loyaltyrules.cli.lacking_texts import tell_lacking_texts
from loyaltyrules.cli.notes import names_of_tables
from loyaltyrules.cli.outputs import check_paths, refuse_inputs
from loyaltyrules.cli.policy_at import PolicyAt
from loyaltyrules.cli.reading import (
    has_rows,
    inputs,
    read_to_the_end,
    sheets,
    sources,
    split_tables,
)  # fmt: skip
from loyaltyrules.cli.scratch import scratch
from loyaltyrules.cli.telling import NOTHING_LEFT, tell
from loyaltyrules.cli.terminal import FAULTY_DATA, FINE, Terminal
from loyaltyrules.frame.streaming.run import Asked, decide_all
from loyaltyrules.frame.streaming.shelf import Shelf
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.plan import compile_day, reference_tables
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem, problem

DECIDING = mark("evaluating …")
REFUSED = mark("nothing was written: there are faulty rows")
ONLY_FAULTS = mark(
    "no actions and no labels were written; mend the rows, or take the file out of the folder, "
    "or say --lenient: then the rest is decided without these rows"
)
Sources = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run goes about it: refusing faulty rows, content though nothing is left, with some
    customers alone, inside of an engine, at a moment of the day."""

    strict: bool = False
    lenient: bool = False
    sample: int | None = None
    backend: str | None = None
    now: str | None = None


class End(NamedTuple):
    """How a run ends: its exit code, what it writes, and what is said of it."""

    code: int
    outputs: Outputs
    said: tuple[str, ...] = ()


def run(
    terminal: Terminal, given: PolicyAt, snapshot: Path, on: date, since: date | None,
    outputs: Outputs, manner: Manner,
) -> int:  # fmt: skip
    """Evaluate a policy over a file or folder of records; returns the exit code."""
    check_paths(outputs.paths)
    decide = _engine(manner.backend)
    policy = given.load()
    with (
        _scratch() as folder,
        terminal.working(DECIDING) as progress,
        read_to_the_end(snapshot, policy),
    ):
        opened = sources(snapshot, policy)
        refuse_inputs(outputs.paths, inputs(snapshot, opened, policy))
        read = {name: source.table for name, source in opened.items()}
        tables, reference = split_tables(read, policy)
        reference.pop("customer", None)  # tables count them where they lie
        good, aside = reference_rows(policy, tables, reference)
        plan = compile_day(policy, on, since, good, moment(manner.now))
        found: Found
        cells: Mapping[str, int] = {}
        if decide is None:
            asked = Asked(manner.sample, outputs.labels is not None, outputs.changes is not None)
            decided = decide_all(plan, tables, Shelf(folder), progress, asked)
            cells = lacking_cells(decided, tables, terminal.language)
            found = Here(decided, sheets(opened))
        else:
            to_open = {name: opened[name] for name in tables}
            found = decide(plan, to_open, folder, terminal.language)
        lost = _lost(read, found, good, manner.sample is not None)
        end = _end(manner, outputs, bool(found.faults or aside), bool(lost))
        around = beside(policy, snapshot, reference, outputs.paths)
        counted = figures(found, Left(aside, lost, around, cells), terminal.language)
        counted.write(end.outputs, terminal.language)
    tell(terminal, found, counted.summary)
    _tell_by_what(terminal, policy)
    if terminal.style == "text":
        tell_lacking_texts(terminal, policy, counted.summary["lacking_texts"])
        tell_lacking_cells(terminal, policy, cells)
        tell_beside(terminal, around)
        terminal.problems(aside)
    files = {name: opened[name].file for name in lost}
    for sentence in end.said:
        named = names_of_tables(policy, files, terminal.language)
        terminal.warn(terminal.say(sentence, names=named))
    return end.code


def _tell_by_what(terminal: Terminal, policy: Policy) -> None:
    """Which policy decided; machines are told with the figures."""
    if terminal.style == "text":
        details = {"policy": policy.name, "version": policy.version, "mark": policy.fingerprint}
        terminal.line(
            terminal.say("decided by {policy}, version {version}, fingerprint {mark}", **details)
        )


def _engine(name: str | None) -> Callable[..., Found] | None:
    """What decides inside of an engine; most runs name none, and need not load it.

    Raises:
        FrameError: the engine is not installed.
    """
    if name is None:
        return None
    from loyaltyrules.cli.backends import BACKENDS
    from loyaltyrules.cli.elsewhere import decide_by

    BACKENDS[name].require()
    return partial(decide_by, BACKENDS[name])


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for rows that wait, in that for temporary files.

    Raises:
        FrameError: there is no room in it (LR100).
    """
    place = "TMPDIR"  # where nothing can be written anywhere
    try:
        place = gettempdir()
        with scratch(Path(place), "loyaltyrules-") as folder:
            yield folder
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise FrameError([problem("LR100", None, file=place, why=why)]) from fault


def _lost(read: Sources, found: Found, good: Tables, sampled: bool) -> list[str]:
    """The tables of which no row is left: of those that were given with rows, and of customers."""
    kept, faulty = found.notes.rows, {fault.subject for fault in found.faults}
    return sorted(
        name
        for name in read
        if not (kept[name] if name in kept else good.get(name))
        and (name == "customer" or (name in faulty if sampled else has_rows(read[name])))
    )


def _end(manner: Manner, outputs: Outputs, faulty: bool, lost: bool) -> End:
    """Faulty rows keep a strict run from writing; where nothing is left, any that is not lenient."""
    said = (NOTHING_LEFT,) if lost else ()
    if manner.strict and faulty:
        return End(FAULTY_DATA, Outputs(), (*said, REFUSED))
    if lost and not manner.lenient:
        told = Outputs(faults=outputs.faults, report=outputs.report)
        return End(FAULTY_DATA, told, (*said, ONLY_FAULTS))
    return End(FINE, outputs, said)


def reference_rows(
    policy: Policy, tables: Mapping[str, Any], reference: Mapping[str, Any]
) -> tuple[Tables, list[Problem]]:
    """The good rows of reference tables, and what is wrong with the others.

    Of tables that are evaluated too, such as stores, the evaluation tells the faulty rows.
    """
    aside: list[Problem] = []
    own = {name: table for name, table in reference.items() if name not in tables}
    shared = {name: table for name, table in reference.items() if name in tables}
    good = {**reference_tables(policy, own, aside), **reference_tables(policy, shared, [])}
    return good, aside
