# SPDX-License-Identifier: Apache-2.0
"""Texts that cannot be written for some records, since a cell that they read is empty.

Only facts that texts name as they are, of the record itself, its customer or its store: what is worked
out of cells is told by whoever works it out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import polars as pl

from loyaltyrules.cli.notes import table_name
from loyaltyrules.cli.terminal import Terminal
from loyaltyrules.decision.passing import PENDING, READY
from loyaltyrules.expression.tree import FactRef
from loyaltyrules.frame.actions.assignments import Assignments, owner
from loyaltyrules.frame.actions.run_result import RunResult
from loyaltyrules.frame.keys.by_signature import OUTCOME
from loyaltyrules.host.text import text_of
from loyaltyrules.policy.lowering.templates import PLACEHOLDER
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import mark

ABOVE = ("customer", "store")  # whose ids stand beside those of each record
NO_CELL = mark(
    "note: {count} texts of these actions cannot be written, as the cell {name} of {subject} is empty"
)
STATED = ("action_id", "status", "template", "subject", "subject_id", "customer_id", "store_id")
Tables = Mapping[str, pl.LazyFrame]
Ids = nw.DataFrame[pl.DataFrame]


class Reader(NamedTuple):
    """A text for one kind of record."""

    template: str
    subject: str


class Cell(NamedTuple):
    """A given fact of one kind of record."""

    subject: str
    name: str


def lacking_cells(found: RunResult, tables: Tables, language: str) -> dict[str, int]:
    """How many texts of actions lack a fact (`customer.nick`) since its cell is empty."""
    told: Counter[Cell] = Counter()
    read = _read(found.plan.policy, tables, language)
    empty = _empty(tables, read)
    if empty and len(found.plan.dates) > 1:
        for frame in found.actions(False, STATED):  # an action may stand on several days
            told.update(
                {each: _stated(frame, read[each], each, ids) for each, ids in empty.items()}
            )
    else:
        assigned = [each for part in found.parts for each in part.assignments]
        for each, ids in empty.items():
            told[each] = sum(_assigned(some, read[each], each, ids) for some in assigned)
    return {".".join(cell): count for cell, count in sorted(told.items()) if count}


def _read(policy: Policy, tables: Tables, language: str) -> dict[Cell, set[Reader]]:
    """The cells that texts in a language show, each with the texts that do."""
    found: dict[Cell, set[Reader]] = {}
    for template in policy.templates.values():
        shown = set(PLACEHOLDER.findall(dict(template.texts).get(language, "")))
        for subject, fields in template.fields.items():
            for name, node in fields.items():
                cell = _cell(policy, subject, node) if name in shown else None
                if cell and cell.subject in tables and cell.subject in (subject, *ABOVE):
                    found.setdefault(cell, set()).add(Reader(template.name, subject))
    return found


def _cell(policy: Policy, subject: str, node: object) -> Cell | None:
    """The given fact that a placeholder stands for, where it is one that nothing else fills."""
    if not isinstance(node, FactRef):
        return None
    cell = Cell(node.owner or subject, node.name)
    declared = policy.vocabulary.declarations.get(cell.subject, {}).get(cell.name)
    return cell if declared is not None and declared.default is None else None


def _empty(tables: Tables, read: Mapping[Cell, object]) -> dict[Cell, Ids]:
    """The ids of the records whose cell is empty, where there are any."""
    found = {}
    for subject in {cell.subject for cell in read}:
        schema = tables[subject].collect_schema()
        cells = [cell for cell in read if cell.subject == subject and cell.name in schema]
        if not cells or "id" not in schema:
            continue
        lacks = {cell.name: _lacks(cell.name, schema[cell.name]) for cell in cells}
        ids = _text(schema["id"]).str.strip_chars().alias("__id")
        table = tables[subject].select(ids, **lacks).filter(pl.any_horizontal(*lacks)).collect()
        for cell in cells:
            own = table.filter(cell.name).select("__id").unique()
            if len(own):
                found[cell] = nw.from_native(own, eager_only=True)
    return found


def _text(kind: pl.DataType) -> pl.Expr:
    """Ids as texts, also where they are of several types."""
    ids = pl.col("id")
    return ids.map_elements(text_of, pl.String) if kind == pl.Object else ids.cast(pl.String)


def _lacks(name: str, kind: pl.DataType) -> pl.Expr:
    """True of a cell that is empty, blank or no number."""
    column = pl.col(name)
    if kind == pl.String:
        return column.str.strip_chars().fill_null("") == ""
    return column.is_null() | column.is_nan() if kind.is_float() else column.is_null()


def _stated(actions: nw.DataFrame[Any], readers: set[Reader], cell: Cell, ids: Ids) -> int:
    """How many of stated actions have such texts, for records of these ids or below them."""
    count = 0
    ready = actions.filter(nw.col("status").is_in([READY, PENDING]))
    for template, subject in readers:
        mine = (nw.col("template") == template) & (nw.col("subject") == subject)
        key = "subject_id" if cell.subject == subject else f"{cell.subject}_id"
        count += len(ready.filter(mine).join(ids, left_on=key, right_on="__id", how="semi"))
    return count


def _assigned(assigned: Assignments, readers: set[Reader], cell: Cell, ids: Ids) -> int:
    """How many actions with such texts stand in records of these ids, or below them."""
    texts = dict(_texts(assigned, readers))
    if not texts:
        return 0
    rows = assigned.rows.open()
    own = cell.subject == assigned.subject
    key = nw.col("id") if own else owner(cell.subject, assigned.subject, rows.columns)
    some = rows.filter(nw.col(OUTCOME).is_in([*texts])).select(key.alias("__id"), nw.col(OUTCOME))
    lacking = some.join(ids, on="__id", how="semi").group_by(OUTCOME).agg(nw.len())
    return sum(texts[place] * number for place, number in lacking.iter_rows())


def _texts(assigned: Assignments, readers: set[Reader]) -> Iterator[tuple[int, int]]:
    """How many actions of each outcome have one of the texts."""
    for place, outcome in enumerate(assigned.outcomes):
        count = sum(
            fate.status in (READY, PENDING)
            and Reader(str(fate.recipe.columns.get("template")), assigned.subject) in readers
            for fate in outcome.fates
        )
        if count:
            yield place, count


def tell_lacking_cells(terminal: Terminal, policy: Policy, lacking: Mapping[str, int]) -> None:
    """Note how many texts lack which fact."""
    for cell, count in lacking.items():
        subject, _, name = cell.partition(".")
        table = table_name(policy, subject, terminal.language)
        terminal.warn(terminal.say(NO_CELL, count=count, name=name, subject=table))
