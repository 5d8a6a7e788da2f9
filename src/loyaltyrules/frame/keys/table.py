# SPDX-License-Identifier: Apache-2.0
"""One kind of record as a frame, while it is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.expression.types import Type
from loyaltyrules.plan.day import Deriving


class Columns(NamedTuple):
    """What is known of columns: the types of their facts, and whose null says that nothing happened."""

    types: Mapping[str, Type]
    happened: frozenset[str] = frozenset()


@dataclass(slots=True)
class Table:
    """Given and derived facts of all records, and what is known of the columns.

    `above` are the columns that are facts of parents. Facts of few values are derived together: those
    that are `pending` are no columns yet.
    """

    subject: str
    frame: nw.DataFrame[Any]
    types: dict[str, Type]
    happened: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    pending: list[Deriving] = field(default_factory=list)

    @property
    def columns(self) -> Columns:
        """What is known of the columns by now."""
        return Columns(dict(self.types), frozenset(self.happened))
