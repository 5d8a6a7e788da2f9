# SPDX-License-Identifier: Apache-2.0
"""Touches of a span over tables: what each day let through, as columns beside the rows of the next."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.decision.outcome import Assignment, Outcome
from loyaltyrules.decision.sieves_of_day import SievesOfDay
from loyaltyrules.decision.stamp import named, own_of
from loyaltyrules.decision.touches import Before, carrying, reaches
from loyaltyrules.expression.buckets import Identity
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.types import WHOLE
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import OUTCOME
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.model import Policy

Frame: TypeAlias = nw.DataFrame[Any]
Counts: TypeAlias = tuple[int, ...]  # of touches, by the place among the caps that carry


class Counted(NamedTuple):
    """An outcome, and how many touches of each cap it comes to."""

    outcome: Outcome
    counts: Counts


@dataclass(slots=True)
class OfSpan:
    """What the days of a span let through of one kind of root.

    `days` hold for each day by id the touches that each cap counts. `names` are by id of a root the ids of
    actions of rules that hold on: they alone come again.
    """

    standing: frozenset[str]
    days: list[tuple[date, Frame]] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy) -> "OfSpan":
        """Nothing so far."""
        return cls(frozenset(each.id for each in policy.rules if each.mode != "at"))

    def before(self, sieves: SievesOfDay) -> Frame | None:
        """By id of a root the touches that count on a day; those without any are left out."""
        caps, today = carrying(sieves), sieves.day.day
        within = [[sieve.window.first(today) <= day for _, sieve in caps] for day, _ in self.days]
        parts = [
            frame.select(
                "id", *(nw.col(c) * int(w) for c, w in zip(columns(caps), wanted, strict=True))
            )
            for (_, frame), wanted in zip(self.days, within, strict=True)
            if any(wanted)
        ]
        if not parts:
            return None
        sums = (nw.col(name).sum() for name in columns(caps))
        return nw.concat(parts).group_by("id").agg(*sums)

    def again(
        self, root: Record, emitted: Iterable[tuple[Recipe, int]], records: Sequence[Record]
    ) -> frozenset[tuple[Recipe, int]]:
        """What a root emits that came through on a day before."""
        known = self.names.get(root.id)
        return frozenset(
            (recipe, owner)
            for recipe, owner in emitted
            if known
            and recipe.rule in self.standing
            and _name(recipe, records[owner], root) in known
        )

    def note(
        self, day: date, ids: Sequence[str], counts: Sequence[Counts], kind: FrameFormat
    ) -> None:
        """Note how many touches some roots had on a day."""
        found = [(name, each) for name, each in zip(ids, counts, strict=True) if any(each)]
        if found:
            names = numbered(len(found[0][1]))
            values = {name: [each[n] for _, each in found] for n, name in enumerate(names)}
            schema = {"id": nw.String, **dict.fromkeys(names, nw.Int64)}
            self.days.append(
                (day, kind.frame({"id": [name for name, _ in found], **values}, schema))
            )

    def note_rows(
        self, day: date, rows: Frame, counted: Sequence[Counted], kind: FrameFormat
    ) -> None:
        """The same of rows with the places of their outcomes."""
        names = numbered(len(counted[0].counts)) if counted else []
        values = {name: [each.counts[n] for each in counted] for n, name in enumerate(names)}
        if not any(any(each) for each in values.values()):
            return
        schema = {OUTCOME: nw.Int64, **dict.fromkeys(names, nw.Int64)}
        table = kind.frame({OUTCOME: list(range(len(counted))), **values}, schema)
        some = [place for place, each in enumerate(counted) if any(each.counts)]
        kept = rows.select("id", OUTCOME).filter(nw.col(OUTCOME).is_in(some))
        self.days.append((day, kept.join(table, on=OUTCOME, how="left").drop([OUTCOME])))

    def coming_again(self, counted: Sequence[Counted]) -> list[int]:
        """The places of outcomes of which something may come again."""
        return [n for n, each in enumerate(counted) if any(self.standing_in(each.outcome))]

    def remember_rows(
        self, records: Iterable[Record], places: Iterable[int], counted: Sequence[Counted]
    ) -> None:
        """Note the ids of what came through of rules that hold on, for records with these outcomes."""
        for record, place in zip(records, places, strict=True):
            self.remember(record, [Assignment(record, counted[place].outcome)])

    def remember(self, root: Record, assignments: Iterable[Assignment]) -> None:
        """Note the ids of what came through of rules that hold on."""
        for record, outcome in assignments:
            for fate in self.standing_in(outcome):
                self.names.setdefault(root.id, set()).add(_name(fate, record, root))

    def standing_in(self, outcome: Outcome) -> Iterator[Recipe]:
        """The recipes of an outcome that came through and may come again."""
        through = (each.recipe for each in outcome.fates if reaches(each))
        return (recipe for recipe in through if recipe.rule in self.standing)


def _name(recipe: Recipe, record: Record, root: Record) -> str:
    return named(recipe, own_of(record.subject, record.id, record.facts, root), record.facts)


def columns(caps: Sequence[object]) -> list[str]:
    return numbered(len(caps))


def numbered(count: int) -> list[str]:
    """The columns of so many caps."""
    return [f"__touches_{number}" for number in range(count)]


def buckets_before(sieves: SievesOfDay) -> list[Identity]:
    """What tells records apart by the days before."""
    return [Identity(name, WHOLE) for name in columns(carrying(sieves))]


def before_in(sieves: SievesOfDay, facts: Facts) -> Before:
    """What the days before let through, of a record that has it as columns."""
    caps = carrying(sieves)
    found: Mapping[int, int] = {
        index: facts.get(name) or 0 for name, (index, _) in zip(columns(caps), caps, strict=True)
    }
    return Before(found)


def known_before(
    sieves: SievesOfDay, before: Frame | None, ids: Collection[str]
) -> dict[str, Before]:
    """What the days before let through of some roots."""
    if before is None:
        return {}
    rows = before.filter(nw.col("id").is_in(list(ids)))
    return {row["id"]: before_in(sieves, row) for row in rows.iter_rows(named=True)}
