# SPDX-License-Identifier: Apache-2.0
"""The forms in which callers hand in the values of a fact: types of columns, edges, and faults."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from conformance.backends import MIXED
from loyaltyrules.expression.types import Type

Form = tuple[str, Sequence[Any]]  # the type of a column, and values of it
Forms = Sequence[Form]
NAN = float("nan")
LARGE = 99999999999999  # fourteen digits; one more is too large
WHOLE = (None, 0, 1, 2, 3, 99, 100, 101, 1999, 2000, 2001, 5000, -1, LARGE, -LARGE)
MONEY = (
    None, "0", "0.0001", "99.9999", "100", "100.0001", "1999.9999", "2000", "2000.0001", "33.3333",
    "-0.5", "99999999999999.9999", "0.2", "12.5",
)  # fmt: skip
EAST, WEST = timezone(timedelta(hours=8)), timezone(-timedelta(hours=11))
TEXTS = (
    None, "golf", " golf ", "茶", "", "　", "x/y%z", "\u00e9", "e\u0301", "🎁", "A", "007", "golf;茶", "　茶",
)  # fmt: skip
TURNS = (  # of the clocks in several zones: what comes twice, what is left out, fractions
    None, "2026-11-01T01:30", "2026-11-01T01:30-05:00", "2027-03-14T02:30", "2026-10-04T02:15",
    "2026-04-05T01:45", "2026-11-01T00:30", "2027-02-05T10:00:00.000001",
)  # fmt: skip
CLOCKS = ("00:00", "09:00", "10:30", "23:59")
LISTS = (None, "", ";", "golf", "golf;茶", "golf；茶 ; 🎁", "茶;golf", "茶;茶")
YES = ("是", "否", "yes", "NO", "1", "0", "", "True", "f", None, "1.0")


def days_near(on: date) -> list[Any]:
    """Dates at the edges: of the day itself, of a year of idleness, of months, of the calendar."""
    near = [on + timedelta(days=n) for n in (-3, -2, -1, 0, 1, 2, 3, -30, -365, -366, -364)]
    fixed = [
        date(2024, 2, 29), date(2027, 2, 28), date(2026, 12, 31), date(2027, 1, 1),
        date(1901, 2, 19), date(2099, 12, 31), date(1980, 2, 29), date(9999, 12, 31),
    ]  # fmt: skip
    return [None, None, *near, *fixed]


def sound_forms(kind: Type, on: date) -> Forms:
    """The forms of a fact's values that can be read."""
    days = days_near(on)
    moments = [
        None if day is None else datetime(day.year, day.month, day.day, 23, 59, 58) for day in days
    ]
    safe = [each for each in moments if each is None or 1901 < each.year < 2099]
    match kind.kind:
        case "whole":
            floats = [NAN if each is None else float(each) for each in WHOLE]
            return [
                ("int64", WHOLE), ("int8", (None, 0, 1, 2, 99, 100, -1)), ("uint16", (None, 0, 2000)),
                ("uint64", (None, 0, 100, LARGE)), ("float64", floats), ("float64", (None, 0.0, 2000.0)),
                ("text", ("", None, "1999", " 2000 ", "5000.0", "5e3", "+100", "002")),
                ("decimal", [None if each is None else Decimal(each) for each in WHOLE]),
            ]  # fmt: skip
        case "number" | "share":
            floats = [NAN, None, *(float(each) for each in MONEY if each and len(each) < 15)]
            shares = (None, "20%", "0.2", "12.5 %", "") if kind.kind == "share" else ("", *MONEY)
            return [
                ("float64", floats), ("text", shares), ("int64", (None, 0, 1, 100, 2000)),
                ("decimal", [None if each is None else Decimal(each) for each in MONEY]),
                ("uint16", (None, 0, 100, 2000)), ("int8", (None, 0, 100, -1)),
            ]  # fmt: skip
        case "date":
            return [
                ("date", days), ("date", days), ("text", ["", *(day and str(day) for day in days)]),
                ("datetime", safe), ("instant", _instants(safe)), ("text", _offsets(safe)),
            ]  # fmt: skip
        case "datetime":
            return [
                ("datetime", safe), ("text", ["", *(each and each.isoformat() for each in moments)]),
                ("instant", _instants(safe)), ("text", _offsets(safe)), ("date", days),
                ("text", [*TURNS, *(f"{on}T{clock}" for clock in CLOCKS)]),
                ("text", [day and str(day) for day in days]),
            ]  # fmt: skip
        case "yes/no":
            return [
                ("bool", (True, False, None)), ("text", YES), ("float64", (1.0, 0.0, NAN, None)),
                ("int8", (0, 1, None)), ("category", ("yes", "no", None)),
            ]  # fmt: skip
        case "list":
            return [
                ("text", LISTS), ("texts", (None, [], ["golf"], ["golf", "茶"], ["茶", " ", "golf"])),
                ("category", ("golf", "golf;茶", None)),
            ]  # fmt: skip
        case "word":
            words = (*kind.words, *kind.words, None, "")
            return [
                ("text", (*words, f" {kind.words[0]} ")),
                ("category", (*kind.words, None)),
                ("enum", (*kind.words, None)),
            ]
    return [
        ("text", TEXTS), ("category", ("golf", "茶", None)), ("int64", (None, 0, 13800000001)),
        ("float64", (NAN, 5.0, 2.5, 13800000001.0)), ("decimal", (None, Decimal(8), Decimal(7))),
    ]  # fmt: skip


def _instants(moments: Sequence[datetime | None]) -> list[datetime | None]:
    return [each and each.replace(hour=16, tzinfo=UTC) for each in moments]


def _offsets(moments: Sequence[datetime | None]) -> list[str | None]:
    return [
        each and each.replace(tzinfo=zone).isoformat() for each in moments for zone in (EAST, WEST)
    ]


FAULTY: Mapping[str, Forms] = {
    "whole": (
        ("text", ("x", "2000", "1,000", "٣", "1e20")), ("float64", (2000.5, 2000.0, 1e15)),
        (MIXED, (2000, "x", True, Decimal("2000"), None, 10**14)), ("uint64", (2**64 - 1, 5)),
        ("int64", (10**14, -(10**14), 5)), ("bool", (True, None)),
    ),
    "number": (
        ("int64", (10**14, 5, None)),
        ("float64", (0.00001, 1e15, 100.0, float("inf"))), ("text", ("0.00001", "abc", "100", "1e400")),
        ("decimal", (Decimal("0.00001"), Decimal(100), Decimal(10) ** 14)), (MIXED, ("x", 5, None, 0.5)),
    ),
    "date": (
        ("text", ("2026-02-30", "gestern", "2027/02/05", "2026-02-04", "20270205")), ("int64", (20270205,)),
        (MIXED, (date(2027, 2, 4), "2027-02-05", datetime(2026, 2, 5, 1), 5)),
    ),
    "yes/no": (("text", ("vielleicht", "yes")), ("int8", (0, 2)), (MIXED, (True, "是", 0, "?", None))),
    "list": (("int64", (5, None)), (MIXED, ("golf", ["golf", "茶"], 5, None))),
    "word": (("text", ("A", "D", "a", "formal")), ("int64", (1,)), (MIXED, ("A", 1, None))),
    "text": (("bool", (True, False, None)), (MIXED, ("golf", 1, 1.0, True, None)), ("float64", (1e16, NAN))),
}  # fmt: skip
LIKE = {"share": "number", "datetime": "date"}


def faulty_forms(kind: Type) -> Forms:
    """The forms of a fact's values of which some cannot be read."""
    return FAULTY[LIKE.get(kind.kind, kind.kind)]
