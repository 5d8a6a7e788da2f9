# SPDX-License-Identifier: Apache-2.0
"""What a walk changed on file: by fact and customer the value, as it stands in columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.fact.declaration import Declaration
from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.canonical import DTYPES, ROW, stored
from loyaltyrules.frame.input.formats import FrameFormat

Values: TypeAlias = Mapping[str, Mapping[str, Any]]  # fact → customer → value
Facts: TypeAlias = Mapping[str, Declaration]
ID, NEW, SET = "__id", "__new {}", "__set {}"


@dataclass(frozen=True, slots=True)
class Kept:
    """The facts that a walk set so far; nothing is a value too."""

    values: Values = NOTHING

    def grown(self, more: Values) -> "Kept":
        """The same with what one step sets."""
        return Kept(
            {**self.values, **{n: {**self.values.get(n, {}), **m} for n, m in more.items()}}
        )

    def over(self, frame: Frame, kind: FrameFormat, declared: Facts) -> Frame:
        """Customers as they were read, with what the walk set in place of what is on file."""
        ids = sorted({identity for each in self.values.values() for identity in each})
        if not ids:
            return frame
        data: dict[str, Any] = {ID: ids}
        schema: dict[str, Any] = {ID: nw.String}
        for name, each in self.values.items():
            data[NEW.format(name)] = [each.get(identity) for identity in ids]
            data[SET.format(name)] = [identity in each for identity in ids]
            schema[NEW.format(name)] = DTYPES[declared[name].type.kind]
            schema[SET.format(name)] = nw.Boolean
        beside = frame.join(kind.frame(data, schema), left_on="id", right_on=ID, how="left")
        found = (
            nw.when(nw.col(SET.format(name)).fill_null(False))
            .then(nw.col(NEW.format(name)))
            .otherwise(nw.col(name))
            .alias(name)
            for name in self.values
        )
        return beside.with_columns(*found).select(frame.columns).sort(ROW)


def defaulted(frame: Frame, names: frozenset[str], declared: Facts) -> Frame:
    """Customers with the defaults of some facts where nothing is on file."""
    given = {name: stored(declared[name].default, declared[name].type) for name in names}
    filled = [
        nw.col(name).fill_null(nw.lit(value, DTYPES[declared[name].type.kind]))
        for name, value in given.items()
        if value is not None
    ]
    return frame.with_columns(*filled) if filled else frame
