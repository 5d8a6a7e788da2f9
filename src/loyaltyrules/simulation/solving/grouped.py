# SPDX-License-Identifier: Apache-2.0
"""Records by a fact or a column of theirs."""

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.calendar import is_instant, local_of
from loyaltyrules.expression.types import Type
from loyaltyrules.expression.written import shown
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.canonical import ROW, restored
from loyaltyrules.frame.input.exact import EXACT
from loyaltyrules.frame.input.formats import opened
from loyaltyrules.frame.keys.table import Table
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import nearest, problem

GROUP = "__group"
PLAIN: Mapping[str, Any] = {
    "whole": nw.Int64, "number": nw.Float64, "share": nw.Float64, "yes/no": nw.Boolean,
    "date": nw.Date, "datetime": nw.Datetime,
}  # fmt: skip


class Groups:
    """The column by which records are grouped: a fact, or any column that they came with."""

    def __init__(self, table: Table, given: Any, name: str) -> None:
        """Find the column.

        Raises:
            ArgumentError: there is neither such a fact nor such a column (LR521).
        """
        self.name, self.table = name, table
        self.type = table.types.get(name) if name in table.frame.columns else None
        self.given = None if self.type else opened(given)[0]
        known = [*table.types] if self.given is None else [*table.types, *self.given.columns]
        if name not in known or (self.type is None and name not in self._columns):
            near = nearest(str(name), known)
            raise ArgumentError([problem("LR521", None, name=name, near=near)])

    @property
    def _columns(self) -> list[str]:
        return [] if self.given is None else self.given.columns

    def on(self, frame: Frame) -> Frame:
        """The records with their group beside them."""
        if self.given is None:
            return frame.with_columns(nw.col(self.name).alias(GROUP))
        rows = self.given.with_row_index(ROW)
        place = nw.col(ROW).cast(nw.Int64) + nw.lit(1, nw.Int64)  # rows count from 1
        own = rows.select(place.alias(ROW), nw.col(self.name).alias(GROUP))
        return frame.with_columns(nw.col(ROW).cast(nw.Int64)).join(own, on=ROW, how="left")

    def cell(self, value: Any) -> Any:
        """A group in a column of the answer."""
        if self.type is None or value is None:
            return value
        found = restored(value, self.type)
        if is_instant(found):
            return local_of(found)
        if self.type == EXACT or isinstance(found, tuple):
            return shown(found)
        return float(found) if self.dtype == nw.Float64 else found

    @property
    def dtype(self) -> Any:
        if self.given is not None:
            return self.given.schema[self.name]
        return PLAIN.get((self.type or Type("text")).kind, nw.String)
