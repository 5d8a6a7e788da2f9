# SPDX-License-Identifier: Apache-2.0
"""Child records that are counted by what their parent derives, counts of an earlier stage among it."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from loyaltyrules import Policy, compile_day, evaluate, evaluate_frame

Written = Callable[[str], Policy]

EXAMS = """
subjects: {employee: {}, exam: {of: employee}}
facts:
  exam: {taken_on: {type: date}, passed: {type: yes/no}}
  employee:
    failures:     {count: exam, where: taken_on > employee.since, source: LOREAL2-KPI-02}
    since:        {is: 'or_else(last_pass_on, 1990-01-01)'}
    last_pass_on: {latest: exam.taken_on, where: passed}
rules:
  train: {for: employee, once_per: id, if: failures >= 3, do: {do: task.train, value: failures}}
  told:  {for: employee, once_per: id, do: {do: task.told, value: failures}}
"""


def exams(*said: str) -> list[dict[str, Any]]:
    """`+` is passed, `-` is failed; each a day after the one before."""
    return [
        {"id": f"x{n}", "taken_on": f"2027-01-{n + 1:02}", "passed": each == "+"}
        for n, each in enumerate("".join(said))
    ]


@pytest.mark.parametrize(
    ("said", "failures"), [("---", "3"), ("+---", "3"), ("--+-", "1"), ("---+", "0"), ("", "0")]
)
def test_failures_are_counted_since_the_last_pass(
    written: Written, said: str, failures: str
) -> None:
    plan = compile_day(written(EXAMS), "2027-03-01")
    found = evaluate(plan, {"id": "e", "exams": exams(said)}, subject="employee")
    told = {each.rule: each.value for each in found.actions}
    assert told == {"told": failures, **({"train": failures} if failures == "3" else {})}


SHARES = """
subjects: {store: {}, customer: {of: store}, purchase: {of: customer}, item: {of: purchase}}
facts:
  store:
    goal:      {type: number}
    weights:   {sum: customer.weight}
    large:     {count: customer, where: share > 20%}
    shares:    {list: customer.id, by: -share}
    dear:      {sum: customer.dear, where: share > 20%}
    left:      {is: goal - given}
    given:     {sum: customer.part}
  customer:
    weight:    {type: whole}
    share:     {is: weight / store.weights, source: STORE-GOAL-02}
    part:      {is: floor(store.goal * share)}
    spent:     {sum: purchase.amount}
    dear:      {count: purchase, where: amount > customer.spent / 2 and store.weights > 0}
    dear_last: {newest: purchase.id, by: [customer.spent, -above]}
    level:     {is: 'if(store.large > 1, "many", "few")'}
    in_many:   {count: purchase, where: customer.level = "many"}
  purchase:
    amount:    {type: number}
    above:     {is: amount - customer.spent / 10}
    heavy:     {count: item, where: weight > purchase.mean and customer.spent > 10}
    mean:      {mean: item.weight}
  item:
    weight:    {type: number}
rules:
  store:    {for: store, once_per: id, do: [{do: task.large, value: large}, {do: task.dear, value: dear},
             {do: task.left, value: left}, {do: task.shares, value: shares}]}
  customer: {for: customer, once_per: id, do: [{do: task.dear, value: dear},
             {do: task.last, value: dear_last}, {do: task.many, value: in_many}]}
  purchase: {for: purchase, once_per: id, do: {do: task.heavy, value: heavy}}
"""
STORES = [{"id": "s1", "goal": "100"}, {"id": "s2", "goal": "10"}]
CUSTOMERS = [
    {"id": f"c{n}", "store_id": f"s{1 + n // 3}", "weight": n + 1} for n in range(4)
]  # fmt: skip
PURCHASES = [
    {"id": f"p{n}", "customer_id": f"c{n % 4}", "amount": str(5 + 7 * n)} for n in range(9)
]
ITEMS = [
    {"id": f"i{n}", "purchase_id": f"p{n % 9}", "weight": str(1 + n * n % 11)} for n in range(30)
]


def nested() -> list[dict[str, Any]]:
    def below(rows: list[dict[str, Any]], link: str, key: str) -> list[dict[str, Any]]:
        return [row for row in rows if row[link] == key]

    purchases = [p | {"items": below(ITEMS, "purchase_id", p["id"])} for p in PURCHASES]
    customers = [c | {"purchases": below(purchases, "customer_id", c["id"])} for c in CUSTOMERS]
    return [s | {"customers": below(customers, "store_id", s["id"])} for s in STORES]


def key(action: Any) -> tuple[Any, ...]:
    return action["action_id"], action["value"]


def test_stages_go_up_and_down_as_often_as_it_takes_in_rows_and_tables(written: Written) -> None:
    plan = compile_day(written(SHARES), "2027-03-01")
    stores = [evaluate(plan, each, subject="store") for each in nested()]
    frames = {
        "store": pl.DataFrame(STORES), "customer": pl.DataFrame(CUSTOMERS),
        "purchase": pl.DataFrame(PURCHASES), "item": pl.DataFrame(ITEMS),
    }  # fmt: skip
    result = evaluate_frame(plan, frames)
    of_stores = result.actions.filter(pl.col("subject") == "store").iter_rows(named=True)
    rows = [action.to_dict() for each in stores for action in each.actions]
    assert sorted(map(key, of_stores)) == sorted(map(key, rows))
    told = {each.kind: each.value for each in stores[0].actions}
    assert told == {
        "task.large": "2", "task.dear": "2", "task.left": "1", "task.shares": "c2;c1;c0",
    }  # fmt: skip


def test_customers_read_stages_of_a_store_that_comes_as_reference_data(written: Written) -> None:
    tables = {"store": STORES, "customer": CUSTOMERS}
    plan = compile_day(written(SHARES), "2027-03-01", tables=tables)
    frames = {
        "customer": pl.DataFrame(CUSTOMERS), "purchase": pl.DataFrame(PURCHASES),
        "item": pl.DataFrame(ITEMS),
    }  # fmt: skip
    customers = [each for store in nested() for each in store["customers"]]
    rows = [a.to_dict() for each in customers for a in evaluate(plan, each).actions]
    result = evaluate_frame(plan, frames).actions.iter_rows(named=True)
    assert sorted(map(key, result)) == sorted(map(key, rows))
    many = {a["subject_id"]: a["value"] for a in rows if a["kind"] == "task.many"}
    assert many == {"c0": "3", "c1": "2", "c2": "2", "c3": "0"}


CIRCLES = [
    "a: {count: purchase, where: amount > customer.a}",
    "a: {count: purchase, where: amount > customer.b}\n"
    "    b: {sum: purchase.amount, where: amount < customer.a}",
    "a: {count: purchase, where: high}",
    "a: {newest: purchase.amount, by: some}",
    "a: {sum: purchase.some}",
]


@pytest.mark.parametrize("circle", CIRCLES)
def test_what_is_counted_by_what_it_makes_is_a_circle(
    faults: Callable[[str], list[str]], circle: str
) -> None:
    text = f"""
subjects: {{purchase: {{of: customer}}}}
facts:
  customer:
    {circle}
  purchase:
    amount: {{type: number}}
    high:   {{is: amount > customer.a}}
    some:   {{is: 'if(customer.a is missing, 1, amount)'}}
"""
    assert {*faults(text)} == {"LR212"}


def test_a_label_that_is_made_of_what_is_counted_by_it_is_a_circle(
    faults: Callable[[str], list[str]],
) -> None:
    text = """
subjects: {purchase: {of: customer}}
facts:
  purchase: {amount: {type: number}}
  customer: {large: {count: purchase, where: customer.size = big}}
labels:
  size: {for: customer, values: [big, small], cases: {big: large > 2, small: rest}}
"""
    assert faults(text) == ["LR212"]
