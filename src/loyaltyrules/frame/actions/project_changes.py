# SPDX-License-Identifier: Apache-2.0
"""What the actions of a rule change, as rows: the facts of its recipes, projected from the records.

Rows are read as actions are: of few records one by one, of many in columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.changes import CHANGE_COLUMNS, changes_of
from loyaltyrules.frame.actions.assignments import Assignments, Entry, Frame
from loyaltyrules.frame.actions.project import named_rows
from loyaltyrules.frame.actions.read_columns import reader_of
from loyaltyrules.frame.keys import by_signature
from loyaltyrules.frame.result import CHANGE_SCHEMA
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Changes, Recipe


def changes_in(plan: DayPlan, assigned: Iterable[Assignments], head: str) -> Iterator[Frame]:
    """The rows of changes of one rule's actions that are not held back, in any order."""
    for each in assigned:
        entries = [entry for entry in each.entries.get(head, ()) if _changes(entry)]
        if not entries:
            continue
        of_parents = any(entry.fate.recipe.form.above for entry in entries)
        if sum(each.counts) <= by_signature.FEW and not of_parents:
            yield _listed(each, head)
            continue
        own: dict[Recipe, list[Entry]] = {}
        for entry in entries:
            own.setdefault(entry.fate.recipe, []).append(entry)
        for recipe, among in own.items():
            yield from _projected(plan, each, recipe, among)


def _changes(entry: Entry) -> bool:
    return not entry.fate.held and any(entry.fate.recipe.changes.values())


def _listed(assigned: Assignments, head: str) -> Frame:
    """Those of few records, which are stated one after the other."""
    rows = [
        (action.action_id, action.subject, action.subject_id, *change)
        for fate, action in assigned.one_by_one({head})
        if not fate.held
        for change in changes_of(action)
    ]
    cells: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [[] for _ in CHANGE_COLUMNS]
    columns = dict(zip(CHANGE_COLUMNS, map(list, cells), strict=True))
    return assigned.kind.frame(columns, CHANGE_SCHEMA)


def _projected(
    plan: DayPlan, assigned: Assignments, recipe: Recipe, entries: Sequence[Entry]
) -> Iterator[Frame]:
    """Those of one recipe: the rows that receive it once for each fact."""
    reader, above = reader_of(plan), {each.name: each for each in recipe.form.above}
    rows = reader.changed(named_rows(reader, assigned, entries), recipe, assigned)
    for name, cell in recipe.changes.items():
        for number, (fact, _) in enumerate(cell.each if isinstance(cell, Changes) else ()):
            value = nw.col(f"__{name}{number}")
            none = nw.lit(None, nw.String)
            found = rows if name == "sets" else rows.filter(~value.is_null())
            parent = above.get(fact)
            own = parent.link.key if parent else "id"
            yield found.select(
                nw.col("__action_id").alias("action_id"),
                nw.lit(parent.subject if parent else assigned.subject).alias("subject"),
                (nw.col(own) if own in rows.columns else none).alias("subject_id"),
                nw.lit(parent.fact if parent else fact).alias("fact"),
                (value if name == "sets" else none).alias("set_to"),
                (value if name == "adds" else none).alias("add"),
            )
