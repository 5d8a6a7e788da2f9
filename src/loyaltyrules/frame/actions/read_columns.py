# SPDX-License-Identifier: Apache-2.0
"""What actions read of records, as columns beside the records.

Parts of an occurrence that are words, whole numbers or days are written by columns themselves; anything
else is read by the evaluator, once for each distinct set of the facts that it reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.action.changes import written as change_text
from loyaltyrules.expression.buckets import Identity
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.types import TEXT
from loyaltyrules.frame.actions.assignments import Assignments, Entry, Frame, escaped_in
from loyaltyrules.frame.actions.write_text import written
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import keyed
from loyaltyrules.frame.keys.table import Columns
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.plan.memo import Memo, memo
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import (
    NO_OCCURRENCE,
    Changes,
    Occurrence,
    Reading,
    Recipe,
    escaped,
    given,
    said,
)

TAIL, INTO_TAIL = "__tail", "__into_tail"  # of ids, behind those of records
Recipes: TypeAlias = tuple[Recipe, Recipe | None]  # of an action, and of that it was merged into
Key: TypeAlias = tuple[Recipes, tuple[str, ...]]


class Asked(NamedTuple):
    """What the evaluator is asked of a record: the facts that it reads, and how."""

    facts: frozenset[str]
    read: Callable[[Facts], Any]


@dataclass(slots=True, eq=False)
class Reader:
    """Reads what actions state of records, and remembers it from one table to the next."""

    functions: Mapping[str, Function]
    memos: dict[Key, Memo[tuple[Any, ...]]] = field(default_factory=dict)

    def read(
        self, rows: Frame, entry: Entry, columns: Columns, kind: FrameFormat
    ) -> tuple[Frame, dict[str, nw.Expr]]:
        """The rows, with columns that the evaluator read, and what else is written over the rows."""
        recipe, other = entry.fate.recipe, entry.other
        asked = {
            f"__{name}": Asked(cell.reads, cell.of)
            for name, cell in entry.fate.columns.items()
            if isinstance(cell, Reading) and cell.reads
        }
        found: dict[str, nw.Expr] = {}
        for name, tail, each in (("__occurrence", TAIL, recipe), ("__into", INTO_TAIL, other)):
            if (
                each is not None
                and isinstance(each.occurrence, Occurrence)
                and each.occurrence.reads
            ):
                text = _occurrence(name, each.occurrence, rows, columns, asked)
                found |= {name: text, tail: _tail(text, each)}
        return self._answered((recipe, other), rows, asked, columns, kind), found

    def tail(
        self, rows: Frame, recipe: Recipe, columns: Columns, kind: FrameFormat
    ) -> tuple[Frame, nw.Expr]:
        """What follows the records' ids in those of a recipe's actions."""
        occurrence = recipe.occurrence
        if not isinstance(occurrence, Occurrence) or not occurrence.reads:
            text = occurrence if isinstance(occurrence, str) else occurrence.of({})
            return rows, nw.lit(f"/{escaped(text)}/{escaped(recipe.key)}")
        asked: dict[str, Asked] = {}
        written_out = _occurrence("__named", occurrence, rows, columns, asked)
        rows = self._answered((recipe, None), rows, asked, columns, kind)
        return rows, _tail(written_out, recipe)

    def changed(self, rows: Frame, recipe: Recipe, assigned: Assignments) -> Frame:
        """The rows with what a recipe's actions change: `__sets0`, `__adds0` and so on, as texts."""
        asked = {
            f"__{name}{number}": Asked(part.reads, partial(_change, part.of))
            for name, cell in recipe.changes.items()
            if isinstance(cell, Changes)
            for number, (_, part) in enumerate(cell.each)
        }
        same = {name: each.read({}) for name, each in asked.items() if not each.facts}
        read = {name: each for name, each in asked.items() if each.facts}
        rows = self._answered((recipe, None), rows, read, assigned.columns, assigned.kind)
        return rows.with_columns(
            nw.lit(value, nw.String).alias(name) for name, value in same.items()
        )

    def _answered(
        self,
        whose: Recipes,
        rows: Frame,
        asked: Mapping[str, Asked],
        columns: Columns,
        kind: FrameFormat,
    ) -> Frame:
        """The rows with what the evaluator reads; what depends on the same facts is read together."""
        together: dict[frozenset[str], list[str]] = {}
        for name, each in asked.items():
            together.setdefault(each.facts, []).append(name)
        for facts, names in together.items():
            reads = [asked[name].read for name in names]
            asking = self._memo((whose, tuple(names)), facts, reads, columns)
            found = keyed(asking.buckets, asking.of, rows, columns, kind)
            values = map(list, zip(*found.outcomes, strict=True))
            schema = {name: SCHEMA.get(name[2:], nw.String) for name in names}
            rows = found.spread(dict(zip(names, values, strict=True)), schema)
        return rows

    def _memo(
        self, key: Key, facts: frozenset[str], reads: list[Callable[[Facts], Any]],
        columns: Columns,
    ) -> Memo[tuple[Any, ...]]:  # fmt: skip
        if key not in self.memos:
            buckets = [Identity(fact, columns.types.get(fact, TEXT)) for fact in sorted(facts)]
            self.memos[key] = memo(
                "read",
                buckets,
                lambda facts: tuple([read(facts) for read in reads]),
                self.functions,
            )
        return self.memos[key]


def reader_of(plan: DayPlan) -> Reader:
    """The one reader of a plan."""
    return plan.memory.of(Reader, lambda: Reader(plan.policy.functions))


def _change(part: Callable[[Facts], Any], facts: Facts) -> str | None:
    return change_text(given(part(facts)))


def _occurrence(
    name: str, occurrence: Occurrence, rows: Frame, columns: Columns, asked: dict[str, Asked]
) -> nw.Expr:
    """An occurrence as text; parts that columns do not write are asked of the evaluator."""
    parts = []
    for number, part in enumerate(occurrence.parts):
        if isinstance(part, str):
            parts.append(nw.lit(part))
            continue
        text = written(part.node, columns.types) if part.reads <= {*rows.columns} else None
        if text is None:
            text = nw.col(f"{name}{number}")
            asked[f"{name}{number}"] = Asked(part.reads, partial(said, part.of))
        parts.append(text.fill_null(NO_OCCURRENCE))
    return nw.concat_str(*parts, separator=occurrence.sign)


def _tail(occurrence: nw.Expr, recipe: Recipe) -> nw.Expr:
    """What follows the record's id in the action's: `/occurrence/key`."""
    plain = isinstance(recipe.occurrence, Occurrence) and recipe.occurrence.plain
    known = occurrence if plain else escaped_in(occurrence)
    return nw.concat_str(nw.lit("/"), known, nw.lit(f"/{escaped(recipe.key)}"))
