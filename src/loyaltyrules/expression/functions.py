# SPDX-License-Identifier: Apache-2.0
"""The closed list of functions of the policy language; plug-ins pass further tables of the same shape.

All that is known of a function stands with it here: no other module asks for one by its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from loyaltyrules.calendar import (
    WEEKDAYS,
    Period,
    minutes_between,
    month_length,
    months_between,
)
from loyaltyrules.expression.tree import Form
from loyaltyrules.expression.types import (
    COUNTED,
    DATE,
    DATED,
    LIST,
    NOT_HAPPENED,
    NUMBER,
    PERIOD,
    TEXT,
    WHOLE,
    YES_NO,
    Type,
    common,
)

Kinds: TypeAlias = tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language.

    `result` gives the type for argument types, or None when they do not fit; `apply` the value.

    What is done with missing arguments: with one of them the answer is missing too, unless the
    function `skips_missing`, is handed present arguments only and may answer without any, or
    `sees_missing`, and is handed None or `NOT_HAPPENED` in their places.

    `selects`: it answers one of those arguments that are there, chosen by their places or their
    order alone, never by how far apart they are; without any the answer is missing. So comparing
    its answer with a constant asks no more of a record than comparing each argument with it.
    `monotone`: it never turns back while its first argument, a date, grows.
    `typed`: `apply` is handed the type of the answer before the arguments.
    `names_missing`: it takes facts, and `apply` is handed the name of each that is missing, else
    an empty text.
    `reveals`: false where the answer tells no value of any argument, only something about it.
    `form`: how columns compute it; None: the facts that it reads are taken whole, always right.
    """

    result: Callable[[Kinds], Type | None]
    apply: Callable[..., Any]
    skips_missing: bool = False
    monotone: bool = False
    selects: bool = False
    sees_missing: bool = False
    typed: bool = False
    names_missing: bool = False
    reveals: bool = True
    form: Form | None = None


def days_between(start: date, end: date) -> int:
    return (_day(end) - _day(start)).days


def years_between(start: date, end: date) -> int:
    return months_between(_day(start), _day(end)) // 12


def _months(start: date, end: date) -> int:
    return months_between(_day(start), _day(end))


def hours_between(start: datetime, end: datetime) -> int:
    return minutes_between(start, end) // 60


def _so_many_days(number: Any) -> Period:
    """A period of whole days: what is begun of one more does not count."""
    return Period(days=int(Decimal(number).to_integral_value(ROUND_FLOOR)))


def _days_counted(given: Kinds) -> Type | None:
    """A period where a number stands alone, without a unit or of days."""
    fits = len(given) == 1 and given[0].kind in COUNTED and given[0].unit in ("", "days")
    return PERIOD if fits else None


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _month_end(moment: date) -> date:
    return _day(moment).replace(day=month_length(moment.year, moment.month))


def _year_month(moment: date) -> str:
    return f"{moment:%Y-%m}"


def _names(*names: Any) -> tuple[str, ...]:
    """What the resolver makes of `lacking`: for each fact its name, or nothing where it is there."""
    return tuple(name for name in names if name)


def _size(*lists: Any) -> int:
    """A missing list has no items, as an empty one."""
    return len(lists[0]) if lists else 0


def _rounded(rounding: str) -> Callable[[Decimal], int]:
    return lambda number: int(Decimal(number).to_integral_value(rounding))


def _mean(*pairs: Any) -> Any:
    """The weighted mean of value, weight, value, weight …; the missing values are left out."""
    present = [
        (Decimal(value), weight)
        for value, weight in zip(pairs[::2], pairs[1::2], strict=True)
        if value is not None and value is not NOT_HAPPENED and weight is not None
    ]
    total = sum(weight for _, weight in present)
    return sum(value * weight for value, weight in present) / Decimal(total) if total else None


def _pairs(given: Kinds) -> Type | None:
    paired = bool(given) and len(given) % 2 == 0
    return NUMBER if paired and all(each.kind in COUNTED for each in given) else None


def _numbers(given: Kinds) -> Type | None:
    """Numbers of any kinds and of one unit."""
    return common(given) if given and all(each.kind in COUNTED for each in given) else None


def _dates(given: Kinds) -> Type | None:
    same = len({each.kind for each in given}) == 1 and given[0].kind in DATED
    return given[0] if same else None


def _shape(result: Type, *kinds: frozenset[str]) -> Callable[[Kinds], Type | None]:
    def check(given: Kinds) -> Type | None:
        fits = len(given) == len(kinds) and all(
            each.kind in kind for each, kind in zip(given, kinds, strict=True)
        )
        return result if fits else None

    return check


def _without(these: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in these if each not in others)


def _both(these: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in these if each in others)


def _chosen(*pairs: Any) -> tuple[str, ...]:
    """The words of word, condition, word, condition … whose condition holds."""
    return tuple(word for word, holds in zip(pairs[::2], pairs[1::2], strict=True) if holds)


def _words_and_conditions(given: Kinds) -> Type | None:
    words, conditions = given[::2], given[1::2]
    fits = bool(given) and len(words) == len(conditions)
    fits = fits and all(each.kind in ("text", "word") for each in words)
    return LIST if fits and all(each.kind == "yes/no" for each in conditions) else None


def _pair(given: Kinds) -> Type | None:
    return common(given) if len(given) == 2 else None


def _word_and_steps(given: Kinds) -> Type | None:
    fits = len(given) == 2 and given[0].kind == "word" and given[1].kind == "whole"
    return given[0] if fits else None


def _first(*present: Any) -> Any:
    return present[0]


def _stepped(direction: int) -> Callable[[Type, str, int], str]:
    def step(kind: Type, word: str, steps: int) -> str:
        words = kind.words
        return words[min(len(words) - 1, max(0, words.index(word) + direction * steps))]

    return step


_DATES = frozenset(DATED)
_LISTS = frozenset({"list"})
_TWO_DATES = (_DATES, _DATES)
_TWO_INSTANTS = (frozenset({"datetime"}), frozenset({"datetime"}))

FUNCTIONS: Mapping[str, Function] = {
    "days_between": Function(
        _shape(Type("whole", "days"), *_TWO_DATES), days_between, monotone=True
    ),
    "months_between": Function(
        _shape(Type("whole", "months"), *_TWO_DATES), _months, monotone=True
    ),
    "years_between": Function(
        _shape(Type("whole", "years"), *_TWO_DATES), years_between, monotone=True
    ),
    "minutes_between": Function(
        _shape(Type("whole", "minutes"), *_TWO_INSTANTS), minutes_between, monotone=True
    ),
    "hours_between": Function(
        _shape(Type("whole", "hours"), *_TWO_INSTANTS), hours_between, monotone=True
    ),
    "days": Function(_days_counted, _so_many_days),
    "date": Function(_shape(DATE, _DATES), _day, monotone=True),
    "weekday": Function(
        _shape(Type("word", words=WEEKDAYS), _DATES), lambda day: WEEKDAYS[day.weekday()]
    ),
    "year": Function(_shape(WHOLE, _DATES), lambda day: day.year, monotone=True),
    "month": Function(_shape(WHOLE, _DATES), lambda day: day.month),
    "day": Function(_shape(WHOLE, _DATES), lambda day: day.day),
    "month_end": Function(_shape(DATE, _DATES), _month_end, monotone=True),
    "year_month": Function(_shape(TEXT, _DATES), _year_month),
    "floor": Function(_shape(WHOLE, COUNTED), _rounded(ROUND_FLOOR), form="floor"),
    "round": Function(_shape(WHOLE, COUNTED), _rounded(ROUND_HALF_UP)),
    "abs": Function(_shape(NUMBER, COUNTED), abs, form="absolute"),
    "min": Function(_numbers, lambda *numbers: min(numbers), form="least"),
    "max": Function(_numbers, lambda *numbers: max(numbers), form="greatest"),
    "latest": Function(_dates, lambda *days: max(days), selects=True, form="latest there"),
    "earliest": Function(_dates, lambda *days: min(days), selects=True, form="earliest there"),
    "or_else": Function(_pair, _first, selects=True, form="first there"),
    "filled": Function(
        lambda given: WHOLE, lambda *present: len(present), skips_missing=True, reveals=False
    ),
    "lacking": Function(lambda given: LIST, _names, names_missing=True, reveals=False),
    "size": Function(_shape(WHOLE, _LISTS), _size, skips_missing=True),
    "mean": Function(_pairs, _mean, sees_missing=True),
    "any_in": Function(_shape(YES_NO, _LISTS, _LISTS), lambda a, b: bool(set(a) & set(b))),
    "all_in": Function(_shape(YES_NO, _LISTS, _LISTS), lambda a, b: set(a) <= set(b)),
    "without": Function(_shape(LIST, _LISTS, _LISTS), _without),
    "both": Function(_shape(LIST, _LISTS, _LISTS), _both),
    "chosen": Function(_words_and_conditions, _chosen),
    "lower": Function(_word_and_steps, _stepped(1), typed=True),
    "higher": Function(_word_and_steps, _stepped(-1), typed=True),
}
SINCE: Mapping[str, str] = {  # what is counted from one date to another, from a date up to today
    "days_since": "days_between",
    "months_since": "months_between",
    "years_since": "years_between",
    "age": "years_between",
}
