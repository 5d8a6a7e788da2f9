# SPDX-License-Identifier: Apache-2.0
"""What a run came to, told to a person, or as figures to a machine."""

from collections.abc import Mapping
from typing import Any

from loyaltyrules.cli.faults import Group, grouped, mended, rows_of, sentence
from loyaltyrules.cli.figures import Found
from loyaltyrules.cli.notes import notes, table_name
from loyaltyrules.cli.terminal import BREAKS, Terminal
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import called, mark
from loyaltyrules.report.naming import status_name, word_name


def tell(terminal: Terminal, found: Found, figures: Mapping[str, Any]) -> None:
    """The summary of a run, and notes on the other channel."""
    if terminal.style == "json":
        terminal.json(figures)
        return
    span = figures["now"] or figures["on"]
    terminal.line(terminal.say("{policy} on {day}", policy=figures["policy"], day=span))
    policy = found.plan.policy
    subjects = policy.vocabulary.subjects
    titles = {name: called(subjects[name].titles, terminal.language, name) for name in subjects}
    records = ", ".join(f"{titles[name]} {count}" for name, count in figures["records"].items())
    terminal.line(terminal.say("records: {records}", records=records))
    if figures["set_aside"]:
        terminal.line(terminal.say("rows set aside: {count}", count=figures["set_aside"]))
    terminal.line(terminal.say("actions: {count}", count=figures["actions"]))
    rows = [(_status(terminal, policy, n), count) for n, count in figures["by_kind"].items()]
    terminal.table(
        [terminal.say("kind and status"), terminal.say("count")],
        rows,
    )
    if figures["suppressed"]:
        terminal.line(terminal.say("held back: {count}", count=figures["suppressed"]))
        reasons = figures["by_reason"].items()
        terminal.table(
            [terminal.say("reason"), terminal.say("count")],
            [(word_name(policy, reason, terminal.language), count) for reason, count in reasons],
        )
    _tell_notes(terminal, found, figures)


NOTHING_LEFT = mark(
    "ATTENTION: no row is left of: {names}. Every one is faulty, as told above, or there was none."
)
SHOWN = 20  # kinds of faults that are told


def _status(terminal: Terminal, policy: Policy, named: str) -> str:
    """`call ready` in the reader's words."""
    kind, _, status = named.partition(" ")
    return f"{word_name(policy, kind, terminal.language)} {status_name(status, terminal.language)}"


def _tell_notes(terminal: Terminal, found: Found, figures: Mapping[str, Any]) -> None:
    policy = found.plan.policy
    for note in notes(terminal, policy, figures):
        terminal.warn(note.translate(BREAKS))
    tell_faults(terminal, found)


def tell_faults(terminal: Terminal, found: Found) -> None:
    """What is wrong with rows that were set aside, together where they are alike."""
    groups = grouped(found.faults, found.plan.policy.vocabulary.subjects)
    for group in groups[:SHOWN]:
        terminal.warn(_told(terminal, group, found).translate(BREAKS))
    shown = sum(len(group.faults) for group in groups[:SHOWN])
    more = sum(found.codes().values()) - shown
    if more > 0:
        terminal.warn(terminal.say("… and {count} more faults", count=more))


def _told(terminal: Terminal, group: Group, found: Found) -> str:
    """What is wrong with some rows, where they stand, and how to mend them."""
    language, policy = terminal.language, found.plan.policy
    what = f"{group.problem.code} {sentence(group, policy, language)}"
    if len(group.faults) == 1:
        what = f"{_place(terminal, policy, group.faults[0])}: {what}"
    rows = rows_of(group, found.sheets, language)
    where = terminal.say(" ({rows})", rows=rows) if rows else ""
    how = mended(group, policy, language)
    return terminal.say("{problem}. {remedy}", problem=f"{what}{where}", remedy=how)


def _place(terminal: Terminal, policy: Policy, fault: Fault) -> str:
    """Where a faulty row stands; rows that an engine has parted have no number."""
    table = table_name(policy, fault.subject, terminal.language)
    if not fault.row:
        return table
    return terminal.say("row {row} of {subject}", row=fault.row, subject=table)
