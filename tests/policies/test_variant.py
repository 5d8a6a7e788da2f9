# SPDX-License-Identifier: Apache-2.0
"""A policy with something changed in memory is the policy that a file with the same lines would be."""

import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import Policy, PolicyError, compile_day, evaluate, load_policy
from loyaltyrules.policy.changes import laid_over
from loyaltyrules.policy.variant import read_anew
from shipped import menswear

MENSWEAR = Path(__file__).parents[2] / "policies" / "menswear"
BASE = menswear()
GOLD = {"id": "c-1", "member_status": "formal", "tier": "A", "points_accumulated": 5200}


def told(call: Callable[[], Policy]) -> Any:
    """The policy, or the problems with their places."""
    try:
        return call()
    except PolicyError as error:
        return error.problems


def codes(call: Callable[[], Policy]) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        call()
    return [each.code for each in caught.value.problems]


def anew(changes: dict[str, Any]) -> Policy:
    """The long way, which every file goes."""
    assert BASE.written is not None
    return read_anew(BASE.written, laid_over(BASE, BASE.written.document, changes))


@pytest.mark.parametrize(("changes", "lines"), [
    ({"tier_a_points": 6000}, "parameters: {tier_a_points: {value: 6000}}"),
    ({"A级起点积分": 6000}, "parameters: {tier_a_points: {value: 6000}}"),
    ({"a_share": 0.25}, "parameters: {a_share: {value: 25%}}"),
    ({"a_share": "25%"}, "parameters: {a_share: {value: 25%}}"),
    ({"idle_period": "6 months"}, "parameters: {idle_period: {value: 6 months}}"),
    ({"tier_a_points": {"source": "TERM-TIER-01"}}, "parameters: {tier_a_points: {source: TERM-TIER-01}}"),
    ({"labels.tier.moves.upgrade.if": "proposed.tier < tier and points_accumulated > 9"},
     "labels: {tier: {moves: {upgrade: {if: 'proposed.tier < tier and points_accumulated > 9'}}}}"),
    ({("rules", "extra.rule"): {"for": "customer", "at": "daily", "if": "tier = A", "do": "到店领礼"}},
     "rules: {extra.rule: {for: customer, at: daily, if: tier = A, do: 到店领礼}}"),
    ({"rules.extra": None}, "rules: {extra: none}"),
])  # fmt: skip
def test_a_change_in_memory_is_that_of_a_file_that_extends(
    changes: dict[str, Any], lines: str, tmp_path: Path
) -> None:
    file = tmp_path / "policy.yaml"
    head = f"format: 1\npolicy: {BASE.name}\nextends: {MENSWEAR}\n"
    file.write_text(f"{head}{lines}\n", encoding="utf-8")
    in_memory = told(lambda: BASE.with_(changes))
    in_a_file = told(lambda: load_policy(file, root=MENSWEAR.parent))
    if isinstance(in_a_file, Policy):
        assert in_memory == in_a_file
    else:
        assert [(each.code, each.details) for each in in_memory] == [
            (each.code, each.details) for each in in_a_file
        ]


FIGURES = sorted(BASE.parameters)
VALUES = st.one_of(
    st.integers(-3, 10_000),
    st.sampled_from(["20%", "150%", "6 months", "0 days", "500 months", "many", "12 CNY", "9 points"]),
    st.decimals(0, 3, places=2),
    st.dictionaries(st.dates(date(1998, 1, 1), date(2030, 1, 1)), st.integers(0, 9000), min_size=1),
    st.just(["festival"]),
)  # fmt: skip


@settings(max_examples=examples(60))
@given(st.dictionaries(st.sampled_from(FIGURES), VALUES, min_size=1, max_size=2))
def test_figures_that_are_put_in_place_are_those_that_are_read_anew(
    changes: dict[str, Any],
) -> None:
    short, long = told(lambda: BASE.with_(changes)), told(lambda: anew(changes))
    assert short == long
    if isinstance(short, Policy):
        assert short.fingerprint == long.fingerprint
        assert short.doubts == long.doubts


def test_what_must_hold_between_figures_is_told_as_in_a_file() -> None:
    assert codes(lambda: BASE.with_(tier_a_points=1000)) == ["LR234"]
    assert codes(lambda: BASE.with_(a_share=20)) == ["LR155"]
    raised = BASE.with_(tier_a_points=9000, tier_b_points=8000)
    assert codes(lambda: raised.with_(tier_a_points=7000)) == ["LR234"]


@pytest.mark.parametrize(("name", "near"), [
    ("tier_a_pionts", "tier_a_points"), ("A级起始积分", "A级起点积分"), ("label.tier.if", "labels.tier.if"),
    ("labels.teir.if", "labels.tier.if"), ("labels.tier.moves.upgrad.if", "labels.tier.moves.upgrade.if"),
    ("parameters.tier_a_points.value.more", ""), ("gate.0", ""), ("rules", ""), ("", ""), ((), ""),
])  # fmt: skip
def test_a_part_that_is_not_there_is_told_with_the_near_one(name: Any, near: str) -> None:
    with pytest.raises(PolicyError) as caught:
        BASE.with_({name: "1"})
    (found,) = caught.value.problems
    assert (found.code, dict(found.details)["near"]) == ("LR510", near)


def test_a_new_figure_near_to_one_is_told() -> None:
    assert codes(lambda: BASE.with_({"parameters.tier_a_pionts": {"value": 6000}})) == ["LR261"]


def test_what_is_changed_twice_is_told() -> None:
    assert codes(lambda: BASE.with_({"tier_a_points": 1, "A级起点积分": 2})) == ["LR104"]
    assert codes(lambda: BASE.with_({"rules.a": "none", "rules.a.if": "member"})) == ["LR510"]


@pytest.mark.parametrize("value", [object(), float("nan"), float("inf"), b"1", {1, 2}])
def test_a_value_that_no_policy_holds_is_told(value: Any) -> None:
    assert codes(lambda: BASE.with_(tier_a_points=value)) == ["LR511"]


@pytest.mark.parametrize("value", [
    6000, Decimal(6000), 6000.0, np.int64(6000), np.float32(6000), "6000", "6000 points", {"value": 6000},
])  # fmt: skip
def test_a_number_of_any_make_is_the_figure(value: Any) -> None:
    assert BASE.with_(tier_a_points=value) == BASE.with_(tier_a_points=6000)


@pytest.mark.parametrize("day", [date(2027, 7, 1), "2027-07-01", pd.Timestamp("2027-07-01")])
def test_a_dated_figure_keeps_the_old_one_before_its_first_day(day: Any) -> None:
    figure = BASE.with_(tier_a_points={day: 6000}).parameters["tier_a_points"]
    assert figure.on(date(2027, 6, 30)) == 5000
    assert figure.on(date(2027, 7, 1)) == 6000
    later = BASE.with_(tier_a_points={day: 6000}).with_(tier_a_points={"2028-01-01": 7000})
    assert later.parameters["tier_a_points"].on(date(2027, 7, 1)) == 6000
    assert later.parameters["tier_a_points"].on(date(2028, 1, 1)) == 7000


def test_a_changed_figure_says_that_it_was_and_keeps_its_source() -> None:
    figure = BASE.with_(tier_a_points=6000).parameters["tier_a_points"]
    assert figure.grounds.origin == "override"
    assert figure.grounds.source == BASE.parameters["tier_a_points"].grounds.source
    assert figure.titles == BASE.parameters["tier_a_points"].titles


def test_the_policy_itself_stays_as_it_is() -> None:
    before = BASE.fingerprint, BASE.doubts
    changed = BASE.with_({"tier_a_points": 6000, "labels.tier.moves.upgrade": None})
    assert changed != BASE
    assert (BASE.fingerprint, BASE.doubts) == before
    assert load_policy(MENSWEAR) == BASE


def test_nothing_changed_is_the_policy() -> None:
    assert BASE.with_() == BASE
    assert (
        BASE.with_(tier_a_points=6000).with_(tier_a_points=5000).parameters.keys()
        == BASE.parameters.keys()
    )


def test_a_changed_policy_travels_and_can_be_changed_there() -> None:
    changed = pickle.loads(pickle.dumps(BASE.with_(tier_a_points=6000)))
    assert changed == BASE.with_(tier_a_points=6000)
    assert changed.with_(tier_b_points=3000) == BASE.with_(tier_a_points=6000, tier_b_points=3000)
    assert changed.doubts == BASE.with_(tier_a_points=6000).doubts


def test_the_changed_figure_decides() -> None:
    on = date(2027, 2, 5)
    assert evaluate(compile_day(BASE, on), GOLD).labels["tier"] == "A"
    assert evaluate(compile_day(BASE.with_(tier_a_points=6000), on), GOLD).labels["tier"] == "B"
