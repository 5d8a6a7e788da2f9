# SPDX-License-Identifier: Apache-2.0
"""One value as it comes (CSV text, JSON, a cell of a data frame) becomes a value of its fact's type."""

import math
import re
from collections.abc import Callable, Sized
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.expression.types import Type, Value

SCALE = 4  # decimals of every number; a finer value is a fault, so that all tables compare exactly
LARGEST = 10**14  # scaled, it fits into 64 bits
EXACT = 2**53  # from here on a float has lost digits
LONGEST_ID = 10**28  # of ids given as numbers
NUMERAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
YES = frozenset({"true", "yes", "1", "1.0", "是", "y", "t"})
NO = frozenset({"false", "no", "0", "0.0", "否", "n", "f"})
_OWN = frozenset({str, int, float, bool, date, datetime, Decimal, type(None)})
_NAMES_OF_MISSING = frozenset({"NAType", "NaTType"})


class FactFault(ValueError):
    """A value that its fact cannot have; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_missing(value: object) -> bool:
    """Absent, null, NaN, NaT, an empty or blank cell and nothing in place of child records: missing."""
    if value is None or type(value).__name__ in _NAMES_OF_MISSING:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, Sized) and len(value) == 0


def _is_empty_list(value: object) -> bool:
    """A list without items is known to be empty; an empty cell says nothing."""
    return value is not None and not isinstance(value, str | dict) and hasattr(value, "__iter__")


def coerce(value: object, kind: Type, timezone: ZoneInfo) -> Value | None:
    """The value in its fact's type, or None when it is missing.

    Args:
        value: Anything a caller may hand in; see the readers of each kind below.
        kind: The declared type.
        timezone: Where instants with an offset become local dates.

    Raises:
        FactFault: the value does not fit (LR402 type, LR403 word, LR404 date, LR405 decimals).
    """
    plain = value if type(value) in _OWN else _plain(value)
    if is_missing(plain):
        return () if kind.kind == "list" and _is_empty_list(plain) else None
    if kind.kind == "word":
        return _word(plain, kind)
    if kind.kind in ("date", "datetime"):
        return _DATED[kind.kind](plain, timezone)
    found = _READERS[kind.kind](plain)
    return None if found == () and isinstance(plain, str) else found


def _plain(value: Any) -> Any:
    """A scalar of NumPy as Python's own; lists and columns stay as they are."""
    if getattr(value, "shape", None) != () or not hasattr(value, "item"):
        return value
    is_instant = getattr(getattr(value, "dtype", None), "kind", "") == "M"
    return (value.astype("datetime64[us]") if is_instant else value).item()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise FactFault("LR402")
    limit = EXACT if isinstance(value, float) else LONGEST_ID
    if not -limit < value < limit:
        raise FactFault("LR402")
    return str(int(value)) if value == int(value) else str(value)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise FactFault("LR402")
    if isinstance(value, str) and not NUMERAL.fullmatch(value.strip()):
        raise FactFault("LR402")
    number = Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite() or abs(number) >= LARGEST:
        raise FactFault("LR406" if number.is_finite() else "LR402")
    if number != round(number, SCALE):
        raise FactFault("LR405")
    return number


def _whole(value: Any) -> int:
    if type(value) is int and -LARGEST < value < LARGEST:
        return value
    number = _number(value)
    if number != int(number):
        raise FactFault("LR402")
    return int(number)


def _share(value: Any) -> Decimal:
    if isinstance(value, str) and value.strip().endswith("%"):
        return _number(_number(value.strip()[:-1]) / 100)
    return _number(value)


def _yes_no(value: Any) -> bool:
    text = (
        str(int(value))
        if isinstance(value, int | float | Decimal) and value in (0, 1)
        else str(value)
    )
    word = text.strip().lower()
    if word not in YES and word not in NO:
        raise FactFault("LR402")
    return word in YES


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in re.split("[;；]", value) if part.strip())
    if hasattr(value, "__iter__") and not isinstance(value, dict | bytes):
        parts = tuple(_text(part) for part in map(_plain, value) if not is_missing(part))
        return tuple(sorted(parts)) if isinstance(value, set | frozenset) else parts
    raise FactFault("LR402")


def _word(value: Any, kind: Type) -> str:
    text = _text(value)
    if text not in kind.words:
        raise FactFault("LR403")
    return text


def _instant(value: Any, timezone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        return datetime.combine(value, time())
    elif isinstance(value, str):
        moment = _iso(value.strip())
    else:
        raise FactFault("LR402")
    return datetime(*_local(moment, timezone).timetuple()[:6])


def _local(moment: datetime, timezone: ZoneInfo) -> datetime:
    try:
        return moment.astimezone(timezone) if moment.tzinfo else moment
    except OverflowError:  # the last hours of the year 9999 mean never, everywhere
        return moment


def _iso(text: str) -> datetime:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        raise FactFault("LR404")
    try:
        return datetime.fromisoformat(text)
    except ValueError as fault:
        raise FactFault("LR404") from fault


def _date(value: Any, timezone: ZoneInfo) -> date:
    if type(value) is date:
        return value
    return _instant(value, timezone).date()


_READERS: dict[str, Callable[[Any], Value]] = {
    "text": _text, "whole": _whole, "number": _number, "share": _share,
    "yes/no": _yes_no, "list": _list,
}  # fmt: skip
_DATED: dict[str, Callable[[Any, ZoneInfo], Value]] = {"date": _date, "datetime": _instant}
