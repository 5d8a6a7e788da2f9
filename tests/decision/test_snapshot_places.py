# SPDX-License-Identifier: Apache-2.0
"""A plan remembers the snapshots that it met; that never changes what is decided."""

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules import DayPlan, Policy, compile_day, evaluate
from loyaltyrules.decision import decider, whole
from loyaltyrules.decision.decider import decider_of
from loyaltyrules.decision.evaluate import interpret

DAYS = ("2027-02-05", "2027-03-17", "2027-09-09")
NEAR = [
    "2026-03-16", "2026-03-17", "2026-03-18", "2027-01-31", "2027-02-01", "2027-02-02",
    "2027-02-04", "2027-02-05", "2027-03-12", "2027-03-14", "2027-03-16", "2027-03-17",
]  # fmt: skip
RECORDS = st.fixed_dictionaries(
    {"id": st.sampled_from(["c1", "c/2", "c%3", "00042"])},
    optional={
        "tier": st.sampled_from("ABC"),
        "tier_since": st.sampled_from(NEAR),
        "member_status": st.sampled_from(["formal", "temporary", "visitor"]),
        "points_accumulated": st.sampled_from([0, 1999, 2000, 2001, 4999, 5000, 9000]),
        "last_purchase_on": st.sampled_from(NEAR),
        "first_purchase_on": st.sampled_from(NEAR),
        "joined_on": st.sampled_from(NEAR),
        "purchases_12m": st.integers(0, 5),
        "purchases_prev_12m": st.integers(0, 9),
        "date_of_birth": st.sampled_from(["1980-02-05", "1980-03-17", "1990-02-28", "1992-02-29"]),
        "occupation": st.sampled_from(["teacher", "soldier", "clerk"]),
        "mobile_phone": st.just("13800000001"),
        "phone_status": st.sampled_from(["valid", "vacant", "expired", "unknown"]),
        "consent_marketing": st.booleans(),
        "store_id": st.sampled_from(["S1", "S2"]),
    },
)


def told(decision: Any) -> tuple[Any, ...]:
    return (
        decision.actions, decision.suppressed, decision.undecided, decision.labels,
        decision.standing, decision.ways,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(record=RECORDS, day=st.sampled_from(DAYS))
def test_snapshot_mapping_and_interpretation_agree(
    plan: Callable[..., DayPlan], record: dict[str, Any], day: str
) -> None:
    known = plan(day)
    expected = told(interpret(known, record))
    snapshot = known.snapshot(record)
    for given_as in (snapshot, record, snapshot, known.snapshot(record)):
        assert told(evaluate(known, given_as)) == expected


@settings(max_examples=60, deadline=None)
@given(record=RECORDS, days=st.permutations(DAYS))
def test_a_snapshot_read_by_one_plan_is_decided_by_another(
    plan: Callable[..., DayPlan], record: dict[str, Any], days: list[str]
) -> None:
    one, other = plan(days[0]), plan(days[1])
    for each in (one, other):
        evaluate(each, {"id": "first"})  # both plans remember
    snapshot = one.snapshot(record)
    for known in (other, one, other):
        assert told(evaluate(known, snapshot)) == told(interpret(known, record))


def test_a_snapshot_that_was_met_is_decided_like_its_copies(
    menswear: Policy, customer: Callable[..., dict[str, Any]]
) -> None:
    known = compile_day(menswear, date(2027, 2, 5))
    snapshot = known.snapshot(customer(id="c9"))
    expected = told(evaluate(known, snapshot))
    for other in (pickle.loads(pickle.dumps(snapshot)), copy.copy(snapshot), replace(snapshot)):
        assert other == snapshot and hash(other) == hash(snapshot)
        assert told(evaluate(known, other)) == told(evaluate(known, snapshot)) == expected
    changed = replace(snapshot, facts={**snapshot.facts, "tier": "A"})
    assert evaluate(known, changed).standing["tier"] == "A"
    travelled = pickle.loads(pickle.dumps(known))
    assert told(evaluate(travelled, snapshot)) == expected


def test_a_plan_forgets_the_snapshots_that_nobody_holds(
    menswear: Policy, customer: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = compile_day(menswear, date(2027, 2, 5))
    held = [known.snapshot(customer(id=f"c{number}")) for number in range(5)]
    for each in held:
        evaluate(known, each)
    assert len(decider_of(known).met) == 5
    held.clear()
    del each
    assert not decider_of(known).met
    monkeypatch.setattr(decider, "MET", 3)
    held = [known.snapshot(customer(id=f"c{number}")) for number in range(5)]
    again = [[told(evaluate(known, each)) for each in held] for _ in range(2)]
    assert again[0] == again[1] and len(decider_of(known).met) == 3


def test_threads_share_a_memory(menswear: Policy, customer: Callable[..., dict[str, Any]]) -> None:
    known = compile_day(menswear, date(2027, 2, 5))
    records = [
        customer(id=f"c{number}", tier="ABC"[number % 3], consent_marketing=bool(number % 4),
                 points_accumulated=number * 37 % 6000, purchases_12m=number % 5)
        for number in range(60)
    ]  # fmt: skip
    expected = [told(interpret(known, each)) for each in records]

    def decided(turn: int) -> list[Any]:
        return [told(evaluate(known, known.snapshot(each))) for each in records]

    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(decided, range(16)):
            assert found == expected


def test_places_are_bounded_at_every_level(
    menswear: Policy, customer: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "BOUND", 5)
    known = compile_day(menswear, date(2027, 2, 5))
    for number in range(40):
        record = customer(
            id=f"c{number}", consent_marketing=(True, False, None)[number % 3],
            phone_status=("valid", "vacant")[number % 2], tier="ABC"[number % 3],
            points_accumulated=400 * number,
        )  # fmt: skip
        for given_as in (record, known.snapshot(record)):
            assert told(evaluate(known, given_as)) == told(interpret(known, record))
    memory = decider_of(known).memory(known, "customer")
    assert memory is not None
    held = [place.emission for place in memory.places.values() if place.emission is not None]
    places = len(memory.places) + sum(len(each.places) for each in held)
    assert places == memory.size == 5
    assert sum(len(each.shared) for each in held) <= 5
