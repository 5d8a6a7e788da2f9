# SPDX-License-Identifier: Apache-2.0
"""What the rows of single customers say of their input is so."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from benchmarks.eight_rules.customers import customers
from benchmarks.equality import DAYS
from benchmarks.loading import MENSWEAR
from benchmarks.measure import Side
from benchmarks.one_customer import (
    BARS,
    BY_HAND,
    HEAD,
    MET,
    NEW,
    OTHERS,
    RAW,
    TIMED,
    contests,
    met,
    new,
    rows,
    seasoned,
)
from benchmarks.one_member import HEAD as MEMBER
from benchmarks.one_member import records as members
from benchmarks.one_member import rows as member_rows

from loyaltyrules import DayPlan, Snapshot, compile_day, evaluate, load_policy
from loyaltyrules.decision.decider import decider_of

EVE = DAYS["Spring Festival eve"]


def plan_of(side: Side) -> DayPlan:
    """The plan that a side of the library decides with."""
    assert isinstance(side.run, partial)
    found = side.run.args[0]
    assert isinstance(found, DayPlan)
    return found


def known(plan: DayPlan, snapshots: Any) -> list[bool]:
    """Which snapshots the plan would find again."""
    met = decider_of(plan).met
    return [id(each) in met for each in snapshots]


def test_a_snapshot_met_before_is_found_again_and_a_new_one_is_not() -> None:
    plan, records = seasoned(EVE, 50), customers(50, EVE, seed=0)
    unmet = new(plan, records)
    again = met(plan, records)
    assert known(plan, again) == [True] * 50
    assert known(plan, unmet) == [False] * 50
    assert all(type(each) is Snapshot for each in unmet)


def test_the_input_of_a_round_is_what_its_side_says() -> None:
    sides = {name: side for each in contests(EVE, 20, 30).values() for name, side in each.items()}
    plans = {name: plan_of(sides[name]) for name in (MET, NEW, RAW)}
    assert known(plans[MET], sides[MET].make(0)) == [True] * 20
    assert known(plans[NEW], sides[NEW].make(0)) == [False] * 20
    assert sides[RAW].make(0) == customers(20, EVE, seed=0)


def test_no_two_sides_share_what_a_plan_remembers() -> None:
    validated, mappings = contests(EVE, 5, 5).values()
    plans = [plan_of(side) for side in (validated[MET], validated[NEW], mappings[RAW])]
    assert len({id(each.memory) for each in plans}) == len(plans) == 3


def test_other_customers_are_not_those_of_a_round() -> None:
    others = customers(30, EVE, seed=OTHERS)
    assert all(customers(30, EVE, seed=number) != others for number in range(20))


def test_every_day_tells_every_bar_and_the_ratio_to_the_code_by_hand() -> None:
    lines = [*rows(count=5, rounds=1, others=5)]
    assert {len(each) for each in lines} == {len(HEAD)}
    for day in TIMED:
        bars = {line[2]: line[-1] for line in lines if line[0] == day and line[-1]}
        assert bars == BARS
    assert {line[5] for line in lines if line[2] == BY_HAND} == {"1.0 ×"}


@pytest.mark.parametrize("on", [DAYS[name] for name in TIMED], ids=str)
def test_customers_of_the_handbook_are_mixed_and_read_in_full(on: date) -> None:
    plan, records = compile_day(load_policy(MENSWEAR), on), members(60, on, 1)
    assert {type(value) for each in records for value in each.values()} <= {str, int, bool}
    assert not any(plan.snapshot(each).ignored for each in records)
    received = [len(evaluate(plan, each).actions) for each in records]
    assert len({*received}) > 2
    assert len({frozenset(each) for each in records}) > 50  # what is known of them differs


def test_the_handbook_has_figures_and_no_ratio() -> None:
    lines = [*member_rows(count=3, rounds=1, others=3)]
    assert [line[0] for line in lines] == [*TIMED]
    assert {len(each) for each in lines} == {len(MEMBER)}
