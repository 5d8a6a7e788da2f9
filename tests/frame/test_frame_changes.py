# SPDX-License-Identifier: Apache-2.0
"""What tables say that their actions change is what each row's actions say, and enough to carry them out."""

import pickle
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import engines
from conformance.backends import read_by_narwhals
from conformance.engines import read_sorted
from effort import examples
from loyaltyrules import (
    Action,
    DayPlan,
    FrameResult,
    Policy,
    apply,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
)
from loyaltyrules.action.changes import CHANGE_COLUMNS
from loyaltyrules.frame.engines import on_duckdb, on_spark
from loyaltyrules.frame.keys import by_signature

TEXT = """\
format: 1
policy: changing
language: en
facts:
  customer:
    tier: {type: [A, B, C]}
    wanted: {type: [A, B, C]}
    points: {type: whole}
    earned: {type: whole}
    balance: {type: money}
    bonus: {type: money}
    rate: {type: share}
    member: {type: yes/no}
    joined_on: {type: date}
    left_on: {type: date}
    seen_at: {type: datetime}
    note: {type: text}
    likes: {type: list}
  purchase:
    paid: {type: money}
    called_on: {type: date}
subjects:
  purchase: {of: customer}
words:
  all_kinds:
    kind: task.all_kinds
    to: wanted
    sets:
      {tier: to_value, rate: rate, member: member, joined_on: today, left_on: left_on, seen_at: seen_at,
       note: note, likes: likes}
    adds: {points: earned, balance: bonus * 3}
  constant: {kind: task.constant, sets: {tier: B, note: '"never"'}, adds: {points: "2", balance: "0.5"}}
  held: {kind: call, sets: {tier: A}}
  nothing: {kind: task.nothing}
  called: {kind: task.called, sets: {called_on: today}, adds: {paid: "-1"}}
rules:
  every: {for: customer, once_per: [wanted, month], do: [all_kinds, constant, nothing, held]}
  some: {for: customer, once_per: id, if: points >= 2, do: {do: constant, priority: 3}}
  bought: {for: purchase, once_per: id, do: called}
gate:
  - {hold: never, which: kind = call and member}
"""
WORDS = st.sampled_from(["A", "B", "C", None])
MONEY = st.sampled_from([None, "0", "0.0001", "12.50", "99999999999.9999", "-7.1000"])
CUSTOMER = st.fixed_dictionaries({
    "tier": WORDS, "wanted": WORDS, "points": st.none() | st.integers(0, 4),
    "earned": st.none() | st.integers(-2, 3),
    "balance": MONEY, "bonus": MONEY, "rate": st.sampled_from([None, "0.25", "1"]),
    "member": st.sampled_from([None, "yes", "no"]), "joined_on": st.sampled_from([None, "2026-02-28"]),
    "left_on": st.sampled_from([None, "2024-02-29"]),
    "seen_at": st.sampled_from([None, "2027-01-01T23:59:58"]),
    "note": st.sampled_from([None, "x", "2027-02-05", "a/b%c", "茶"]),
    "likes": st.sampled_from([None, "golf", "golf;茶"]),
})  # fmt: skip
TABLE = st.lists(CUSTOMER, min_size=1, max_size=6)
PROFILE = settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[*HealthCheck], database=None
)
ON, SINCE = date(2027, 2, 5), date(2027, 1, 30)


@cache
def policy() -> Policy:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "policy.yaml"
        file.write_text(TEXT, encoding="utf-8")
        return load_policy(file)


@cache
def plan(since: date | None = None) -> DayPlan:
    return compile_day(policy(), ON, since)


@pytest.fixture(params=[0, by_signature.FEW], ids=["by columns", "few"])
def few(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(by_signature, "FEW", request.param)


def rows_of(customers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"c/{number}", **each} for number, each in enumerate(customers)]


def framed(rows: list[dict[str, Any]]) -> pl.DataFrame:
    names = ["id", *policy().vocabulary.declarations["customer"]]
    schema = dict.fromkeys(names, pl.String) | {"points": pl.Int64, "earned": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def said_by_rows(plan: DayPlan, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What the actions of each row change, as its decision says."""
    found = []
    for row in rows:
        for action in evaluate(plan, row).actions:
            name = action.action_id, action.subject, action.subject_id
            found += [(*name, fact, text(value), None) for fact, value in action.sets]
            found += [(*name, fact, None, text(amount)) for fact, amount in action.adds]
    return sorted(found, key=lambda each: (each[0], each[3]))


def text(value: Any) -> str | None:
    """A value as a person would write it exactly."""
    match value:
        case None:
            return None
        case bool():
            return {True: "yes", False: "no"}[value]
        case Decimal():
            whole = value == value.to_integral_value()
            return str(int(value)) if whole else f"{value:f}".rstrip("0")
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return ";".join(value)
    return str(value)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("since", [None, SINCE], ids=["day", "span"])
def test_changes_of_tables_are_those_of_the_actions_of_rows(since: date | None) -> None:
    @PROFILE
    @given(TABLE)
    def tried(customers: list[dict[str, Any]]) -> None:
        rows = rows_of(customers)
        result = evaluate_frame(plan(since), framed(rows))
        assert result.changes.columns == [*CHANGE_COLUMNS]
        assert set(result.changes.dtypes) == {pl.String}
        assert result.changes.rows() == said_by_rows(plan(since), rows)

    tried()


@pytest.mark.usefixtures("few")
def test_an_action_of_a_table_with_its_changes_does_what_that_of_the_row_does() -> None:
    @PROFILE
    @given(TABLE)
    def tried(customers: list[dict[str, Any]]) -> None:
        rows = rows_of(customers)
        result = evaluate_frame(plan(), framed(rows))
        changes = result.changes.to_dicts()
        known = {a.action_id: a for row in rows for a in evaluate(plan(), row).actions}
        records = {row["id"]: row for row in rows}
        for row in result.actions.to_dicts():
            action, record = Action.from_dict(row), records[row["subject_id"]]
            expected = apply(record, known[action.action_id])
            assert apply(record, action, changes, policy=policy()) == expected
            plain = apply(record, action, changes)  # texts, which mean the same facts
            assert plan().snapshot(plain) == plan().snapshot(expected)

    tried()


def test_child_records_change_their_own_facts() -> None:
    tables = {
        "customer": pl.DataFrame({"id": ["1", "2"], "points": [5, None]}),
        "purchase": pl.DataFrame({"id": ["p"], "customer_id": ["1"], "paid": ["9"]}),
    }
    found = evaluate_frame(plan(), tables).changes.filter(pl.col("subject") == "purchase")
    assert found.select("subject_id", "fact", "set_to", "add").rows() == [
        ("p", "called_on", "2027-02-05", None), ("p", "paid", None, "-1"),
    ]  # fmt: skip


def test_a_result_travels_with_its_changes() -> None:
    result = evaluate_frame(plan(), framed(ROWS))
    travelled = pickle.loads(pickle.dumps(result))
    assert travelled.changes.equals(result.changes) and travelled.changes.height > 0
    assert travelled.actions.equals(result.actions) and travelled.notes == result.notes


def test_where_nothing_changes_the_frame_has_its_columns() -> None:
    result = evaluate_frame(plan(), pl.DataFrame(schema={"id": pl.String}))
    assert result.changes.shape == (0, 6) and result.changes.columns == [*CHANGE_COLUMNS]


ROWS = [
    {"id": f"c{number}", "wanted": "ABC"[number % 3], "points": number, "earned": number % 2 or None,
     "balance": "1", "bonus": "0.25", "note": None}
    for number in range(7)
]  # fmt: skip
MADE: Mapping[str, tuple[Callable[[pl.DataFrame], Any], Callable[[Any], list[dict[str, Any]]]]] = {
    "polars_lazy": (lambda table: table.lazy(), read_by_narwhals),
    "pandas": (lambda table: table.to_pandas(), read_by_narwhals),
    "pyarrow": (lambda table: table.to_arrow(), read_by_narwhals),
    "duckdb": (lambda table: engines.on_duckdb(table.to_arrow()), read_sorted),
    "dask": (
        lambda table: engines.on_dask(table.to_pandas(use_pyarrow_extension_array=True)),
        read_sorted,
    ),
    "spark": (lambda table: engines.on_spark(table.to_arrow()), read_sorted),
}
ENGINES = [pytest.param(name, marks=engines.ENGINE) for name in ("duckdb", "dask")]


@pytest.mark.parametrize("kind", ["polars_lazy", "pandas", "pyarrow", *ENGINES, engines.SPARK])
def test_every_kind_of_frame_has_changes_of_its_kind(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_duckdb, "ROWS", 3)
    monkeypatch.setattr(on_spark, "ROWS", 3)
    make, read = MADE[kind]
    given_frame = make(framed(ROWS))
    result: FrameResult = evaluate_frame(plan(), given_frame)
    assert type(result.changes) is type(result.actions)
    found = sorted(
        (tuple(row.values()) for row in read(result.changes)), key=lambda r: (r[0], r[3])
    )
    assert found == said_by_rows(plan(), ROWS)
