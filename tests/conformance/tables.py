# SPDX-License-Identifier: Apache-2.0
"""Tables made at random for any policy: facts in all forms that callers hand in, edges and faults too."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from conformance.backends import DTYPES, Column, Columns
from conformance.forms import faulty_forms, sound_forms
from conformance.values import Draw, one_of
from loyaltyrules import Policy
from loyaltyrules.expression.types import Type
from loyaltyrules.fact.declaration import Declaration

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
        for other in subjects[name].also:
            known = ids.get(other, ("s1", "c1", "p1"))
            table[f"{other}_id"] = _links(draw, known, len(table["id"].values))
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
