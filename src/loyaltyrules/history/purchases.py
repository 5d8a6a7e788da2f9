# SPDX-License-Identifier: Apache-2.0
"""Facts from purchases: first and last day, counts, amounts and accumulated points."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import narwhals.stable.v2 as nw
from narwhals.stable.v2.dtypes import DType

from loyaltyrules.history.columns import (
    Column,
    read_amount,
    read_day,
    read_flag,
    read_id,
    read_points,
)
from loyaltyrules.history.cuts import Cuts
from loyaltyrules.history.frames import Frame, require, sound_rows
from loyaltyrules.history.inward import inward
from loyaltyrules.history.orders import as_purchases, lines_told
from loyaltyrules.history.returns import not_taken_back, strangers_told
from loyaltyrules.problem.problem import Problem

DAYS = ("first_purchase_on", "last_purchase_on")
COUNTS = ("purchases_12m", "purchases_prev_12m", "purchases_total")
AMOUNTS = ("amount_12m", "amount_prev_12m", "amount_total")
POINTS = "points_accumulated"

_NEEDED = ("customer_id", "occurred_at", "amount")
_IDS = {"own": "id", "order": "order_id", "return_of": "return_of"}
_OPTIONAL = ("points_earned", "returned", *_IDS.values())


@dataclass(frozen=True, slots=True)
class Purchases:
    """Rows of the purchase table, read.

    Attributes:
        rows: Columns id, day, amount (Int64, ten-thousandths), returned, own, order, return_of
            (ids, null where none), and points where they are told.
        facts: Names of the facts these purchases give a ground for, in order.
        rate: Points per ten-thousandth of the currency, for rows that do not tell their points.
        told: What a reader of the facts must know of the rows.
    """

    rows: Frame
    facts: tuple[str, ...]
    rate: Fraction | None
    told: tuple[Problem, ...]


def read_purchases(frame: Frame, *, timezone: str, rate: Fraction | None) -> Purchases:
    """Read the purchase table; rows that cannot be read are set aside and told.

    Raises:
        MissingColumnError: customer_id, occurred_at or amount is not there.
        FaultyColumnError: most rows cannot be read.
    """
    schema = require("purchase", frame, _NEEDED)
    raw = inward("purchase", frame, [*_NEEDED, *(name for name in _OPTIONAL if name in schema)])
    columns = _columns(raw.collect_schema(), timezone, points_required=rate is None)
    sound, told = sound_rows("purchase", raw, list(columns.values()), "customer_id")
    values = {name: column.value for name, column in columns.items()}
    absent = dict.fromkeys(_IDS, nw.lit(None, nw.String))
    rows = sound.select(**{"returned": nw.lit(False), **absent, **values})
    points = (POINTS,) if rate is not None or "points" in columns else ()
    notes = (*told, *lines_told(sound, values), *strangers_told(raw, columns))
    return Purchases(rows, (*DAYS, *COUNTS, *AMOUNTS, *points), rate, notes)


def purchase_facts(purchases: Purchases, cuts: Cuts) -> Frame:
    """Sum up the purchases of each customer as of a day.

    Args:
        purchases: Rows that were read.
        cuts: The days that part the spans.

    Returns:
        One row per customer (of a known id) with a purchase or a return up to the day: `id` and the
        facts; amounts as Int64 ten-thousandths. What has an amount below zero is no purchase: it
        lowers the sums of the span in which it happened.
    """
    known = purchases.rows.filter(nw.col("day") <= nw.lit(cuts.on))
    rows = as_purchases(not_taken_back(known), purchases.rate)
    bought = nw.col("amount") >= 0
    year = _within(cuts.year, cuts.on)
    before = _within(cuts.two_years, cuts.year)
    one, zero = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    counted = nw.when(bought).then(one).otherwise(zero)
    marked = rows.with_columns(
        day_bought=nw.when(bought).then(nw.col("day")),
        purchases_12m=year * counted,
        purchases_prev_12m=before * counted,
        purchases_total=counted,
        amount_12m=year * nw.col("amount"),
        amount_prev_12m=before * nw.col("amount"),
        amount_total=nw.col("amount"),
    )
    sums = [name for name in purchases.facts if name not in DAYS]
    return marked.group_by("id").agg(
        nw.col("day_bought").min().alias(DAYS[0]),
        nw.col("day_bought").max().alias(DAYS[1]),
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
    there = {inside: name for inside, name in _IDS.items() if name in schema}
    return columns | {inside: read_id(name, schema[name]) for inside, name in there.items()}


def _within(after: date, until: date) -> nw.Expr:
    """Give 1 for a day later than `after` and not later than `until`, else 0 (Int64)."""
    inside = (nw.col("day") > nw.lit(after)) & (nw.col("day") <= nw.lit(until))
    return nw.when(inside).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
