# SPDX-License-Identifier: Apache-2.0
"""A part: whole families of records, decided by the one kernel wherever the part lies."""

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest
from threading import get_ident
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.frame.canonical import Fault
from loyaltyrules.frame.families import keyed
from loyaltyrules.frame.result import FrameResult, Notes
from loyaltyrules.frame.united import united
from loyaltyrules.plan.plan import DayPlan

Kernel: TypeAlias = Callable[..., FrameResult]
Tables: TypeAlias = Mapping[str, Any]
PARTS = ("actions", "suppressed", "labels", "faults")
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
        return replace(result, problems=told(result.problems))


@lru_cache(maxsize=16)
def _plan(pickled: bytes, thread: int) -> DayPlan:
    """The plan, unpickled once in a thread: it compiles and remembers for all parts that come."""
    plan: DayPlan = pickle.loads(pickled)
    return plan


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A run over the tables without their rows: it tells faulty tables before any row is moved."""

    plan: DayPlan
    work: Work
    result: FrameResult

    @property
    def notes(self) -> Notes:
        return self.result.notes

    def keyed(self, given: Tables) -> dict[str, Any]:
        """The tables as they travel: without columns that no rule reads, with the key of the family."""
        frames = {
            name: nw.from_native(table).lazy().drop(*self.notes.ignored.get(name, ()))
            for name, table in given.items()
        }
        families = keyed(frames, self.plan.policy.vocabulary.subjects)
        return {name: families[name].to_native() for name in given}

    def united(
        self, frames: Mapping[str, Any], noted: Iterable[tuple[Notes, tuple[Fault, ...]]]
    ) -> FrameResult:
        """The result of all parts: four frames, and what the parts noted."""
        listed = list(noted)
        notes = united([self.notes, *(notes for notes, _ in listed)])
        faults = told(fault for _, problems in listed for fault in problems)
        return FrameResult(**{name: frames[name] for name in PARTS}, notes=notes, problems=faults)


def rehearsed(plan: DayPlan, empty: Tables, language: str, kernel: Kernel) -> Rehearsal:
    """Evaluate empty tables of the same columns and types.

    Raises:
        FrameError: a table as a whole cannot be read (LR410, LR414, LR420).
    """
    work = Work(pickle.dumps(plan), language, kernel)
    return Rehearsal(plan, work, kernel(plan, empty, language=language))


def told(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The first faults by subject and id. Their row is 0: the rows of a part have no number."""
    first = nsmallest(TOLD, faults, lambda each: (each.subject, each.id, each.problem.code))
    return tuple(replace(each, row=0) for each in first)
