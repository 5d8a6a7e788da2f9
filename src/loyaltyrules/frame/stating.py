# SPDX-License-Identifier: Apache-2.0
"""What records put into the actions of a recipe, as columns beside the records.

The parts of an occurrence that are words, whole numbers or days are written by columns themselves;
anything else is read by the evaluator, once for each distinct set of the facts that it reads.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Form, Node
from loyaltyrules.expression.types import TEXT
from loyaltyrules.frame.conditions import Types
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.frame.stages import keyed
from loyaltyrules.plan.buckets import Whole
from loyaltyrules.plan.recipe import NO_OCCURRENCE, Recipe, Stated, read, spoken, text
from loyaltyrules.plan.stage import Stage, stage

TAIL, MERGED_HEAD, MERGED_TAIL = "__tail", "__merged_head", "__merged_tail"
FIELDS = ("value", "from_value", "to_value", "due_on", "deadline")  # that may be read from records
TEXTS = ("value", "from_value", "to_value")

Frame: TypeAlias = nw.DataFrame[Any]
Reading: TypeAlias = Callable[[Facts], Any]
CHOICES: Mapping[Form | None, Callable[..., nw.Expr]] = {
    "first there": nw.coalesce, "latest there": nw.max_horizontal,
    "earliest there": nw.min_horizontal,
}  # fmt: skip


@dataclass(slots=True)
class Stating:
    """States what one recipe says of records, and of the action that it was merged into.

    `stages` remember what the evaluator read, from one table to the next.
    """

    recipe: Recipe
    other: Recipe | None
    functions: Mapping[str, Function]
    stages: dict[tuple[str, ...], Stage[tuple[Any, ...]]] = field(default_factory=dict)

    def columns(self, rows: Frame, types: Types, happened: frozenset[str], kind: Kind) -> Frame:
        """The rows, with the fields of the action and what stands in its ids around the record's own."""
        texts, read_once = dict[str, nw.Expr](), dict[str, tuple[Stated, Reading]]()
        for name, part in self._parts():
            column = _written(part.node, types) if part.reads <= {*rows.columns} else None
            if column is None:
                read_once[name] = part, partial(spoken, part.of)
            else:
                texts[name] = column.fill_null(NO_OCCURRENCE)
        read_once |= self._fields()
        rows = self._read(rows, read_once, types, happened, kind)
        constants = {
            f"__{name}": nw.lit(read(getattr(self.recipe, name), {}), SCHEMA[name])
            for name in FIELDS
            if f"__{name}" not in read_once
        }
        return rows.with_columns(**constants, **self._around(texts))

    def _parts(self) -> Iterator[tuple[str, Stated]]:
        """The parts of the occurrences by the names of their columns."""
        for tail, recipe in ((TAIL, self.recipe), (MERGED_TAIL, self.other)):
            if recipe is not None and not isinstance(recipe.occurrence, str):
                for place, part in enumerate(recipe.occurrence.parts):
                    yield f"{tail}{place}", part

    def _fields(self) -> dict[str, tuple[Stated, Reading]]:
        found = {}
        for name in FIELDS:
            stated = getattr(self.recipe, name)
            if isinstance(stated, Stated):
                said = partial(_said, stated.of) if name in TEXTS else stated.of
                found[f"__{name}"] = stated, said
        return found

    def _read(
        self, rows: Frame, wanted: Mapping[str, tuple[Stated, Reading]], types: Types,
        happened: frozenset[str], kind: Kind,
    ) -> Frame:  # fmt: skip
        """The rows with what the evaluator reads; what depends on the same facts is read together."""
        together: dict[frozenset[str], dict[str, Reading]] = {}
        for name, (stated, reading) in wanted.items():
            together.setdefault(stated.reads, {})[name] = reading
        for facts, readings in together.items():
            each = self._stage(facts, readings, types)
            found = keyed(each.buckets, each.of, rows, types, happened, kind)
            schema = {name: SCHEMA.get(name[2:], nw.String) for name in readings}
            values = zip(*found.outcomes, strict=True)
            rows = found.spread(dict(zip(readings, map(list, values), strict=True)), schema)
        return rows

    def _stage(
        self, facts: frozenset[str], readings: Mapping[str, Reading], types: Types
    ) -> Stage[tuple[Any, ...]]:
        names, listed = tuple(readings), list(readings.values())
        if names not in self.stages:
            buckets = [Whole(fact, types.get(fact, TEXT)) for fact in sorted(facts)]
            self.stages[names] = stage(
                "stated",
                buckets,
                lambda facts: tuple(each(facts) for each in listed),
                self.functions,
            )
        return self.stages[names]

    def _around(self, texts: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
        """What stands in the action's id, and in that of the other, before and behind the record's."""
        none = nw.lit(None, nw.String)
        found = {TAIL: _tail(TAIL, self.recipe, texts), MERGED_HEAD: none, MERGED_TAIL: none}
        if self.other is not None:
            found[MERGED_HEAD] = nw.lit(self.other.prefix)
            found[MERGED_TAIL] = _tail(MERGED_TAIL, self.other, texts)
        return found


def _tail(tail: str, recipe: Recipe, texts: Mapping[str, nw.Expr]) -> nw.Expr:
    """`/occurrence/key`: as `Recipe.action_id` puts it."""
    occurrence = recipe.occurrence
    if isinstance(occurrence, str):
        return nw.lit(f"/{occurrence}{recipe.suffix}")
    names = [f"{tail}{place}" for place in range(len(occurrence.parts))]
    said = [texts.get(name, nw.col(name)) for name in names]
    said += [nw.lit(period) for period in occurrence.periods]
    whole = nw.concat_str(*said, separator=occurrence.sign) if said else nw.lit("once")
    return nw.concat_str(nw.lit("/"), whole, nw.lit(recipe.suffix))


def _said(of: Reading, facts: Facts) -> str | None:
    return text(of(facts))


def _written(node: Node, types: Types) -> nw.Expr | None:
    """A part of an occurrence as text, null where it is missing; None where columns do not compute it."""
    if isinstance(node, tree.FactRef):
        kind = types.get(node.name, node.type).kind
        if kind in ("text", "word"):
            known = nw.col(node.name)
            return nw.when(known != "").then(escaped_in(known))
        if kind == "whole":
            return nw.col(node.name).cast(nw.String)
    day = _day(node, types)
    return None if day is None else day.cast(nw.String)


def _day(node: Node, types: Types) -> nw.Expr | None:
    match node:
        case tree.FactRef(name, kind) if types.get(name, kind).kind == "date":
            return nw.col(name)
        case tree.Call(arguments=arguments, form=form) if form in CHOICES:
            days = [_day(item, types) for item in arguments]
            known = [day for day in days if day is not None]
            return CHOICES[form](*known) if len(known) == len(days) else None
    return None


def escaped_in(ids: nw.Expr) -> nw.Expr:
    """Ids as they stand in the ids of actions."""
    escaped = ids.str.replace_all("%", "%25", literal=True)
    return escaped.str.replace_all("/", "%2F", literal=True)
