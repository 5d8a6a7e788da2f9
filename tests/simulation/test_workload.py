# SPDX-License-Identifier: Apache-2.0
"""A span as work: each action once on its due day, what it costs, and who has too much of it."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from loyaltyrules import ArgumentError, workload
from loyaltyrules.frame.days import walk as walking
from loyaltyrules.simulation.base.costs import DONE
from shipped import menswear
from simulation.conftest import KINDS, SOME_KINDS, rows_of

FIRST, LAST = date(2027, 1, 30), date(2027, 2, 7)  # with the Spring Festival's first calls
PEOPLE = pl.DataFrame(
    {
        "id": [f"c-{n}" for n in range(40)],
        "store_id": ["s-1", "s-2"] * 20,
        "member_status": "formal",
        "tier": ["A", "B", "C", None] * 10,
        "points_accumulated": [5200, 2400, 300, 800] * 10,
        "mobile_phone": "13800000001",
        "phone_status": "valid",
        "consent_marketing": True,
        "date_of_birth": [date(1980, 2, 1) + timedelta(days=n) for n in range(40)],
        "joined_on": date(2024, 3, 1),
        "last_purchase_on": [date(2026, 1, 25) + timedelta(days=n) for n in range(40)],
    }
)


def work(people: Any = PEOPLE, **more: Any) -> Any:
    return workload(menswear(), people, start=FIRST, end=LAST, **more)


def test_leaving_a_walk_and_going_on_comes_to_the_same() -> None:
    whole, parted = work().actions, work()
    for day in parted.steps():
        if day == date(2027, 2, 2):
            break
    assert parted.done[-1] == date(2027, 2, 2) and "4 of 9 days" in repr(parted)
    assert 0 < len(parted.actions) < len(whole)
    assert list(parted.steps()) == [date(2027, 2, n) for n in range(3, 8)]
    assert parted.actions.equals(whole)


@pytest.mark.parametrize("where", ["assigned", "of_gate", "Reach"])
def test_a_walk_that_is_broken_off_inside_a_day_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    load, real = work(), getattr(walking, where)

    def broken(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(walking, where, real)
        raise KeyboardInterrupt

    steps = load.steps()
    next(steps), next(steps)
    monkeypatch.setattr(walking, where, broken)
    with pytest.raises(KeyboardInterrupt):
        list(steps)
    assert len(load.done) >= 2
    list(load.steps())
    assert load.actions.equals(work().actions)


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_frames_are_of_the_caller_s_kind_and_say_the_same(kind: str) -> None:
    load = work(KINDS[kind](PEOPLE), capacity={"sales_guide": 3})
    for mine, other in ((load.by("month", "role"), BASE.by("month", "role")),
                        (load.over_capacity, BASE.over_capacity)):  # fmt: skip
        assert [_plain(row) for row in rows_of(mine)] == [_plain(row) for row in rows_of(other)]
    assert len(rows_of(load.actions)) == len(BASE.actions)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    days = {n: v.date() if hasattr(v, "date") else v for n, v in row.items()}
    return {n: None if v != v else v for n, v in days.items()}


BASE = work(capacity={"sales_guide": 3})


def test_actions_are_counted_on_their_due_days() -> None:
    rows = BASE.actions.to_dicts()
    months = Counter(f"{row['due_on']:%Y-%m}" for row in rows if row["due_on"])
    assert dict(BASE.by("month").iter_rows()) == months
    assert BASE.by()["count"].item() == len(rows) == len({row["action_id"] for row in rows})


def test_days_over_capacity_are_those_of_a_count_by_hand() -> None:
    wanted: Counter[Any] = Counter()
    for row in BASE.actions.to_dicts():
        if row["status"] in DONE:
            for role in (row["role"] or "").split(";"):
                wanted[row["store_id"], row["due_on"], role] += 1
    over = {key: n for key, n in wanted.items() if key[2] == "sales_guide" and n > 3}
    found = {row[:3]: row[3] for row in BASE.over_capacity.iter_rows()}
    assert found == over and len(over) > 2


def test_time_is_measured_by_what_the_policy_says_that_work_takes() -> None:
    policy = menswear().with_({"costs.call": {"minutes": 6}})
    able = {"sales_guide": timedelta(minutes=30)}
    load = workload(policy, PEOPLE, start=FIRST, end=LAST, capacity=able)
    calls: Counter[Any] = Counter()
    for row in load.actions.to_dicts():
        if row["kind"] == "call" and row["role"] == "sales_guide" and row["status"] in DONE:
            calls[row["store_id"], row["due_on"]] += 6
    found = {row[:2]: row[3] for row in load.over_capacity.iter_rows()}
    assert found == {key: n for key, n in calls.items() if n > 30} and found
    by_kind = {row["kind"]: row for row in load.by("kind").to_dicts()}
    assert by_kind["call"]["minutes"] == sum(calls.values())


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"capacity": {"sales_guide": "many"}}, "LR540"),
        ({"capacity": {"sales_guide": -1}}, "LR540"),
        ({"capacity": {"sales_guide": True}}, "LR540"),
        ({"capacity": {"sales_giude": 20}}, "LR541"),
    ],
)
def test_what_is_no_capacity_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        work(**more)
    assert [each.code for each in caught.value.problems] == [code]


def test_an_empty_span_and_an_unknown_column_are_told() -> None:
    with pytest.raises(ArgumentError, match="LR538"):
        workload(menswear(), PEOPLE, start=LAST, end=FIRST)
    with pytest.raises(ArgumentError, match="LR516"):
        BASE.by("rolle")


def test_faulty_rows_are_told_and_nobody_at_all_has_no_work() -> None:
    faulty = PEOPLE.with_columns(tier=pl.lit("Z"))
    load = work(faulty)
    assert len(load.faults) == 40 and len(load.actions) == 0
    assert rows_of(load.by("role")) == []
