# SPDX-License-Identifier: Apache-2.0
"""The CDNOW tables hold what their ORIGIN.md says, and facts of them are right."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from loyaltyrules.history import facts_as_of

FOLDER = Path(__file__).parents[2] / "examples" / "cdnow"
ON = date(1998, 6, 30)


@pytest.fixture(scope="module")
def purchases() -> list[dict[str, str]]:
    with (FOLDER / "purchase.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def customers() -> list[dict[str, str]]:
    with (FOLDER / "customer.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return {
        name: pl.read_csv(FOLDER / f"{name}.csv", infer_schema=False)
        for name in ("purchase", "customer")
    }


def test_all_purchases_are_carried(purchases: list[dict[str, str]]) -> None:
    days = sorted(row["occurred_at"] for row in purchases)
    assert len(purchases) == 6919
    assert (days[0], days[-1]) == ("1997-01-01", "1998-06-30")
    assert sum(Decimal(row["amount"]) for row in purchases) == Decimal("244091.94")
    assert sum(int(row["quantity"]) for row in purchases) == 16479
    assert sum(Decimal(row["amount"]) == 0 for row in purchases) == 8
    assert [row["id"] for row in purchases] == [f"p{n:05d}" for n in range(1, 6920)]


def test_every_buyer_is_a_customer(
    purchases: list[dict[str, str]], customers: list[dict[str, str]]
) -> None:
    ids = [row["id"] for row in customers]
    assert ids == [f"{n:04d}" for n in range(1, 2358)]
    assert {row["customer_id"] for row in purchases} == set(ids)
    assert max(row["joined_on"] for row in customers) == "1997-03-25"


def test_what_is_made_up_follows_its_rules(customers: list[dict[str, str]]) -> None:
    assert {row["made_up"] for row in customers} == {"yes"}
    consent = Counter(row["consent_marketing"] for row in customers)
    assert consent == {"yes": 2075, "no": 188, "": 94}
    assert Counter(row["phone_status"] for row in customers) == {"valid": 2240, "vacant": 117}
    assert sum(not row["email"] for row in customers) == 336
    assert sum(not row["address_home"] for row in customers) == 157
    assert len({row["mobile_phone"] for row in customers}) == 2357


def test_facts_add_up_to_the_raw_table(tables: dict[str, pl.DataFrame]) -> None:
    facts = facts_as_of(tables, on=ON)

    assert facts.height == 2357
    assert facts["purchases_total"].sum() == 6919
    assert round(facts["amount_total"].sum(), 2) == 244091.94
    assert facts["first_purchase_on"].cast(pl.String).equals(facts["joined_on"])
    older = facts["purchases_total"] - facts["purchases_12m"]
    assert older.equals(facts["purchases_prev_12m"].alias("purchases_total"))


def test_facts_of_one_customer_are_those_of_its_rows(tables: dict[str, pl.DataFrame]) -> None:
    row = facts_as_of(tables, on=date(1998, 1, 18)).row(0, named=True)

    assert (row["id"], row["purchases_total"], row["amount_total"]) == ("0001", 4, 100.5)
    assert (row["purchases_12m"], row["purchases_prev_12m"]) == (2, 2)
    assert (row["amount_12m"], row["last_purchase_on"]) == (41.44, date(1997, 12, 12))


def test_every_kind_of_frame_gives_the_same_facts(tables: dict[str, pl.DataFrame]) -> None:
    eager = facts_as_of(tables, on=ON, points_per_amount=1)
    lazy = facts_as_of({n: t.lazy() for n, t in tables.items()}, on=ON, points_per_amount=1)
    paths = {name: FOLDER / f"{name}.csv" for name in tables}
    text = {n: pd.read_csv(p, dtype={"id": str, "customer_id": str}) for n, p in paths.items()}
    pandas = pl.from_pandas(facts_as_of(text, on=ON, points_per_amount=1))

    computed = ["id", *eager.columns[len(tables["customer"].columns) :]]
    assert eager.equals(lazy.collect())
    assert eager.select(computed).equals(pandas.select(computed))
