# SPDX-License-Identifier: Apache-2.0
"""Which numbers of four decimals a column of floats means: `tolerance`, in columns of any kind of frame."""

import narwhals.stable.v2 as nw

from loyaltyrules.fact.tolerance import CLOSE, TOLD_APART, UNIT


def scaled(column: nw.Expr, close: float = CLOSE) -> nw.Expr:
    """The same of a column of Float64, in ten-thousandths (Int64).

    Null where it is missing, not finite, finer, or too large to be told apart.
    """
    known = nw.when(column.abs() < TOLD_APART).then(column)
    whole = known.round(0)
    raised = (known - whole) * float(UNIT)
    rounded = raised.round(0)
    up = nw.when(raised - rounded >= 0.5).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    nearest = rounded + up  # halves go up, whatever the engine does with them
    size = nw.when(known.abs() > 1.0).then(known.abs()).otherwise(nw.lit(1.0))
    near = (raised - nearest).abs() <= size * (close * UNIT)
    number = whole.cast(nw.Int64) * nw.lit(UNIT, nw.Int64) + nearest.cast(nw.Int64)
    return nw.when(near).then(number)


def widened(column: nw.Expr) -> nw.Expr:
    """A column of Float32 as Float64: of each value the shortest decimal that names it."""
    return column.cast(nw.String).cast(nw.Float64)
