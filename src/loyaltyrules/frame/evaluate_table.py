# SPDX-License-Identifier: Apache-2.0
"""evaluate_frame: tables of records through the same evaluator as single ones."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.snapshot import shown
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.actions.run_result import RunResult
from loyaltyrules.frame.decide import NO_RANKS, Manner, decide
from loyaltyrules.frame.engines.carriers import carrier_of
from loyaltyrules.frame.facts.ranking import Ranks
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.result import CHANGE_SCHEMA, SCHEMA, FrameResult, Notes, fault_frame
from loyaltyrules.host.log import LOG
from loyaltyrules.plan.plan import DayPlan


def evaluate_frame(plan: DayPlan, frame_or_frames: Any, *, language: str = "en") -> FrameResult:
    """Decide what every record of a table receives in the plan's span.

    Args:
        plan: A compiled day or span.
        frame_or_frames: One frame of customers, or a mapping from subject to frame, all of one
            kind: Polars (eager or lazy), pandas, PyArrow, PySpark, Dask or DuckDB; child tables
            carry the id of their parent.
        language: The language of the reasons in the table of faults.

    Returns:
        `.actions`, `.suppressed`, `.changes`, `.labels` and `.faults` as the same kind of frame, and
        `.notes`.
        The actions are exactly those of `evaluate` on each row.

    Raises:
        FrameError: a table as a whole cannot be read (LR410, LR413, LR414, LR420, LR424, LR425), a figure
            over child records is too large (LR406), or a package that its kind needs is missing (LR423).
    """
    given = (
        frame_or_frames if isinstance(frame_or_frames, Mapping) else {"customer": frame_or_frames}
    )
    carrier = carrier_of(given)
    if carrier is not None:
        return carrier.carry(plan, given, language, evaluate_frame)
    return in_memory(plan, given, language)


def in_memory(
    plan: DayPlan, given: Mapping[str, Any], language: str, ranks: Ranks = NO_RANKS
) -> FrameResult:
    """The result of tables in memory, as frames of the caller's kind.

    `ranks` are those of the records among all, where they were computed beforehand.

    Raises:
        FrameError: as `evaluate_frame`.
    """
    part = decide(plan, given, Manner(ranks))
    found, kind = RunResult(plan, (part,)), part.kind
    actions, suppressed = (_frame(found.actions(held), SCHEMA, kind) for held in (False, True))
    notes = _masked(found.notes)
    _log(plan, notes)
    return FrameResult(
        actions, suppressed,
        kind.finish(nw.concat(list(found.labels()))), fault_frame(part.faults, kind, language),
        notes, part.faults, lambda: _frame(found.changes(), CHANGE_SCHEMA, kind),
    )  # fmt: skip


def _frame(frames: Iterable[Frame], schema: Mapping[str, Any], kind: FrameFormat) -> Any:
    """Frames as one of the caller's kind; one without rows where there are none."""
    return kind.finish(nw.concat(list(frames) or [kind.frame({n: [] for n in schema}, schema)]))


def _masked(notes: Notes) -> Notes:
    """The notes with the names of columns as they may be shown: some hold somebody's number."""
    named = {
        subject: {shown(name): near for name, near in names.items()}
        for subject, names in notes.ignored.items()
    }
    return replace(notes, ignored=named)


def _log(plan: DayPlan, notes: Notes) -> None:
    rows = ", ".join(f"{count} of {name}" for name, count in notes.rows.items())
    details = plan.policy.name, notes.fingerprint, plan.on, rows, notes.set_aside
    LOG.info("decided by %s (%s) on %s: rows %s, set aside %d", *details)
