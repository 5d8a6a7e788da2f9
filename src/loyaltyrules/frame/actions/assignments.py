# SPDX-License-Identifier: Apache-2.0
"""Assignments: which outcome each record of one kind has on one day. Outcomes say what is done.

The three tables of a run: assignments (record, outcome) ⋈ outcomes (recipe, fate) ⋈ recipes (a projection
of the record). Nothing is stated until somebody reads the join.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS, Action
from loyaltyrules.decision.outcome import Outcome
from loyaltyrules.decision.passing import Fate
from loyaltyrules.decision.stamp import Own, actions_of
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import OUTCOME, records
from loyaltyrules.frame.keys.table import Columns
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.plan.recipe import Recipe, escaped

NAME, CUSTOMER, STORE = "__name", "__customer", "__store"
ORDER = "__order"
Frame: TypeAlias = nw.DataFrame[Any]
Counts: TypeAlias = Counter[tuple[str, ...]]


class Rows(Protocol):
    """Rows that wait until they are asked for, wherever they lie."""

    def open(self) -> Frame: ...


@dataclass(frozen=True, slots=True, eq=False)
class InMemory:
    """Rows at hand."""

    frame: Frame

    def open(self) -> Frame:
        return self.frame


Keep: TypeAlias = Callable[[Frame], Rows]
Projection: TypeAlias = tuple[Recipe, Recipe | None, bool] | None


class Entry(NamedTuple):
    """One action of an outcome: the records of its place receive it.

    `other` is the recipe of the action of the same record into which it was merged, today's or not.
    """

    place: int
    fate: Fate
    other: Recipe | None

    @property
    def projection(self) -> Projection:
        """What tells it from actions that are read of records in another way; None reads nothing.

        A day that it was put off to is not read, though its recipe may read one.
        """
        recipe, other = self.fate.recipe, self.other
        reads = recipe.reads or (other is not None and other.reads)
        return (recipe, other, self.fate.due_on is None) if reads else None


@dataclass(frozen=True, eq=False)
class Assignments:
    """The records of one kind with what they come to on a day.

    `rows` hold, in the order of action ids, each record's id, the place of its outcome in `outcomes`
    (`__outcome`) and the facts that actions are stated from; `names` are their columns, and `counts`
    says how many have each outcome.
    """

    subject: str
    rows: Rows
    names: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    counts: tuple[int, ...]
    columns: Columns
    kind: FrameFormat

    @cached_property
    def entries(self) -> Mapping[str, Sequence[Entry]]:
        """All that is to be stated, by how the ids of the actions begin: rule by rule."""
        found: dict[str, list[Entry]] = {}
        for place, outcome in enumerate(self.outcomes):
            for fate in outcome.fates:
                into = fate.merged_into
                other = outcome.fates[into].recipe if isinstance(into, int) else None
                other = into if isinstance(into, Recipe) else other
                found.setdefault(fate.recipe.head, []).append(Entry(place, fate, other))
        return found

    @cached_property
    def few(self) -> Mapping[tuple[str, bool], Frame]:
        """The actions of few rows, by how their ids begin, and whether they are held back."""
        found: dict[tuple[str, bool], list[Action]] = {}
        for fate, action in self.one_by_one({*self.entries}):
            found.setdefault((fate.recipe.head, fate.held), []).append(action)
        return {key: as_frame(listed, self.kind) for key, listed in found.items()}

    def one_by_one(self, heads: Collection[str]) -> Iterator[tuple[Fate, Action]]:
        """The actions whose ids begin so, stated one record after the other."""
        chosen = {
            place
            for place, outcome in enumerate(self.outcomes)
            if any(fate.recipe.head in heads for fate in outcome.fates)
        }
        rows = self.rows.open().filter(nw.col(OUTCOME).is_in(list(chosen)))
        names = [name for name in rows.columns if name in self.columns.types]
        places, facts = rows[OUTCOME].to_list(), records(rows, names, self.columns)
        for place, own, known in zip(places, _owners(self.subject, rows), facts, strict=True):
            outcome = self.outcomes[place]
            made = actions_of(outcome.stamps, own, known)
            for fate, action in zip(outcome.fates, made, strict=True):
                if fate.recipe.head in heads:
                    yield fate, action

    def size(self, head: str) -> int:
        """How many actions there are whose ids begin so, held back or not."""
        return sum(self.counts[each.place] for each in self.entries.get(head, ()))

    def tally(self, held: bool) -> Counts:
        """How many actions there are by kind and status, or how many were held back by reason."""
        found: Counts = Counter()
        for outcome, count in zip(self.outcomes, self.counts, strict=True):
            for fate in outcome.fates:
                if fate.held == held:
                    said = (str(fate.reason),) if held else (fate.recipe.form.kind, fate.status)
                    found[said] += count
        return found


def assignments(
    subject: str,
    rows: Frame,
    outcomes: Sequence[Outcome],
    columns: Columns,
    kind: FrameFormat,
    keep: Keep,
    changes: bool = False,
) -> Assignments:
    """Put together what the rows of one kind of record come to.

    Args:
        subject: The kind of record.
        rows: Records with a column `__outcome`: the place of the record's outcome in the list.
        outcomes: What becomes of the actions of the records.
        columns: What is known of the columns.
        kind: The kind of frame the work is done in.
        keep: Puts the rows away until they are asked for.
        changes: True where it will be asked what the actions change.
    """
    fates = [fate for outcome in outcomes for fate in outcome.fates]
    recipes = {fate.recipe for fate in fates}
    named = (fate.merged_into for fate in fates if isinstance(fate.merged_into, Recipe))
    reads = frozenset[str]().union(
        *(recipe.reads for recipe in recipes), *(recipe.named_by for recipe in named)
    )
    if changes:
        reads = reads.union(*(recipe.changed for recipe in recipes))
    counted = rows.group_by(OUTCOME).agg(nw.len().alias("n"))
    sizes = dict(zip(counted[OUTCOME].to_list(), counted["n"].to_list(), strict=True))
    counts = tuple(int(sizes.get(place, 0)) for place in range(len(outcomes)))
    narrow = in_order(_narrow(rows, reads), "id")
    names = tuple(narrow.columns)
    return Assignments(subject, keep(narrow), names, tuple(outcomes), counts, columns, kind)


def _narrow(rows: Frame, reads: frozenset[str]) -> Frame:
    """The columns that actions are stated from, with the ids as they stand in the ids of actions."""
    needed = {"id", "customer_id", "store_id", CUSTOMER, STORE, OUTCOME, *reads}
    narrow = rows.select([name for name in rows.columns if name in needed])
    if not rows["id"].str.contains("[%/]").any():
        return narrow
    return narrow.with_columns(escaped_in(nw.col("id")).alias(NAME))


def _owners(subject: str, rows: Frame) -> Iterator[Own]:
    """The ids of rows, as actions state them."""
    name = nw.col(NAME if NAME in rows.columns else "id")
    customer, store = (owner(each, subject, rows.columns) for each in ("customer", "store"))
    own = rows.select(
        name.alias("name"), nw.col("id"), customer.alias("customer"), store.alias("store")
    )
    return (row for row in own.iter_rows())


def owner(subject: str, own: str, names: Collection[str]) -> nw.Expr:
    """The id of the customer or the store that a record is, that it names or that is above it."""
    known = {"customer": CUSTOMER, "store": STORE}[subject]
    if known in names:
        return nw.col(known)
    if own == subject:
        return nw.col("id")
    return nw.col(f"{subject}_id") if f"{subject}_id" in names else nw.lit(None, nw.String)


def as_frame(actions: Iterable[Action], kind: FrameFormat) -> Frame:
    """Actions as a frame, sorted by id."""
    listed = sorted(actions, key=lambda each: each.action_id)
    columns = dict(zip(COLUMNS, map(list, zip(*listed, strict=True)), strict=False))
    return kind.frame(columns, SCHEMA)


def in_order(rows: Frame, name: str) -> Frame:
    """Rows by their ids as action ids are sorted: what begins another id comes before it."""
    placed = rows.with_columns(nw.concat_str(escaped_in(nw.col(name)), nw.lit("/")).alias(ORDER))
    done = placed if placed[ORDER].is_sorted() else placed.sort(ORDER)
    return done.drop([ORDER])


def escaped_in(parts: nw.Expr) -> nw.Expr:
    """Parts of action ids as they stand in them: `escaped`, of a column."""
    found = parts.str.replace_all("%", escaped("%"), literal=True)
    return found.str.replace_all("/", escaped("/"), literal=True)
