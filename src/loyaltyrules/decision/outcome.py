# SPDX-License-Identifier: Apache-2.0
"""Outcomes: what the actions of a record come to. An assignment says which outcome a record has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.decision.passing import SUPPRESSED, Fate
from loyaltyrules.decision.stamp import Stamp, actions_of, name_of, own_of, stamp_of, stamps_of
from loyaltyrules.plan.derive import Record

Both: TypeAlias = tuple[tuple[Action, ...], tuple[Action, ...]]  # actions, and those held back


@dataclass(frozen=True)
class Outcome:
    """The actions that a record may receive on a day, each with its fate; many records share one."""

    fates: tuple[Fate, ...]

    @cached_property
    def stamps(self) -> tuple[Stamp, ...]:
        """The same, ready to be read off records."""
        return stamps_of(self.fates)

    @cached_property
    def number(self) -> int:
        """A hash that is worked out once: tables tell many outcomes apart."""
        return hash(self.fates)

    def __hash__(self) -> int:
        return self.number

    def by(self, last: date) -> "Outcome":
        """The same by the last day of a span: what closed before it comes too late."""
        fates = tuple(each.by(last) for each in self.fates)
        return self if fates == self.fates else Outcome(fates)


class Assignment(NamedTuple):
    """A record, and what its actions come to on a day."""

    record: Record
    outcome: Outcome


def assigned(fates: Sequence[Fate], records: Sequence[Record]) -> list[Assignment]:
    """The fates of a customer and its child records, each record with its own.

    An action that was merged into that of another record names it by its id.
    """
    if len(records) == 1:
        return [Assignment(records[0], Outcome(tuple(fates)))]
    own: list[list[Fate]] = [[] for _ in records]
    places = []  # of each fate among those of its own record
    for each in fates:
        places.append(len(own[each.owner]))
        own[each.owner].append(each)
    return [
        Assignment(
            record, Outcome(tuple(_within(each, fates, places, records) for each in several))
        )
        for record, several in zip(records, own, strict=True)
    ]


def _within(
    fate: Fate, fates: Sequence[Fate], places: Sequence[int], records: Sequence[Record]
) -> Fate:
    """A fate as it stands among those of its own record."""
    if not isinstance(fate.merged_into, int):
        return replace(fate, owner=0)
    other = fates[fate.merged_into]
    if other.owner == fate.owner:
        return replace(fate, owner=0, merged_into=places[fate.merged_into])
    record = records[other.owner]
    own = own_of(record.subject, record.id, record.facts, records[0])
    return replace(fate, owner=0, merged_into=name_of(stamp_of(other), own, record.facts))


def stated(assignments: Iterable[Assignment]) -> Iterator[Action]:
    """The actions of a customer and its child records; the first assignment is the customer's."""
    listed = list(assignments)
    for record, outcome in listed:
        own = own_of(record.subject, record.id, record.facts, listed[0].record)
        yield from actions_of(outcome.stamps, own, record.facts)


def parted(actions: Iterable[Action]) -> Both:
    """The actions by id, each once, those that are suppressed apart."""
    known: dict[str, Action] = {}
    for each in actions:
        known.setdefault(each.action_id, each)
    listed = [known[name] for name in sorted(known)] if len(known) > 1 else list(known.values())
    held = tuple([each for each in listed if each.status == SUPPRESSED])
    kept = [each for each in listed if each.status != SUPPRESSED] if held else listed
    return tuple(kept), held
