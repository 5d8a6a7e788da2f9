# SPDX-License-Identifier: Apache-2.0
"""Facts from purchases: first and last day, counts, amounts and accumulated points."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import narwhals.stable.v2 as nw
from narwhals.stable.v2.dtypes import DType

from loyaltyrules.history.columns import (
    SCALE,
    Column,
    read_amount,
    read_day,
    read_flag,
    read_id,
    read_points,
)
from loyaltyrules.history.cuts import Cuts
from loyaltyrules.history.errors import HistoryError
from loyaltyrules.history.frames import Frame, check, inward, require
from loyaltyrules.problem.problem import problem

DAYS = ("first_purchase_on", "last_purchase_on")
COUNTS = ("purchases_12m", "purchases_prev_12m", "purchases_total")
AMOUNTS = ("amount_12m", "amount_prev_12m", "amount_total")
POINTS = "points_accumulated"

_HIGHEST_RATE = 1_000_000  # with the largest amount, points still fit 64 bits


@dataclass(frozen=True, slots=True)
class Purchases:
    """Purchases read and checked.

    Attributes:
        rows: Columns id, day, amount (Int64, ten-thousandths), returned, and points where known.
        facts: Names of the facts these purchases give a ground for, in order.
    """

    rows: Frame
    facts: tuple[str, ...]


def points_rate(points_per_amount: object) -> Fraction | None:
    """Give the points per ten-thousandth of the currency, exactly.

    Raises:
        HistoryError: the rate is no exact number (LR441), out of bounds (LR442) or finer than
            columns can multiply (LR443).
    """
    if points_per_amount is None:
        return None
    if isinstance(points_per_amount, bool) or not isinstance(points_per_amount, int | Decimal):
        raise HistoryError([problem("LR441", None, value=points_per_amount)])
    if not Decimal(points_per_amount).is_finite() or not 0 <= points_per_amount <= _HIGHEST_RATE:
        details = {"value": points_per_amount, "highest": _HIGHEST_RATE}
        raise HistoryError([problem("LR442", None, **details)])
    rate = Fraction(points_per_amount) / SCALE
    if rate.numerator * rate.denominator >= 2**53:
        raise HistoryError([problem("LR443", None, value=points_per_amount)])
    return rate


def read_purchases(frame: Frame, *, timezone: str, rate: Fraction | None) -> Purchases:
    """Read and check the purchase table.

    Raises:
        MissingColumnError: customer_id, occurred_at or amount is not there.
        FaultyColumnError: a cell cannot be read.
    """
    schema = require("purchase", frame, ("customer_id", "occurred_at", "amount"))
    optional = [name for name in ("points_earned", "returned") if name in schema]
    raw = inward(frame, ["customer_id", "occurred_at", "amount", *optional])
    columns = _columns(raw.collect_schema(), timezone, points_required=rate is None)
    check("purchase", raw, list(columns.values()), "customer_id")
    values = {name: column.value for name, column in columns.items()}
    points = (POINTS,) if rate is not None or "points" in columns else ()
    rows = raw.select(**{"returned": nw.lit(False), **values})
    if rate is not None:
        rows = _with_points(rows, rate, "points" in columns)
    return Purchases(rows, (*DAYS, *COUNTS, *AMOUNTS, *points))


def purchase_facts(purchases: Purchases, cuts: Cuts) -> Frame:
    """Sum up the purchases of each customer as of a day.

    Args:
        purchases: Checked purchases.
        cuts: The days that part the spans.

    Returns:
        One row per customer with a counted purchase (made up to the day, not returned, of a known
        id): `id` and the facts; amounts as Int64 ten-thousandths.
    """
    counted = (nw.col("day") <= nw.lit(cuts.on)) & ~nw.col("returned") & ~nw.col("id").is_null()
    rows = purchases.rows.filter(counted)
    year = _within(cuts.year, cuts.on)
    before = _within(cuts.two_years, cuts.year)
    marked = rows.with_columns(
        purchases_12m=year,
        purchases_prev_12m=before,
        purchases_total=nw.lit(1, nw.Int64),
        amount_12m=year * nw.col("amount"),
        amount_prev_12m=before * nw.col("amount"),
        amount_total=nw.col("amount"),
    )
    sums = [name for name in purchases.facts if name not in DAYS]
    return marked.group_by("id").agg(
        nw.col("day").min().alias(DAYS[0]),
        nw.col("day").max().alias(DAYS[1]),
        *(nw.col("points" if name == POINTS else name).sum().alias(name) for name in sums),
    )


def _columns(
    schema: Mapping[str, DType], timezone: str, *, points_required: bool
) -> dict[str, Column]:
    """Choose the reader of every column that is there, by the name used inside."""
    columns = {
        "id": read_id("customer_id", schema["customer_id"]),
        "day": read_day("occurred_at", schema["occurred_at"], timezone),
        "amount": read_amount("amount", schema["amount"]),
    }
    if "points_earned" in schema:
        dtype = schema["points_earned"]
        columns["points"] = read_points("points_earned", dtype, required=points_required)
    if "returned" in schema:
        columns["returned"] = read_flag("returned", schema["returned"])
    return columns


def _with_points(rows: Frame, rate: Fraction, given: bool) -> Frame:
    """Fill in floor(amount × rate) where a purchase does not tell its points.

    The amount is split by the denominator first, so that no product overflows.
    """
    p, q = nw.lit(rate.numerator, nw.Int64), nw.lit(rate.denominator, nw.Int64)
    whole = nw.col("amount") // q
    points = whole * p + ((nw.col("amount") - whole * q) * p) // q
    if given:
        points = nw.when(nw.col("points").is_null()).then(points).otherwise(nw.col("points"))
    return rows.with_columns(points=points)


def _within(after: date, until: date) -> nw.Expr:
    """Give 1 for a day later than `after` and not later than `until`, else 0 (Int64)."""
    inside = (nw.col("day") > nw.lit(after)) & (nw.col("day") <= nw.lit(until))
    return nw.when(inside).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
