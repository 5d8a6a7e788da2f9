# SPDX-License-Identifier: Apache-2.0
"""Rows that another row of their parent names in `return_of` are `returned`, as in single records."""

from collections.abc import Collection, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.declaration import Declaration
from loyaltyrules.fact.returns import RETURN_OF, RETURNED, tells_returns


def with_returned(
    frame: nw.DataFrame[Any], row: str, link: str, declared: Mapping[str, Declaration],
    given: Collection[str],
) -> nw.DataFrame[Any]:  # fmt: skip
    """The table with what was taken back; `row` is the column of the numbers of rows."""
    if RETURN_OF not in given or not link or not tells_returns(declared):
        return frame
    names = nw.col(RETURN_OF)
    named = frame.filter(~names.is_null()).select(link, names.alias("id")).unique()
    if not len(named):
        return frame
    back = frame.join(named, on=[link, "id"], how="semi")[row].to_list()
    taken = nw.when(nw.col(row).is_in(back)).then(nw.lit(True)).otherwise(nw.col(RETURNED))
    return frame.with_columns(taken.alias(RETURNED))
