# SPDX-License-Identifier: Apache-2.0
"""One kind of record as a frame, while it is evaluated."""

from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.expression.types import Type


@dataclass(slots=True)
class Table:
    """Given and derived facts of all records, and what is known of the columns.

    `above` are the columns that are facts of parents.
    """

    frame: nw.DataFrame[Any]
    types: dict[str, Type]
    happened: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
