# SPDX-License-Identifier: Apache-2.0
"""What the evaluation of tables gives: frames of the caller's kind, and notes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.action.changes import CHANGE_COLUMNS
from loyaltyrules.fact.snapshot import shown
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.input.formats import FrameFormat, kind_of
from loyaltyrules.host.html import section, table
from loyaltyrules.problem.render import message

SCHEMA: Mapping[str, Any] = {
    **dict.fromkeys(COLUMNS, nw.String), "priority": nw.Int64, "due_on": nw.Date, "window_end": nw.Date,
}  # fmt: skip
CHANGE_SCHEMA: Mapping[str, Any] = dict.fromkeys(CHANGE_COLUMNS, nw.String)
FAULT_SCHEMA: Mapping[str, Any] = {
    "subject": nw.String, "row": nw.Int64, "id": nw.String, "field": nw.String, "value": nw.String,
    "code": nw.String, "reason": nw.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageNote:
    """How often a stage was asked, and how many distinct signatures it had to decide."""

    asked: int
    signatures: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What a reader of the result should know beside it.

    Rows read and set aside; columns that the policy ignores, with the near name, by subject; stages;
    rules left undecided, with the facts that records lacked and how many; columns that a table or
    reference data lack, with the rules of the last day that need them, by subject, and of a table that
    is not there at all what its rows are found by; the fingerprint of the policy.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    set_aside: int = 0
    ignored: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[str, StageNote] = field(default_factory=dict)
    undecided: Mapping[str, Mapping[tuple[str, ...], int]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A frame that is there already."""

    frame: Any = None

    def __call__(self) -> Any:
        return self.frame


@dataclass(frozen=True, repr=False, eq=False)
class FrameResult:
    """Actions, suppressed actions, labels and faults, as the caller's kind of frame.

    What the actions change is a frame too, `changes`, which is made when it is first read.
    """

    actions: Any
    suppressed: Any
    labels: Any
    faults: Any
    notes: Notes
    problems: tuple[Fault, ...] = ()
    read_changes: Callable[[], Any] = field(default=Made(), compare=False)

    @cached_property
    def changes(self) -> Any:
        """The facts that actions change, a row each: what it is set to, or how much it grows by."""
        return self.read_changes()

    def __reduce__(self) -> tuple[Any, ...]:
        """A result travels with its changes: what they are read from stays behind."""
        frames = self.actions, self.suppressed, self.labels, self.faults
        return FrameResult, (*frames, self.notes, self.problems, Made(self.changes))

    def __repr__(self) -> str:
        rows = ", ".join(f"{count} of {name}" for name, count in self.notes.rows.items())
        aside = f", {self.notes.set_aside} set aside" if self.notes.set_aside else ""
        return f"FrameResult({rows or 'no rows'}{aside}; frames of {kind_of(self.actions)})"

    def _repr_html_(self) -> str:
        notes = self.notes
        rows: list[tuple[str, object]] = [
            (f"rows of {name}", count) for name, count in notes.rows.items()
        ]
        rows += [("set aside", notes.set_aside), ("fingerprint", notes.fingerprint)]
        unread = [
            (subject, shown(name), near)
            for subject, n in notes.ignored.items()
            for name, near in n.items()
        ]
        open_ = [
            (rule, ", ".join(facts), count)
            for rule, each in notes.undecided.items()
            for facts, count in each.items()
        ]
        tables = (
            table(("", ""), rows),
            table(("table", "column not read", "near"), unread),
            table(("rule not decided", "for lack of", "records"), open_),
        )
        return section(repr(self), *tables)


def fault_frame(faults: Sequence[Fault], kind: FrameFormat, language: str = "en") -> Any:
    """Faults as a frame, in the order of the rows."""
    columns: dict[str, list[Any]] = {name: [] for name in FAULT_SCHEMA}
    for fault in sorted(faults, key=lambda fault: (fault.subject, fault.row)):
        details = dict(fault.problem.details)
        values = (
            fault.subject, fault.row, fault.id, details.get("field"), details.get("value"),
            fault.problem.code, message(fault.problem, language),
        )  # fmt: skip
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return kind.native(columns, FAULT_SCHEMA)
