# SPDX-License-Identifier: Apache-2.0
"""compare: what a change of a policy does to the records of a snapshot."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from loyaltyrules.cli.beside import Beside, beside, tell_beside
from loyaltyrules.cli.compare_asked import Asked, Days, Files
from loyaltyrules.cli.fail_on import Condition
from loyaltyrules.cli.here import Here
from loyaltyrules.cli.notes import names_of_tables
from loyaltyrules.cli.outputs import refuse_inputs
from loyaltyrules.cli.reading import Source, has_rows, inputs, sheets, sources, split_tables
from loyaltyrules.cli.run import reference_rows
from loyaltyrules.cli.telling import NOTHING_LEFT, tell_faults
from loyaltyrules.cli.telling_delta import as_record, tell_delta, tell_verdict
from loyaltyrules.cli.terminal import FAULTY_DATA, FINE, FOUND, Terminal
from loyaltyrules.cli.verdict import Verdict
from loyaltyrules.cli.writing import write_all
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import as_record as problem_record
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.comparison.compare import compare
from loyaltyrules.simulation.comparison.delta import Delta

COMPARING = mark("comparing …")
NOT_COMPARED = mark("nothing was written; mend the rows first")
MOVERS = ("label", "subject_id", "old", "new", "because")


def compare_policies(terminal: Terminal, asked: Asked, days: Days, files: Files) -> int:
    """Compare two policies over a file or folder of records; returns the exit code."""
    files.check()
    condition = Condition.read(asked.fail_on) if asked.fail_on is not None else None
    old, new = asked.policies()
    with terminal.working(COMPARING):
        opened = {**sources(asked.snapshot, new), **sources(asked.snapshot, old)}
        if condition is not None:
            condition.require_names(old, new, opened)
        for policy in (old, new):
            refuse_inputs(files.paths, inputs(asked.snapshot, opened, policy))
        aside: list[Problem] = []
        delta = _compared((old, new), opened, days, aside)
        lost = _lost(delta, opened)
        if not lost:
            _write(files, delta, terminal.language)
    verdict = Verdict(condition, delta) if condition else None
    if terminal.style == "json":
        told = as_record(delta, verdict, terminal.language)
        faults = [problem_record(each, terminal.language) for each in dict.fromkeys(aside)]
        terminal.json(told | {"reference_faults": faults, "nothing_left": lost})
    else:
        tell_delta(terminal, delta)
        _tell_aside(terminal, delta, sheets(opened), aside)
        _tell_beside(terminal, asked, (old, new), opened, files.paths)
        tell_verdict(terminal, verdict)
    if lost:
        named = names_of_tables(old, {n: opened[n].file for n in lost}, terminal.language)
        terminal.warn(terminal.say(NOTHING_LEFT, names=named))
        terminal.warn(terminal.say(NOT_COMPARED))
        return FAULTY_DATA
    return FOUND if verdict is not None and verdict.holds else FINE


def _compared(
    policies: tuple[Policy, Policy], opened: Mapping[str, Source], days: Days, aside: list[Problem]
) -> Delta:
    """The comparison; what is wrong with rows of reference tables is added to `aside`."""
    read = {name: source.read() for name, source in opened.items()}
    tables: dict[str, pl.DataFrame] = {}
    rows: dict[str, Any] = {}
    for policy in policies:
        own, reference = split_tables(read, policy)
        reference.pop("customer", None)  # tables count them where they lie
        good, faulty = reference_rows(policy, own, reference)
        aside += faulty
        tables |= own
        rows = {**{name: good[name] for name in reference if name in good}, **rows}
    old, new = policies
    return compare(old, new, tables, on=days.on, until=days.until, tables=rows)


def _lost(delta: Delta, opened: Mapping[str, Source]) -> list[str]:
    """The tables of which neither policy has a row left, and that of customers."""
    kept = {name: n for side in (delta.old, delta.new) for name, n in side.run.notes.rows.items()}
    return sorted(
        name
        for name in delta.given
        if not kept.get(name) and (name == "customer" or has_rows(opened[name].table))
    )


def _write(files: Files, delta: Delta, language: str) -> None:
    """Write what is asked for, all or nothing."""
    outputs: dict[Path, Any] = {}
    if files.html is not None:
        outputs[files.html] = lambda: partial(_write_page, delta.page(language))
    if files.movers is not None:
        outputs[files.movers] = partial(movers, delta, language)
    if files.actions is not None:
        outputs[files.actions] = lambda: delta.actions
    write_all(outputs)


def _write_page(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def movers(delta: Delta, language: str) -> pl.DataFrame:
    """The records that move in any label, without what they hold."""
    rows: list[tuple[str, ...]] = []
    for each in delta.moving:
        names, found = cells(delta.movers(each.label.name, language))
        places = [names.index(name) for name in MOVERS[1:]]
        rows += [(each.label.name, *(str(row[at]) for at in places)) for row in found]
    return pl.DataFrame(rows, dict.fromkeys(MOVERS, pl.String), orient="row")


def _tell_aside(
    terminal: Terminal, delta: Delta, counted: frozenset[str], aside: Sequence[Problem]
) -> None:
    """What was not compared, and why: faulty rows, and what one policy has alone."""
    tell_faults(terminal, Here(delta.old.run, counted))
    terminal.problems([*dict.fromkeys(aside), *delta.incomparable])


def _tell_beside(
    terminal: Terminal, asked: Asked, policies: Sequence[Policy], names: Collection[str],
    written: Collection[Path],
) -> None:  # fmt: skip
    """What lies beside the tables, and is read by neither policy."""
    old, new = (beside(each, asked.snapshot, names, written) for each in policies)
    unread = {name: near for name, near in old.unread.items() if name in new.unread}
    tell_beside(terminal, Beside(unread, old.replaced))
