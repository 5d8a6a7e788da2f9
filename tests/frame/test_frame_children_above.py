# SPDX-License-Identifier: Apache-2.0
"""What is counted of parents that come as reference data is the same in rows, in tables and on engines."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from loyaltyrules import (
    DayPlan,
    FrameError,
    SnapshotError,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
    with_signature,
)
from loyaltyrules.frame.keys import by_signature

FEW = by_signature.FEW
POLICY = """
format: 1
policy: above
language: en
subjects:
  {store: {}, customer: {of: store}, employee: {of: store}, assigned: {of: employee},
   purchase: {of: customer}, visit: {of: customer}}
facts:
  store:
    size: {type: whole}
    staff: {count: employee, where: on_duty}
    names: {list: employee.name, by: [years, id]}
    since: {earliest: employee.hired_on}
    shifts: {sum: employee.shifts}
    served: {sum: employee.years}
    lately: {count: employee, where: hired_on > today - 2 days}
    busy: {is: staff * 10 < size}
    rating: {rank: size}
  employee:
    name: {type: text}
    on_duty: {type: yes/no}
    years: {type: whole}
    hired_on: {type: date}
    shifts: {count: assigned}
  assigned: {day: {type: date}}
  customer:
    points: {type: whole}
    kept: {count: purchase, where: not returned and return_of is missing}
    last_on: {latest: purchase.bought_on, where: not returned}
  purchase: {returned: {type: yes/no, default: no}, return_of: {type: text}, bought_on: {type: date}}
  visit: {seen_on: {type: date}}
rules:
  staffed: {for: customer, if: store.staff >= 1, do: {do: task.a, value: store.names}, once_per: id}
  busy: {for: customer, if: store.busy, do: {do: task.b, value: store.shifts}, once_per: id}
  young:
    {for: customer, if: not (store.since < 2020-01-01), do: {do: task.c, value: store.since},
     once_per: id}
  lately: {for: customer, if: store.lately > 0, do: {do: task.d, value: store.lately}, once_per: day}
  rated: {for: customer, if: store.rating = 1, do: task.e, once_per: id}
  kept: {for: visit, if: customer.kept >= 1, do: {do: task.f, value: customer.kept}, once_per: id}
  late:
    {for: visit, if: not (customer.last_on > 2027-01-01), do: {do: task.g, value: store.names},
     once_per: id}
"""
STORES = [{"id": "s1", "size": 30}, {"id": "s2", "size": 10}, {"id": "s3", "size": 40}]
STAFF = [
    {"id": "e1", "store_id": "s1", "on_duty": True, "years": 5, "name": "Li", "hired_on": "2019-05-01"},
    {"id": "e2", "store_id": "s1", "on_duty": True, "years": 3, "name": "An", "hired_on": "2027-05-03"},
    {"id": "e3", "store_id": "s2", "on_duty": False, "years": None, "name": "Wu", "hired_on": None},
]  # fmt: skip
DUTIES = [{"id": f"d{n}", "employee_id": f"e{1 + n % 2}", "day": "2027-05-01"} for n in range(5)]
PURCHASES = [
    {"id": "p1", "customer_id": "c1", "bought_on": "2026-05-01"},
    {"id": "p2", "customer_id": "c1", "bought_on": "2027-04-01"},
    {"id": "p3", "customer_id": "c1", "return_of": "p2"},
    {"id": "p4", "customer_id": "c2", "bought_on": "2027-04-01"},
]
CUSTOMERS: list[dict[str, Any]] = [
    {"id": f"c{n}", "store_id": store, "points": n}
    for n, store in enumerate(("s1", "s2", "s3", "s9", None), 1)
]
VISITS = [{"id": f"v{n}", "customer_id": f"c{n}", "seen_on": None} for n in (1, 2, 3, 9)]
TABLES = {
    "store": STORES, "employee": STAFF, "assigned": DUTIES, "customer": CUSTOMERS, "purchase": PURCHASES,
}  # fmt: skip
ABOVE = {name: TABLES[name] for name in ("store", "employee", "assigned")}


def nested(name: str, rows: Any, into: Any, link: str) -> Any:
    return [{**each, name: [row for row in rows if row[link] == each["id"]]} for each in into]


STAFFED = nested("assigneds", DUTIES, STAFF, "employee_id")
NESTED = {"store": nested("employees", STAFFED, STORES, "store_id")}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., DayPlan]:
    file = Path(tmp_path_factory.mktemp("above")) / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    policy = load_policy(file)
    return lambda tables, since=None: compile_day(policy, "2027-05-04", since, tables=tables)


def told(actions: pl.DataFrame) -> set[Any]:
    return set(actions.select("rule", "subject_id", "value").rows())


@pytest.mark.parametrize("above", [ABOVE, NESTED], ids=["tables", "lists"])
@pytest.mark.parametrize("since", [None, "2027-04-30"])
def test_what_is_counted_of_a_store_is_counted_wherever_its_staff_stands(
    planned: Callable[..., DayPlan], same: Any, above: Any, since: str | None
) -> None:
    plan = planned(above, since).with_population(STORES, "store")
    result = same(plan, {"customer": CUSTOMERS, "purchase": PURCHASES})
    found = told(pl.DataFrame(result.actions))
    assert found >= {
        ("staffed", "c1", "An;Li"), ("busy", "c1", "5"), ("busy", "c3", "0"), ("young", "c2", None),
        ("young", "c3", None), ("lately", "c1", "1"), ("rated", "c3", None),
    }  # fmt: skip
    assert {record for rule, record, _ in found if rule in ("staffed", "lately")} == {"c1"}
    open_ = {rule for rule, facts in result.notes.undecided.items() if facts}
    assert {"staffed", "young", "busy"} <= open_  # of the customers whose store is not known


@pytest.mark.parametrize("since", [None, "2027-04-30"])
@pytest.mark.parametrize("few", [0, FEW])
def test_all_tables_side_by_side_come_to_the_same(
    planned: Callable[..., DayPlan], monkeypatch: pytest.MonkeyPatch, since: str | None, few: int
) -> None:
    monkeypatch.setattr(by_signature, "FEW", few)
    apart = evaluate_frame(planned(ABOVE, since), {"customer": pl.DataFrame(CUSTOMERS)}).actions
    frames = {name: pl.DataFrame(rows) for name, rows in TABLES.items()}
    together = evaluate_frame(planned({}, since), frames).actions
    assert together.rows() == apart.rows() != []


def test_parents_that_are_customers_are_counted_too(
    planned: Callable[..., DayPlan], same: Any
) -> None:
    plan = planned(TABLES)
    result = same(plan, {"visit": VISITS})
    assert told(pl.DataFrame(result.actions)) == {
        ("kept", "v1", "1"), ("late", "v1", "An;Li"), ("kept", "v2", "1"), ("late", "v3", None)
    }  # fmt: skip
    listed = nested("purchases", PURCHASES, CUSTOMERS, "customer_id")
    again = planned({**ABOVE, "customer": listed})
    assert told(evaluate_frame(again, {"visit": pl.DataFrame(VISITS)}).actions) == told(
        pl.DataFrame(result.actions)
    )


def test_engines_count_the_same(planned: Callable[..., DayPlan]) -> None:
    plan, frame = planned(ABOVE), pl.DataFrame(CUSTOMERS)
    relation = duckdb.connect().from_arrow(frame.to_arrow())
    here, there = (evaluate_frame(plan, {"customer": each}) for each in (frame, relation))
    assert there.actions.pl().rows() == here.actions.rows() != []
    signed = with_signature(plan, frame.lazy()).collect()["signature"].to_list()
    assert len(set(signed)) == 5  # the store is told apart, so that what is counted of it is


def test_a_list_that_no_row_brings_is_unknown_and_an_empty_one_is_counted(
    planned: Callable[..., DayPlan],
) -> None:
    rows = [{"id": "s1", "size": 5}, {"id": "s2", "size": 5, "employees": []}]
    plan = planned({"store": rows})
    frame = evaluate_frame(plan, pl.DataFrame(CUSTOMERS[:2]))
    found = [evaluate(plan, each) for each in CUSTOMERS[:2]]
    assert [{each.rule for each in one.actions} for one in found] == [set(), {"busy", "young"}]
    assert told(frame.actions) == {
        (a.rule, a.subject_id, a.value) for one in found for a in one.actions
    }
    assert ("store.staff",) in {each.facts for each in found[0].undecided}


@pytest.mark.parametrize("mixed", [lambda rows: rows[::-1], lambda rows: [*rows, rows[0]]])
def test_the_order_of_rows_and_identical_rows_do_not_count(
    planned: Callable[..., DayPlan], mixed: Any
) -> None:
    frame = {"customer": pl.DataFrame(CUSTOMERS)}
    known = evaluate_frame(planned(ABOVE), frame).actions
    plan = planned({name: mixed(rows) for name, rows in ABOVE.items()})
    assert evaluate_frame(plan, frame).actions.rows() == known.rows()


def test_ids_are_read_as_everywhere(planned: Callable[..., DayPlan]) -> None:
    plan = planned(
        {"store": [{"id": 7, "size": 30}], "employee": [{**STAFF[0], "store_id": " 7 "}]}
    )
    (action, *_) = evaluate(plan, {"id": "c", "store_id": "7"}).actions
    assert (action.rule, action.value) == ("busy", "0")


def test_figures_over_them_that_no_fact_may_be_are_told_of_the_parent(
    planned: Callable[..., DayPlan],
) -> None:
    many = [{"id": f"e{n}", "store_id": "s1", "years": 10**14 - 1} for n in range(2)]
    plan = planned({"store": STORES, "employee": many})
    with pytest.raises(SnapshotError, match="LR406 served of s1"):
        evaluate(plan, CUSTOMERS[0])
    with pytest.raises(FrameError, match="LR406 served of s1"):
        evaluate_frame(plan, pl.DataFrame(CUSTOMERS))


@pytest.mark.parametrize(
    ("changed", "code", "told"),
    [
        ({"employee": [*STAFF, {**STAFF[0], "years": 9}]}, "LR408", "e1"),
        ({"employee": [*STAFF, {**STAFF[0], "id": "e9", "store_id": "s9"}]}, "LR415", "s9"),
        ({"employee": [*STAFF, {**STAFF[0], "id": "e9", "store_id": None}]}, "LR415", "e9"),
        ({"store": NESTED["store"]}, "LR485", "employees of s1"),
        ({"employee": [{**STAFF[0], "id": None}]}, "LR401", "employee"),
    ],
)  # fmt: skip
def test_children_that_cannot_be_counted_are_refused(
    planned: Callable[..., DayPlan], changed: Mapping[str, Any], code: str, told: str
) -> None:
    with pytest.raises(SnapshotError) as caught:
        planned({**ABOVE, **changed})
    assert code in {each.code for each in caught.value.problems}
    assert told in str(caught.value)
