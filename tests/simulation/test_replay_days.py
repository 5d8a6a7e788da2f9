# SPDX-License-Identifier: Apache-2.0
"""The days of a walk, the spans of its facts, and what is refused and told of it."""

from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from loyaltyrules import ArgumentError, FrameError, Policy, PolicyError, load_policy, replay
from loyaltyrules.fact.coerce import LARGEST
from loyaltyrules.history import facts_as_of
from loyaltyrules.history.facts import History
from loyaltyrules.simulation import always
from loyaltyrules.simulation.replaying.walk_days import cuts_on, days_of
from shipped import menswear

DAY = date(2026, 3, 31)
PURCHASES = pl.DataFrame({
    "customer_id": ["c1", "c1", "c2", "c3"],
    "occurred_at": ["2026-01-05", "2026-02-20", "2026-03-01", "2026-09-01"],
    "amount": [100, 50, 20, 5],
})  # fmt: skip
CUSTOMERS = pl.DataFrame({"id": ["c1", "c2", "c3", "c4"], "stamps": [3, None, None, None]})
RAW = {"purchase": PURCHASES, "customer": CUSTOMERS}
SMALL = """
format: 1
policy: small
language: en
parameters:
  points_per_amount: {value: 10}
  member_points: {value: 1000}
facts:
  customer:
    points_accumulated: {type: whole, unit: points, default: 0}
    purchases_12m: {type: whole, default: 0}
    stamps: {type: whole, default: 7}
    grade: {type: [gold, silver]}
    stamped_on: {type: date}
    note: {type: text}
labels:
  level:
    for: customer
    values: [gold, silver]
    standing: grade
    cases: {gold: points_accumulated >= member_points, silver: points_accumulated < member_points}
  busy:
    for: customer
    values: [often, seldom]
    cases: {often: purchases_12m >= 2, seldom: purchases_12m < 2}
words:
  raise: {kind: tier.assign, role: manager, approver: manager, sets: {grade: to_value}}
  stamp: {kind: task.stamp, role: guide, value: 2, adds: {stamps: 2}, sets: {stamped_on: today}}
  bonus: {kind: task.bonus, role: guide, value: 500, adds: {points_accumulated: 500}}
rules:
  first:
    for: customer
    if: grade is missing or grade != proposed.level
    once_per: proposed.level
    do: {do: raise, to: proposed.level}
  stamps: {for: customer, if: points_accumulated > 0, once_per: today, do: stamp}
"""
TWICE = """  lowered:
    for: customer
    if: proposed.level = gold
    once_per: today
    do: {do: raise, to: lower(proposed.level, 1)}
"""
BONUS = "  bonus: {for: customer, if: points_accumulated > 0, once_per: month, do: bonus}\n"
DATED = "  dated: {for: customer, at: monday, do: stamp}\n"


@pytest.fixture
def small(tmp_path: Any) -> Any:
    def load(more: str = "", less: str = "") -> Policy:
        file = tmp_path / "small.yaml"
        file.write_text(SMALL.replace(less, "") + more if less else SMALL + more, "utf-8")
        return load_policy(file)

    return load


def told(story: Any) -> dict[str, str]:
    return {dict(each.details)["why"]: dict(each.details)["names"] for each in story.notes}


# ---- days


@pytest.mark.parametrize(("start", "every", "days"), [
    (date(1997, 1, 31), "1mo", ["1997-01-31", "1997-02-28", "1997-03-31", "1997-04-30"]),
    (date(1997, 2, 28), "1mo", ["1997-02-28", "1997-03-31", "1997-04-30", "1997-05-31"]),
    (date(1997, 1, 30), "1mo", ["1997-01-30", "1997-02-28", "1997-03-30", "1997-04-30"]),
    (date(1997, 11, 30), "3mo", ["1997-11-30", "1998-02-28", "1998-05-31", "1998-08-31"]),
    (date(1996, 2, 29), "1y", ["1996-02-29", "1997-02-28", "1998-02-28", "1999-02-28"]),
    (date(1997, 1, 31), "1w", ["1997-01-31", "1997-02-07", "1997-02-14", "1997-02-21"]),
    (date(1997, 2, 27), "1d", ["1997-02-27", "1997-02-28", "1997-03-01", "1997-03-02"]),
    (date(1996, 12, 1), "lunar year", ["1997-02-06", "1998-01-27", "1999-02-15", "2000-02-04"]),
])  # fmt: skip
def test_steps_fall_on_month_ends_where_they_begin_on_one(
    start: date, every: str, days: list[str]
) -> None:
    found = days_of(start, date(2001, 1, 1), every)
    assert [day.isoformat() for day in found[:4]] == days
    assert found[-1] <= date(2001, 1, 1)


def test_in_a_walk_by_lunar_years_the_last_year_is_the_lunar_one() -> None:
    eve, last = date(2027, 2, 5), date(2026, 2, 16)  # Spring Festivals on 2027-02-06 and 2026-02-17
    days = [date(2025, 1, 28), date(2025, 1, 29), last, date(2026, 2, 17), eve, date(2027, 2, 6)]
    bought = pl.DataFrame(
        {"customer_id": ["c"] * 6, "occurred_at": days, "amount": [1, 2, 4, 8, 16, 32]}
    )
    read = History.read({"purchase": bought}, points_per_amount=None, timezone="Asia/Shanghai")
    lunar = read.as_of(cuts_on(eve, "lunar year")).to_dicts()[0]
    assert (lunar["amount_12m"], lunar["amount_prev_12m"], lunar["amount_total"]) == (24, 6, 31)
    assert read.as_of(cuts_on(eve, "1y")).equals(facts_as_of({"purchase": bought}, on=eve))


# ---- what is carried


def test_counters_grow_from_step_to_step_and_from_what_is_on_file(small: Any) -> None:
    story = replay({"p": small()}, RAW, start=date(2026, 1, 31), end=date(2026, 4, 30))
    assert story.labels.height
    kept = story._at.kept[0].values
    assert kept["stamps"] == {"c1": 3 + 4 * 2, "c2": 2 * 2}
    assert kept["stamped_on"] == {"c1": date(2026, 4, 30), "c2": date(2026, 4, 30)}
    assert kept["grade"] == {"c1": "gold", "c2": "silver"}


def test_a_change_of_what_raw_tables_compute_is_told_and_not_kept(small: Any) -> None:
    asked: dict[str, Any] = {"start": date(2026, 1, 31), "end": date(2026, 4, 30)}
    plain, changed = (replay({"p": small(more)}, RAW, **asked) for more in ("", BONUS))
    assert plain.labels.rows() == changed.labels.rows()
    why = "facts that raw tables compute anew: what actions change in them is not kept"
    assert told(changed)[why] == "points_accumulated"
    assert why not in told(plain)


def test_a_change_to_no_value_of_the_fact_is_told_and_not_kept(small: Any) -> None:
    full = CUSTOMERS.with_columns(stamps=pl.Series([LARGEST - 1, 1, 1, 1]))
    story = replay({"p": small()}, {**RAW, "customer": full}, start=DAY, end=DAY)
    why = "what actions come to is no value of the fact, and is not kept"
    assert told(story)[why] == "stamps"
    assert story._at.kept[0].values["stamps"] == {"c2": 3}


def test_actions_that_contradict_each_other_are_told_and_the_last_counts(small: Any) -> None:
    why = "several actions of one step set a fact to different values: the last one counts"
    story = replay({"p": small(TWICE)}, RAW, start=DAY, end=DAY)
    assert told(story)[why] == "grade"
    assert story.moves.rows() == [
        ("p", DAY, "c1", "tier.assign", None, "silver"),
        ("p", DAY, "c2", "tier.assign", None, "silver"),
    ]
    assert why not in told(replay({"p": small()}, RAW, start=DAY, end=DAY))


def test_a_walk_by_lunar_years_counts_the_purchases_of_the_lunar_year(small: Any) -> None:
    """The Spring Festivals of 2026 and 2027 fall on 17 February and 6 February."""
    asked: dict[str, Any] = {"start": date(2026, 1, 1), "end": date(2027, 12, 31)}
    lunar = replay({"p": small()}, RAW, **asked, every="lunar year")
    assert [*lunar.steps()] == [date(2026, 2, 16), date(2027, 2, 5)]
    often = {"label": "busy", "word": "often", "on": date(2027, 2, 5)}
    assert lunar.labels.filter(**often)["count"].to_list() == [0]  # one of each lunar year
    plain = replay({"p": small()}, RAW, start=date(2026, 12, 31), end=date(2026, 12, 31))
    assert plain.labels.filter(label="busy", word="often")["count"].to_list() == [1]


def test_what_a_walk_does_not_see_is_told(small: Any) -> None:
    raw = {**RAW, "visit": CUSTOMERS}
    story = replay({"p": small()}, raw, start=date(2026, 1, 31), end=date(2026, 5, 15))
    assert told(story) == {
        "purchases after the last step": "1",
        "customers without a purchase up to the last step": "2",
        "raw tables that facts are not computed from": "visit",
    }
    assert {each.code for each in story.notes} == {"LR526"}


def test_rules_of_days_between_the_steps_are_told_where_they_are_not_asked(small: Any) -> None:
    why = "rules that act on days of their own: those between the steps are not asked"
    asked: dict[str, Any] = {"start": DAY, "end": date(2026, 5, 31)}
    policy = {"p": small(DATED)}
    assert told(replay(policy, RAW, **asked))[why] == "dated"
    assert why not in told(replay(policy, RAW, **asked, catch_up=True))
    assert why not in told(replay(policy, RAW, start=DAY, end=date(2026, 4, 2), every="1d"))


def test_points_that_nothing_tells_are_told(small: Any) -> None:
    why = "purchases tell no points_earned, and the policy no points_per_amount"
    policy = small(less="  points_per_amount: {value: 10}\n")
    story = replay({"p": policy, "q": small()}, RAW, start=DAY, end=DAY)
    assert told(story)[why] == "p"


def test_rows_that_cannot_be_read_are_told(small: Any) -> None:
    odd = CUSTOMERS.with_columns(stamps=pl.Series(["3", "many", None, None]))
    story = replay({"p": small()}, {**RAW, "customer": odd}, start=DAY, end=DAY)
    assert told(story)["customers that a step set aside for what cannot be read of them"] == "c2"
    assert story.labels.filter(label="level")["count"].sum() == 1
    smudged = PURCHASES.with_columns(amount=pl.Series(["100", "?", "20", "5"]))
    story = replay({"p": small()}, {**RAW, "purchase": smudged}, start=DAY, end=DAY)
    assert [each.code for each in story.notes if each.code < "LR5"] == ["LR445", "LR436"]


# ---- what is refused


@pytest.mark.parametrize(("change", "code"), [
    ({"end": date(2026, 3, 30)}, "LR523"), ({"every": "monthly"}, "LR523"), ({"every": "0mo"}, "LR523"),
    ({"every": 1}, "LR523"), ({"every": "lunar year"}, "LR523"), ({"start": "2026/03/31"}, "LR470"),
    ({"end": None}, "LR470"), ({"approve": "always"}, "LR524"), ({"policies": {}}, "LR525"),
    ({"policies": "menswear"}, "LR525"), ({"policies": {"a": 1}}, "LR525"),
])  # fmt: skip
def test_what_cannot_walk_is_refused(small: Any, change: dict[str, Any], code: str) -> None:
    policies = change.pop("policies", None)
    given: dict[str, Any] = {"start": DAY, "end": date(2026, 6, 30), **change}
    with pytest.raises(ArgumentError) as caught:
        replay({"p": small()} if policies is None else policies, RAW, **given)
    assert [each.code for each in caught.value.problems] == [code]


def test_policies_of_different_records_do_not_walk_together(small: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        replay({"p": small(), "q": menswear()}, RAW, start=DAY, end=DAY)
    assert dict(caught.value.problems[0].details)["why"] == "they know records of different kinds"


def test_an_answer_that_is_neither_yes_nor_no_is_refused(small: Any) -> None:
    for answer in (None, "yes", 1):
        story = replay({"p": small()}, RAW, start=DAY, end=DAY, approve=lambda _, a=answer: a)
        for _ in range(2):  # the step is not taken, and is tried again
            with pytest.raises(ArgumentError) as caught:
                story.labels  # noqa: B018
            assert [each.code for each in caught.value.problems] == ["LR524"]


def test_an_answer_of_numpy_is_an_answer(small: Any) -> None:
    for answer, moved in ((np.True_, 2), (np.False_, 0)):
        story = replay({"p": small()}, RAW, start=DAY, end=DAY, approve=lambda _, a=answer: a)
        assert len(story.moves) == moved


def test_raw_tables_are_refused_as_for_facts(small: Any) -> None:
    for raw in (PURCHASES, {}, {"purchase": PURCHASES.drop("amount")}, {"purchase": 3}):
        with pytest.raises(FrameError):
            replay({"p": small()}, raw, start=DAY, end=DAY)  # type: ignore[arg-type]


def test_days_beyond_the_calendar_or_the_policy_are_refused_before_the_walk(small: Any) -> None:
    for more in ("", "in_force: {to: 2027-12-31}\n"):
        with pytest.raises(PolicyError):
            replay({"p": small(more)}, RAW, start=DAY, end=date(2100, 12, 31), every="1y")


def test_days_may_be_named_in_every_way(small: Any) -> None:
    asked = ((DAY, DAY), ("2026-03-31", datetime(2026, 3, 31, 12)))
    one, other = (
        replay({"p": small()}, RAW, start=start, end=end, approve=always) for start, end in asked
    )
    assert one.labels.rows() == other.labels.rows()
