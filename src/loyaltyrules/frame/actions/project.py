# SPDX-License-Identifier: Apache-2.0
"""Assignments read as actions: the columns of a rule's actions, projected from the rows that receive them.

A column of an action is a constant, an expression over the record or a part of its ids. Constants are
joined to the rows by the place of their outcome; what is read of records is in `reading`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS, OWN
from loyaltyrules.frame.actions.assignments import (
    NAME,
    Assignments,
    Entry,
    Frame,
    Projection,
    owner,
)
from loyaltyrules.frame.actions.read_columns import INTO_TAIL, TAIL, Reader, reader_of
from loyaltyrules.frame.keys import by_signature
from loyaltyrules.frame.keys.by_signature import OUTCOME
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Cell, Reading, Recipe, escaped

INTO_HEAD = "__into_head"
SAID = tuple(name for name in COLUMNS if name not in OWN)  # the columns behind the ids


Alike: TypeAlias = tuple[Assignments, list[Entry]]  # what is read of records in one way


def actions_of(
    plan: DayPlan,
    assigned: Iterable[Assignments],
    head: str,
    held: bool,
    wanted: Sequence[str] = COLUMNS,
) -> Iterator[Frame]:
    """The actions of one rule, or those of it that were held back, each frame sorted by id.

    What the same is read of is read together: setting columns up costs more than few rows do.
    """
    alike: dict[tuple[Projection, tuple[str, ...]], list[Alike]] = {}
    for each in assigned:
        entries = [entry for entry in each.entries.get(head, ()) if entry.fate.held == held]
        if entries and sum(each.counts) <= by_signature.FEW:
            if (head, held) in each.few:
                yield each.few[head, held].select(wanted)
            continue
        own: dict[Projection, list[Entry]] = {}
        for entry in entries:
            own.setdefault(entry.projection, []).append(entry)
        for projection, among in own.items():
            alike.setdefault((projection, each.names), []).append((each, among))
    for together in alike.values():
        yield _projected(reader_of(plan), together, wanted)


def _projected(reader: Reader, alike: Sequence[Alike], wanted: Sequence[str]) -> Frame:
    """Every row with the actions of its outcome."""
    assigned, entries = alike[0][0], [entry for _, among in alike for entry in among]
    rows, places = _chosen(alike)
    rows, read = reader.read(rows, entries[0], assigned.columns, assigned.kind)
    said = _constants(entries, assigned.subject)
    schema = {OUTCOME: nw.Int64, **{name: _dtype(name) for name in said}}
    joined = rows.join(assigned.kind.frame({OUTCOME: places, **said}, schema), on=OUTCOME)
    own = _own(entries, assigned.subject, joined.columns, read)
    names = {f"__{name}": name for name in wanted}
    stated = joined.with_columns(**{name: own[name] for name in names if name in own})
    return ordered(stated.select(list(names)).rename(names))


def named_rows(reader: Reader, assigned: Assignments, entries: Sequence[Entry]) -> Frame:
    """The rows that receive actions of one recipe, with the ids of these in `__action_id`."""
    rows, _ = _chosen([(assigned, list(entries))])
    recipe = entries[0].fate.recipe
    rows, tail = reader.tail(rows, recipe, assigned.columns, assigned.kind)
    name = nw.col(NAME if NAME in rows.columns else "id")
    return rows.with_columns(nw.concat_str(nw.lit(recipe.head), name, tail).alias("__action_id"))


def _chosen(alike: Sequence[Alike]) -> tuple[Frame, list[int]]:
    """The rows that receive the entries, and the entries' places, told apart from list to list."""
    frames, places, before = [], list[int](), 0
    for assigned, among in alike:
        own = [entry.place for entry in among]
        rows = assigned.rows.open().filter(nw.col(OUTCOME).is_in(list(dict.fromkeys(own))))
        frames.append(rows.with_columns(nw.col(OUTCOME) + before) if before else rows)
        places += [place + before for place in own]
        before += len(assigned.outcomes)
    return nw.concat(frames) if len(frames) > 1 else frames[0], places


def _dtype(name: str) -> Any:
    return SCHEMA.get(name[2:], nw.String)


def _constants(entries: Sequence[Entry], subject: str) -> dict[str, list[Any]]:
    """What actions state alike for all rows of their places, as columns with a value an action."""
    found: dict[str, list[Any]] = {}
    for each in entries:
        recipe, other = each.fate.recipe, each.other
        said: Mapping[str, Cell] = {**each.fate.columns, "occurrence": recipe.occurrence}
        stated = {f"__{name}": _constant(said[name]) for name in SAID}
        stated |= {"__policy": recipe.policy, "__rule": recipe.rule, "__subject": subject}
        stated |= {TAIL: _tail(recipe), INTO_HEAD: None, INTO_TAIL: None}
        if other is not None:
            stated |= {INTO_HEAD: other.head, INTO_TAIL: _tail(other)}
        for name, value in stated.items():
            if value is not READ:
                found.setdefault(name, []).append(value)
    return found


READ = object()  # in the place of what is read of each record


def _constant(cell: Cell) -> Any:
    if not isinstance(cell, Reading):
        return cell
    return READ if cell.reads else cell.of({})


def _tail(recipe: Recipe) -> Any:
    """What follows the record's id in the action's, where it is the same for all records."""
    occurrence = _constant(recipe.occurrence)
    return READ if occurrence is READ else f"/{escaped(occurrence)}/{escaped(recipe.key)}"


def _own(
    entries: Sequence[Entry], subject: str, names: Collection[str], read: Mapping[str, nw.Expr]
) -> dict[str, nw.Expr]:
    """The columns of actions that records have a part in: their ids, and what was read of them."""
    name = nw.col(NAME if NAME in names else "id")

    def whole(head: nw.Expr, tail: str) -> nw.Expr:
        return nw.concat_str(head, name, read.get(tail, nw.col(tail)))

    found = {each: column for each, column in read.items() if each not in (TAIL, INTO_TAIL)}
    found |= {
        "__action_id": whole(nw.lit(entries[0].fate.recipe.head), TAIL),
        "__subject_id": nw.col("id"),
        "__customer_id": owner("customer", subject, names),
        "__store_id": owner("store", subject, names),
    }
    if any(each.other for each in entries):
        into = whole(nw.col(INTO_HEAD), INTO_TAIL)
        found["__merged_into"] = nw.coalesce(nw.col("__merged_into"), into)
    return found


def ordered(actions: Frame) -> Frame:
    """Actions by their ids, as they are where that is their order."""
    return actions if actions["action_id"].is_sorted() else actions.sort("action_id")
