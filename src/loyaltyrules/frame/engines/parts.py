# SPDX-License-Identifier: Apache-2.0
"""A part: whole families of records, decided by the one kernel wherever the part lies."""

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest
from threading import get_ident
from typing import Any, TypeAlias

from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.merge_notes import merged
from loyaltyrules.frame.result import FrameResult, Made, Notes
from loyaltyrules.plan.plan import DayPlan

Kernel: TypeAlias = Callable[..., FrameResult]
Tables: TypeAlias = Mapping[str, Any]
Noted: TypeAlias = tuple[Notes, tuple[Fault, ...]]
PARTS = ("actions", "suppressed", "labels", "faults", "changes")
TOLD = 1000  # faults of a result that are collected as objects; the table of faults has them all


@dataclass(frozen=True, slots=True)
class Work:
    """What is done to every part. It travels to the workers, and the plan in it as bytes."""

    plan: bytes
    language: str
    kernel: Kernel

    def on(self, tables: Tables) -> FrameResult:
        """The kernel's result for one part, with as many faults as objects as may be told."""
        result = self.kernel(_plan(self.plan, get_ident()), tables, language=self.language)
        return replace(result, problems=_told(result.problems))


@lru_cache(maxsize=16)
def _plan(pickled: bytes, thread: int) -> DayPlan:
    """The plan, unpickled once in a thread: it compiles and remembers for all parts that come."""
    plan: DayPlan = pickle.loads(pickled)
    return plan


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A run over the tables without their rows: it tells faulty tables before a row is moved."""

    work: Work
    result: FrameResult

    def unread(self, subject: str) -> list[str]:
        """Columns that no rule reads: they need not travel."""
        return list(self.result.notes.ignored.get(subject, ()))

    def united(self, frames: Mapping[str, Any], noted: Iterable[Noted]) -> FrameResult:
        """The result of all parts: their frames, and what the parts noted."""
        listed = list(noted)
        notes = merged([self.result.notes, *(notes for notes, _ in listed)])
        faults = _told(fault for _, problems in listed for fault in problems)
        known = {name: frames[name] for name in PARTS if name != "changes"}
        changes = Made(frames["changes"])
        return FrameResult(**known, notes=notes, problems=faults, read_changes=changes)


def rehearsed(plan: DayPlan, empty: Tables, language: str, kernel: Kernel) -> Rehearsal:
    """Evaluate empty tables of the same columns and types.

    Raises:
        FrameError: a table as a whole cannot be read (LR410, LR414, LR420).
    """
    work = Work(pickle.dumps(plan), language, kernel)
    return Rehearsal(work, kernel(plan, empty, language=language))


def _told(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The first faults by subject and id. Their row is 0: the rows of a part have no number."""
    first = nsmallest(TOLD, faults, lambda each: (each.subject, each.id, each.problem.code))
    return tuple(replace(each, row=0) for each in first)
