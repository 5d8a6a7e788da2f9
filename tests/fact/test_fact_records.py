# SPDX-License-Identifier: Apache-2.0
"""Records of every make are the same record; names that nobody reads are told with the near name."""

import pickle
import sqlite3
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field, make_dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd
import polars as pl
import pytest
from pydantic import BaseModel, create_model

from loyaltyrules import (
    DayPlan,
    SnapshotError,
    compile_day,
    evaluate,
    explain,
    load_policy,
)

FACTS: dict[str, Any] = {
    "id": "c-1", "tier": "B", "points_accumulated": 5200, "joined_on": "2020-01-01", "store_id": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> DayPlan:
    return compile_day(load_policy("menswear"), on="2027-02-05")


def row_of_sqlite(facts: dict[str, Any]) -> sqlite3.Row:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    names = ", ".join(f"? as {name}" for name in facts)
    found: sqlite3.Row = connection.execute(f"select {names}", list(facts.values())).fetchone()
    connection.close()
    return found


MAKES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "ordered": OrderedDict,
    "proxy": MappingProxyType,
    "dataclass": lambda facts: make_dataclass("Customer", facts)(**facts),
    "slots": lambda facts: make_dataclass("Customer", facts, slots=True, frozen=True)(**facts),
    "pydantic": lambda facts: create_model("Customer", **dict.fromkeys(facts, (Any, ...)))(**facts),
    "namedtuple": lambda facts: namedtuple("Customer", facts)(**facts),  # type: ignore[misc]
    "series": pd.Series,
    "series of texts": lambda facts: pd.Series(
        {n: str(v) if v else None for n, v in facts.items()}
    ),
    "sqlite3.Row": row_of_sqlite,
    "row of a frame": lambda facts: pd.DataFrame([facts]).iloc[0],
    "row of itertuples": lambda facts: next(pd.DataFrame([facts]).itertuples()),
}


@pytest.mark.parametrize("make", MAKES)
def test_a_record_says_the_same_whatever_its_make(plan: DayPlan, make: str) -> None:
    record = MAKES[make](FACTS)
    known = plan.snapshot(FACTS)
    read = plan.snapshot(record)
    assert (read.id, read.facts, read.children) == (known.id, known.facts, known.children)
    assert evaluate(plan, record).actions == evaluate(plan, FACTS).actions


class Purchase(NamedTuple):
    id: str
    amount: str


@dataclass
class Buyer:
    id: str
    tier_override: "Override"
    purchases: list[Any] = field(default_factory=list)


@dataclass
class Override:
    tier: str


class Model(BaseModel):
    id: str
    purchases: list[Any]


def test_what_is_inside_of_a_record_may_be_of_any_make_too(plan: DayPlan) -> None:
    bought = {"id": "p1", "amount": "9"}
    known = plan.snapshot({"id": "c", "tier_override": {"tier": "A"}, "purchases": [bought]})
    for each in (bought, Purchase(**bought), pd.Series(bought)):
        assert plan.snapshot(Buyer("c", Override("A"), [each])) == known
    assert plan.snapshot(Model(id="c", purchases=[bought])).children == known.children


@pytest.mark.parametrize(
    "record", [5, "x", None, [1], Buyer, object(), pd.DataFrame([FACTS]), pl.DataFrame([FACTS])]
)
def test_what_is_no_record_is_told(plan: DayPlan, record: Any) -> None:
    with pytest.raises(SnapshotError, match="LR421"):
        evaluate(plan, record)


def test_unread_names_are_told_with_the_near_name(plan: DayPlan) -> None:
    record = {
        "id": "x",
        "tier": "B",
        "points_acumulated": 5200,
        "qqqq": 1,
        "purchases": [{"amuont": 1}],
    }
    decision = evaluate(plan, record)
    assert decision.snapshot.ignored == {"points_acumulated": "points_accumulated", "qqqq": ""}
    assert decision.ignored == {
        "points_acumulated": "points_accumulated", "qqqq": "", "purchase.amuont": "purchase.amount",
    }  # fmt: skip
    names = "points_acumulated (points_accumulated?), qqqq, purchase.amuont (purchase.amount?)"
    assert explain(decision).splitlines()[-1] == f"  not read: {names}"
    assert explain(decision, "zh").splitlines()[-1] == f"  未读取：{names}"
    travelled = pickle.loads(pickle.dumps(decision))
    assert travelled == decision and travelled.ignored == decision.ignored


def test_where_all_is_read_nothing_is_told(plan: DayPlan) -> None:
    decision = evaluate(plan, FACTS)
    assert decision.ignored == decision.snapshot.ignored == {}
    assert "not read" not in explain(decision)


def test_a_strict_reading_refuses_what_it_does_not_read(plan: DayPlan) -> None:
    record = {"id": "x", "teir": "B", "purchases": [{"id": "p", "amuont": 1}]}
    with pytest.raises(SnapshotError) as refused:
        plan.snapshot(record, strict=True)
    told = [(each.code, dict(each.details)) for each in refused.value.problems]
    assert told == [
        ("LR471", {"id": "x", "name": "teir", "near": "tier"}),
        ("LR471", {"id": "p", "name": "amuont", "near": "amount"}),
    ]
    assert plan.snapshot(FACTS, strict=True) == plan.snapshot(FACTS)


def test_a_wrong_name_of_a_figure_or_label_tells_the_near_one(plan: DayPlan) -> None:
    with pytest.raises(KeyError, match=r"'tier_a_pionts' \(tier_a_points\?\)"):
        plan.policy.parameters["tier_a_pionts"]
    with pytest.raises(KeyError, match=r"'teir' \(tier\?\)"):
        evaluate(plan, FACTS).labels["teir"]
    assert plan.policy.parameters.get("tier_a_pionts") is None


def test_names_of_the_population_that_nobody_reads_are_told(plan: DayPlan) -> None:
    members = [
        {"id": str(n), "amuont_12m": n, "purchases": [{"id": "p", "amuont": 1}]} for n in range(3)
    ]
    known = plan.with_population(members)
    assert known.ignored == {
        "customer": {"amuont_12m": "amount_12m"},
        "purchase": {"amuont": "amount"},
    }
    assert pickle.loads(pickle.dumps(known)).ignored == known.ignored
    assert known.with_population([{"id": "1"}]).ignored.get("purchase") == {"amuont": "amount"}
    assert plan.ignored == {}
    assert known == plan.with_population(
        [{"id": str(n), "purchases": [{"id": "p"}]} for n in range(3)]
    )
