# SPDX-License-Identifier: Apache-2.0
"""Laws of the kernel: memory, index, pickling and spans never change what is decided."""

import pickle
import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules import Plugins, compile_day, evaluate, load_policy
from loyaltyrules.expression.functions import Function
from loyaltyrules.plan.index import SMALL, index_of

DAYS = st.dates(date(2026, 12, 1), date(2028, 3, 31))
NEAR = st.dates(date(2026, 1, 1), date(2028, 6, 30)).map(str)


def many_rules(count: int, seed: int = 7) -> str:
    """A policy of many rules over a few facts: ranges, equalities, dates, lists and mixtures."""
    draw = random.Random(seed)
    parts = {
        "points": lambda: (
            f"points {draw.choice(['<', '<=', '>', '>=', '=', '!='])} {draw.randrange(9)}"
        ),
        "town": lambda: f'town {draw.choice(["=", "!="])} "{draw.choice("abc")}"',
        "tier": lambda: f"tier {draw.choice(['=', '>=', '<'])} {draw.choice('ABC')}",
        "last_on": lambda: f"last_on >= 2027-01-0{draw.randrange(1, 9)}",
        "towns": lambda: f'town in ["{draw.choice("abc")}", "d"]',
        "or": lambda: f'(points = {draw.randrange(9)} or town = "{draw.choice("abc")}")',
        "facts": lambda: "points > other",
    }
    rules = []
    for number in range(count):
        chosen = draw.sample(list(parts), draw.randrange(1, 4))
        condition = " and ".join(parts[name]() for name in chosen)
        rules.append(
            f"  r{number}: {{for: customer, if: '{condition}', once_per: id, do: task.go}}"
        )
    facts = (
        "facts: {customer: {points: {type: whole}, other: {type: whole}, town: {type: text},"
        " tier: {type: [A, B, C]}, last_on: {type: date}}}\n"
    )
    return f"{facts}rules:\n" + "\n".join(rules)


RECORDS = st.fixed_dictionaries(
    {"id": st.just("c1")},
    optional={
        "points": st.integers(-1, 10),
        "other": st.integers(-1, 10),
        "town": st.sampled_from("abcde"),
        "tier": st.sampled_from("ABC"),
        "last_on": st.dates(date(2026, 12, 30), date(2027, 1, 10)).map(str),
    },
)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    file = tmp_path_factory.mktemp("many") / "many.yaml"
    file.write_text(f"format: 1\npolicy: many\n{many_rules(200)}", encoding="utf-8")
    return compile_day(load_policy(file), on=date(2027, 1, 5))


@settings(max_examples=60, deadline=None)
@given(record=RECORDS)
def test_the_index_of_200_rules_leaves_out_only_what_cannot_hold(many, record):
    subject = many.day(many.on).subjects["customer"]
    facts = many.snapshot(record).facts
    conditions = [instance.condition for instance in subject.instances]
    possible = set(index_of(conditions).possible(facts))
    assert len(conditions) == 200 > SMALL
    assert index_of(conditions).parts
    for place, instance in enumerate(subject.instances):
        assert place in possible or instance.test(facts) is False


@settings(max_examples=60, deadline=None)
@given(record=RECORDS)
def test_of_200_rules_those_act_that_hold_and_those_are_listed_that_are_unknown(
    many, decide, record
):
    subject = many.day(many.on).subjects["customer"]
    facts = many.snapshot(record).facts
    holds = {each.rule.id: each.test(facts) for each in subject.instances}
    found = decide(many, record)
    assert {each.rule for each in found.actions} == {r for r, held in holds.items() if held is True}
    assert {each.rule for each in found.undecided} == {
        r for r, held in holds.items() if held is None
    }


ORDERS = st.lists(
    st.fixed_dictionaries({}, optional={"ready_on": NEAR, "collected_on": NEAR}), max_size=2
)
CUSTOMERS = st.fixed_dictionaries(
    {"id": st.just("c1")},
    optional={
        "points": st.sampled_from([99, 100]), "joined_on": NEAR, "tier": st.sampled_from("AB"),
        "paid_on": NEAR, "orders": ORDERS,
    },
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(record=CUSTOMERS, on=DAYS, length=st.integers(1, 25))
def test_catching_up_is_the_union_of_the_daily_runs(plan, decide, record, on, length):
    since = on - timedelta(days=length)
    span = decide(plan("modes", str(on), str(since)), record)
    daily: dict[str, Any] = {}
    for step in range(1, length + 1):
        day = since + timedelta(days=step)
        for each in decide(plan("modes", str(day)), record).actions:
            daily.setdefault(each.action_id, each)
    assert {each.action_id: each for each in span.actions} == daily


NAMES = ("access", "aggregates", "complaints", "events", "gate", "modes", "occasions", "standings")


@pytest.mark.parametrize("name", NAMES)
def test_a_pickled_plan_decides_the_same(plan, decide, name):
    compiled = plan(name, "2027-03-20", "2027-02-20")
    evaluate(compiled, {"id": "c0"})
    copy = pickle.loads(pickle.dumps(compiled))
    record = {
        "id": "c1",
        "points": 100,
        "consent": True,
        "wants": ["spring"],
        "born_on": "1990-03-19",
    }
    one, two = decide(compiled, record), decide(copy, record)
    assert (one.actions, one.suppressed, one.labels) == (two.actions, two.suppressed, two.labels)
    assert copy.policy.functions == compiled.policy.functions


def test_a_pickled_plan_keeps_its_population_and_its_tables(plan, decide):
    rows = [{"id": f"c{n}", "store": "s1", "points": n} for n in range(5)]
    known = pickle.loads(pickle.dumps(plan("standings", "2027-03-20").with_population(rows)))
    assert decide(known, rows[4]).labels["tier"] == "A"


def one_number(given):
    return given[0] if len(given) == 1 else None


def twice(number):
    return 2 * number


def test_functions_of_plugins_travel_with_a_pickled_policy(tmp_path):
    file = tmp_path / "plugged.yaml"
    file.write_text(
        "format: 1\npolicy: plugged\nfacts: {customer: {a: {type: number}}}\n"
        "rules: {r: {for: customer, if: twice(a) > 3, once_per: id, do: call}}\n",
        encoding="utf-8",
    )
    policy = load_policy(file, plugins=Plugins(functions={"twice": Function(one_number, twice)}))
    copy = pickle.loads(pickle.dumps(policy))
    assert copy.functions == policy.functions
    assert evaluate(compile_day(copy, on=date(2027, 1, 1)), {"id": "c", "a": 2}).actions


@settings(max_examples=25, deadline=None)
@given(on=DAYS, record=st.fixed_dictionaries({"id": st.just("c1"), "born_on": NEAR}))
def test_a_rule_out_of_its_moment_changes_nothing(plan, decide, on, record):
    found = decide(plan("occasions", str(on)), record)
    everywhere = {each.rule for each in (*found.actions, *found.suppressed)}
    possible = {
        each.rule.id for each in plan("occasions", str(on)).day(on).subjects["customer"].instances
    }
    assert everywhere <= possible
    assert {each.rule for each in found.undecided} <= possible
