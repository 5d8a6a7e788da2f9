# SPDX-License-Identifier: Apache-2.0
"""Points for money: the rate, exactly, and what an amount earns."""

from decimal import Decimal
from fractions import Fraction

import narwhals.stable.v2 as nw

from loyaltyrules.fact.tolerance import UNIT
from loyaltyrules.history.errors import HistoryError
from loyaltyrules.problem.problem import problem

_HIGHEST_RATE = 1_000_000  # with the largest amount, points still fit 64 bits


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
    rate = Fraction(points_per_amount) / UNIT
    if rate.numerator * rate.denominator >= 2**53:
        raise HistoryError([problem("LR443", None, value=points_per_amount)])
    return rate


def earned(amount: nw.Expr, rate: Fraction) -> nw.Expr:
    """Give floor(amount × rate); below zero what a purchase of that size earns is taken away.

    The amount is split by the denominator first, so that no product overflows.
    """
    p, q = nw.lit(rate.numerator, nw.Int64), nw.lit(rate.denominator, nw.Int64)
    size = amount.abs()
    whole = size // q
    points = whole * p + ((size - whole * q) * p) // q
    return nw.when(amount < 0).then(points * nw.lit(-1, nw.Int64)).otherwise(points)


def signed(points: nw.Expr, amount: nw.Expr) -> nw.Expr:
    """Give points as told; those of an amount below zero are taken away, however they are written."""
    return nw.when(amount < 0).then(points.abs() * nw.lit(-1, nw.Int64)).otherwise(points)
