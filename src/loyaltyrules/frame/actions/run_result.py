# SPDX-License-Identifier: Apache-2.0
"""What tables come to: for each part its assignments, labels, faults and notes. Actions are read off it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS, Action
from loyaltyrules.decision.passing import SUPPRESSED
from loyaltyrules.frame.actions.assignments import (
    Assignments,
    Counts,
    Frame,
    Rows,
    as_frame,
    in_order,
)
from loyaltyrules.frame.actions.project import actions_of, ordered
from loyaltyrules.frame.actions.project_changes import changes_in
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.merge_notes import merged
from loyaltyrules.frame.result import Notes
from loyaltyrules.plan.plan import DayPlan

Names: TypeAlias = Sequence[str]
TOGETHER = 100_000  # actions of one rule that are read at one go
FEW = 50  # actions of one rule that are read one after the other


@dataclass(frozen=True, slots=True, eq=False)
class PartResult:
    """What the records of one part come to: assignments day by day, labels by subject on the last day."""

    kind: FrameFormat
    assignments: tuple[Assignments, ...]
    labels: Mapping[str, Rows]
    faults: tuple[Fault, ...]
    notes: Notes

    def heads(self) -> dict[str, str]:
        """How the ids of the actions begin, rule by rule, each with its kind of record."""
        return {head: each.subject for each in self.assignments for head in each.entries}


@dataclass(frozen=True, eq=False)
class RunResult:
    """What tables come to in the plan's span. Nothing is stated before it is read.

    Parts are ranges of customers in the order of action ids; other records are in any of them.
    """

    plan: DayPlan
    parts: tuple[PartResult, ...]

    @cached_property
    def notes(self) -> Notes:
        return merged(each.notes for each in self.parts)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """The rows that were set aside, in the order of the tables."""
        found = (fault for each in self.parts for fault in each.faults)
        return tuple(sorted(found, key=lambda fault: (fault.subject, fault.row)))

    def actions(self, held: bool, columns: Names = COLUMNS) -> Iterator[Frame]:
        """All actions, or all that were held back, sorted by id: rule by rule, and part by part."""
        heads = {head: subject for part in self.parts for head, subject in part.heads().items()}
        for few, some in groupby(sorted(heads), self.few.__contains__):
            if few:
                stated = [each for head in some for each in self.few[head] if held == _held(each)]
                if stated:
                    yield as_frame(stated, self.parts[0].kind).select(columns)
                continue
            for head in some:
                each = (self._of_rule(part, head, held, columns) for part in self._together(head))
                found = (frame for frame in each if frame is not None)
                yield from in_turn(heads[head], found, ordered)

    @cached_property
    def few(self) -> Mapping[str, Sequence[Action]]:
        """The actions of rules that have few of them: setting columns up would cost more."""
        assigned = [each for part in self.parts for each in part.assignments]
        sizes: Counter[str] = Counter()
        for each in assigned:
            sizes.update({head: each.size(head) for head in each.entries})
        found: dict[str, dict[str, Action]] = {h: {} for h, size in sizes.items() if size <= FEW}
        for each in assigned if found else ():
            for fate, action in each.one_by_one(found.keys()):
                found[fate.recipe.head].setdefault(action.action_id, action)
        return {head: tuple(actions.values()) for head, actions in found.items()}

    def _together(self, head: str) -> Iterator[list[Assignments]]:
        """The assignments with the actions of one rule: of so many parts as are read at one go."""
        found: list[Assignments] = []
        size = 0
        for part in self.parts:
            more = sum(each.size(head) for each in part.assignments)
            if found and size + more > TOGETHER:
                yield found
                found, size = [], 0
            found, size = [*found, *part.assignments], size + more
        yield found

    def _of_rule(
        self, assigned: Sequence[Assignments], head: str, held: bool, columns: Names
    ) -> Frame | None:
        """The actions of one rule; of the same id in a span that of the first day counts."""
        if len(self.plan.dates) == 1:
            found = [*actions_of(self.plan, assigned, head, held, columns)]
            return ordered(nw.concat(found)) if len(found) > 1 else next(iter(found), None)
        frames = [
            frame
            for each in assigned
            for state in (False, True)
            for frame in actions_of(self.plan, [each], head, state, columns)
        ]
        if not frames:
            return None
        once = nw.concat(frames).unique("action_id", keep="first", maintain_order=True)
        own = once.filter((nw.col("status") == SUPPRESSED) == nw.lit(held))
        return ordered(own) if len(own) else None

    def changes(self) -> Iterator[Frame]:
        """What all actions change that are not held back, by action id and fact."""
        heads = {head: subject for part in self.parts for head, subject in part.heads().items()}
        for head in sorted(heads):
            each = (self._changes_of_rule(some, head) for some in self._together(head))
            yield from in_turn(heads[head], (f for f in each if f is not None), by_fact)

    def _changes_of_rule(self, assigned: Sequence[Assignments], head: str) -> Frame | None:
        """The changes of one rule; of the same id in a span those of the first day."""
        if len(self.plan.dates) == 1:
            found = [*changes_in(self.plan, assigned, head)]
            return by_fact(nw.concat(found)) if found else None
        kept: list[Frame] = []
        seen: Frame | None = None
        for each in assigned:
            ids = [
                frame
                for held in (False, True)
                for frame in actions_of(self.plan, [each], head, held, ("action_id",))
            ]
            changed = [*changes_in(self.plan, [each], head)]
            kept += [
                f if seen is None else f.join(seen, on="action_id", how="anti") for f in changed
            ]
            seen = nw.concat([*ids, *([] if seen is None else [seen])]) if ids else seen
        return by_fact(nw.concat(kept)) if kept else None

    def labels(self) -> Iterator[Frame]:
        """The labels of all records, by subject and id."""
        subjects = sorted({subject for part in self.parts for subject in part.labels})
        for subject in subjects:
            each = (part.labels[subject].open() for part in self.parts if subject in part.labels)
            yield from in_turn(subject, each, lambda frame: in_order(frame, "subject_id"))

    def tally(self, held: bool) -> Counts:
        """How many actions there are by kind and status, or how many were held back by reason."""
        found: Counts = Counter()
        if len(self.plan.dates) == 1:
            for each in (each for part in self.parts for each in part.assignments):
                found.update(each.tally(held))
            return found
        names = ("reason",) if held else ("kind", "status")
        for frame in self.actions(held, ("action_id", "status", *names[:1])):
            for *said, number in frame.group_by(*names).agg(nw.len()).iter_rows():
                found[tuple(map(str, said))] += number
        return found


def _held(action: Action) -> bool:
    return action.status == SUPPRESSED


def by_fact(changes: Frame) -> Frame:
    """Changes by the ids of their actions, and the facts of each by name."""
    return changes.sort("action_id", "fact", "subject")


def in_turn(
    subject: str, frames: Iterable[Frame], sort: Callable[[Frame], Frame]
) -> Iterator[Frame]:
    """The frames of all parts in the order of ids: parts are ranges of customers, not of others."""
    if subject == "customer":
        yield from frames
    elif listed := list(frames):
        yield sort(nw.concat(listed)) if len(listed) > 1 else listed[0]
