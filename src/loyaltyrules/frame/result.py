# SPDX-License-Identifier: Apache-2.0
"""What the evaluation of tables gives: frames of the caller's kind, and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.problem.render import message

SCHEMA: Mapping[str, Any] = {
    **dict.fromkeys(COLUMNS, nw.String), "priority": nw.Int64, "due_on": nw.Date, "window_end": nw.Date,
}  # fmt: skip
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
    rules left undecided, with the facts that records lacked and how many; columns that a table
    lacks, with the rules of the last day that need them, by subject.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    set_aside: int = 0
    ignored: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[str, StageNote] = field(default_factory=dict)
    undecided: Mapping[str, Mapping[tuple[str, ...], int]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class FrameResult:
    """Actions, suppressed actions, labels and faults, as the caller's kind of frame."""

    actions: Any
    suppressed: Any
    labels: Any
    faults: Any
    notes: Notes
    problems: tuple[Fault, ...] = ()


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
