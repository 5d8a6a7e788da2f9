# SPDX-License-Identifier: Apache-2.0
"""One value as it comes (CSV text, JSON, a cell of a data frame) becomes a value of its fact's type."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from loyaltyrules.calendar import instant_of, plain_of
from loyaltyrules.expression.types import Type, Value
from loyaltyrules.fact.tolerance import EXACT as CONTEXT
from loyaltyrules.fact.tolerance import Single, meant

SCALE = 4  # decimals of every number; a finer value is a fault, so that all tables compare exactly
LARGEST = 10**14  # scaled, it fits into 64 bits
EXACT = 2**53  # from here on a float has lost digits
FINEST = Decimal(1).scaleb(-SCALE)
LONGEST_ID = 10**28  # of ids given as numbers
NUMERAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
YES = frozenset({"true", "yes", "1", "1.0", "是", "y", "t"})
NO = frozenset({"false", "no", "0", "0.0", "否", "n", "f"})
_OWN = frozenset({str, int, float, bool, date, datetime, Decimal, type(None)})
NAMES_OF_MISSING = frozenset({"NAType", "NaTType"})


class FactFault(ValueError):
    """A value that its fact cannot have; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_missing(value: object) -> bool:
    """Absent, null, NaN, NaT, an empty or blank cell and nothing in place of child records: missing."""
    if value is None or type(value).__name__ in NAMES_OF_MISSING:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, Sized) and not _is_scalar(value) and len(value) == 0


def is_several(value: object) -> bool:
    """True for what holds several values, one after the other."""
    return (
        isinstance(value, Iterable) and not isinstance(value, str | Mapping)
        and not _is_scalar(value)
    )  # fmt: skip


def is_brought(value: object) -> bool:
    """True where something is there in place of child records: a list may be empty, an empty cell is none."""
    return type(value) is list or is_several(value) or not is_missing(value)


def _is_scalar(value: object) -> bool:
    """True for one value of NumPy, which calls itself a list but has no length."""
    return getattr(value, "shape", None) == ()


def coerce(value: object, kind: Type, timezone: ZoneInfo) -> Value | None:
    """The value in its fact's type, or None when it is missing.

    Args:
        value: Anything a caller may hand in; see the readers of each kind below.
        kind: The declared type.
        timezone: The zone of instants; those without an offset are its local times.

    Raises:
        FactFault: the value does not fit (LR402 type, LR403 word, LR404 date, LR405 decimals,
            LR406 size).
    """
    plain = value if type(value) in _OWN else _plain(value)
    if is_missing(plain):
        return () if kind.kind == "list" and is_several(plain) else None  # known to be empty
    if kind.kind == "word":
        return _word(plain, kind)
    if kind.kind in ("date", "datetime"):
        return _DATED[kind.kind](plain, timezone)
    found = _READERS[kind.kind](plain)
    return None if found == () and isinstance(plain, str) else found


def _plain(value: Any) -> Any:
    """A scalar of NumPy as Python's own, a member as its value; lists and columns stay as they are."""
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, datetime) and (value.year > date.max.year or value.year < date.min.year):
        raise FactFault("LR404")  # those of pandas go further than Python's
    if not _is_scalar(value) or not hasattr(value, "item"):
        return value
    dtype = getattr(value, "dtype", None)
    found = _OF_NUMPY.get(getattr(dtype, "kind", ""), _item)(value)
    return found if type(found) in _OWN else _plain(found)


def _item(value: Any) -> Any:
    found = value.item()
    if found is value or type(found) is type(value):
        raise FactFault("LR402")  # of a kind that Python has not
    return found


def _instant_of_numpy(value: Any) -> Any:
    if value != value:
        return None
    year = 1970 + int(value.astype("datetime64[Y]").astype("int64"))
    if not date.min.year <= year <= date.max.year:
        raise FactFault("LR404")
    return value.astype("datetime64[us]").item()


def _duration_of_numpy(value: Any) -> Any:
    if value != value:
        return None
    raise FactFault("LR402")


def _float_of_numpy(value: Any) -> float:
    return Single(str(value)) if value.dtype.itemsize < 8 else float(value)


_OF_NUMPY: dict[str, Callable[[Any], Any]] = {
    "M": _instant_of_numpy, "m": _duration_of_numpy, "f": _float_of_numpy,
}  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _readable(value).strip()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise FactFault("LR402")
    limit = EXACT if isinstance(value, float) else LONGEST_ID
    if not -limit < value < limit:
        raise FactFault("LR402")
    return str(int(value)) if value == int(value) else str(value)


def _readable(text: str) -> str:
    """A text that can be written anywhere: half of a surrogate pair is no sign."""
    if not (text.isascii() or text.isprintable()):
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as fault:
            raise FactFault("LR402") from fault
    return text


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise FactFault("LR402")
    if isinstance(value, str) and not NUMERAL.fullmatch(value.strip()):
        raise FactFault("LR402")
    if isinstance(value, float) and not math.isfinite(value):
        raise FactFault("LR402")
    if isinstance(value, int | float) and not -LARGEST < value < LARGEST:
        raise FactFault("LR406")
    number = meant(value) if isinstance(value, float) else _strictly(value)
    if number is None:
        raise FactFault("LR405")
    if not -LARGEST < number < LARGEST:
        raise FactFault("LR406")
    return number


def _strictly(value: str | int | Decimal) -> Decimal | None:
    """What is written, in text or as a decimal; None where it has more than four decimals."""
    number = Decimal(value)
    if not number.is_finite():
        raise FactFault("LR402")
    if not -LARGEST < number < LARGEST:
        raise FactFault("LR406")
    return number if number == number.quantize(FINEST, context=CONTEXT) else None


def _whole(value: Any) -> int:
    if type(value) is int and -LARGEST < value < LARGEST:
        return value
    number = _number(value)
    if number != int(number):
        raise FactFault("LR402")
    return int(number)


def _share(value: Any) -> Decimal:
    if isinstance(value, str) and value.strip().endswith("%"):
        return _number(CONTEXT.divide(_number(value.strip()[:-1]), Decimal(100)))
    return _number(value)


def _yes_no(value: Any) -> bool:
    if isinstance(value, int | float | Decimal):
        number = meant(value) if isinstance(value, float) and abs(value) < LARGEST else value
        if number not in (0, 1):
            raise FactFault("LR402")
        return number == 1
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in YES and word not in NO:
        raise FactFault("LR402")
    return word in YES


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        parts = re.split("[;；]", _readable(value))
        return tuple(part.strip() for part in parts if part.strip())
    if hasattr(value, "__iter__") and not isinstance(value, dict | bytes | bytearray):
        texts = tuple(_text(part) for part in map(_plain, value) if not is_missing(part))
        return tuple(sorted(texts)) if isinstance(value, set | frozenset) else texts
    raise FactFault("LR402")


def _word(value: Any, kind: Type) -> str:
    text = _text(value)
    if text not in kind.words:
        raise FactFault("LR403")
    return text


def _instant(value: Any, timezone: ZoneInfo) -> datetime:
    return instant_of(_moment(value), timezone)


def _moment(value: Any) -> datetime:
    """The time that a value says, with the offset or without one."""
    if isinstance(value, datetime):
        return plain_of(value)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str):
        return _iso(value.strip())
    raise FactFault("LR402")


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
    moment = _moment(value)
    return moment.date() if moment.tzinfo is None else instant_of(moment, timezone).date()


_READERS: dict[str, Callable[[Any], Value]] = {
    "text": _text, "whole": _whole, "number": _number, "share": _share,
    "yes/no": _yes_no, "list": _list,
}  # fmt: skip
_DATED: dict[str, Callable[[Any, ZoneInfo], Value]] = {"date": _date, "datetime": _instant}
