# SPDX-License-Identifier: Apache-2.0
"""Assignments read as actions: the columns of a rule's actions, projected from the rows that receive them.

A column of an action is a constant, an expression over the record or a part of its ids. Constants are
joined to the rows by the place of their outcome; what is read of records is in `reading`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

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


def actions_of(
    plan: DayPlan, assigned: Assignments, head: str, held: bool, wanted: Sequence[str] = COLUMNS
) -> Iterator[Frame]:
    """The actions of one rule, or those of it that were held back, each frame sorted by id."""
    entries = [each for each in assigned.entries.get(head, ()) if each.fate.held == held]
    if entries and sum(assigned.counts) <= by_signature.FEW:
        yield from (frame.select(wanted) for frame in assigned.few.get((head, held), ()))
        return
    alike: dict[Projection, list[Entry]] = {}
    for each in entries:
        alike.setdefault(each.projection, []).append(each)
    for among in alike.values():
        yield _projected(reader_of(plan), assigned, among, wanted)


def _projected(
    reader: Reader, assigned: Assignments, entries: Sequence[Entry], wanted: Sequence[str]
) -> Frame:
    """Every row with the actions of its outcome; what all of them state is no column."""
    rows, kind = assigned.rows.open(), assigned.kind
    places = [each.place for each in entries]
    chosen = rows.filter(nw.col(OUTCOME).is_in(list(dict.fromkeys(places))))
    chosen, read = reader.read(chosen, entries[0], assigned.columns, kind)
    columns = _constants(entries)
    alike = {name: of[0] for name, of in columns.items() if of.count(of[0]) == len(of)}
    apart = {name: values for name, values in columns.items() if name not in alike}
    if apart or len(set(places)) < len(places):
        schema = {OUTCOME: nw.Int64, **{name: _dtype(name) for name in apart}}
        table = kind.frame({OUTCOME: places, **apart}, schema)
        chosen = chosen.join(table, on=OUTCOME, how="inner")
    stated = {name: nw.lit(value, _dtype(name)) for name, value in alike.items()} | read
    columns_of = _action(entries[0], assigned.subject, stated, chosen.columns)
    return ordered(chosen.select(*(columns_of[name].alias(name) for name in wanted)))


def _dtype(name: str) -> Any:
    return SCHEMA.get(name[2:], nw.String)


def _constants(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    """What actions state alike for all rows of their places, as columns with a value an action."""
    found: dict[str, list[Any]] = {}
    for each in entries:
        recipe, other = each.fate.recipe, each.other
        said: Mapping[str, Cell] = {**each.fate.columns, "occurrence": recipe.occurrence}
        stated = {f"__{name}": _constant(said[name]) for name in SAID}
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


def _action(
    entry: Entry, subject: str, stated: Mapping[str, nw.Expr], names: Collection[str]
) -> dict[str, nw.Expr]:
    """The columns of actions, from those of records and from what was stated."""

    def part(name: str) -> nw.Expr:
        return stated.get(name, nw.col(name))

    recipe, name = entry.fate.recipe, nw.col(NAME if NAME in names else "id")
    own = {
        "action_id": nw.concat_str(nw.lit(recipe.head), name, part(TAIL)),
        "policy": nw.lit(recipe.policy),
        "rule": nw.lit(recipe.rule),
        "subject": nw.lit(subject),
        "subject_id": nw.col("id"),
        "customer_id": owner("customer", subject, names),
        "store_id": owner("store", subject, names),
        "merged_into": nw.coalesce(
            part("__merged_into"), nw.concat_str(part(INTO_HEAD), name, part(INTO_TAIL))
        ),
    }
    return {name: own[name] if name in own else part(f"__{name}") for name in COLUMNS}


def ordered(actions: Frame) -> Frame:
    """Actions by their ids, as they are where that is their order."""
    return actions if actions["action_id"].is_sorted() else actions.sort("action_id")
