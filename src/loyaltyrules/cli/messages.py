# SPDX-License-Identifier: Apache-2.0
"""render: the texts of what a policy emits over files of records."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from loyaltyrules.action.action import Action
from loyaltyrules.cli.beside import beside, tell_beside
from loyaltyrules.cli.notes import misnamed_columns, names_of_tables, unread_notes
from loyaltyrules.cli.outputs import check_paths, refuse_inputs
from loyaltyrules.cli.policy_at import PolicyAt
from loyaltyrules.cli.reading import Tables, inputs, sources, split_tables
from loyaltyrules.cli.records import any_sound, is_root, record, roots, with_siblings
from loyaltyrules.cli.telling import NOTHING_LEFT
from loyaltyrules.cli.terminal import BREAKS, FAULTY_DATA, FINE, Terminal
from loyaltyrules.cli.writing import write_all
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan, compile_day, reference_tables
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem
from loyaltyrules.report.naming import word_name
from loyaltyrules.report.render import Message, render

STATUS = {
    "blocked_missing_template": mark("no text in this language"),
    "blocked_missing_data": mark("data missing"),
}


class Wanted(NamedTuple):
    """One customer or all, where the texts go, and whether it is fine that nothing is left."""

    identity: str | None = None
    out: Path | None = None
    lenient: bool = False

    @property
    def outputs(self) -> list[Path]:
        return [self.out] if self.out else []


def render_all(
    terminal: Terminal, given: PolicyAt, path: Path, on: date, since: date | None, wanted: Wanted
) -> int:
    """Render what is emitted for all records, or for one; returns the exit code."""
    check_paths(wanted.outputs)
    policy = given.load()
    opened = sources(path, policy)
    refuse_inputs(wanted.outputs, inputs(path, opened, policy))
    read = {name: source.read() for name, source in opened.items()}
    tables, reference = split_tables(read, policy)
    aside: list[Problem] = []
    good = reference_tables(policy, reference, aside)
    plan = with_siblings(compile_day(policy, on, since, good), tables, aside)
    records = list(_records(plan, tables, wanted.identity, aside))
    found = [
        (action, render(action, plan, known, terminal.language))
        for known in records
        for action in evaluate(plan, known, known.subject).actions
        if action.template is not None
    ]
    lost = [] if wanted.identity else sorted(_lost(plan, tables, records))
    lost += [name for name in reference if name not in tables and not good[name]]
    refused = bool(lost) and not wanted.lenient
    if wanted.out and not refused:
        write_all({wanted.out: lambda: _frame(found)})
    if terminal.style == "json":
        terminal.json([_as_record(*each) for each in found])
    elif not wanted.out:
        _tell(terminal, policy, found)
    blocked = sum(message.text is None for _, message in found)
    if terminal.style == "text":
        details = {"count": len(found) - blocked, "blocked": blocked}
        terminal.warn(terminal.say("texts: {count}; blocked: {blocked}", **details))
        terminal.problems(dict.fromkeys(aside))
        for note in unread_notes(terminal, policy, misnamed_columns(policy, tables)):
            terminal.warn(note.translate(BREAKS))
        tell_beside(terminal, beside(policy, path, reference, wanted.outputs))
    if lost:
        files = {name: opened[name].file for name in lost}
        named = names_of_tables(policy, files, terminal.language)
        terminal.warn(terminal.say(NOTHING_LEFT, names=named))
    return FAULTY_DATA if refused else FINE


def _records(
    plan: DayPlan, tables: Tables, identity: str | None, aside: list[Problem]
) -> Iterator[Snapshot]:
    if identity is None:
        yield from roots(plan, tables, aside)
    else:
        yield plan.snapshot(record(plan, tables, "customer", identity, aside))


def _lost(plan: DayPlan, tables: Tables, records: list[Snapshot]) -> Iterator[str]:
    """The tables of which no row is left."""
    left = {each.subject for each in records}
    for name, table in tables.items():
        if name == "customer" or is_root(plan, tables, name):
            lost = name not in left and (name == "customer" or len(table) > 0)
        else:
            lost = len(table) > 0 and not any_sound(plan, tables, name)
        if lost:
            yield name


def _as_record(action: Action, message: Message) -> dict[str, object]:
    return {
        "action_id": action.action_id, "customer_id": action.customer_id, "channel": action.channel,
        "due_on": action.due_on, "template": message.template, "language": message.language,
        "status": message.status, "lacking": ";".join(_lacking(action, message)) or None,
        "text": message.text,
    }  # fmt: skip


def _lacking(action: Action, message: Message) -> tuple[str, ...]:
    """What a blocked text lacks: placeholders, or what blocked the action before."""
    _, _, before = (action.reason or "").partition(":")
    return message.lacking or ((before,) if before and message.text is None else ())


def _frame(found: list[tuple[Action, Message]]) -> pl.DataFrame:
    names = ("action_id", "customer_id", "channel", "due_on", "template", "language", "status",
             "lacking", "text")  # fmt: skip
    schema = dict.fromkeys(names, pl.String()) | {"due_on": pl.Date()}
    return pl.DataFrame([_as_record(*each) for each in found], schema=schema).sort("action_id")


HEADINGS = (mark("record"), mark("due on"), mark("channel"), mark("text"))


def _tell(terminal: Terminal, policy: Policy, found: list[tuple[Action, Message]]) -> None:
    rows = []
    for action, message in found:
        said = message.text
        if said is None:
            why = terminal.say(STATUS.get(message.status, message.status))
            listed = ", ".join(_lacking(action, message)) or message.template
            said = terminal.say("blocked: {why} ({names})", why=why, names=listed)
        way = word_name(policy, action.channel or action.kind, terminal.language)
        rows.append((action.subject_id, action.due_on, way, said))
    terminal.table([terminal.say(each) for each in HEADINGS], rows)
