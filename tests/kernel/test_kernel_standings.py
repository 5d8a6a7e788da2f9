# SPDX-License-Identifier: Apache-2.0
"""Standings among siblings: ranks, top shares and parts; without a population they are unknown."""

from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules import SnapshotError

DAY = "2027-03-01"


def rows(*points: int | None, **facts: object) -> list[dict[str, Any]]:
    return [{"id": f"c{at}", "points": p, "store": "s1", **facts} for at, p in enumerate(points)]


@pytest.fixture(scope="session")
def among(plan, decide):
    """The decisions on all rows, by id, each knowing the others."""

    def decided(population: list[dict[str, Any]]) -> dict[str, Any]:
        known = plan("standings", DAY).with_population(population)
        return {row["id"]: decide(known, row) for row in population}

    return decided


def told(decisions: dict[str, Any], what: str) -> dict[str, str | None]:
    return {
        name: next(each.value for each in found.actions if each.kind == f"task.{what}")
        for name, found in decisions.items()
    }


def test_ranks_count_from_the_highest(among):
    found = told(among(rows(10, 40, 30)), "place")
    assert found == {"c0": "3", "c1": "1", "c2": "2"}


def test_ranks_are_within_the_group_and_of_those_meant_alone(among):
    population = [
        *rows(10, 20),
        {"id": "x1", "points": 5, "store": "s2"},
        {"id": "x2", "points": 99, "store": "s2", "member": False},
    ]
    found = told(among(population), "place")
    assert found == {"c0": "2", "c1": "1", "x1": "1", "x2": None}


def test_a_rank_may_go_by_a_computed_fact(among):
    population = rows(10, 20, 30)
    population[0]["bonus"] = 25
    assert told(among(population), "place") == {"c0": "1", "c1": "3", "c2": "2"}


def test_of_equals_the_smaller_id_stands_higher(among):
    assert told(among(rows(7, 7, 7)), "place") == {"c0": "1", "c1": "2", "c2": "3"}


def test_who_lacks_the_figure_stands_last(among):
    assert told(among(rows(None, 1, 2)), "place")["c0"] == "3"


def test_fifths_part_the_population_evenly(among):
    found = told(among(rows(*range(10))), "fifth")
    counts = {part: list(found.values()).count(str(part)) for part in range(1, 6)}
    assert counts == dict.fromkeys(range(1, 6), 2)
    assert (found["c0"], found["c9"]) == ("1", "5")  # 5 is the highest


def test_the_top_share_has_the_highest_and_the_bands_have_the_rest(among):
    labels = {name: d.labels["tier"] for name, d in among(rows(10, 90, 100, 500, 101)).items()}
    assert labels == {"c0": "C", "c1": "C", "c2": "B", "c3": "A", "c4": "B"}


def test_in_too_small_a_group_a_share_is_unknown(among):
    assert {d.labels["tier"] for d in among(rows(10, 90, 100, 500)).values()} == {None}
    assert set(told(among(rows(10, 90)), "best").values()) == {None}
    assert set(told(among(rows(10, 90, 1)), "best").values()) == {"no"}  # a fifth of 3 is nobody


def test_without_a_population_standings_are_unknown_and_their_rules_listed(decide):
    found = decide("standings", rows(100)[0], DAY)
    assert found.labels["tier"] is None
    assert {each.rule for each in found.undecided} == {"first", "sorted"}
    assert [each.value for each in found.actions] == [None, None, None]


def test_a_record_outside_the_population_gets_the_place_it_would_have(plan, decide):
    known = plan("standings", DAY).with_population(rows(10, 20, 30))
    found = decide(known, {"id": "new", "points": 25, "store": "s1"})
    assert told({"new": found}, "place") == {"new": "2"}


def test_the_order_of_the_population_changes_nothing(among):
    population = rows(5, 3, 5, 9, 1, 5)
    assert told(among(population), "place") == told(among(population[::-1]), "place")


def test_a_plan_with_a_population_leaves_the_first_plan_as_it_was(plan, decide):
    bare = plan("standings", DAY)
    bare.with_population(rows(1, 2, 3, 4, 5))
    assert decide(bare, rows(9)[0]).labels["tier"] is None


POINTS = st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=1, max_size=24)


@settings(max_examples=40, deadline=None)
@given(points=POINTS)
def test_shares_hold_with_ties_and_parts_never_differ_by_more_than_one(among, points):
    decisions = among(rows(*points))
    size = len(points)
    best = list(told(decisions, "best").values())
    expected = None if size < 3 else floor(size / 5)
    assert best.count("yes") == (expected or 0)
    assert (None in best) == (expected is None)
    fifths = [int(part or 0) for part in told(decisions, "fifth").values()]
    counts = [fifths.count(part) for part in range(1, 6)]
    assert sum(counts) == size
    assert max(counts) - min(counts) <= 1
    assert sorted(map(int, told(decisions, "place").values())) == list(range(1, size + 1))


@settings(max_examples=40, deadline=None)
@given(points=st.lists(st.integers(0, 9), min_size=2, max_size=12))
def test_who_has_more_never_stands_lower(among, points):
    places = told(among(rows(*points)), "place")
    pairs = [(p, int(places[f"c{at}"] or 0)) for at, p in enumerate(points)]
    assert all(one[1] < two[1] for one in pairs for two in pairs if one[0] > two[0])


POPULATION = [{"id": f"c{n}", "points": n} for n in range(4)]
PLACED = """
subjects: {store: {}}
facts:
  customer: {points: {type: whole}, place: {rank: points}, best: {top: 50%, by: points}}
rules:
  first: {for: customer, if: place = 1, once_per: id, do: task.first}
  best: {for: customer, if: best, once_per: id, do: task.best}
"""


def test_identical_records_of_a_population_count_once(written, plan, does):
    known = plan(written(PLACED), "2027-03-01")
    once = known.with_population(POPULATION)
    for twice in ([*POPULATION, *POPULATION[:3]], [known.snapshot(e) for e in POPULATION * 2]):
        assert known.with_population(twice) == once
    assert [does(once, each) for each in POPULATION][2:] == [
        ["task.best best"], ["task.best best", "task.first first"],
    ]  # fmt: skip


def test_records_of_a_population_that_contradict_each_other_are_refused(written, plan):
    known = plan(written(PLACED), "2027-03-01")
    with pytest.raises(SnapshotError, match="LR408 .*'c0'"):
        known.with_population([*POPULATION, {"id": "c0", "points": 9}])
    store = known.snapshot({"id": "s"}, "store")
    with pytest.raises(SnapshotError, match="LR489 s is a record of store, not of customer"):
        known.with_population([*POPULATION, store])


def test_in_a_population_of_nobody_nobody_stands_anywhere(written, plan, decide):
    nobody = plan(written(PLACED), "2027-03-01").with_population([])
    found = decide(nobody, POPULATION[0])
    assert found.actions == () and {each.facts for each in found.undecided} == {
        ("place",),
        ("best",),
    }
    alone = nobody.with_population(POPULATION[:1])
    assert [each.rule for each in decide(alone, POPULATION[0]).actions] == ["first"]
