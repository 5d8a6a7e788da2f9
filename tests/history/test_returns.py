# SPDX-License-Identifier: Apache-2.0
"""Returns and receipts as tills write them: credit notes, flags, article lines, returns by name."""

import warnings
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest

from loyaltyrules.history import HistoryWarning, facts_as_of

EACH = pytest.mark.parametrize("kind", [pl.DataFrame, pl.LazyFrame, pd.DataFrame])
Kind = Callable[[Any], Any]
SUMS = ("purchases_12m", "purchases_prev_12m", "amount_12m", "amount_prev_12m")


def facts(table: Any, on: date = date(2027, 2, 5), **arguments: Any) -> dict[str, dict[str, Any]]:
    """The facts by customer; a note is a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = facts_as_of({"purchase": table}, on=on, **arguments)
    if isinstance(found, pl.LazyFrame):
        found = found.collect()
    frame = pl.from_pandas(found) if isinstance(found, pd.DataFrame) else found
    return {row["id"]: row for row in frame.iter_rows(named=True)}


def noted(table: Any, **arguments: Any) -> list[tuple[str, dict[str, str]]]:
    """What is told beside the facts."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        facts_as_of({"purchase": table}, on=date(2027, 2, 5), **arguments)
    told = [each.message for each in caught if isinstance(each.message, HistoryWarning)]
    return [(each.code, dict(each.details)) for note in told for each in note.problems]


# ---- credit notes, as in the online-retail data of UCI: lines of articles, an invoice that begins with C

INVOICES = """
536365 2026-12-01T08:26 6 2.55 17850
536365 2026-12-01T08:26 6 3.39 17850
536366 2026-12-01T08:28 6 1.85 17850
C536379 2026-12-03T09:41 -6 2.55 17850
536370 2025-11-01T08:45 24 3.75 12583
536370 2025-11-01T08:45 24 3.75 12583
C536391 2027-01-10T10:24 -24 3.75 12583
536400 2027-01-11T10:24 1 0 13047
C536548 2027-01-12T14:33 -1 4.25 14527
"""


def invoices() -> dict[str, list[Any]]:
    rows = [line.split() for line in INVOICES.split("\n") if line]
    return {
        "order_id": [row[0] for row in rows], "occurred_at": [row[1] for row in rows],
        "amount": [int(row[2]) * float(row[3]) for row in rows], "customer_id": [row[4] for row in rows],
    }  # fmt: skip


@EACH
def test_a_credit_note_lowers_the_amounts_of_its_own_period_and_is_no_purchase(kind: Kind) -> None:
    found = facts(kind(invoices()), points_per_amount=1)
    assert [found["17850"][name] for name in SUMS] == [2, 0, 31.44, 0.0]
    assert found["17850"]["last_purchase_on"] == date(2026, 12, 1)
    assert [found["12583"][name] for name in SUMS] == [0, 1, -90.0, 180.0]
    assert found["12583"]["last_purchase_on"] == date(2025, 11, 1)
    assert [found[who]["points_accumulated"] for who in ("17850", "12583")] == [35 + 11 - 15, 90]


@EACH
def test_an_amount_of_zero_is_a_purchase_and_a_return_alone_is_none(kind: Kind) -> None:
    found = facts(kind(invoices()))
    assert (found["13047"]["purchases_total"], found["13047"]["amount_total"]) == (1, 0.0)
    only = found["14527"]
    assert (only["purchases_total"], only["first_purchase_on"], only["amount_total"]) == (
        0,
        None,
        -4.25,
    )


@EACH
def test_the_return_of_tomorrow_is_not_known_today(kind: Kind) -> None:
    before = facts(kind(invoices()), date(2026, 12, 2))["17850"]
    assert (before["purchases_12m"], before["amount_12m"]) == (2, 46.74)


# ---- a flag on the purchase that came back


@EACH
def test_a_flagged_purchase_counts_nowhere(kind: Kind) -> None:
    table = {
        "customer_id": ["1", "1", "2"], "occurred_at": ["2026-05-01", "2026-09-01", "2026-10-01"],
        "amount": [100.0, 60.0, 10.0], "points_earned": [100, 60, 10], "returned": [False, True, True],
    }  # fmt: skip
    found = facts(kind(table))
    assert [found["1"][name] for name in SUMS] == [1, 0, 100.0, 0.0]
    assert (found["1"]["last_purchase_on"], found["1"]["points_accumulated"]) == (
        date(2026, 5, 1),
        100,
    )
    assert (found["2"]["purchases_total"], found["2"]["amount_total"]) == (0, 0.0)


@EACH
def test_a_returning_row_that_is_flagged_lowers_what_it_says(kind: Kind) -> None:
    table = {
        "customer_id": ["1"] * 2, "occurred_at": ["2026-05-01", "2026-09-01"], "amount": [100.0, -30.0],
        "points_earned": [100, 30], "returned": ["no", "yes"],
    }  # fmt: skip
    row = facts(kind(table))["1"]
    assert (row["purchases_12m"], row["amount_12m"], row["points_accumulated"]) == (1, 70.0, 70)


# ---- a return that names its purchase


@EACH
def test_a_named_purchase_is_taken_out_whole_and_its_return_changes_nothing_else(
    kind: Kind,
) -> None:
    table = {
        "id": ["a", "b", "r"], "customer_id": ["1"] * 3, "amount": [100.0, 60.0, -1.0],
        "occurred_at": ["2026-05-01", "2026-09-01", "2026-09-03"], "return_of": [None, None, "b"],
    }  # fmt: skip
    row = facts(kind(table), points_per_amount=1)["1"]
    assert [row[name] for name in SUMS] == [1, 0, 100.0, 0.0]
    assert (row["last_purchase_on"], row["points_accumulated"]) == (date(2026, 5, 1), 100)
    assert facts(kind(table), date(2026, 9, 2))["1"]["amount_12m"] == 160.0


@EACH
def test_a_return_of_what_is_not_in_the_table_is_told_and_changes_nothing(kind: Kind) -> None:
    table = {
        "id": ["a", "r", "s"], "customer_id": ["1", "1", "2"], "amount": [100.0, -60.0, -5.0],
        "occurred_at": ["2026-05-01"] * 3, "return_of": ["", "z", "y"],
    }  # fmt: skip
    ((code, details),) = noted(kind(table))
    assert (code, details["row"], details["id"], details["value"], details["count"]) == (
        "LR447", "2", "1", "z", "2"
    )  # fmt: skip


# ---- receipts line by line


@EACH
def test_rows_of_one_order_are_one_purchase_of_its_first_instant(kind: Kind) -> None:
    table = {
        "customer_id": ["1"] * 4, "order_id": ["o", "o", "o", None],
        "occurred_at": ["2026-05-01T10:00", "2026-05-01T10:00", "2026-05-02T08:00", "2026-06-01T09:00"],
        "amount": ["0.6", "0.6", "0.9", "7"],
    }  # fmt: skip
    row = facts(kind(table), points_per_amount=Decimal(1))["1"]
    assert (row["purchases_12m"], row["amount_12m"], row["points_accumulated"]) == (2, 9.1, 2 + 7)
    assert (row["first_purchase_on"], row["last_purchase_on"]) == (
        date(2026, 5, 1),
        date(2026, 6, 1),
    )


@EACH
def test_many_rows_of_one_customer_and_instant_without_orders_are_told(kind: Kind) -> None:
    lines = {name: cells for name, cells in invoices().items() if name != "order_id"}
    ((code, details),) = noted(kind(lines))
    assert (code, details["count"], details["rows"]) == ("LR446", "4", "9")
    assert noted(kind(invoices())) == []


@EACH
def test_two_purchases_on_one_day_are_not_worth_a_word(kind: Kind) -> None:
    days = [f"2026-{month:02}-01" for month in range(1, 13)]
    table = {
        "customer_id": ["1"] * 14, "occurred_at": [*days, days[0], days[1]], "amount": [1.0] * 14
    }  # fmt: skip
    few = pl.DataFrame(table).head(13).to_dict(as_series=False)
    assert noted(kind(few)) == []
