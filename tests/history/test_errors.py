# SPDX-License-Identifier: Apache-2.0
"""What is wrong with raw tables is a problem: its code, its place and the remedy, in two languages."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest

from loyaltyrules import FrameError
from loyaltyrules.history import (
    FaultyColumnError,
    HistoryError,
    MissingColumnError,
    MissingTableError,
    facts_as_of,
)
from loyaltyrules.problem.codes import CODES
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import message, remedy

KINDS = [pl.DataFrame, pl.LazyFrame, pd.DataFrame]
ON = date(2027, 2, 5)
GOOD = {"customer_id": ["01", "02", "03"], "occurred_at": ["2027-01-01"] * 3, "amount": [1.0] * 3}
CONTACT = {"customer_id": ["01", "02", "03"], "at": ["2027-01-01"] * 3, "direction": ["out"] * 3}


def refused(tables: Mapping[str, Any], **arguments: Any) -> HistoryError:
    """What `facts_as_of` says to tables or arguments that cannot give facts."""
    with pytest.raises(HistoryError) as caught:
        facts_as_of(tables, **{"on": ON, **arguments})
    return caught.value


def codes(error: HistoryError) -> list[str]:
    return [each.code for each in error.problems]


def details(error: HistoryError, *names: str) -> list[tuple[str, ...]]:
    told = (dict(each.details) for each in error.problems)
    return [tuple(each[name] for name in names) for each in told]


class Held(str):
    """A number as any kind of frame writes it."""

    def __eq__(self, other: object) -> bool:
        return float(self) == float(str(other))

    __hash__ = str.__hash__


def held(cell: Any) -> str:
    return Held(cell) if isinstance(cell, float) else cell


def test_without_purchases_there_are_no_facts() -> None:
    error = refused({"customer": pl.DataFrame({"id": ["01"]})})
    assert isinstance(error, MissingTableError) and error.table == "purchase"
    assert (codes(error), details(error, "names")) == (["LR430"], [("customer",)])
    assert codes(refused({})) == ["LR430"]


def test_faults_are_caught_as_faults_of_tables_and_as_wrong_values() -> None:
    error = refused({})
    assert isinstance(error, FrameError) and isinstance(error, ValueError)
    assert "docs/reference/problems.md#lr430" in str(error)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", list(GOOD))
def test_a_missing_column_is_named(kind: Callable[..., Any], column: str) -> None:
    table = kind({name: cells for name, cells in GOOD.items() if name != column})
    error = refused({"purchase": table})
    assert isinstance(error, MissingColumnError)
    assert (codes(error), error.table, error.column) == (["LR431"], "purchase", column)


def test_a_missing_column_of_other_tables_is_named_with_the_near_one() -> None:
    tables = {"purchase": pl.DataFrame(GOOD), "customer": pl.DataFrame({"ID": ["01"]})}
    assert details(refused(tables), "table", "name", "near") == [("customer", "id", "ID")]
    tables = {"purchase": pl.DataFrame(GOOD), "contact": pl.DataFrame({"customer_id": ["01"]})}
    assert details(refused(tables), "name") == [("at",), ("direction",)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("column", "cells", "code"),
    [
        ("occurred_at", ["2027-01-01", "2025-02-29", "2027-13-01"], "LR435"),
        ("occurred_at", ["2027-01-01", "2027-01-01T10:00:00Z", "20270101"], "LR435"),
        ("occurred_at", ["2027-01-01", "", None], "LR435"),
        ("occurred_at", ["2027-01-01", "2027-01-01T24:00", "2100-02-29"], "LR435"),
        ("amount", [1.0, float("inf"), 1 / 3], "LR436"),
        ("amount", [1.0, 0.00001, None], "LR436"),
        ("amount", ["1", "1,5", ""], "LR436"),
        ("points_earned", [1.0, 1.5, None], "LR438"),
        ("points_earned", ["1", "x", ""], "LR438"),
        ("returned", ["no", "maybe", "2"], "LR439"),
    ],
)
def test_of_unreadable_cells_the_first_is_told_and_how_many_there_are(
    kind: Callable[..., Any], column: str, cells: Any, code: str
) -> None:
    error = refused({"purchase": kind({**GOOD, column: cells})})
    assert isinstance(error, FaultyColumnError)
    assert (codes(error), error.table, error.counts) == ([code], "purchase", {column: 2})
    assert details(error, "field", "row", "id") == [(column, "2", "02")]
    assert details(error, "value") == [(held(cells[1]),)]


@pytest.mark.parametrize("kind", KINDS)
def test_faults_of_all_columns_are_told_together(kind: Callable[..., Any]) -> None:
    faulty = {"occurred_at": ["?", "2027-01-01", "2027-01-01"], "amount": [1.0, 1 / 3, 0.00001]}
    error = refused({"purchase": kind({**GOOD, **faulty})})
    assert isinstance(error, FaultyColumnError)
    assert error.counts == {"occurred_at": 1, "amount": 2}
    assert details(error, "field", "row") == [("occurred_at", "1"), ("amount", "2")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_of_a_purchase_of_nobody_is_told_without_an_id(kind: Callable[..., Any]) -> None:
    faulty = {"customer_id": [None, "02", "03"], "occurred_at": ["?", "?", "2027-01-01"]}
    assert details(refused({"purchase": kind({**GOOD, **faulty})}), "row", "id") == [("1", "–")]


@pytest.mark.parametrize("kind", KINDS)
def test_ids_read_as_floats_are_refused(kind: Callable[..., Any]) -> None:
    error = refused({"purchase": kind({**GOOD, "customer_id": [None, 1.0, 2.0]})})
    assert isinstance(error, FaultyColumnError)
    assert (codes(error), error.counts) == (["LR434"], {"customer_id": 2})
    assert details(error, "row", "value") == [("2", held(1.0))]
    tables = {"purchase": kind(GOOD), "customer": kind({"id": [1.0, None]})}
    assert details(refused(tables), "table", "field", "count") == [("customer", "id", "1")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_direction_is_in_or_out(kind: Callable[..., Any]) -> None:
    contact = kind({**CONTACT, "direction": ["out", "up", None]})
    error = refused({"purchase": kind(GOOD), "contact": contact})
    assert codes(error) == ["LR440"]
    assert details(error, "table", "row", "id", "value", "count") == [
        ("contact", "2", "02", "up", "2")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_points_must_be_known_from_somewhere(kind: Callable[..., Any]) -> None:
    tables = {"purchase": kind({**GOOD, "points_earned": [1, None, None]})}
    assert codes(refused(tables)) == ["LR438"]
    facts_as_of(tables, on=ON, points_per_amount=1)
    tables = {"purchase": kind({**GOOD, "points_earned": ["y", "x", ""]})}
    error = refused(tables, points_per_amount=1)
    assert (codes(error), details(error, "count")) == (["LR437"], [("2",)])


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        (0.1, "LR441"), (True, "LR441"), ("many", "LR441"), ((), "LR441"), (-1, "LR442"),
        (Decimal("NaN"), "LR442"), (Decimal("Infinity"), "LR442"), (10**17, "LR442"),
        (Decimal("0.123456789123"), "LR443"),
    ],
)  # fmt: skip
def test_a_rate_of_points_must_be_exact_and_useful(rate: Any, code: str) -> None:
    error = refused({"purchase": pl.DataFrame(GOOD)}, points_per_amount=rate)
    assert (codes(error), details(error, "value")) == ([code], [(str(rate),)])


def test_kinds_of_frames_are_not_mixed() -> None:
    tables = {"purchase": pl.DataFrame(GOOD), "customer": pl.LazyFrame({"id": ["01"]})}
    error = refused(tables)
    assert codes(error) == ["LR432"]
    assert details(error, "names") == [
        ("purchase (polars.DataFrame), customer (polars.LazyFrame)",)
    ]


def test_what_is_no_frame_is_named() -> None:
    error = refused({"purchase": [GOOD]})
    assert (codes(error), details(error, "table", "found")) == (["LR433"], [("purchase", "list")])


def test_columns_of_one_name_are_told() -> None:
    error = refused({"purchase": pd.DataFrame([[1, 2]], columns=["amount", "amount"])})
    assert (codes(error), details(error, "names")) == (["LR425"], [("amount",)])


@pytest.mark.parametrize("on", ["2027-2-5", "2027-02", None, 20270205, pd.NaT])
def test_what_names_no_day_is_told(on: Any) -> None:
    assert codes(refused({"purchase": pl.DataFrame(GOOD)}, on=on)) == ["LR444"]


@pytest.mark.parametrize("on", [date.min, date(3, 12, 31), date.max])
def test_a_day_whose_year_before_is_no_date_is_told(on: date) -> None:
    assert codes(refused({"purchase": pl.DataFrame(GOOD)}, on=on)) == ["LR306"]


@pytest.mark.parametrize("on", [date(4, 1, 1), date(9999, 12, 30)])
def test_the_first_and_the_last_day_have_facts(on: date) -> None:
    assert facts_as_of({"purchase": pl.DataFrame(GOOD)}, on=on).height == 3


def faults() -> list[Problem]:
    """One problem of every kind that this stage knows."""
    purchase, contact = pl.DataFrame(GOOD), pl.DataFrame(CONTACT)
    cells = {
        "customer_id": [1.0] * 3, "occurred_at": ["一月"] * 3, "amount": ["一元"] * 3,
        "points_earned": ["若干"] * 3, "returned": ["也许"] * 3,
    }  # fmt: skip
    wrong = pl.DataFrame({**GOOD, **cells})
    errors = [
        refused({"客户": purchase}),
        refused({"purchase": purchase.drop("amount")}),
        refused({"purchase": purchase, "contact": contact.lazy()}),
        refused({"purchase": 7}),
        refused({"purchase": wrong}),
        refused({"purchase": wrong}, points_per_amount=1),
        refused({"purchase": purchase, "contact": contact.with_columns(direction=pl.lit("上"))}),
        *(refused({"purchase": purchase}, points_per_amount=rate) for rate in ("一", -1)),
        refused({"purchase": purchase}, points_per_amount=Decimal("0.123456789123")),
        refused({"purchase": purchase}, on="今天"),
    ]
    return [problem for error in errors for problem in error.problems]


NAMES = {
    "points_per_amount", "csv", "jsonl", "parquet", "yyyy-mm-dd", "T", "on", "in", "out",
    "true", "false", "yes", "no", "Decimal", "Polars", "pandas", "PyArrow",
}  # fmt: skip


def test_every_fault_of_this_stage_is_listed_here() -> None:
    own = {code for code in CODES if "LR430" <= code <= "LR444"}
    assert {each.code for each in faults()} == own


@pytest.mark.parametrize("told", faults(), ids=lambda told: str(told.code))
def test_faults_are_told_in_both_languages_without_a_word_of_the_other(told: Problem) -> None:
    english, chinese = (
        f"{message(told, language)} {remedy(told, language)}" for language in ("en", "zh")
    )
    given = " ".join(text for _, text in told.details)
    assert not re.findall(r"[一-鿿]", re.sub(f"[{given}是否]", "", english))
    words = set(re.findall(r"[A-Za-z][A-Za-z_-]*", chinese))
    assert words - NAMES - set(re.findall(r"[A-Za-z][A-Za-z_-]*", given)) == set()
    assert all(text in english and text in chinese for name, text in told.details if name != "near")
