# SPDX-License-Identifier: Apache-2.0
"""Whatever is handed in, in the place of whatever is meant, is read or refused: by the library, in words."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from fuzz.laws import Refused, step
from fuzz.odd import ODD

from loyaltyrules import (
    Action,
    DayPlan,
    apply,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
)
from loyaltyrules.history import facts_as_of

POLICY = """format: 1
policy: m
subjects: {store: {}, customer: {of: store}, buy: {of: customer}}
facts:
  customer: {a: {type: number}, d: {type: date}, t: {type: text}}
  store: {b: {type: text}}
  buy: {n: {type: number}}
reference: {event: {columns: {id: text, day: date}}}
words: {w: {kind: cashback.grant, adds: {a: 5}, sets: {d: today}, approver: lead}}
occasions: {event: {rows: event, day: day}}
rules:
  r: {for: customer, once_per: id, do: w}
  e: {for: customer, at: event, do: call}
"""
DAY = "2027-02-05"
ONE = {"id": "1"}
FRAMES = {name: each for name, each in ODD.items() if not name.startswith("deep")}
Calls = Mapping[str, Callable[[Any], Any]]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> DayPlan:
    file = tmp_path_factory.mktemp("odd") / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return compile_day(load_policy(file), DAY)


@pytest.fixture(scope="module")
def action(plan: DayPlan) -> Action:
    return evaluate(plan, ONE).actions[0]


def tried(name: str, call: Callable[[Any], Any], values: Mapping[str, Any] = ODD) -> None:
    """Every value is taken, or refused as the pages say."""
    for odd, value in values.items():
        try:
            step(name, call, value)
        except Refused:
            continue
        except Exception as error:
            pytest.fail(f"{odd}: {type(error).__name__}")


def records(plan: DayPlan) -> Calls:
    def decided(record: Any, **tables: Any) -> Any:
        return evaluate(compile_day(plan.policy, DAY, tables=tables), record)

    return {
        "a record": lambda v: evaluate(plan, v),
        "a fact": lambda v: evaluate(plan, {"id": "1", "a": v, "d": v, "t": v}),
        "an id": lambda v: evaluate(plan, {"id": v}),
        "a kind of record": lambda v: evaluate(plan, ONE, v),
        "child records": lambda v: evaluate(plan, {"id": "1", "buys": v}),
        "a child record": lambda v: evaluate(plan, {"id": "1", "buys": [v]}),
        "a population": lambda v: plan.with_population(v),
        "one of a population": lambda v: plan.with_population([v]),
        "tables": lambda v: compile_day(plan.policy, DAY, tables=v),
        "a table": lambda v: decided(ONE, event=v),
        "a row": lambda v: decided(ONE, event=[v]),
        "the id of a row": lambda v: decided(ONE, event=[{"id": v, "day": DAY}]),
        "the day of a row": lambda v: decided(ONE, event=[{"id": "1", "day": v}]),
        "a parent": lambda v: decided({"id": "1", "store_id": "s"}, store=[v]),
        "the id of a parent": lambda v: decided({"id": "1", "store_id": "s"}, store=[{"id": v}]),
    }


def test_in_the_place_of_a_record(plan: DayPlan) -> None:
    for name, call in records(plan).items():
        tried(name, call)


def test_in_the_place_of_a_day(plan: DayPlan) -> None:
    tried("compile", lambda v: compile_day(plan.policy, v))
    tried("compile", lambda v: compile_day(plan.policy, DAY, v))
    tried("facts", lambda v: facts_as_of({"purchase": ODD["pl frame"]}, on=v))


def test_in_the_place_of_a_table(plan: DayPlan) -> None:
    tried("frame", lambda v: evaluate_frame(plan, v), FRAMES)
    tried("frame", lambda v: evaluate_frame(plan, {"customer": v}), FRAMES)
    tried("facts", lambda v: facts_as_of(v, on=DAY), FRAMES)
    tried("facts", lambda v: facts_as_of({"purchase": v}, on=DAY), FRAMES)


@pytest.mark.parametrize("field", Action._fields)
def test_in_the_place_of_a_field_of_an_action(plan: DayPlan, action: Action, field: str) -> None:
    ready = action._replace(status="ready")
    tried("from_dict", lambda v: Action.from_dict({**action.to_dict(), field: v}))
    tried("approve", lambda v: approve(action._replace(**{field: v}), "lead", plan, ONE))
    tried("apply", lambda v: apply(ONE, ready._replace(**{field: v})))


def test_in_the_place_of_an_action_a_role_or_a_record_of_one(plan: DayPlan, action: Action) -> None:
    ready = action._replace(status="ready")
    tried("from_dict", Action.from_dict)
    tried("approve", lambda v: approve(action, v, plan, ONE))
    tried("approve", lambda v: approve(action, "lead", plan, v))
    tried("apply", lambda v: apply(v, ready))
    tried("apply", lambda v: apply({"id": "1", "a": v}, ready))


@pytest.mark.parametrize("column", ["action_id", "subject", "subject_id", "fact", "set_to", "add"])
def test_in_the_place_of_what_an_action_changes(plan: DayPlan, action: Action, column: str) -> None:
    row = {"action_id": action.action_id, "subject": "customer", "subject_id": "1", "fact": "a",
           "set_to": None, "add": "5"}  # fmt: skip
    told = Action.from_dict({**action.to_dict(), "status": "ready", "sets": None})
    tried("apply", lambda v: apply(ONE, told, v))
    tried("apply", lambda v: apply(ONE, told, [v]))
    tried("apply", lambda v: apply(ONE, told, [{**row, column: v}]))
    tried("apply", lambda v: apply(ONE, told, [{**row, column: v}], policy=plan.policy))


def test_a_fact_is_set_to_an_empty_text_and_not_to_blanks(plan: DayPlan, action: Action) -> None:
    """A cell of nothing but blanks is missing, an empty one an empty text."""
    told = Action.from_dict({**action.to_dict(), "status": "ready", "sets": None})
    row = {"action_id": action.action_id, "subject": "customer", "subject_id": "1", "add": None}
    for written, found in (("", ""), (" ", None), (None, None), ("x", "x")):
        assert apply(ONE, told, [{**row, "fact": "t", "set_to": written}])["t"] == found
