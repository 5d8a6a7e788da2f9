# SPDX-License-Identifier: Apache-2.0
"""Single cases of the facts: edges of the year, returns, ties, empty tables, facts on file."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pytest

from loyaltyrules.history import facts_as_of

# Ten rows of one customer and day are what these cases are made of; test_told.py is about the note.
pytestmark = pytest.mark.filterwarnings("ignore::loyaltyrules.history.HistoryWarning")

KINDS = [pl.DataFrame, pl.LazyFrame, pd.DataFrame]
ON = date(2027, 2, 5)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pd.DataFrame):
        frame = pl.from_pandas(frame)
    rows: list[dict[str, Any]] = frame.to_dicts()
    return rows


def bought(**columns: list[Any]) -> dict[str, list[Any]]:
    """Give a purchase table of customer 01, ten yuan each, with some columns of its own."""
    count = len(next(iter(columns.values())))
    start = {"customer_id": ["01"] * count, "occurred_at": ["2027-01-01"] * count}
    return {**start, "amount": [10.0] * count, **columns}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("on", "last_year", "before"),
    [(date(2025, 2, 27), 1, 0), (date(2025, 2, 28), 0, 1), (date(2026, 2, 27), 0, 1)]
    + [(date(2026, 2, 28), 0, 0)],
)
def test_a_purchase_on_a_leap_day_is_a_year_old_on_28_february(
    kind: Callable[..., Any], on: date, last_year: int, before: int
) -> None:
    table = kind(bought(occurred_at=["2024-02-29"]))

    (row,) = rows_of(facts_as_of({"purchase": table}, on=on))

    assert (row["purchases_12m"], row["purchases_prev_12m"]) == (last_year, before)
    assert (row["amount_12m"], row["amount_prev_12m"]) == (10.0 * last_year, 10.0 * before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_returned_purchase_counts_nowhere(kind: Callable[..., Any]) -> None:
    flags = ["是", "TRUE", "yes", "1", "否", "no", "", None]
    table = kind(bought(returned=flags, points_earned=[5] * len(flags)))

    (row,) = rows_of(facts_as_of({"purchase": table}, on=ON))

    assert (row["purchases_total"], row["amount_total"], row["points_accumulated"]) == (4, 40.0, 20)


@pytest.mark.parametrize("kind", KINDS)
def test_a_customer_whose_only_purchase_was_returned_has_never_bought(
    kind: Callable[..., Any],
) -> None:
    (row,) = rows_of(facts_as_of({"purchase": kind(bought(returned=[True]))}, on=ON))

    assert (row["purchases_total"], row["last_purchase_on"]) == (0, None)


@pytest.mark.parametrize("kind", KINDS)
def test_purchases_of_one_day_are_counted_each(kind: Callable[..., Any]) -> None:
    table = kind(bought(occurred_at=["2027-02-05T10:00", "2027-02-05 10:00:00.5", "2027-02-05"]))

    (row,) = rows_of(facts_as_of({"purchase": table}, on=ON))

    assert row["purchases_12m"] == 3
    assert row["first_purchase_on"] == row["last_purchase_on"] == ON


@pytest.mark.parametrize("kind", KINDS)
def test_what_happened_after_the_day_is_unknown(kind: Callable[..., Any]) -> None:
    tables = {
        "purchase": kind(bought(occurred_at=["2027-02-05", "2027-02-06"])),
        "contact": kind({"customer_id": ["01"], "at": ["2027-02-06"], "direction": ["out"]}),
    }

    (row,) = rows_of(facts_as_of(tables, on=ON))

    assert (row["purchases_total"], row["contacts_7d"], row["last_contact_on"]) == (1, 0, None)


@pytest.mark.parametrize("kind", KINDS)
def test_empty_tables_give_zeros_and_no_dates(kind: Callable[..., Any]) -> None:
    tables = {
        "purchase": kind({"customer_id": [], "occurred_at": [], "amount": []}),
        "customer": kind({"id": ["02", "01"]}),
        "contact": kind({"customer_id": [], "at": [], "direction": []}),
    }

    rows = rows_of(facts_as_of(tables, on=ON))

    assert [row["id"] for row in rows] == ["01", "02"]
    assert rows[0]["purchases_12m"] == rows[0]["amount_12m"] == rows[0]["contacts_7d"] == 0
    assert rows[0]["first_purchase_on"] is rows[0]["last_contact_on"] is None
    assert rows_of(facts_as_of({"purchase": tables["purchase"]}, on=ON)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_facts_on_file_stay_where_raw_tables_have_no_ground(kind: Callable[..., Any]) -> None:
    on_file = {"id": ["01"], "points_accumulated": [77], "purchases_12m": [9], "contacts_7d": [3]}
    tables = {"purchase": kind(bought(amount=[10.0])), "customer": kind({**on_file, "tier": ["A"]})}

    (row,) = rows_of(facts_as_of(tables, on=ON))

    assert (row["points_accumulated"], row["contacts_7d"], row["tier"]) == (77, 3, "A")
    assert row["purchases_12m"] == 1
    assert list(row)[:5] == [*on_file, "tier"]
    assert "contacts_30d" not in row


@pytest.mark.parametrize("kind", KINDS)
def test_customers_on_file_alone_are_described(kind: Callable[..., Any]) -> None:
    tables = {"purchase": kind(bought(amount=[10.0])), "customer": kind({"id": ["1", "001"]})}

    rows = rows_of(facts_as_of(tables, on=ON))

    assert [(row["id"], row["purchases_total"]) for row in rows] == [("001", 0), ("1", 0)]


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_rounded_down_purchase_by_purchase(kind: Callable[..., Any]) -> None:
    table = kind(bought(amount=[0.29, 19.99, 4.35]))

    (row,) = rows_of(facts_as_of({"purchase": table}, on=ON, points_per_amount=100))

    assert row["points_accumulated"] == 29 + 1999 + 435


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("rate", "points"), [("0.7", 126), ("1.15", 207), ("0.35", 63)])
def test_points_of_a_fractional_rate_are_exact(
    kind: Callable[..., Any], rate: str, points: int
) -> None:
    table = kind(bought(amount=[180.0]))

    (row,) = rows_of(facts_as_of({"purchase": table}, on=ON, points_per_amount=Decimal(rate)))

    assert row["points_accumulated"] == points


@pytest.mark.parametrize("kind", KINDS)
def test_amounts_are_summed_without_drift(kind: Callable[..., Any]) -> None:
    table = kind(bought(amount=[0.1] * 30 + [29.33, 0.1 + 0.2]))

    (row,) = rows_of(facts_as_of({"purchase": table}, on=ON))

    assert row["amount_total"] == 32.63


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amounts", [["10", "2.5"], [Decimal("10.00"), Decimal("2.5")]])
def test_amounts_may_be_text_or_decimals(kind: Callable[..., Any], amounts: list[Any]) -> None:
    (row,) = rows_of(facts_as_of({"purchase": kind(bought(amount=amounts))}, on=ON))

    assert row["amount_total"] == 12.5


@pytest.mark.parametrize("kind", KINDS)
def test_an_aware_datetime_is_seen_from_the_time_zone(kind: Callable[..., Any]) -> None:
    instant = datetime(2027, 2, 4, 16, 30, tzinfo=ZoneInfo("UTC"))
    table = kind(bought(occurred_at=[instant]))

    (here,) = rows_of(facts_as_of({"purchase": table}, on=ON))
    (there,) = rows_of(facts_as_of({"purchase": table}, on=ON, timezone="Europe/London"))

    assert (here["last_purchase_on"], there["last_purchase_on"]) == (ON, date(2027, 2, 4))


@pytest.mark.parametrize("kind", KINDS)
def test_whole_number_ids_become_text(kind: Callable[..., Any]) -> None:
    tables = {
        "purchase": kind({**bought(amount=[10.0]), "customer_id": [900000000000000017]}),
        "customer": kind({"id": [900000000000000017, 5]}),
    }

    rows = rows_of(facts_as_of(tables, on=ON))

    assert [row["id"] for row in rows] == ["5", "900000000000000017"]
    assert [row["purchases_total"] for row in rows] == [0, 1]


def test_a_pandas_index_does_not_matter() -> None:
    customers = pd.DataFrame({"id": ["02", "01"]}, index=[7, 7])
    table = pd.DataFrame(bought(amount=[10.0, 5.0]), index=[3, 3])

    result = facts_as_of({"purchase": table, "customer": customers}, on=ON)

    assert list(result.index) == [0, 1]
    assert list(result["purchases_total"]) == [2, 0]
    assert result["id"].dtype == customers["id"].dtype


def test_arrow_texts_of_several_types_are_joined() -> None:
    bought = pl.DataFrame({"customer_id": ["a"], "occurred_at": ["2026-01-01"], "amount": [5]})
    people = pl.DataFrame({"id": ["a", "b"], "name": ["Ann", "Ben"]})
    tables = {"purchase": bought.to_arrow(), "customer": people.to_arrow()}  # large_string
    facts = facts_as_of(tables, on=date(2026, 2, 1))
    assert facts.column("purchases_total").to_pylist() == [1, 0]
    assert facts.column("name").to_pylist() == ["Ann", "Ben"]
