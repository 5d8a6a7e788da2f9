# SPDX-License-Identifier: Apache-2.0
"""Columns of floats as the numbers of four decimals that they mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.expression.types import Type
from loyaltyrules.fact.tolerance import CLOSE, CLOSE_32, UNIT, Single
from loyaltyrules.fact.tolerance_columns import scaled, widened


@dataclass(frozen=True, slots=True)
class Floats:
    """A column of Float64, and whether its values had 32 bits."""

    column: nw.Series[Any]
    single: bool

    def numbers(self, kind: Type) -> nw.Series[Any]:
        """The numbers as they are stored (Int64); null where a value means none."""
        found = scaled(nw.col("x"), CLOSE_32 if self.single else CLOSE)
        if kind.kind == "whole":
            unit = nw.lit(UNIT, nw.Int64)
            found = nw.when(found % unit == 0).then(found // unit)
        return self.column.alias("x").to_frame().select(found.alias("x"))["x"]

    def unread(self, found: nw.Series[Any]) -> Iterator[tuple[int, float]]:
        """The rows, from 1, with a value of which no number was found."""
        if found.null_count() == self.column.null_count():
            return
        there = ~self.column.is_null() & found.is_null()
        rows = [row for row, each in enumerate(there.to_list(), 1) if each]
        values = self._as_read(self.column.filter(there).to_list())
        yield from ((row, each) for row, each in zip(rows, values, strict=True) if each == each)

    def listed(self) -> list[float | None]:
        """The values one by one, as they are read in single records."""
        return self._as_read(self.column.to_list())

    def _as_read(self, values: list[Any]) -> list[Any]:
        if not self.single:
            return values
        return [None if each is None else Single(each) for each in values]


def floats_of(series: nw.Series[Any]) -> Floats:
    """A column of Float64 or Float32, to be read."""
    if series.dtype != nw.Float32:
        return Floats(series, False)
    wide = series.alias("x").to_frame().select(widened(nw.col("x")).alias("x"))["x"]
    return Floats(wide, True)
