# SPDX-License-Identifier: Apache-2.0
"""The example stores' customers agree with their purchases and contacts."""

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


def test_counts_are_those_told_in_the_origin() -> None:
    names = ("customer", "purchase", "contact", "card", "store")
    assert [table(name).height for name in names] == [44, 130, 22, 13, 2]


@pytest.mark.parametrize("name", ["purchase", "contact", "card"])
def test_every_child_record_has_its_customer(name: str) -> None:
    assert set(table(name)["customer_id"]) <= set(table("customer")["id"])


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
