# SPDX-License-Identifier: Apache-2.0
"""Actions as plain data and back: columns as JSON, CSV and frames hold them, changes with their types."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.host.day import day_of
from loyaltyrules.host.text import quoted, text_of

DAYS = ("due_on", "window_end")
MUST = (
    "action_id", "policy", "rule", "subject", "subject_id", "kind", "status", "priority",
    "policy_version",
)  # fmt: skip
LONGEST_ID = 10**28  # of ids that are numbers
LARGEST = 10**9  # of priorities
OTHERWISE = {"occurrence": "once"}
UTC = ZoneInfo("UTC")
# Types of values that JSON has only as text, each with how its text is read.
READ: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat, "datetime": datetime.fromisoformat, "number": Decimal,
}  # fmt: skip


def as_data(fields: Mapping[str, Any], untold: object) -> dict[str, Any]:
    """The fields of an action as plain data; changes that are `untold` are None."""
    return {
        name: None if value is untold
        else [_pair(name, *each) for each in value] if name in ("sets", "adds")
        else value.isoformat() if isinstance(value, date)
        else value
        for name, value in fields.items()
    }  # fmt: skip


def _pair(name: str, fact: str, value: Any) -> list[Any]:
    """A changed fact; an amount that is added is a number whatever it is written as."""
    kind = _kind(value)
    if kind is None:
        return [fact, list(value) if isinstance(value, tuple) else value]
    text = str(value) if isinstance(value, Decimal) else value.isoformat()
    return [fact, text] if name == "adds" else [fact, text, kind]


def _kind(value: Any) -> str | None:
    if isinstance(value, datetime):
        return "datetime"
    return "date" if isinstance(value, date) else "number" if isinstance(value, Decimal) else None


def told_in(data: Any, name: str) -> tuple[tuple[str, Any], ...] | None:
    """The changes of an action, typed; None where data does not tell them.

    Raises:
        ValueError: they are no pairs of a fact and a value, or a value is not of its type.
    """
    if missing(data):
        return None
    return tuple(_read(each, name) for each in _items(data, name))


def _read(pair: Any, name: str) -> tuple[str, Any]:
    match _items(pair, name):
        case [*texts] if any(isinstance(each, str) and text_of(each) != each for each in texts):
            pass  # half of a sign is no text
        case [str(fact), value] if name == "adds":
            return fact, exact(value, fact)
        case [str(fact), value]:
            return fact, tuple(value) if isinstance(value, list) else value
        case [str(fact), str(text), str(kind)] if kind in READ:
            return fact, _typed(fact, text, kind)
    raise ValueError(f"{name} of an action are pairs of a fact and a value, not {quoted(pair)}")


def _items(data: Any, name: str) -> list[Any]:
    if isinstance(data, Iterable) and not isinstance(data, str):
        with suppress(TypeError):  # an array without a dimension says that it can be gone through
            return [*data]
    raise ValueError(f"{name} of an action are pairs of a fact and a value, not {quoted(data)}")


def _typed(fact: str, text: str, kind: str) -> Any:
    try:
        return READ[kind](text)
    except (ValueError, InvalidOperation) as fault:
        raise ValueError(f"{fact}: {quoted(text)} is no {kind}") from fault


def exact(value: Any, fact: str) -> int | Decimal:
    """A number as it is written, without loss; floats are refused.

    Raises:
        ValueError: no number, or one that is not exact.
    """
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str):
        try:
            number = Decimal(value.strip())
        except InvalidOperation as fault:
            raise ValueError(f"{fact}: {quoted(value)} is no number to add") from fault
    else:
        raise ValueError(
            f"{fact}: {quoted(value)} is no exact number to add: give text or a Decimal"
        )
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError(f"{fact}: {quoted(value)} is no number to add")
    return number


def columns_in(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The columns of an action in their types.

    Raises:
        ValueError: one is missing or cannot be read.
    """
    found = {name: _column(data.get(name), name) for name in names}
    lacking = [name for name in MUST if found[name] is None]
    if lacking:
        raise ValueError(f"this is no action: it lacks {', '.join(lacking)}")
    return {**found, **{n: v for n, v in OTHERWISE.items() if found[n] is None}}


def as_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as Python has them: what a frame of pandas makes of gaps is None, of days a timestamp."""
    return {
        name: None if missing(value) else (name in DAYS and _day(value)) or value
        for name, value in fields.items()
    }  # fmt: skip


def _column(value: Any, name: str) -> Any:
    if missing(value):
        return None
    read = _day if name in DAYS else _whole if name == "priority" else _text
    if (found := read(value)) is None:
        raise ValueError(f"{name} of an action cannot be {quoted(value)}")
    return found


def _text(value: Any) -> str | None:
    """Texts as they are; whole numbers too, which is what ids in some stores are."""
    if isinstance(value, str):
        return value if text_of(value) == value else None  # half of a sign is no text
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole and abs(value) < LONGEST_ID else None


def _day(value: Any) -> date | None:
    return day_of(value, UTC)


def _whole(value: Any) -> int | None:
    """A whole number; one of millions of digits takes long to be written out, so its size comes first."""
    if isinstance(value, complex):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if abs(number) < LARGEST and number == int(number) else None


def no_column(value: Any) -> bool:
    """True of what is neither a text that can be written, nor a number, a day or nothing."""
    if isinstance(value, str):
        return text_of(value) != value
    return not (value is None or isinstance(value, int | float | date))


def missing(value: Any) -> bool:
    """True of an empty cell, as files, JSON and frames have it."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return value == "" if isinstance(value, str) else isinstance(value, float) and value != value
