# SPDX-License-Identifier: Apache-2.0
"""A till writes a receipt line by line; the rows of one `order_id` are one purchase."""

from collections.abc import Mapping
from fractions import Fraction

import narwhals.stable.v2 as nw

from loyaltyrules.history.frames import Frame
from loyaltyrules.history.points import earned, signed
from loyaltyrules.problem.problem import Problem, problem

MANY = 3  # rows of one customer and instant that are worth a word
ONE_IN = 10  # and their part of all rows


def as_purchases(rows: Frame, rate: Fraction | None) -> Frame:
    """Give one row for each order: its first day, its summed amount and points.

    A row without an order is a purchase of its own. What is marked as returned does not count,
    unless it is itself the returning row, with an amount below zero.
    """
    amount = nw.col("amount")
    kept = rows.filter((~nw.col("returned")) | (amount < 0), ~nw.col("id").is_null())
    pointed = _with_points(kept, "points" in rows.collect_schema())
    names = ["id", "day", "amount", "points", "open"]
    single = pointed.filter(nw.col("order").is_null()).select(*names)
    ordered = pointed.filter(~nw.col("order").is_null()).group_by("id", "order")
    summed = ordered.agg(
        nw.col("day").min(), *(nw.col(name).sum() for name in ("amount", "points", "open"))
    )
    all_of_them: Frame = nw.concat([single, summed.select(*names)])  # type: ignore[type-var]
    if rate is None:
        return all_of_them
    return all_of_them.with_columns(points=nw.col("points") + earned(nw.col("open"), rate))


def _with_points(rows: Frame, told: bool) -> Frame:
    """Give the points that are told, and `open`: the amount that does not tell its points."""
    amount, zero = nw.col("amount"), nw.lit(0, nw.Int64)
    if not told:
        return rows.with_columns(points=zero, open=amount)
    points = nw.col("points")
    return rows.with_columns(
        points=signed(points, amount).fill_null(zero),
        open=nw.when(points.is_null()).then(amount).otherwise(zero),
    )


def lines_told(rows: Frame, values: Mapping[str, nw.Expr]) -> tuple[Problem, ...]:
    """What is told where many rows without an order share the customer and the instant."""
    named = {"id": values["id"], "at": nw.col("occurred_at"), "order": values.get("order")}
    known = {name: value for name, value in named.items() if value is not None}
    picked = rows.select(**known).filter(~nw.col("id").is_null())
    if "order" in known:
        picked = picked.filter(nw.col("order").is_null())
    shared = picked.group_by("id", "at").agg(nw.len().alias("rows")).filter(nw.col("rows") > 1)
    counts = shared.select(nw.col("rows").sum()).lazy().collect()["rows"].to_list()
    total = rows.select(nw.len().alias("rows")).lazy().collect()["rows"].to_list()[0]
    count = int((counts or [0])[0] or 0)
    if count < MANY or count * ONE_IN <= total:
        return ()
    return (problem("LR446", None, table="purchase", count=count, rows=total),)
