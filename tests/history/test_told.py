# SPDX-License-Identifier: Apache-2.0
"""A few rows that cannot be read are set aside and told; a table that mostly cannot is refused."""

import warnings
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pandas as pd
import polars as pl
import pytest

import effort
from loyaltyrules.history import FaultyColumnError, HistoryError, HistoryWarning, facts_as_of

KINDS = [pl.DataFrame, pl.LazyFrame, pd.DataFrame]
EACH = pytest.mark.parametrize("kind", KINDS)
ON = date(2027, 2, 5)
PURCHASE: dict[str, list[Any]] = {
    "customer_id": ["01", "01", "02", "03", None], "amount": ["10", "1,5", "20", "x", "5"],
    "occurred_at": ["2027-01-01", "2027-01-02", "2027-01-03", "gestern", "2027-01-05"],
}  # fmt: skip
CONTACT = {"customer_id": ["01"] * 3, "at": ["2027-02-01"] * 3, "direction": ["out", "up", "in"]}


def told(tables: dict[str, Any]) -> tuple[Any, list[tuple[str, dict[str, str]]]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = facts_as_of(tables, on=ON)
    notes = [each.message for each in caught if isinstance(each.message, HistoryWarning)]
    assert len(notes) <= 1 and len(notes) == len(caught)
    return found, [(each.code, dict(each.details)) for note in notes for each in note.problems]


def rows_of(frame: Any) -> dict[str, Any]:
    frame = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    frame = pl.from_pandas(frame) if isinstance(frame, pd.DataFrame) else frame
    return {row["id"]: row for row in frame.iter_rows(named=True)}


@EACH
def test_rows_that_cannot_be_read_are_set_aside_and_the_others_count(
    kind: Callable[..., Any],
) -> None:
    found, notes = told({"purchase": kind(PURCHASE)})
    rows = rows_of(found)
    assert {who: row["amount_total"] for who, row in rows.items()} == {"01": 10.0, "02": 20.0}
    assert [code for code, _ in notes] == ["LR445", "LR435", "LR436"]
    assert (notes[0][1]["count"], notes[0][1]["rows"]) == ("2", "5")
    day, amount = notes[1][1], notes[2][1]
    assert [day[name] for name in ("field", "count", "row", "id", "value")] == [
        "occurred_at", "1", "4", "03", "gestern"
    ]  # fmt: skip
    assert [amount[name] for name in ("field", "count", "row", "id", "value")] == [
        "amount", "2", "2", "01", "1,5"
    ]  # fmt: skip


@EACH
def test_contacts_are_told_as_purchases_are(kind: Callable[..., Any]) -> None:
    good = {name: [cells[0]] for name, cells in PURCHASE.items()}
    found, notes = told({"purchase": kind(good), "contact": kind(CONTACT)})
    assert rows_of(found)["01"]["contacts_7d"] == 1
    assert [(code, each["table"]) for code, each in notes] == [
        ("LR445", "contact"),
        ("LR440", "contact"),
    ]


@EACH
@pytest.mark.parametrize(("bad", "refused"), [(2, False), (3, True), (4, True)])
def test_a_table_is_refused_where_more_than_half_of_it_cannot_be_read(
    kind: Callable[..., Any], bad: int, refused: bool
) -> None:
    amounts = ["?"] * bad + ["1"] * (4 - bad)
    days = [f"2027-01-0{day}" for day in range(1, 5)]
    table = kind({"customer_id": ["1"] * 4, "occurred_at": days, "amount": amounts})
    if not refused:
        assert [code for code, _ in told({"purchase": table})[1]] == ["LR445", "LR436"]
        return
    with pytest.raises(FaultyColumnError) as caught:
        facts_as_of({"purchase": table}, on=ON)
    assert caught.value.counts == {"amount": bad}


def test_a_sound_table_tells_nothing_and_a_warning_names_page_and_remedy() -> None:
    good = {name: cells[2:3] for name, cells in PURCHASE.items()}
    assert told({"purchase": pl.DataFrame(good)})[1] == []
    with pytest.warns(HistoryWarning, match=r"set aside[\s\S]*docs/reference/problems.md#lr445"):
        facts_as_of({"purchase": pl.DataFrame(PURCHASE)}, on=ON)


ODD = [date(2027, 1, 1), None, float("nan"), float("inf"), 10**30, "\x00", "9" * 10_000, b"x", True]


@EACH
@pytest.mark.parametrize(
    "column",
    effort.each(["customer_id", "occurred_at", "amount", "returned", "return_of"], 3),
)
def test_odd_cells_never_raise_anything_but_faults_of_tables(
    kind: Callable[..., Any], column: str
) -> None:
    for cell in ODD:
        cells = {"customer_id": ["1", "2"], "occurred_at": ["2027-01-01"] * 2, "amount": ["1", "2"]}
        try:
            table = kind({**cells, column: [cell, None]})
        except (TypeError, OverflowError, ValueError):
            continue  # this kind of frame cannot hold it
        try:
            told({"purchase": table})
        except HistoryError as error:
            assert str(error)


@EACH
def test_ids_of_uuid_are_texts(kind: Callable[..., Any]) -> None:
    ids = [uuid4(), uuid4()]
    table = {"customer_id": ids, "occurred_at": ["2027-01-01"] * 2, "amount": [1, 2]}
    tables = {"purchase": kind(table), "customer": kind({"id": ids})}
    for given in (tables, {"purchase": tables["purchase"]}):
        found, notes = told(given)
        assert not notes
        assert {who: row["amount_total"] for who, row in rows_of(found).items()} == {
            str(ids[0]): 1.0, str(ids[1]): 2.0
        }  # fmt: skip


def test_days_beyond_the_calendar_have_not_come_yet() -> None:
    days = pl.Series([20_000, 5_000_000], dtype=pl.Int32).cast(pl.Date)
    table = pl.DataFrame({"customer_id": ["1", "2"], "occurred_at": days, "amount": [1, 2]})
    found, notes = told({"purchase": table})
    assert not notes
    assert {who: row["purchases_total"] for who, row in rows_of(found).items()} == {"1": 1, "2": 0}


@EACH
def test_values_that_look_like_somebodys_number_or_address_are_masked(
    kind: Callable[..., Any],
) -> None:
    purchase = {
        "customer_id": ["01"] * 7, "amount": ["wang.da@example.cn", *"123456"],
        "occurred_at": ["2027-01-01", "13912345678", *["2027-01-03"] * 5],
        "returned": ["no", "no", "13812345678", *["no"] * 4],
        "id": [*"abcdefg"], "return_of": [*[None] * 6, "13712345678"],
    }  # fmt: skip
    contact = {**CONTACT, "direction": ["out", "13612345678", "in"]}
    _, notes = told({"purchase": kind(purchase), "contact": kind(contact)})
    values = {code: details["value"] for code, details in notes if "value" in details}
    assert values == {
        "LR435": "139****5678", "LR436": "wan****e.cn", "LR439": "138****5678",
        "LR447": "137****5678", "LR440": "136****5678",
    }  # fmt: skip


def test_a_line_of_values_in_place_of_a_heading_is_not_repeated() -> None:
    with pytest.raises(HistoryError) as caught:
        facts_as_of({"purchase": pl.DataFrame({"13912345678": ["1"], "when": ["1"]})}, on=ON)
    assert "13912345678" not in str(caught.value) and "139****5678, when" in str(caught.value)


NEVER = -5_000_000  # days from 1970, before the first year


@EACH
@pytest.mark.parametrize("how", ["date", "datetime", "aware", "text"])
def test_a_purchase_before_the_first_year_is_a_faulty_row(
    kind: Callable[..., Any], how: str
) -> None:
    days = pl.Series("occurred_at", [NEVER, 20_000, 20_001], pl.Int32).cast(pl.Date)
    if how == "text":
        days = pl.Series("occurred_at", ["0000-12-31", "2024-10-04", "2024-10-05"])
    elif how != "date":
        zone = "UTC" if how == "aware" else None
        days = days.cast(pl.Datetime("ms")).dt.replace_time_zone(zone)
    table: Any = pl.DataFrame([pl.Series("customer_id", ["1"] * 3), days]).with_columns(amount=1.0)
    if kind is pl.LazyFrame:
        table = table.lazy()
    elif kind is pd.DataFrame:
        table = table.to_pandas(use_pyarrow_extension_array=True)
    found, notes = told({"purchase": table})
    assert [code for code, _ in notes] == ["LR445", "LR435"]
    (row,) = rows_of(found).values()
    assert (row["first_purchase_on"], row["purchases_total"]) == (date(2024, 10, 4), 2)
