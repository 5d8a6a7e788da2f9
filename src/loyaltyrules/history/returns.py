# SPDX-License-Identifier: Apache-2.0
"""A return that names its purchase by `return_of` takes it out whole, and changes nothing else."""

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.snapshot import shown
from loyaltyrules.history.columns import Column
from loyaltyrules.history.frames import Frame
from loyaltyrules.problem.problem import Problem, problem

NAMES = ("own", "order")  # a purchase is named by the id of its row, or of its order


def not_taken_back(rows: Frame) -> Frame:
    """Give the rows that name no purchase, without those that are named."""
    names = nw.col("return_of")
    taken: Any = rows.filter(~names.is_null()).select(taken=names).unique()
    kept: Any = rows.filter(names.is_null())
    for name in NAMES:
        kept = kept.join(taken, left_on=name, right_on="taken", how="anti")
    found: Frame = kept
    return found


def strangers_told(raw: Frame, columns: Mapping[str, Column]) -> tuple[Problem, ...]:
    """What is told of returns that name no purchase of the table: they change nothing."""
    if "return_of" not in columns:
        return ()
    values = {n: columns[n].value for n in ("id", "return_of", *NAMES) if n in columns}
    rows = raw.select(**values).lazy().collect().with_row_index("row")
    lost = rows.filter(~nw.col("return_of").is_null())
    for name in NAMES:
        if name in columns:
            named = rows.select(taken=nw.col(name)).filter(~nw.col("taken").is_null()).unique()
            lost = lost.join(named, left_on="return_of", right_on="taken", how="anti")
    if not len(lost):
        return ()
    first = lost.sort("row").head(1).rows(named=True)[0]
    details = {
        "id": first["id"] or "–",
        "value": shown(first["return_of"]),
        "row": first["row"] + 1,
    }
    return (problem("LR447", None, table="purchase", count=len(lost), **details),)
