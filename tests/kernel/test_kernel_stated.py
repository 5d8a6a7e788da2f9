# SPDX-License-Identifier: Apache-2.0
"""What an action states beside its value: hours of its due day, named figures, the person it is for."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules import Action, compile_day, evaluate_frame, explain
from loyaltyrules.frame.keys import by_signature
from loyaltyrules.plan.recipe import in_json

FACTS = """
facts:
  customer:
    points: {type: whole}
    spent: {type: money}
    visits: {type: whole}
    rate: {type: share}
    tier: {type: [A, B]}
    vip: {type: yes/no}
    likes: {type: list}
    note: {type: text}
    joined_on: {type: date, absent: unknown}
    employee: {type: text}
    born_on: {type: date, personal: yes}
    phone: {type: text, personal: yes}
"""
RECORD = {
    "id": "c", "points": 9, "spent": Decimal("100.10"), "visits": 3, "rate": Decimal("0.2"),
    "tier": "A", "vip": True, "likes": ["茶", "咖啡"], "note": 'says "yes"',
    "joined_on": date(2027, 2, 1), "employee": "e7",
}  # fmt: skip
ON = "2027-02-05"


def table(policy: Any, records: list[dict[str, Any]], on: str = ON) -> list[Action]:
    """The actions of a table, made by columns, whatever becomes of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_signature, "FEW", 0)
        frame = pl.DataFrame(records, infer_schema_length=None)
        result = evaluate_frame(compile_day(policy, date.fromisoformat(on)), frame)
        rows = pl.concat([result.actions, result.suppressed]).sort("action_id").to_dicts()
    return [Action.from_dict(row) for row in rows]


def columns(action: Action, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(action, name) for name in names)


# ---- hours


def test_a_contact_falls_into_the_hours_that_customers_accept(written, decide):
    """RETAIL-MSG-02: 09:00 to 20:00 by local time."""
    policy = written(
        FACTS + "timezone: Asia/Shanghai\n"
        "words: {ring: {kind: call, hours: 9:00-20:00}}\n"
        "rules: {r: {for: customer, from: 3 days after joined_on, do: ring}}\n"
    )
    (action,) = decide(policy, RECORD, ON).actions
    told = columns(action, "due_on", "send_from", "send_until")
    assert told == (date(2027, 2, 4), "2027-02-04T09:00+08:00", "2027-02-04T20:00+08:00")
    assert [columns(e, "send_from", "send_until") for e in table(policy, [RECORD])] == [told[1:]]


def test_hours_go_with_a_due_day_that_is_put_off(written, decide):
    policy = written(
        FACTS + "words: {ring: {kind: call, hours: 09:00-20:00}}\n"
        "rules: {r: {for: customer, at: daily, do: ring}}\n"
        "gate: [{move: next, unless: [friday, saturday]}]\n"
    )
    for action in (*decide(policy, RECORD, ON).actions, *table(policy, [RECORD])):
        assert columns(action, "due_on", "send_from") == (
            date(2027, 2, 7),
            "2027-02-07T09:00+08:00",
        )


@pytest.mark.parametrize(
    "day, begins",
    [("2027-01-05", "2027-01-05T08:30-05:00"), ("2027-07-05", "2027-07-05T08:30-04:00")],
)
def test_hours_are_those_of_the_clock_on_the_wall(written, decide, day: str, begins: str):
    policy = written(
        FACTS + "timezone: America/New_York\n"
        "rules: {r: {for: customer, at: daily, do: call, hours: 08:30-12:00}}\n"
    )
    (action,) = decide(policy, RECORD, day).actions
    assert action.send_from == begins
    assert datetime.fromisoformat(str(action.send_until)).hour == 12


def test_a_rule_and_the_long_form_say_other_hours_or_none(written, decide):
    policy = written(
        FACTS + "words: {ring: {kind: call, hours: 09:00-20:00}, send: {kind: letter}}\n"
        "rules:\n"
        "  a: {for: customer, at: daily, do: ring, hours: 10:00-11:00}\n"
        "  b: {for: customer, at: daily, do: {do: ring, hours: none}}\n"
        "  c: {for: customer, at: daily, do: [{do: send, hours: 07:00-08:00}, ring]}\n"
    )
    found = decide(policy, RECORD, ON).actions
    assert [(each.send_from or "")[11:16] for each in found] == ["10:00", "", "09:00", "07:00"]


def test_what_stands_in_the_place_of_another_has_its_own_hours(written, decide):
    policy = written(
        FACTS + "words:\n"
        "  ring: {kind: call, hours: 09:00-20:00, needs: employee, instead: post}\n"
        "  post: {kind: letter, hours: 07:00-08:00}\n"
        "rules: {r: {for: customer, at: daily, do: ring}}\n"
        "gate: [{hold: no_call, which: kind = call and vip, instead: post}]\n"
    )
    for lacking in ({"vip": True}, {"vip": False, "employee": None}):
        found = decide(policy, {**RECORD, **lacking}, ON)
        assert {e.kind: e.send_from for e in (*found.actions, *found.suppressed)} == {
            "call": "2027-02-05T09:00+08:00", "letter": "2027-02-05T07:00+08:00",
        }  # fmt: skip


# ---- figures

PORTRAIT = (
    FACTS
    + """
rules:
  portrait:
    for: customer
    once_per: month
    do: report.portrait
    figures: {
      r: points, "每次": spent / visits, vip: vip, tier: tier, likes: likes, since: joined_on,
      note: note, one: 1, share: rate
    }
"""
)


def test_a_portrait_tells_several_figures_at_once(written, decide):
    """RETAIL-ANA-01, STORE-INFO-07: one report with all of its figures, in the order written."""
    policy = written(PORTRAIT)
    (action,) = decide(policy, RECORD, ON).actions
    assert action.figures == (
        '{"r": 9, "每次": 33.36666666666666666666666667, "vip": true, "tier": "A", "likes": "茶;咖啡", '
        '"since": "2027-02-01", "note": "says \\"yes\\"", "one": 1, "share": 0.2}'
    )
    assert [each.figures for each in table(policy, [RECORD])] == [action.figures]
    told = json.loads(str(action.figures), parse_float=Decimal)
    assert told["每次"] == RECORD["spent"] / 3


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4)
    | st.integers() | st.booleans() | st.text(min_size=1)
)  # fmt: skip
def test_figures_are_read_back_as_what_they_were(value: Any) -> None:
    found = json.loads(in_json(value), parse_float=Decimal)
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


def test_what_is_missing_or_unknown_is_null(written, decide):
    policy = written(PORTRAIT)
    record = {"id": "c", "spent": Decimal("0.1"), "visits": 0, "vip": False, "likes": []}
    (action,) = decide(policy, record, ON).actions
    found = json.loads(str(action.figures))
    assert {name for name, value in found.items() if value is not None} == {"vip", "one"}
    assert found["vip"] is False
    assert [each.figures for each in table(policy, [record])] == [action.figures]


def test_figures_that_read_nothing_of_the_record_are_the_same_for_all(written, decide):
    policy = written(
        FACTS + "parameters: {most: {value: 1.50, origin: proposed}}\nrules:\n"
        "  r: {for: customer, at: daily, do: report.day, figures: {day: today, most: most, text: '\"茶\"'}}\n"
    )
    for action in (*decide(policy, RECORD, ON).actions, *table(policy, [RECORD])):
        assert action.figures == '{"day": "2027-02-05", "most": 1.5, "text": "茶"}'


def test_a_rules_own_figures_replace_those_of_the_word(written, decide):
    policy = written(
        FACTS + "words: {tell: {kind: report.x, figures: {a: points, b: visits}}}\n"
        "rules:\n"
        "  a: {for: customer, at: daily, do: tell}\n"
        "  b: {for: customer, at: daily, do: tell, figures: {c: visits}}\n"
        "  c: {for: customer, at: daily, do: {do: tell, figures: {d: 1}}}\n"
        "  d: {for: customer, at: daily, do: tell, figures: {}}\n"
    )
    found = decide(policy, RECORD, ON).actions
    assert [each.figures for each in found] == ['{"a": 9, "b": 3}', '{"c": 3}', '{"d": 1}', None]


def test_figures_need_no_quotes_in_braces(written, decide):
    policy = written(
        FACTS + "rules: {r: {for: customer, at: daily, do: report.x, "
        'figures: {a: max(points, visits), "b c": if(tier in [A, B], "x, y", "z"), c: 1}}}\n'
    )
    assert decide(policy, RECORD, ON).actions[0].figures == '{"a": 9, "b c": "x, y", "c": 1}'


def test_the_order_of_figures_is_part_of_what_a_policy_means(written):
    one, other = (
        written(
            FACTS
            + f"rules: {{r: {{for: customer, at: daily, do: report.x, figures: {{{said}}}}}}}\n"
        )
        for said in ("a: points, b: visits", "b: visits, a: points")
    )
    assert one.fingerprint != other.fingerprint


# ---- an assignee

FILL = (
    FACTS
    + """
words:
  fill: {kind: task.fill_form, assignee: employee, instead: find}
  find: {kind: task.find_colleague, role: store_manager}
rules: {form: {for: customer, once_per: id, do: fill}}
"""
)


def test_a_form_is_to_be_filled_in_by_the_employee_who_met_the_customer(written, decide):
    """ONE-INFO-06, ONE-QUAL-02: addressed to a person; the id of the action does not say whom."""
    (action,) = decide(written(FILL), RECORD, ON).actions
    assert columns(action, "assignee", "role", "status") == ("e7", None, "ready")
    assert "e7" not in action.action_id


def test_what_nobody_would_get_is_told_and_goes_to_whom_the_word_says(written, decide):
    policy, record = written(FILL), {**RECORD, "employee": None}
    found = [columns(e, "kind", "assignee", "role", "status", "reason")
             for e in decide(policy, record, ON).actions]  # fmt: skip
    assert found == [
        ("task.fill_form", None, None, "blocked_missing_data", "missing_data:employee"),
        ("task.find_colleague", None, "store_manager", "ready", None),
    ]
    assert [columns(each, "kind", "assignee", "role", "status", "reason")
            for each in table(policy, [record])] == found  # fmt: skip


def test_a_person_may_be_one_that_the_parent_names(written, decide):
    policy = written(
        FACTS + "subjects: {customer: {}, complaint: {of: customer}}\n"
        "rules:\n"
        "  near: {for: complaint, once_per: id, do: record.accountability, assignee: employee}\n"
        "  far: {for: complaint, once_per: id, do: task.x, assignee: customer.employee}\n"
    )
    record = {**RECORD, "complaints": [{"id": "k"}]}
    assert {each.assignee for each in decide(policy, record, ON).actions} == {"e7"}


def test_a_child_of_its_own_is_addressed_to_whom_its_own_fact_names(written, decide):
    policy = written(
        "subjects: {customer: {}, complaint: {of: customer}}\n"
        "facts: {customer: {employee: {type: text}}, complaint: {employee: {type: whole}}}\n"
        "rules: {r: {for: complaint, once_per: id, do: task.x, assignee: employee}}\n"
    )
    record = {"id": "c", "employee": "e1", "complaints": [{"id": "k", "employee": 2}]}
    assert [each.assignee for each in decide(policy, record, ON).actions] == ["2"]


def test_an_explanation_says_for_whom_with_which_figures_and_within_which_hours(written, decide):
    policy = written(
        FACTS
        + "words: {w: {kind: task.w, assignee: employee, hours: 09:00-20:00, figures: {a: points}}}\n"
        "rules: {r: {for: customer, at: daily, do: w}}\n"
    )
    decision = decide(policy, RECORD, ON)
    assert '• w task.w {"a": 9}; for e7; ready; due 2027-02-05 09:00-20:00' in explain(decision)
    assert "指派给 e7" in explain(decision, "zh")


# ---- what is personal


@pytest.mark.parametrize(
    "said", ["figures: {a: born_on}", "figures: {a: if(vip, phone, note)}", "assignee: phone"]
)
@pytest.mark.parametrize("where", ["rule", "word", "long form"])
def test_nothing_personal_is_stated(faults, said: str, where: str):
    by = {
        "rule": ("", f", {said}", ""),
        "word": (f", {said}", "", ""),
        "long form": ("", "", f", {said}"),
    }
    word, rule, long = by[where]
    text = f"words: {{w: {{kind: task.w{word}}}}}\n"
    text += f"rules: {{r: {{for: customer, at: daily, do: {{do: w{long}}}{rule}}}}}\n"
    assert faults(FACTS + text) == ["LR235"]


def test_figures_may_be_called_like_keys(written, decide):
    """A figure `channel` or `role` is no channel and no role."""
    policy = written(
        FACTS + "roles: {guide: Guide}\nchannels: {sms: Text}\n"
        "rules:\n"
        "  r: {for: customer, at: daily, do: report.x, figures: {channel: tier, role: note, kind: points}}\n"
    )
    (action,) = decide(policy, RECORD, ON).actions
    assert json.loads(str(action.figures)) == {"channel": "A", "role": RECORD["note"], "kind": 9}


@pytest.mark.parametrize(
    "said, code",
    [("figures: {a: nothing_such}", "LR201"), ("assignee: nobody_such", "LR201"),
     ("assignee: spent", "LR176"),
     ("figures: {a: points + tier}", "LR209"), ("hours: 12:00-12:00", "LR175"), ("hours: morning", "LR175")],
)  # fmt: skip
def test_what_cannot_be_stated_is_told_where_it_is_written(faults, said: str, code: str):
    assert code in faults(FACTS + f"rules: {{r: {{for: customer, at: daily, do: call, {said}}}}}\n")
