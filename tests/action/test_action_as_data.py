# SPDX-License-Identifier: Apache-2.0
"""Actions survive JSON and CSV: what is read back is the same action, in its types."""

import csv
import io
import json
import pickle
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules import Action, compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.action.action import COLUMNS, UNTOLD

NAMES = st.text(min_size=1, max_size=8)
OPTIONAL = st.none() | NAMES
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), NUMBERS, st.text(), st.dates(),
    st.datetimes().map(lambda each: each.replace(microsecond=0)),
    st.lists(st.text()).map(tuple), st.just("2027-02-05"), st.just("250"),
)  # fmt: skip
DAYS = st.none() | st.dates()
ACTIONS = st.builds(
    Action, *[NAMES] * 5, *[OPTIONAL] * 2, NAMES, *[OPTIONAL] * 8, NAMES, DAYS, DAYS, OPTIONAL,
    st.integers(0, 99), *[OPTIONAL] * 3, NAMES, *[OPTIONAL] * 2, NAMES, *[OPTIONAL] * 4,
    st.lists(st.tuples(NAMES, VALUES), max_size=4).map(tuple) | st.just(UNTOLD),
    st.lists(st.tuples(NAMES, st.integers() | NUMBERS), max_size=3).map(tuple) | st.just(UNTOLD),
)  # fmt: skip


@given(ACTIONS)
def test_an_action_comes_back_from_json_as_it_went(action: Action) -> None:
    back = Action.from_dict(json.loads(json.dumps(action.to_dict())))
    assert back == action
    for one, other in zip((back.sets, back.adds), (action.sets, action.adds), strict=True):
        assert [type(value) for _, value in one] == [type(value) for _, value in other]
    assert (back.told, pickle.loads(pickle.dumps(back))) == (action.told, back)


def test_what_is_not_told_is_not_the_same_as_nothing() -> None:
    action = Action.from_dict({**ROW, "sets": [], "adds": []})
    assert action.told and action.sets == () and action != Action.from_dict(ROW)
    assert Action.from_dict(ROW).sets is UNTOLD and not Action.from_dict(ROW).told
    assert Action.from_dict(ROW).to_dict()["sets"] is None


ROW: dict[str, Any] = {
    "action_id": "p/r/customer/001/once/call", "policy": "p", "rule": "r", "subject": "customer",
    "subject_id": "001", "kind": "call", "status": "ready", "priority": 3, "policy_version": "1",
    "due_on": "2027-02-05",
}  # fmt: skip


def test_rows_of_every_frame_and_file_are_the_actions_that_were_decided() -> None:
    plan = compile_day(load_policy("menswear"), on="2027-02-05")
    record = {"id": "001", "member_status": "formal", "tier": "B", "points_accumulated": 5200}
    known = [each._replace(sets=UNTOLD, adds=UNTOLD) for each in evaluate(plan, record).actions]
    result = evaluate_frame(plan, pl.DataFrame([record]))
    frame = result.actions
    assert len(known) > 2
    assert [Action.from_dict(row) for row in frame.to_dicts()] == known
    assert [Action.from_dict(row) for row in frame.to_pandas().to_dict("records")] == known
    arrow = evaluate_frame(plan, pd.DataFrame([record])).actions
    assert [Action.from_dict(row) for row in arrow.to_dict("records")] == known
    read = csv.DictReader(io.StringIO(frame.write_csv()))
    assert [Action.from_dict(row) for row in read] == known
    assert [
        Action.from_dict(json.loads(line)) for line in frame.write_ndjson().splitlines()
    ] == known


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"action_id": None}, "it lacks action_id"), ({"status": ""}, "it lacks status"),
        ({"due_on": "tomorrow"}, "due_on of an action cannot be 'tomorrow'"),
        ({"priority": "high"}, "priority of an action cannot be 'high'"),
        ({"priority": 1.5}, "priority"), ({"kind": 1.5}, "kind"), ({"gift": True}, "gift"),
        ({"sets": "tier"}, "pairs of a fact and a value"), ({"sets": [["tier"]]}, "pairs"),
        ({"sets": [["since", "x", "date"]]}, "since: 'x' is no date"), ({"sets": 5}, "pairs"),
        ({"adds": [["points", 2.5]]}, "no exact number"), ({"adds": [["points", "x"]]}, "no number"),
        ({"adds": [["points", "NaN"]]}, "no number"), ({"adds": [["points", True]]}, "exact"),
    ],
)  # fmt: skip
def test_what_is_no_action_is_refused_in_a_sentence(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Action.from_dict({**ROW, **changed})


def test_days_and_numbers_come_in_any_form_a_store_gives() -> None:
    stored = {**ROW, "due_on": datetime(2027, 2, 5), "window_end": pd.Timestamp("2027-02-06"),
              "priority": "3", "deadline": float("nan"), "customer_id": 7}  # fmt: skip
    action = Action.from_dict(stored)
    assert (action.due_on, action.window_end) == (date(2027, 2, 5), date(2027, 2, 6))
    assert (action.priority, action.deadline, action.customer_id) == (3, None, "7")
    told = {**ROW, "sets": [["a", "1.50", "number"]], "adds": [["b", "1.50"], ["c", 2]]}
    assert Action.from_dict(told).sets == (("a", Decimal("1.50")),)
    assert Action.from_dict(told).adds == (("b", Decimal("1.50")), ("c", 2))
    assert set(ROW) <= set(COLUMNS)
