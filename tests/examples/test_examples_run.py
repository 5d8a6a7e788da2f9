# SPDX-License-Identifier: Apache-2.0
"""The examples run as the README says, and give the counts that are stated."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from loyaltyrules import compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.cli.reading import read_tables, split_tables
from loyaltyrules.history import facts_as_of

ROOT = Path(__file__).parents[2]
STORE, CDNOW = ROOT / "examples" / "store", ROOT / "examples" / "cdnow"


def read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


@pytest.fixture(scope="module")
def cdnow():
    policy = load_policy(CDNOW / "policy", root=ROOT)
    tables = {"purchase": read(CDNOW / "purchase.csv"), "customer": read(CDNOW / "customer.csv")}
    on = date(1998, 1, 27)
    customers = facts_as_of(tables, on=on, points_per_amount=20)
    stores = {"store": read(CDNOW / "store.csv")}
    plan = compile_day(policy, on=on, tables=stores).with_population(customers)
    return customers, evaluate_frame(plan, customers), plan


def test_every_member_of_cdnow_is_treated_on_the_eve_of_the_spring_festival_of_1998(cdnow):
    customers, result, _ = cdnow
    both = pl.concat([result.actions, result.suppressed])
    treated = both.filter(pl.col("rule").str.starts_with("festivals.spring_festival."))
    assert customers.height == 2357
    assert set(treated["customer_id"]) == set(customers["id"])


def test_every_member_of_cdnow_is_assigned_a_first_tier_by_points(cdnow):
    customers, result, _ = cdnow
    assigned = result.actions.filter(pl.col("kind") == "tier.assign")
    points = dict(customers.select("id", "points_accumulated").iter_rows())
    for identity, tier in assigned.select("customer_id", "to_value").iter_rows():
        earned = points[identity]
        assert tier == ("A" if earned >= 5000 else "B" if earned >= 2000 else "C")
    assert assigned["to_value"].value_counts(sort=True).rows() == [
        ("C", 1836),
        ("B", 348),
        ("A", 173),
    ]


def test_rows_of_cdnow_decide_as_the_table_does(cdnow):
    customers, result, plan = cdnow
    rows = {
        a.action_id: a.status for row in customers.to_dicts() for a in evaluate(plan, row).actions
    }
    assert rows == dict(result.actions.select("action_id", "status").iter_rows())


def test_the_example_store_has_no_faulty_row_and_shows_every_tier_move():
    policy = load_policy(ROOT / "policies" / "menswear")
    tables, reference = split_tables(read_tables(STORE, policy), policy)
    plan = compile_day(policy, on=date(2027, 2, 5), tables=reference)
    result = evaluate_frame(plan.with_population(tables["customer"]), tables)
    assert result.faults.is_empty()
    rules = set(result.actions["rule"])
    assert {"tier.upgrade", "tier.idle", "tier.slowing", "tier.override", "filing"} <= rules
