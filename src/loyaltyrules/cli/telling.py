# SPDX-License-Identifier: Apache-2.0
"""What a run came to, told to a person, or as figures to a machine."""

from collections.abc import Mapping, Sequence
from typing import Any

from loyaltyrules.cli.figures import Found
from loyaltyrules.cli.terminal import Terminal
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.input.required_facts import named
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import choose, mark
from loyaltyrules.problem.render import message
from loyaltyrules.report.naming import word_name


def tell(terminal: Terminal, found: Found, figures: Mapping[str, Any]) -> None:
    """The summary of a run, and notes on the other channel."""
    if terminal.style == "json":
        terminal.json(figures)
        return
    span = figures["on"]
    terminal.line(terminal.say("{policy} on {day}", policy=figures["policy"], day=span))
    policy = found.plan.policy
    subjects = policy.vocabulary.subjects
    titles = {name: choose(subjects[name].titles, terminal.language, name) for name in subjects}
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
    _tell_notes(terminal, found.faults, figures)


SHOWN = 20  # faults that are told one by one
STATUS = {
    "ready": mark("ready"), "pending_approval": mark("awaits approval"),
    "blocked_missing_data": mark("data missing"),
    "blocked_missing_template": mark("text missing"),
}  # fmt: skip


def _status(terminal: Terminal, policy: Policy, named: str) -> str:
    """`call ready` in the reader's words."""
    kind, _, status = named.partition(" ")
    return (
        f"{word_name(policy, kind, terminal.language)} {terminal.say(STATUS.get(status, status))}"
    )


def _tell_notes(terminal: Terminal, faults: Sequence[Fault], figures: Mapping[str, Any]) -> None:
    for subject, names in figures["ignored_columns"].items():
        listed = ", ".join(f"{name} ({near}?)" if near else name for name, near in names.items())
        terminal.warn(terminal.say("note: columns of {subject} that the policy does not read: {names}",
                                   subject=subject, names=listed))  # fmt: skip
    for subject, names in figures["missing_columns"].items():
        listed = ", ".join(f"{name} ({named(rules)})" for name, rules in names.items())
        terminal.warn(terminal.say("note: columns that {subject} lacks, and rules that need them: {names}",
                                   subject=subject, names=listed))  # fmt: skip
    for rule, facts in figures["undecided"].items():
        listed = ", ".join(f"{name} ({count})" for name, count in facts.items())
        terminal.warn(terminal.say("note: {rule} was not decided for lack of {facts}",
                                   rule=rule, facts=listed))  # fmt: skip
    for fault in faults[:SHOWN]:
        told = f"{fault.problem.code} {message(fault.problem, terminal.language)}"
        terminal.warn(f"{_place(terminal, fault)}: {told}")
    more = sum(figures["faults"].values()) - SHOWN
    if more > 0:
        terminal.warn(terminal.say("… and {count} more faults", count=more))


def _place(terminal: Terminal, fault: Fault) -> str:
    """Where a faulty row stands; rows that an engine has parted have no number."""
    if not fault.row:
        return fault.subject
    return terminal.say("row {row} of {subject}", row=fault.row, subject=fault.subject)
