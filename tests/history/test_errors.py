# SPDX-License-Identifier: Apache-2.0
"""What is wrong with raw tables is told with its table, its column and the remedy."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest

from loyaltyrules.history import (
    FaultyColumnError,
    HistoryError,
    MissingColumnError,
    MissingTableError,
    facts_as_of,
)

KINDS = [pl.DataFrame, pl.LazyFrame, pd.DataFrame]
ON = date(2027, 2, 5)
GOOD = {"customer_id": ["01"] * 3, "occurred_at": ["2027-01-01"] * 3, "amount": [1.0, 2.0, 3.0]}


def test_without_purchases_there_are_no_facts() -> None:
    with pytest.raises(MissingTableError, match=r"'purchase' is missing \(given: customer\)") as e:
        facts_as_of({"customer": pl.DataFrame({"id": ["01"]})}, on=ON)
    assert isinstance(e.value, ValueError)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", list(GOOD))
def test_a_missing_column_is_named(kind: Callable[..., Any], column: str) -> None:
    table = kind({name: cells for name, cells in GOOD.items() if name != column})
    with pytest.raises(MissingColumnError, match=f"'purchase' has no column '{column}'"):
        facts_as_of({"purchase": table}, on=ON)


def test_a_missing_column_of_other_tables_is_named() -> None:
    purchase = pl.DataFrame(GOOD)
    with pytest.raises(MissingColumnError, match="'customer' has no column 'id'"):
        facts_as_of({"purchase": purchase, "customer": pl.DataFrame({"ID": ["01"]})}, on=ON)
    contact = pl.DataFrame({"customer_id": ["01"], "at": [ON]})
    with pytest.raises(MissingColumnError, match="'contact' has no column 'direction'"):
        facts_as_of({"purchase": purchase, "contact": contact}, on=ON)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("occurred_at", ["2025-02-29", "2027-01-01", "2027-13-01"]),
        ("occurred_at", ["2027-01-01T10:00:00Z", "2027-01-01", "20270101"]),
        ("occurred_at", [None, "2027-01-01", ""]),
        ("occurred_at", ["2027-01-01T24:00", "2027-01-01", "2100-02-29"]),
        ("amount", [float("inf"), 1.0, 1 / 3]),
        ("amount", [None, 1.0, 0.00001]),
        ("amount", ["", "1", "1,5"]),
        ("points_earned", [1.5, 1.0, None]),
        ("points_earned", ["x", "1", ""]),
        ("returned", ["maybe", "no", "2"]),
    ],
)
def test_unreadable_cells_are_counted(kind: Callable[..., Any], column: str, cells: Any) -> None:
    with pytest.raises(FaultyColumnError, match=rf"purchase\.{column}: 2 rows hold") as caught:
        facts_as_of({"purchase": kind({**GOOD, column: cells})}, on=ON)
    assert caught.value.counts == {column: 2}


@pytest.mark.parametrize("kind", KINDS)
def test_faults_of_all_columns_are_told_together(kind: Callable[..., Any]) -> None:
    faulty = {"occurred_at": ["?", "2027-01-01", "2027-01-01"], "amount": [0.00001, 1 / 3, 1.0]}
    with pytest.raises(FaultyColumnError) as caught:
        facts_as_of({"purchase": kind({**GOOD, **faulty})}, on=ON)
    assert caught.value.counts == {"occurred_at": 1, "amount": 2}
    assert "?" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_ids_read_as_floats_are_refused(kind: Callable[..., Any]) -> None:
    with pytest.raises(FaultyColumnError, match="read ids as text"):
        facts_as_of({"purchase": kind({**GOOD, "customer_id": [1.0, 2.0, None]})}, on=ON)
    tables = {"purchase": kind(GOOD), "customer": kind({"id": [1.0, None]})}
    with pytest.raises(FaultyColumnError, match=r"customer\.id: 1 row holds"):
        facts_as_of(tables, on=ON)


@pytest.mark.parametrize("kind", KINDS)
def test_a_direction_is_in_or_out(kind: Callable[..., Any]) -> None:
    contact = {"customer_id": ["01"] * 3, "at": ["2027-01-01"] * 3}
    tables = {
        "purchase": kind(GOOD),
        "contact": kind({**contact, "direction": ["out", "up", None]}),
    }
    with pytest.raises(FaultyColumnError, match=r"contact\.direction: 2 rows"):
        facts_as_of(tables, on=ON)


@pytest.mark.parametrize("kind", KINDS)
def test_points_must_be_known_from_somewhere(kind: Callable[..., Any]) -> None:
    table = kind({**GOOD, "points_earned": [1, None, 3]})
    with pytest.raises(FaultyColumnError, match="give points_per_amount"):
        facts_as_of({"purchase": table}, on=ON)


@pytest.mark.parametrize("rate", [0.1, True, -1, Decimal("NaN"), Decimal("Infinity"), 10**17])
def test_a_rate_of_points_must_be_exact_and_useful(rate: Any) -> None:
    with pytest.raises(HistoryError, match="points_per_amount"):
        facts_as_of({"purchase": pl.DataFrame(GOOD)}, on=ON, points_per_amount=rate)


def test_kinds_of_frames_are_not_mixed() -> None:
    tables: dict[str, Any] = {
        "purchase": pl.DataFrame(GOOD),
        "customer": pl.LazyFrame({"id": ["01"]}),
    }
    with pytest.raises(HistoryError, match="one kind of frame"):
        facts_as_of(tables, on=ON)


def test_what_is_no_frame_is_named() -> None:
    table: Any = [GOOD]
    with pytest.raises(HistoryError, match="table 'purchase' is a list"):
        facts_as_of({"purchase": table}, on=ON)


def test_a_moment_is_no_day() -> None:
    with pytest.raises(HistoryError, match="must be a date"):
        facts_as_of({"purchase": pl.DataFrame(GOOD)}, on=datetime(2027, 2, 5))
