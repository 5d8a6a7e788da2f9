# SPDX-License-Identifier: Apache-2.0
"""A row that names another of its parent in `return_of` makes it `returned`: in records as in tables."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import DayPlan, compile_day, evaluate, evaluate_frame, load_policy

ROOT = Path(__file__).parents[2]
IDS = ["p0", "p1", "p2", "p3", "p4"]
PURCHASES = st.lists(
    st.fixed_dictionaries({
        "customer_id": st.sampled_from(["c1", "c2"]),
        "occurred_at": st.sampled_from(["2026-05-01 10:00", "2026-05-02 09:00", "2026-04-29 18:00"]),
        "amount": st.sampled_from(["100", "-30", "0", "-0.5", "250.5", None]),
        "returned": st.sampled_from(["yes", "no", None]),
        "return_of": st.sampled_from([None, None, None, "p0", "p1", "p9"]),
    }),
    max_size=5,
)  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> DayPlan:
    return compile_day(load_policy(ROOT / "policies" / "menswear"), date(2026, 5, 2))


def customers() -> list[dict[str, Any]]:
    granted = {
        "cashback_granted": 100,
        "cashback_available": 100,
        "cashback_granted_on": "2026-05-01",
    }
    member = {"member_status": "formal", "mobile_phone": "13800000001", "phone_status": "valid"}
    return [
        {"id": "c1", "points_accumulated": 2350, **member, **granted},
        {"id": "c2", "points_accumulated": 1350, **member, **granted},
    ]


def told(action: Any) -> tuple[Any, ...]:
    return action.action_id, action.status, action.value


@settings(deadline=None, max_examples=examples(40))
@given(drawn=PURCHASES)
def test_tables_take_back_what_records_take_back(
    plan: DayPlan, drawn: list[dict[str, Any]]
) -> None:
    bought = [{"id": name, **row} for name, row in zip(IDS, drawn, strict=False)]
    expected = set()
    for customer in customers():
        own = [row for row in bought if row["customer_id"] == customer["id"]]
        expected |= set(map(told, evaluate(plan, customer | {"purchases": own}).actions))
    columns = ["id", "customer_id", "occurred_at", "amount", "returned", "return_of"]
    rows = {name: [row[name] for row in bought] for name in columns}
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in rows.items()})
    people = pa.Table.from_pylist(customers())
    for frames in (
        {"customer": people, "purchase": table},
        {"customer": pl.DataFrame(people), "purchase": pl.DataFrame(table)},
        {"customer": pd.DataFrame(people.to_pylist()), "purchase": table.to_pandas()},
    ):
        found = pl.DataFrame(evaluate_frame(plan, frames).actions)
        assert set(found.select("action_id", "status", "value").iter_rows()) == expected


def test_a_return_names_only_purchases_of_its_own_customer(plan: DayPlan) -> None:
    sale = {"id": "p1", "occurred_at": "2026-05-01 10:00", "amount": 80}
    back = {"id": "p2", "occurred_at": "2026-05-01 12:00", "amount": -80, "return_of": "p1"}
    alone = {**sale, "customer_id": "c1", "return_of": None}
    tables = {
        "customer": pl.DataFrame(customers()),
        "purchase": pl.DataFrame([alone, {**back, "customer_id": "c2"}]),
    }
    found = evaluate_frame(plan, tables).actions.filter(pl.col("kind") == "message.send")
    assert found.select("customer_id", "value").rows() == [("c1", "80")]


def test_records_tell_what_was_returned(plan: DayPlan) -> None:
    rows = [
        {"id": "p1", "occurred_at": "2026-05-01 10:00", "amount": 80},
        {"id": "r1", "occurred_at": "2026-05-01 12:00", "amount": -80, "return_of": "p1"},
    ]
    snapshot = plan.snapshot(customers()[0] | {"purchases": rows})
    assert [each.facts["returned"] for each in snapshot.children["purchase"]] == [True, False]
    assert "returned" not in snapshot.children["purchase"][0].by_default


def test_cash_back_on_points_that_a_return_took_away_is_told(plan: DayPlan) -> None:
    kept, lowered = (evaluate(plan, each).actions for each in customers())
    over = [a for a in (*kept, *lowered) if a.kind == "report.cashback_overpaid"]
    assert [(a.customer_id, a.value, a.role) for a in over] == [("c2", "50", "store_manager")]


def test_credit_notes_inside_of_duckdb_lower_what_they_lower_outside(plan: DayPlan) -> None:
    rows = {
        "id": ["p1", "C2", "p3"], "customer_id": ["c1", "c1", "c2"],
        "occurred_at": ["2026-05-01 10:00", "2026-05-01 18:00", "2026-05-01 11:00"],
        "amount": [100.0, -40.0, 55.5], "return_of": [None, None, None],
    }  # fmt: skip
    table = pa.table(rows)
    people = pa.Table.from_pylist(customers())
    connection = duckdb.connect()
    inside = evaluate_frame(
        plan, {"customer": connection.from_arrow(people), "purchase": connection.from_arrow(table)}
    )
    sent = dict(
        inside.actions.filter("kind = 'message.send'").select("customer_id", "value").fetchall()
    )
    assert sent == {"c1": "60", "c2": "55.5"}
