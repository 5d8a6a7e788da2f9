# SPDX-License-Identifier: Apache-2.0
"""How a day is written that somebody wrote as people say it: `腊月三十`, `清明`, `5月1日`."""

import re
from typing import assert_never

from loyaltyrules.calendar import (
    MONTHS,
    ORDINALS,
    WEEKDAYS,
    DateRule,
    Lunar,
    LunarYearEnd,
    NthWeekday,
    Solar,
    SolarTerm,
    never_comes,
)
from loyaltyrules.calendar.festivals import FESTIVALS

NUMERALS = {sign: number for number, sign in enumerate("〇一二三四五六七八九十")}
MONTH_SIGNS = {"正": 1, "元": 1, "冬": 11, "腊": 12}
SAID = re.compile(r"(?:农历|阴历|公历|阳历)?(\w{1,3}?)月(初?\w{1,3}?)[日号]?")
IN_FIGURES = re.compile(r"(\d{1,2})\D(\d{1,2})")
OF_THE_MOON = re.compile("农历|阴历|[正冬腊]月|初")
ORDINAL = {number: name for name, number in ORDINALS.items()}


def written_as(way: str, text: str) -> str:
    """The line of an occasion that says the day of a text, or an empty text where none is known."""
    rule = _festival(text) or _said(way, text)
    return _line(rule) if rule is not None and not never_comes(rule) else ""


def _festival(text: str) -> DateRule | None:
    own = text.removesuffix("节")
    found = (rule for title, rule in FESTIVALS.values() if own and title.removesuffix("节") == own)
    return next(found, None)


def _said(way: str, text: str) -> DateRule | None:
    match = SAID.fullmatch(text) or IN_FIGURES.fullmatch(text)
    if match is None or way not in ("solar", "lunar"):
        return None
    month, day = (
        MONTH_SIGNS.get(match[1]) or _number(match[1]),
        _number(match[2].removeprefix("初")),
    )
    if way == "solar" and not OF_THE_MOON.search(text):
        return Solar(month, day)
    return LunarYearEnd() if (month, day) == (12, 30) else Lunar(month, day)


def _number(text: str) -> int:
    """A number in figures, or as it is said: `十五`, `二十`, `廿三`; else 0, which is no day."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.replace("廿", "二十").rpartition("十")
    if not {*tens, *ones} <= NUMERALS.keys() or max(len(tens), len(ones)) > 1:
        return 0
    return (NUMERALS.get(tens, 1) * 10 if ten else 0) + NUMERALS.get(ones, 0)


def _line(rule: DateRule) -> str:
    match rule:
        case Solar(month, day):
            return f"solar: {month:02}-{day:02}"
        case Lunar(month, day):
            return f"lunar: {month}/{day}"
        case NthWeekday(nth, weekday, month):
            return f"nth: {ORDINAL[nth]} {WEEKDAYS[weekday]} of {MONTHS[month - 1]}"
        case SolarTerm(name):
            return f"term: {name}"
        case LunarYearEnd():
            return "year_end: lunar"
        case _:
            assert_never(rule)
