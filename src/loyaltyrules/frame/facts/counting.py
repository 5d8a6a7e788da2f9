# SPDX-License-Identifier: Apache-2.0
"""Aggregates over child records, one group-by each."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn, assert_never

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.aggregates import ColumnForm
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.types import COUNTED, Type
from loyaltyrules.fact.coerce import LARGEST, SCALE
from loyaltyrules.frame.input.canonical import DTYPES, UNIT, restored, stored
from loyaltyrules.frame.input.exact import EXACT
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import decide_rows, records
from loyaltyrules.frame.keys.table import Table
from loyaltyrules.plan.day import Counting
from loyaltyrules.plan.derive import figure, too_large
from loyaltyrules.plan.memo import memo
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

OPEN = "?"  # of the child that counts the date is unknown


@dataclass(frozen=True, slots=True)
class Grouping:
    """One aggregate: what is counted, over which children, by which link to their parents."""

    counting: Counting
    children: Table
    link: str
    kind: Type
    backend: FrameFormat
    functions: Mapping[str, Function]

    def figures(self) -> nw.DataFrame[Any]:
        """The figure of every parent that has children that count: link and figure.

        Raises:
            FrameError: a figure is too large for a fact (LR406).
        """
        value, form = self.counting.value_node, self.counting.function.columns
        frame = self._kept() if self.counting.where_node != tree.YES else self.children.frame
        if form is None or not (value is None or self._in_column(value)):
            return self._whole(frame)
        if isinstance(value, tree.FactRef):
            frame = frame.with_columns(nw.col(value.key).alias("__value"))
        grouped = self._grouped(form, frame)
        self._check(grouped)
        return grouped

    def _in_column(self, value: tree.Node) -> bool:
        """True of a fact whose values stand in its column as what they are."""
        if not isinstance(value, tree.FactRef) or value.key not in self.children.frame.columns:
            return False  # nobody brought it: a column of a table that is not there
        return self.children.types.get(value.key) != EXACT

    def _whole(self, frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        """Figures as rows make them: of what is put in order, as no frame does it like every other,
        and of what is computed of each child, as columns would cut its decimals before they add up."""
        found: dict[str, Any] = {}
        for parent, each in self._by_parent(frame).items():
            made = figure(self.counting, each)
            if too_large(made):
                _refuse(self.counting, parent, made)
            found[parent] = (
                OPEN if self.counting.exact and made is None else stored(made, self.kind)
            )
        return self._framed(found)

    def _by_parent(self, frame: nw.DataFrame[Any]) -> dict[str, list[Facts]]:
        names = [name for name in frame.columns if name in {"id", *self.children.types}]
        found: dict[str, list[Facts]] = {}
        rows = records(frame, names, self.children.columns)
        for parent, facts in zip(frame[self.link].to_list(), rows, strict=True):
            found.setdefault(parent, []).append(facts)
        return found

    def _framed(self, figures: Mapping[str, Any]) -> nw.DataFrame[Any]:
        columns = {self.link: list(figures), self.counting.name: list(figures.values())}
        schema = {self.link: nw.String, self.counting.name: DTYPES[self.kind.kind]}
        return self.backend.frame(columns, schema)

    def _kept(self) -> nw.DataFrame[Any]:
        buckets = buckets_of([self.counting.where_node])
        test = memo(f"{self.counting.name}.where", buckets, self.counting.where, self.functions)
        found = decide_rows(test, self.children.frame, self.children.columns, self.backend)
        kept = [value is True for value in found.outcomes]
        rows = found.spread({"__kept": kept}, {"__kept": nw.Boolean})
        return rows.filter(nw.col("__kept")).drop(["__kept"])

    def _grouped(self, form: ColumnForm, among: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        name, value = self.counting.name, nw.col("__value")
        groups = among.group_by(self.link, drop_null_keys=True)
        match form:
            case "rows":
                counted = groups.agg(nw.len().alias(name))
                return counted.with_columns(nw.col(name).cast(nw.Int64))
            case "any row":
                counted = groups.agg(nw.len().alias(name))
                return counted.with_columns((nw.col(name) > 0).alias(name))
            case "max":
                return groups.agg(value.max().alias(name))
            case "min":
                return groups.agg(value.min().alias(name))
            case "sum" | "mean" if not _sums_fit(among):
                return self._summed(form, among)
            case "sum":
                return groups.agg(value.sum().alias(name))
            case "mean":
                return self._means(
                    groups.agg(value.sum().alias("__sum"), value.count().alias("__n"))
                )
        assert_never(form)

    def _check(self, grouped: nw.DataFrame[Any]) -> None:
        """No figure may be larger than a fact.

        Raises:
            FrameError: one is (LR406).
        """
        if self.kind.kind not in COUNTED or self.counting.value is None:
            return
        made, limit = nw.col(self.counting.name), _limit(self.kind)
        large = (made >= nw.lit(limit, nw.Int64)) | (made <= nw.lit(-limit, nw.Int64))
        for row in grouped.filter(large).head(1).iter_rows(named=True):
            _refuse(self.counting, row[self.link], restored(row[self.counting.name], self.kind))

    def _means(self, sums: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        """Means are rounded to the scale of numbers in Python, so that they are those of a row."""
        pairs = zip(sums["__sum"].to_list(), sums["__n"].to_list(), strict=True)
        means = [mean_stored(total, count, _scale(self.counting)) for total, count in pairs]
        return self._framed(dict(zip(sums[self.link].to_list(), means, strict=True)))

    def _summed(self, form: ColumnForm, among: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        """Sums and means of figures so large that columns of 64 bits might not hold their sums."""
        values: dict[str, list[int]] = {}
        for parent, value in among.select(self.link, "__value").iter_rows():
            if value is not None:
                values.setdefault(parent, []).append(value)
        found: dict[str, Any] = {}
        for parent, each in values.items():
            total: int | None = sum(each)
            if form == "mean":
                total = mean_stored(total, len(each), _scale(self.counting))
            if abs(total or 0) >= _limit(self.kind):
                _refuse(self.counting, parent, restored(total, self.kind))
            found[parent] = total
        return self._framed(found)


def _sums_fit(among: nw.DataFrame[Any]) -> bool:
    """True if no sum of values can leave 64 bits."""
    value = among["__value"]
    largest = max(abs(value.max() or 0), abs(value.min() or 0))
    return bool(largest * len(among) < 2**62)


def _limit(kind: Type) -> int:
    """What figures stay below, as they stand in columns."""
    return LARGEST * (1 if kind.kind == "whole" else UNIT)


def _scale(counting: Counting) -> int:
    value = counting.value_node
    return SCALE if value is not None and tree.type_of(value).kind in ("number", "share") else 0


def _refuse(counting: Counting, parent: str, made: Any) -> NoReturn:
    details = {"field": counting.name, "id": parent, "value": str(made)}
    raise FrameError([problem("LR406", None, **details)])


def mean_stored(total: int | None, count: int, scale: int) -> int | None:
    """A mean as it stands in a column."""
    if not count or total is None:
        return None
    mean = Decimal(total).scaleb(-scale) / count
    return int(round(mean, SCALE).scaleb(SCALE))
