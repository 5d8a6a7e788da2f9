# SPDX-License-Identifier: Apache-2.0
"""The example stores' customers agree with their purchases and contacts up to 2027-02-05."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from loyaltyrules.history import facts_as_of

FOLDER = Path(__file__).parents[2] / "examples" / "store"
ON = date(2027, 2, 5)
NUMBERS = (
    "purchases_12m",
    "purchases_prev_12m",
    "points_accumulated",
    "contacts_7d",
    "contacts_30d",
)
AMOUNTS = ("amount_12m", "amount_prev_12m")
DAYS = ("first_purchase_on", "last_purchase_on")


def table(name: str) -> pl.DataFrame:
    return pl.read_csv(FOLDER / f"{name}.csv", infer_schema=False)


@pytest.fixture(scope="module")
def facts() -> pl.DataFrame:
    tables = {name: table(name) for name in ("customer", "purchase", "contact")}
    computed: pl.DataFrame = facts_as_of(tables, on=ON)
    return computed


@pytest.mark.parametrize("name", NUMBERS + AMOUNTS + DAYS)
def test_figures_on_file_are_those_of_the_raw_tables(facts: pl.DataFrame, name: str) -> None:
    on_file = table("customer").sort("id")[name]
    read = on_file.str.to_date() if name in DAYS else on_file.cast(facts.schema[name])
    assert facts[name].to_list() == read.to_list()


COUNTS = {
    "customer": 56, "purchase": 161, "contact": 24, "card": 22, "store": 3, "reception": 5,
    "application": 4, "special_date": 4, "visit": 6, "plan": 7, "area": 1, "area_report": 3,
    "employee": 6, "duty_day": 13, "assigned": 12, "memory": 18, "launch": 4, "event": 2,
    "promotion": 2,
}  # fmt: skip
PARENTS = {
    "customer": ("purchase", "contact", "card", "application", "special_date", "visit"),
    "store": ("customer", "plan", "reception", "employee"),
    "employee": ("duty_day", "assigned", "memory"),
    "area": ("area_report",),
}


def test_counts_are_those_told_in_the_origin() -> None:
    found = {path.stem: table(path.stem).height for path in FOLDER.glob("*.csv")}
    assert found == COUNTS


@pytest.mark.parametrize(
    ("parent", "name"), [(parent, name) for parent, names in PARENTS.items() for name in names]
)
def test_every_child_record_has_its_parent(parent: str, name: str) -> None:
    assert set(table(name)[f"{parent}_id"]) <= set(table(parent)["id"])


def test_only_c004_and_c005_have_cash_back_due_and_c036_was_granted_too_much() -> None:
    rows = table("customer").filter(pl.col("member_status") == "formal").to_dicts()
    due = {
        row["id"]: int(row["points_accumulated"]) // 1000 * 50 - float(row["cashback_granted"] or 0)
        for row in rows
    }
    assert {identity: amount for identity, amount in due.items() if amount} == {
        "C004": 50,
        "C005": 100,
        "C036": -50,
    }


def test_assigned_customers_agree_with_their_files_and_with_what_was_memorised() -> None:
    customers = {row["id"]: row for row in table("customer").to_dicts()}
    memorised = table("memory").group_by("employee_id", "customer_id").agg(
        times=pl.len(), last=pl.col("on").max()
    )  # fmt: skip
    known = {(row[0], row[1]): row[2:] for row in memorised.iter_rows()}
    for row in table("assigned").to_dicts():
        customer = customers[row["customer_id"]]
        assert customer["responsible_employee_id"] == row["employee_id"]
        assert customer["tier"] == row["tier"]
        pair = (row["employee_id"], row["customer_id"])
        assert known.pop(pair) == (int(row["times_memorised"]), row["memorised_on"])
    assert known == {}


def test_customers_stand_where_policies_decide(facts: pl.DataFrame) -> None:
    rows = {row["id"]: row for row in facts.to_dicts()}
    points = [rows[i]["points_accumulated"] for i in ("C001", "C002", "C003", "C004", "C005")]
    assert points == [1999, 2000, 4999, 5000, 6000]
    idle = [rows[i]["last_purchase_on"] for i in ("C006", "C007")]
    assert idle == [date(2026, 2, 5), date(2026, 2, 6)]
    slowing = [(rows[i]["purchases_prev_12m"], rows[i]["purchases_12m"]) for i in ("C008", "C009")]
    assert slowing == [(6, 3), (4, 2)]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.name)
def test_files_are_plain_utf_8_with_line_feeds(path: Path) -> None:
    content = path.read_bytes()
    assert content.decode("utf-8").endswith("\n")
    assert b"\r" not in content and not content.startswith(b"\xef\xbb\xbf")
