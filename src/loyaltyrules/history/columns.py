# SPDX-License-Identifier: Apache-2.0
"""How a raw column is read: as an id, a day, an amount, points, a yes/no or a direction.

Each reader gives a `Column`: an expression for the value (null where a cell cannot be read) and
one for the fault. All expressions are row-local. Cells that are no date, number or text are read
through their text, so that a column without a type (an empty table) is fine and one of a wrong
type is a fault.
"""

from dataclasses import dataclass
from datetime import date

import narwhals.stable.v2 as nw
from narwhals.stable.v2.dtypes import DType

from loyaltyrules.fact.tolerance import CLOSE, CLOSE_32, UNIT
from loyaltyrules.fact.tolerance_columns import scaled, widened

_NUMBER = r"^([+-]?\d+(\.\d{1,4}0*)?|0E-\d+)$"  # strictly four decimals; Arrow writes some zeros so
_DATE = (
    r"(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)"
    r"|02-(0[1-9]|1\d|2[0-8]))"
    r"|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
)
_TIME = r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_YES = ("true", "yes", "1", "1.0", "是")
_NO = ("false", "no", "0", "0.0", "否")


@dataclass(frozen=True, slots=True)
class Column:
    """One raw column and the way it is read.

    Attributes:
        name: Name of the raw column.
        value: The value read; null where missing or unreadable.
        sound: True where the cell is fine; false or null where it is a fault. None: all are fine.
        code: The problem of a cell that is a fault.
        by_type: The type of the column is the fault, so that no cell can be trusted.
    """

    name: str
    value: nw.Expr
    sound: nw.Expr | None
    code: str
    by_type: bool = False


def read_id(name: str, dtype: DType) -> Column:
    """Read ids as text; a missing id is allowed (an anonymous purchase), a fraction type is not."""
    sound = nw.col(name).is_null() if dtype.is_float() else None
    text = nw.col(name).cast(nw.String)
    value = nw.when(text.str.strip_chars() != "").then(text)
    return Column(name, value, sound, "LR434", by_type=dtype.is_float())


def read_day(name: str, dtype: DType, timezone: str) -> Column:
    """Read local days from dates, datetimes (aware ones seen in `timezone`) or ISO text."""
    local = _day(name, dtype, timezone)
    value = nw.when(local >= nw.lit(date.min)).then(local)  # before it there is no day in Python
    return Column(name, value, ~value.is_null(), "LR435")


def read_amount(name: str, dtype: DType) -> Column:
    """Read money as whole ten-thousandths (Int64); a finer or unbounded value is a fault."""
    value = _scaled(name, dtype)
    return Column(name, value, ~value.is_null(), "LR436")


def read_points(name: str, dtype: DType, *, required: bool) -> Column:
    """Read whole points (Int64); a missing cell is a fault only where points are `required`."""
    unit, number = nw.lit(UNIT, nw.Int64), _scaled(name, dtype)
    value = nw.when(number % unit == 0).then(number // unit)
    sound = ~value.is_null()
    code = "LR438" if required else "LR437"
    return Column(name, value, sound if required else sound | _missing(name), code)


def read_flag(name: str, dtype: DType) -> Column:
    """Read yes/no as Boolean; a missing cell is no."""
    if dtype == nw.Boolean:
        return Column(name, nw.col(name).fill_null(False), None, "LR439")
    text = nw.col(name).cast(nw.String).str.to_lowercase()
    value = text.is_in(_YES).fill_null(False)
    sound = text.is_in((*_YES, *_NO)) | _missing(name)
    return Column(name, value, sound, "LR439")


def read_direction(name: str) -> Column:
    """Read whether a contact went out to the customer (true) or came in (false)."""
    text = nw.col(name).cast(nw.String)
    return Column(name, text == "out", text.is_in(("in", "out")), "LR440")


def amount_of(scaled: nw.Expr) -> nw.Expr:
    """Give the Float64 nearest to the exact amount of whole ten-thousandths.

    Polars divides by a constant through its reciprocal, which is off by one bit in a third of all
    cases (293300 / 10000 gives 29.330000000000002); so the divisor is made a column.
    """
    divisor = scaled.is_null().cast(nw.Int64).cast(nw.Float64) + float(UNIT)
    return scaled.cast(nw.Float64) / divisor


def _missing(name: str) -> nw.Expr:
    """Tell the cells that hold nothing: null or empty text."""
    return nw.col(name).is_null() | (nw.col(name).cast(nw.String) == "")


def _day(name: str, dtype: DType, timezone: str) -> nw.Expr:
    """Give the local day of a cell of any type; null where there is none."""
    column = nw.col(name)
    if dtype == nw.Date:
        return column
    if isinstance(dtype, nw.Datetime):
        local = column.dt.convert_time_zone(timezone) if dtype.time_zone else column
        return local.dt.date()
    text = column.cast(nw.String)
    readable = nw.when(text.str.contains(f"^{_DATE}({_TIME})?$")).then(text)
    return readable.str.slice(0, 10).str.to_date(format="%Y-%m-%d")


def _scaled(name: str, dtype: DType) -> nw.Expr:
    """Give the number of a cell in ten-thousandths; null where there is none of four decimals.

    Floats mean the number next to them, text and decimals are strict.
    """
    column = nw.col(name)
    if isinstance(dtype, nw.Float32):
        return scaled(widened(column), CLOSE_32)
    if dtype.is_float() or dtype.is_integer():
        return scaled(column.cast(nw.Float64), CLOSE)
    text = column.cast(nw.String)
    return scaled(nw.when(text.str.contains(_NUMBER)).then(text).cast(nw.Float64))
