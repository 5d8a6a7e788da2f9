# SPDX-License-Identifier: Apache-2.0
"""Policies, plans, snapshots and decisions are values: equal by content, unchangeable, small to pickle."""

import copy
import pickle
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import DayPlan, Policy, compile_day, evaluate, explain, load_policy

ROOT = Path(__file__).parents[2]
ON = date(2027, 2, 5)
LARGEST = 20_000  # bytes of a decision that was pickled


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The same policy from elsewhere."""
    folder = tmp_path_factory.mktemp("elsewhere") / "menswear"
    shutil.copytree(ROOT / "policies" / "menswear", folder)
    return load_policy(folder)


def test_a_policy_that_is_read_twice_is_one_value(menswear: Policy, again: Policy) -> None:
    assert menswear == again and hash(menswear) == hash(again)
    assert pickle.loads(pickle.dumps(menswear)) == menswear


def test_plans_are_equal_when_they_say_the_same(menswear: Policy, again: Policy) -> None:
    one, other = compile_day(menswear, ON), compile_day(again, ON)
    evaluate(one, {"id": "c1"})  # what a plan remembers is no part of it
    assert one == other and hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != compile_day(menswear, date(2027, 2, 6))
    assert one != compile_day(menswear, ON, since=date(2027, 2, 3))
    assert one != compile_day(menswear, ON, tables={"store": [{"id": "S1"}]})
    people = [{"id": "c1", "points_accumulated": 9}, {"id": "c2"}]
    assert one != one.with_population(people) == other.with_population(people)


def test_decisions_are_equal_when_they_say_the_same(
    menswear: Policy, again: Policy, customer: Callable[..., dict[str, Any]]
) -> None:
    one, other = (compile_day(policy, ON) for policy in (menswear, again))
    assert evaluate(one, customer()) == evaluate(other, other.snapshot(customer()))
    assert hash(evaluate(one, customer())) == hash(evaluate(other, customer()))
    assert evaluate(one, customer()) != evaluate(one, customer(tier="A"))
    assert evaluate(one, customer()) != evaluate(one, customer(id="other"))


def test_nothing_of_a_value_can_be_changed(
    menswear: Policy, customer: Callable[..., dict[str, Any]]
) -> None:
    plan = compile_day(menswear, ON, tables={"store": [{"id": "S1"}]})
    snapshot = plan.snapshot(customer(purchases=[{"id": "p1", "amount": 3}]))
    decision = evaluate(plan, snapshot)
    for mapping in (
        menswear.parameters, menswear.derived, menswear.derived["customer"], menswear.occasions,
        menswear.templates, menswear.names, menswear.tables, plan.tables, plan.tables["store"][0],
        snapshot.facts, snapshot.children, snapshot.children["purchase"][0].facts,
        decision.labels, decision.standing, decision.ways, decision.ways["tier"],
    ):  # fmt: skip
        for change in (lambda known: known.update(x=1), lambda known: known.clear(),
                       lambda known: known.__setitem__("x", 1)):  # fmt: skip
            with pytest.raises((TypeError, AttributeError)):
                change(mapping)
    for value, name in ((menswear, "name"), (plan, "on"), (snapshot, "id"), (decision, "labels")):
        with pytest.raises(AttributeError):
            setattr(value, name, None)


def test_a_decision_travels_light_and_is_explained_by_its_plan(
    menswear: Policy, customer: Callable[..., dict[str, Any]]
) -> None:
    plan = compile_day(menswear, ON)
    decision = evaluate(plan, customer())
    travelled = pickle.loads(pickle.dumps(decision))
    assert len(pickle.dumps(decision)) < LARGEST
    assert travelled == decision and travelled.plan is None
    assert (travelled.standing, travelled.ways) == (decision.standing, decision.ways)
    assert travelled.undecided == decision.undecided
    for language in ("en", "zh"):
        assert explain(travelled, language, plan=plan) == explain(decision, language)
    with pytest.raises(ValueError, match="name it: explain"):
        explain(travelled)
    with pytest.raises(ValueError, match="was not made by"):
        explain(travelled, plan=compile_day(menswear, date(2027, 3, 17)))
    assert copy.deepcopy(decision) is decision


def test_a_plan_travels_with_its_reference_data_and_population(
    plan: Callable[..., DayPlan], customer: Callable[..., dict[str, Any]]
) -> None:
    known = plan("2027-02-05").with_population([customer(id=f"c{n}") for n in range(3)])
    travelled = pickle.loads(pickle.dumps(known))
    assert travelled == known
    assert evaluate(travelled, customer(id="c1")) == evaluate(known, customer(id="c1"))
