# SPDX-License-Identifier: Apache-2.0
"""What a cap over days counts, what it leaves alone, what it refuses, and what it tells."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from conformance.oracle import by_columns
from loyaltyrules import (
    Policy,
    PolicyError,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    load_policy,
)
from loyaltyrules.action.kinds import DUTIES, DUTY_FAMILIES, FAMILIES, KINDS, is_duty
from loyaltyrules.problem.problem import Problem

ON = date(2027, 3, 10)
HEAD = """
format: 1
policy: caps
language: en
subjects: {contact: {of: customer}}
facts:
  customer:
    vip: {type: yes/no}
    old: {is: not vip}
    limit: {type: whole}
    called: {type: whole}
    born_on: {type: date}
  contact: {at: {type: date}, channel: {type: text}, purpose: {type: text}}
parameters: {most: {values: {2027-01-01: 1}}}
occasions: {birthday: {anniversary: born_on}}
words:
  text: {kind: message.send, channel: sms, purpose: sale}
  ring: {kind: call, purpose: care}
  greet: {kind: call, purpose: greeting}
rules:
  one: {for: customer, at: daily, do: {do: text, priority: 10}}
  two: {for: customer, at: daily, do: {do: ring, priority: 20}}
  duty: {for: customer, at: daily, do: [task.look, alert manager, audit.log]}
  party: {for: customer, at: birthday, do: {do: greet, priority: 90}}
gate:
"""
ONE = {"at": "2027-03-04", "channel": "sms"}  # the first of seven days
TOO_OLD = {"at": "2027-03-03", "channel": "sms"}


def loaded(tmp_path: Path, *steps: str, head: str = HEAD) -> Policy:
    file = tmp_path / "policy.yaml"
    file.write_text(head + "".join(f"  - {{{step}}}\n" for step in steps), encoding="utf-8")
    return load_policy(file)


def faults(tmp_path: Path, *steps: str, head: str = HEAD) -> list[tuple[str, int | None]]:
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, *steps, head=head)
    return [(each.code, each.line) for each in caught.value.problems]


def contacts(given: Iterable[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    return None if given is None else [{"id": f"k{n}", **each} for n, each in enumerate(given)]


def held(
    policy: Policy, listed: Iterable[dict[str, Any]] | None, on: date = ON, **facts: Any
) -> dict[str, str]:
    """The reasons of what is held back, by rule."""
    decision = evaluate(compile_day(policy, on), {"id": "c", "contacts": contacts(listed), **facts})
    return {each.rule: str(each.reason) for each in decision.suppressed}


BOTH = {"one": "frequency_cap", "two": "frequency_cap"}


def test_a_period_ends_with_the_day_and_begins_as_many_days_before(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 1, per: 7 days, history: contact")
    assert held(policy, [ONE]) == BOTH
    assert held(policy, [TOO_OLD]) == {"two": "frequency_cap"}
    assert held(policy, [{"at": ON}]) == BOTH
    assert held(policy, [{"at": "2027-03-11"}]) == {"two": "frequency_cap"}  # not yet
    assert held(policy, [{"at": None}]) == {"two": "frequency_cap"}  # has not happened


def test_a_month_is_that_of_the_calendar_so_far(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 1, per: month, history: contact")
    assert held(policy, [{"at": "2027-03-01"}]) == BOTH
    assert held(policy, [{"at": "2027-02-28"}, {"at": "2026-03-05"}]) == {"two": "frequency_cap"}


def test_an_instant_counts_on_its_local_day(tmp_path: Path) -> None:
    head = HEAD.replace("contact: {at: {type: date}", "contact: {at: {type: datetime}")
    policy = loaded(tmp_path, "cap: 1, per: day, history: contact", head=head)
    assert (
        held(policy, [{"at": "2027-03-09T16:30:00+00:00"}]) == BOTH
    )  # half past midnight in Shanghai
    assert held(policy, [{"at": "2027-03-09T15:30:00+00:00"}]) == {"two": "frequency_cap"}


def test_the_condition_is_asked_of_past_contacts_and_of_the_customer(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 1, per: 7 days, history: contact, which: channel = sms and vip")
    assert held(policy, [ONE], vip=True) == {"one": "frequency_cap"}
    assert held(policy, [ONE | {"channel": "phone"}], vip=True) == {}
    assert held(policy, [ONE], vip=False) == {}


def test_a_contact_of_which_it_is_unknown_whether_it_counts_counts(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 1, per: 7 days, history: contact, which: channel = sms")
    assert held(policy, [{"at": "2027-03-04", "channel": None}]) == {"one": "frequency_cap"}


def test_a_contact_whose_day_may_be_unknown_counts(tmp_path: Path) -> None:
    head = HEAD.replace("at: {type: date}", "at: {type: date, absent: unknown}")
    policy = loaded(tmp_path, "cap: 1, per: 7 days, history: contact", head=head)
    assert held(policy, [{"at": None}]) == BOTH


def test_what_is_derived_of_the_customer_is_asked_beside_the_contact(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 1, per: 7 days, history: contact, which: channel = sms and old")
    assert held(policy, [ONE], vip=False) == {"one": "frequency_cap"}
    assert held(policy, [ONE], vip=True) == {}


def test_a_history_that_is_not_brought_is_unknown_and_one_without_records_is_none(
    tmp_path: Path,
) -> None:
    unknown = dict.fromkeys(BOTH, "frequency_cap_unknown")
    policy = loaded(tmp_path, "cap: 1, per: 7 days, history: contact")
    assert held(policy, None) == unknown
    assert held(policy, []) == {"two": "frequency_cap"}
    passing = loaded(tmp_path, "cap: 1, per: 7 days, history: contact, unknown: pass")
    assert held(passing, None) == {}


def test_what_the_host_counted_and_the_history_add_up(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 3, per: 7 days, history: contact, already: called")
    assert held(policy, [ONE], called=1) == {"two": "frequency_cap"}
    assert held(policy, [ONE], called=2) == BOTH
    assert set(held(policy, [ONE]).values()) == {"frequency_cap_unknown"}


def test_nothing_and_no_cap_are_told_apart(tmp_path: Path) -> None:
    assert held(loaded(tmp_path, "cap: 0"), []) == BOTH
    assert held(loaded(tmp_path, "cap: none"), []) == {}
    assert held(loaded(tmp_path, "cap: none, per: 7 days, history: contact"), None) == {}
    assert held(loaded(tmp_path, "cap: 0, per: 7 days, history: contact"), []) == BOTH
    own = tmp_path / "own.yaml"
    own.write_text(
        "format: 1\npolicy: own\nextends: policy.yaml\ngate: [{cap: none}]\n", encoding="utf-8"
    )
    assert held(load_policy(own), []) == {}


def test_a_number_that_is_missing_is_no_number(tmp_path: Path) -> None:
    unknown = dict.fromkeys(BOTH, "frequency_cap_unknown")
    assert held(loaded(tmp_path, "cap: limit"), []) == unknown
    assert held(loaded(tmp_path, "cap: limit, unknown: pass"), []) == {}
    assert held(loaded(tmp_path, "cap: limit, unknown: pass"), [], limit=0) == BOTH
    before = date(2026, 12, 31)  # the figure has no value yet
    assert held(loaded(tmp_path, "cap: most"), [], on=before) == unknown
    assert held(loaded(tmp_path, "cap: most, unknown: pass"), [], on=before) == {}


# ---- duties


def test_duties_pass_every_cap(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 0")
    decision = evaluate(compile_day(policy, ON), {"id": "c"})
    assert {each.rule for each in decision.actions} == {"duty"}
    assert all(is_duty(each.kind) for each in decision.actions)


def test_every_duty_is_a_known_kind() -> None:
    assert DUTIES <= KINDS
    assert {*DUTY_FAMILIES} <= {*FAMILIES}
    assert not any(
        map(is_duty, ("call", "message.send", "gift.mail", "visit", "offer.x", "coupon.issue"))
    )


# ---- faults


@pytest.mark.parametrize(("step", "code"), [
    ("cap: 1, per: 7 days", "LR180"),
    ("cap: 1, per: month", "LR180"),
    ("cap: 1, per: 2 months, history: contact", "LR181"),
    ("cap: 1, per: 0 days, history: contact", "LR181"),
    ("cap: 1, history: contract", "LR182"),
    ("cap: 1, history: customer", "LR182"),
    ("cap: 1, history: contact.channel", "LR183"),
    ("cap: 1, history: contact.on", "LR183"),
    ("cap: 1, history: contact, which: gift is missing", "LR184"),
    ("cap: 1, history: contact, which: channel = sms or old", "LR298"),
    ("reserve: 1, for: greeting, ahead: 7 days", "LR299"),
    ("reserve: 1, for: care", "LR141"),
    ("reserve: 1, ahead: 7 days", "LR141"),
])  # fmt: skip
def test_what_cannot_be_counted_is_refused_where_it_is_written(
    tmp_path: Path, step: str, code: str
) -> None:
    line = HEAD.count("\n") + 1
    found = [each for each in faults(tmp_path, step) if each[0] != "LR299" or code == "LR299"]
    assert found == [(code, line)]


@pytest.mark.parametrize(("step", "code"), [
    ("reserve: 1, for: greetings, ahead: 7 days", "LR300"),
    ("reserve: 1, for: greeting, ahead: 1 month", "LR323"),
    ("reserve: 1, for: greeting, ahead: 100 days", "LR323"),
])  # fmt: skip
def test_what_cannot_be_known_to_come_is_refused(tmp_path: Path, step: str, code: str) -> None:
    assert faults(tmp_path, step, "cap: 2") == [(code, HEAD.count("\n") + 1)]


def test_two_dates_ask_which_is_meant(tmp_path: Path) -> None:
    head = HEAD.replace("contact: {at:", "contact: {planned_on: {type: date}, at:")
    assert [code for code, _ in faults(tmp_path, "cap: 1, history: contact", head=head)] == [
        "LR183"
    ]
    policy = loaded(tmp_path, "cap: 1, history: contact.at", head=head)
    assert held(policy, [{"at": ON}]) == BOTH
    assert held(policy, [{"planned_on": ON}]) == {"two": "frequency_cap"}


def test_a_word_that_no_contact_can_have_is_refused(tmp_path: Path) -> None:
    head = HEAD.replace("channel: {type: text}", "channel: {type: [text, voice]}")
    step = "cap: 1, history: contact, which: channel = sms"
    assert [code for code, _ in faults(tmp_path, step, head=head)] == ["LR297"]
    head = HEAD.replace("channel: {type: text}", "channel: {type: whole}")
    assert [code for code, _ in faults(tmp_path, step, head=head)] == ["LR297"]


# ---- reserves


def test_places_are_kept_for_what_is_known_to_come(tmp_path: Path) -> None:
    policy = loaded(
        tmp_path,
        "reserve: 1, for: greeting, ahead: 7 days",
        "cap: 2, per: 7 days, history: contact",
    )
    assert held(policy, [], born_on="1990-03-17") == {"two": "reserved"}
    assert held(policy, [], born_on="1990-03-18") == {}
    assert held(policy, [ONE], born_on="1990-03-17") == {"one": "reserved", "two": "reserved"}
    assert held(policy, [ONE], born_on="1990-03-18") == {"two": "frequency_cap"}


def test_what_is_known_to_come_goes_by_the_day_on_which_it_comes(tmp_path: Path) -> None:
    head = HEAD.replace(
        "    old:", "    until: {type: date}\n    belongs: {is: until >= today}\n    old:"
    )
    head = head.replace("at: birthday, do", "at: birthday, if: belongs, do")
    policy = loaded(tmp_path, "reserve: 1, for: greeting, ahead: 7 days", "cap: 2", head=head)
    assert held(policy, [], born_on="1990-03-17", until="2027-03-17") == {"two": "reserved"}
    assert held(policy, [], born_on="1990-03-17", until="2027-03-16") == {}


def test_its_own_actions_may_use_all_places(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "reserve: 1, for: greeting, ahead: 60 days", "cap: 1")
    assert held(policy, [], born_on="1990-03-10") == {
        "two": "frequency_cap",
        "party": "frequency_cap",
    }
    urgent = policy.with_({("rules", "party", "do"): {"do": "greet", "priority": 1}})
    assert held(urgent, [], born_on="1990-03-10") == BOTH


def test_places_are_kept_where_it_is_unknown_whether_something_comes(tmp_path: Path) -> None:
    head = HEAD.replace("born_on: {type: date}", "born_on: {type: date, absent: unknown}")
    steps = "reserve: 1, for: greeting, ahead: 7 days", "cap: 2, per: 7 days, history: contact"
    assert held(loaded(tmp_path, *steps, head=head), []) == {"two": "reserved"}


def test_a_number_of_places_that_is_unknown_keeps_all_unless_it_says_pass(tmp_path: Path) -> None:
    step = "reserve: limit, for: greeting, ahead: 7 days"
    policy = loaded(tmp_path, step, "cap: 2, per: 7 days, history: contact")
    assert held(policy, [], born_on="1990-03-17") == dict.fromkeys(BOTH, "reserved_unknown")
    passing = loaded(tmp_path, f"{step}, unknown: pass", "cap: 2, per: 7 days, history: contact")
    assert held(passing, [], born_on="1990-03-17") == {}


def test_places_kept_in_vain_and_what_is_not_looked_at_are_doubtful(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "reserve: 1, for: greeting, ahead: 7 days", "cap: 2")
    assert "LR632" in codes(policy.doubts)
    head = HEAD.replace("  party:", "  seen: {for: contact, at: at, do: greet}\n  party:")
    steps = "reserve: 1, for: greeting, ahead: 7 days", "cap: 2, per: 7 days, history: contact"
    assert "LR633" in codes(loaded(tmp_path, *steps, head=head).doubts)
    assert not codes(loaded(tmp_path, *steps).doubts) & {"LR632", "LR633"}


def codes(found: Iterable[Problem]) -> set[str]:
    return {each.code for each in found}


# ---- tables


GATE = (
    "cap: 1, per: 7 days, history: contact, which: channel = sms and vip",
    "reserve: 1, for: greeting, ahead: 7 days", "cap: 2, per: 30 days, history: contact",
)  # fmt: skip


@pytest.mark.parametrize("since", [None, date(2027, 3, 5)])
def test_tables_say_what_rows_say(tmp_path: Path, since: date | None) -> None:
    plan = compile_day(loaded(tmp_path, *GATE), ON, since)
    customers = {f"c{n}": {"vip": n % 2 == 0, "born_on": date(1990, 3, 4 + n)} for n in range(12)}
    rows = [
        {"id": f"k{n}-{m}", "customer_id": f"c{n}", "at": date(2027, 2, 2 + 3 * m + n), "channel": c}
        for n in range(12) for m, c in enumerate(("sms", "phone", None)[: n % 4])
    ]  # fmt: skip
    expected = set()
    for name, facts in customers.items():
        own = [each for each in rows if each["customer_id"] == name]
        decision = evaluate(plan, {"id": name, **facts, "contacts": own})
        expected |= {
            (e.action_id, e.status, e.reason) for e in (*decision.actions, *decision.suppressed)
        }
    columns = [{"id": name, **facts} for name, facts in customers.items()]
    given = {"customer": pl.DataFrame(columns), "contact": pl.DataFrame(rows)}
    with by_columns():
        assert said(evaluate_frame(plan, given)) == expected
    connection = duckdb.connect()
    relations = {name: connection.from_arrow(each.to_arrow()) for name, each in given.items()}
    assert said(evaluate_frame(plan, relations)) == expected


@pytest.mark.parametrize(
    ("period", "days"), [("2 days", (1, 3, 5, 7)), ("3 days", (1, 4, 7)), ("month", (1, 5))]
)
def test_a_touch_counts_to_the_last_day_of_its_period(
    tmp_path: Path, period: str, days: tuple[int, ...]
) -> None:
    policy = loaded(tmp_path, f"cap: 1, per: {period}, history: contact, which: channel = sms")
    plan = compile_day(
        policy, date(2027, 3, 3), date(2027, 2, 24)
    )  # the fifth day is the first of March
    expected = {date(2027, 2, 24) + timedelta(days=n) for n in days}
    decision = evaluate(plan, {"id": "c", "contacts": []})
    assert {each.due_on for each in decision.actions if each.rule == "one"} == expected
    none = pl.DataFrame({"id": [], "customer_id": [], "at": [], "channel": []})
    with by_columns():
        result = evaluate_frame(plan, {"customer": pl.DataFrame({"id": ["c"]}), "contact": none})
    assert {*result.actions.filter(rule="one")["due_on"]} == expected


def said(result: Any) -> set[tuple[Any, ...]]:
    found = set[tuple[Any, ...]]()
    for frame in (result.actions, result.suppressed):
        table = frame if isinstance(frame, pl.DataFrame) else frame.pl()
        found |= {*table.select("action_id", "status", "reason").iter_rows()}
    return found


def test_a_table_of_contacts_that_is_lacking_is_told(tmp_path: Path) -> None:
    plan = compile_day(loaded(tmp_path, "cap: 1, per: 7 days, history: contact"), ON)
    result = evaluate_frame(plan, pl.DataFrame({"id": ["c"]}))
    assert result.notes.missing["contact"]["customer_id"] == ("one", "two", "party")
    assert set(result.suppressed["reason"]) == {"frequency_cap_unknown"}


# ---- what is told


def test_the_explanation_says_how_many_touches_there_were_of_how_many(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 2, per: 7 days, history: contact")
    plan = compile_day(policy, ON)
    said_ = explain(evaluate(plan, {"id": "c", "contacts": contacts([ONE])}))
    assert "2 touch(es) in 7 days, at most 2" in said_
    assert "7 天内接触 2 次，最多 2 次" in explain(
        evaluate(plan, {"id": "c", "contacts": contacts([ONE])}), "zh"
    )
    assert "touches in 7 days: unknown; needed: contacts" in explain(evaluate(plan, {"id": "c"}))
    span = compile_day(policy, ON, date(2027, 3, 7))
    assert "2 touch(es) in 7 days, at most 2" in explain(
        evaluate(span, {"id": "c", "contacts": []})
    )


def test_the_fact_that_counts_has_a_name_that_no_expression_can_write(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "cap: 1, per: 7 days, history: contact")
    (name,) = {*policy.derived["customer"]} - {"old"}
    with pytest.raises(PolicyError):
        loaded(tmp_path, f"hold: x, which: {name} > 1", "cap: 1, per: 7 days, history: contact")
    taken = HEAD.replace("    vip:", f"    {name}: {{type: whole}}\n    vip:")
    other = loaded(tmp_path, "cap: 1, per: 7 days, history: contact", head=taken)
    assert held(other, [ONE]) == BOTH


def test_an_action_that_comes_again_under_its_id_is_no_new_touch(tmp_path: Path) -> None:
    head = HEAD.replace("  one: {for: customer, at: daily", "  one: {for: customer, once_per: year")
    policy = loaded(tmp_path, "cap: 1, per: 2 days, history: contact", head=head)
    decision = evaluate(compile_day(policy, ON, date(2027, 3, 7)), {"id": "c", "contacts": []})
    reached = [(e.rule, e.occurrence) for e in decision.actions if not is_duty(e.kind)]
    assert sorted(reached) == [("one", "2027"), ("two", "2027-03-10")]


def test_the_fingerprint_tells_periods_apart(tmp_path: Path) -> None:
    steps = (
        "cap: 1",
        "cap: 1, per: 7 days, history: contact",
        "cap: 1, per: 8 days, history: contact",
        "cap: none",
    )
    assert len({loaded(tmp_path, step).fingerprint for step in steps}) == len(steps)
