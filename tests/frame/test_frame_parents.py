# SPDX-License-Identifier: Apache-2.0
"""Facts of parents, and of their parents, are the same in tables and in the records of each customer."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import DayPlan, compile_day, load_policy

POLICY = """
format: 1
policy: parents
language: en
subjects: {store: {}, customer: {of: store}, purchase: {of: customer}}
facts:
  store: {size: {type: whole}, doubled: {is: size * 2}}
  customer:
    points: {type: whole}
    worth: {is: points + store.size}
    spent: {sum: purchase.amount, where: amount > store.size}
  purchase: {amount: {type: number}, share: {is: amount / customer.points}}
labels:
  class: {for: customer, values: [high, low], ways: {points: {bands: points, high: "20", low: rest}}}
rules:
  worthy: {for: purchase, if: customer.worth >= 25, do: {do: task.a, value: customer.worth}, once_per: id}
  large: {for: purchase, if: store.doubled >= 30, do: {do: task.b, value: store.doubled}, once_per: id}
  shared: {for: purchase, if: share > 0.5, do: {do: task.c, value: customer.class.points}, once_per: id}
  high: {for: purchase, if: customer.class = high, do: {do: task.d, value: customer.spent}, once_per: id}
"""
TABLES: dict[str, list[dict[str, Any]]] = {
    "store": [{"id": "s1", "size": 15}, {"id": "s2", "size": 5}, {"id": "s3", "size": None}],
    "customer": [
        {"id": "c1", "store_id": "s1", "points": 10}, {"id": "c2", "store_id": "s2", "points": 20},
        {"id": "c3", "store_id": "s3", "points": 30}, {"id": "c4", "store_id": "s9", "points": 40},
        {"id": "c5", "store_id": None, "points": None},
    ],
    "purchase": [
        {"id": f"p{n}", "customer_id": f"c{n}", "amount": amount}
        for n, amount in enumerate((12, 6, 40, 3, 100), 1)
    ],
}  # fmt: skip
ACTING = {
    ("worthy", "p1", "25"), ("worthy", "p2", "25"), ("large", "p1", "30"), ("shared", "p1", "low"),
    ("shared", "p3", "high"), ("high", "p2", "6"), ("high", "p3", "0"), ("high", "p4", "0"),
}  # fmt: skip


@pytest.fixture(scope="module")
def parents(tmp_path_factory: pytest.TempPathFactory) -> DayPlan:
    file = Path(tmp_path_factory.mktemp("parents")) / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return compile_day(load_policy(file), date(2027, 5, 4))


def test_what_a_parent_derives_of_its_own_parent_is_read_by_its_children(
    parents: DayPlan, same: Any, rows_of: Any
) -> None:
    result = same(parents, TABLES)
    found = {(each["rule"], each["subject_id"], each["value"]) for each in rows_of(result.actions)}
    assert found == ACTING


def test_stores_that_come_with_the_plan_are_read_alike(
    parents: DayPlan, same: Any, rows_of: Any
) -> None:
    given = {name: rows for name, rows in TABLES.items() if name != "store"}
    plan = compile_day(parents.policy, parents.on, tables={"store": TABLES["store"]})
    result = same(plan, given)
    found = {(each["rule"], each["subject_id"], each["value"]) for each in rows_of(result.actions)}
    assert found == ACTING
