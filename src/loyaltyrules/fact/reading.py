# SPDX-License-Identifier: Apache-2.0
"""One reader a fact, made once: values as they mostly come are taken at once, all others by `coerce`.

A reader never decides what a value means. It knows a few exact types and shapes for which
`coerce` would answer the same, and leaves everything else, faults too, to `coerce`.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from loyaltyrules.expression.types import Type
from loyaltyrules.fact.coerce import LARGEST, NO, YES, coerce

Read: TypeAlias = Callable[
    [Any], Any
]  # the value of a fact, None when missing; may raise FactFault
ISO_DATE = 10  # characters of 2027-02-05


def reader(kind: Type, timezone: ZoneInfo) -> Read:
    """What reads the values of one fact, as `coerce` does."""
    rest = partial(coerce, kind=kind, timezone=timezone)
    if kind.kind == "word":
        return _one_of({word: word for word in kind.words if word and word == word.strip()}, rest)
    if kind.kind == "yes/no":
        return _yes_no(_one_of(dict.fromkeys(YES, True) | dict.fromkeys(NO, False), rest))
    made = {"text": _text, "whole": _whole, "date": _date}.get(kind.kind)
    return made(rest) if made else rest


def _text(rest: Read) -> Read:
    def read(value: Any) -> Any:
        if type(value) is str and (value.isascii() or value.isprintable()):
            return value.strip() or None
        return rest(value)

    return read


def _whole(rest: Read) -> Read:
    def read(value: Any) -> Any:
        return value if type(value) is int and -LARGEST < value < LARGEST else rest(value)

    return read


def _yes_no(rest: Read) -> Read:
    def read(value: Any) -> Any:
        return value if value is True or value is False else rest(value)

    return read


def _one_of(known: dict[str, Any], rest: Read) -> Read:
    """Texts that mean a value as they stand; others may need trimming, or are faults."""

    def read(value: Any) -> Any:
        return known[value] if type(value) is str and value in known else rest(value)

    return read


def _date(rest: Read) -> Read:
    def read(value: Any) -> Any:
        if type(value) is str and len(value) == ISO_DATE and value[4] == value[7] == "-":
            try:
                return date.fromisoformat(value)
            except ValueError:
                return rest(value)
        return value if type(value) is date else rest(value)

    return read
