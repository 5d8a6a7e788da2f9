# SPDX-License-Identifier: Apache-2.0
"""Tables made at random for any policy: facts in all forms that callers hand in, edges and faults too."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from conformance.backends import DTYPES, MIXED, Column, Columns
from conformance.expressions import Draw, one_of
from loyaltyrules import Policy
from loyaltyrules.expression.types import Type
from loyaltyrules.fact.declaration import Declaration

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
LISTS = (None, "", ";", "golf", "golf;茶", "golf；茶 ; 🎁", "茶;golf", "茶;茶")
YES = ("是", "否", "yes", "NO", "1", "0", "", "True", "f", None, "1.0")
IDS = (
    "c1",
    "c2",
    "C03",
    "客户/4",
    "5%",
    "\u00e9",
    "e\u0301",
    "🎁",
    "007",
    "a b",
    "900000000000000001",
    "Z;9",
)
ODD_IDS = (None, "", "　", " c1 ", "c1", "c1", "c2")


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


@st.composite
def tables_of(
    draw: Draw, policy: Policy, on: date, holds: Sequence[str] = DTYPES
) -> dict[str, Columns]:
    """Tables of the policy's subjects, customers always among them; links mostly lead to a row."""
    subjects = policy.vocabulary.subjects
    chosen: list[str] = []
    for name, each in subjects.items():
        gap = len(chosen) > 0 and each.parent not in (None, "store", *chosen)
        if not gap and draw(st.integers(0, 15 if name == "customer" else 5)):
            chosen.append(name)
    chosen = chosen or ["customer"]
    ids: dict[str, Sequence[Any]] = {}
    found: dict[str, Columns] = {}
    for name in chosen:
        declared = policy.vocabulary.declarations[name]
        parents = ids.get(subjects[name].parent or "", ("s1", "c1", "p1"))
        table = draw(_table(declared, subjects[name].link, parents, on, holds))
        ids[name], found[name] = [i for i in table["id"].values if i] or ["c1"], table
    return found


@st.composite
def many_customers(
    draw: Draw, policy: Policy, on: date, holds: Sequence[str] = DTYPES
) -> dict[str, Columns]:
    """One table of sixteen customers with all their facts, all of which can be read."""
    columns = {"id": Column("text", [f"c{n}" for n in range(16)])}
    for name, each in policy.vocabulary.declarations["customer"].items():
        columns[name] = _column(draw, each.type, 16, on, holds, False)
    return {"customer": columns}


@st.composite
def _table(
    draw: Draw, declared: Mapping[str, Declaration], link: str, parents: Sequence[Any], on: date,
    holds: Sequence[str],
) -> Columns:  # fmt: skip
    ids = _ids(draw)
    faulty = one_of(draw, [*declared, *[None] * 3 * len(declared)])  # in one table of four
    columns: dict[str, Column] = {"id": Column("text", ids)}
    for name, each in declared.items():
        if name in ("id", link):
            continue
        if draw(st.integers(0, 9)):
            columns[name] = _column(draw, each.type, len(ids), on, holds, name == faulty)
    if link:
        columns[link] = _links(draw, parents, len(ids))
    if not draw(st.integers(0, 5)):
        columns["amout"] = Column("int64", [7] * len(ids))
    _repeat(draw, columns)
    return {name: columns[name] for name in draw(st.permutations(list(columns)))}


def _ids(draw: Draw) -> list[Any]:
    count = one_of(draw, (0, 1, 2, 4, 5, 7, 9, 11))
    ids: list[Any] = draw(st.permutations(IDS))[:count]
    if ids and not draw(st.integers(0, 7)):
        ids[draw(st.integers(0, count - 1))] = one_of(draw, ODD_IDS)
    return ids


def _column(
    draw: Draw, kind: Type, count: int, on: date, holds: Sequence[str], bad: bool
) -> Column:
    forms = faulty_forms(kind) if bad else sound_forms(kind, on)
    dtype, values = one_of(draw, [each for each in forms if each[0] in holds])
    if not bad and not draw(st.integers(0, 30)):
        return Column("null" if "null" in holds else dtype, [None] * count)
    return Column(dtype, [one_of(draw, values) for _ in range(count)])


def _links(draw: Draw, parents: Sequence[Any], count: int) -> Column:
    others = (*parents, *parents, *parents, parents[0], "nobody", None)
    return Column("text", [one_of(draw, others) for _ in range(count)])


def _repeat(draw: Draw, columns: dict[str, Column]) -> None:
    """Now and then a row stands there twice."""
    count = len(columns["id"].values)
    if count and not draw(st.integers(0, 7)):
        place = draw(st.integers(0, count - 1))
        for name, each in columns.items():
            columns[name] = Column(each.dtype, [*each.values, each.values[place]])


def rows_of(columns: Columns) -> list[dict[str, Any]]:
    """Columns as plain rows."""
    count = len(next(iter(columns.values())).values)
    return [{name: each.values[n] for name, each in columns.items()} for n in range(count)]
