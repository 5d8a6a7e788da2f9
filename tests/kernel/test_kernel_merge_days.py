# SPDX-License-Identifier: Apache-2.0
"""Merging: one action for what several say, of one day or of days near each other; all reasons are kept."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules import Action, Decision, Policy, compile_day, evaluate, explain, load_policy
from loyaltyrules.decision.evaluate import interpret

A_DAY = timedelta(days=1)
FIRST, LAST = date(2027, 9, 1), date(2028, 8, 31)
HEAD = """
subjects: {customer: {}, child: {of: customer}}
facts:
  customer:
    vip: {type: yes/no}
    born: {type: date}
    calendar: {type: [solar, lunar], default: solar}
    phone: {type: text}
    refused_on: {type: date}
    joined_on: {type: date}
    young: {is: joined_on + 200 days > today}
    known: {is: joined_on < today}
    lately: {any: child, where: born + 10 days > today, default: no}
  child: {born: {type: date}}
occasions:
  moon: {lunar: 8/15, opens: 2 days}
  nation: {solar: 10-01, opens: lead}
  spring: {lunar: 1/1, opens: 1 day}
  valentine: {solar: 02-14}
  birthday: {anniversary: born, calendar: calendar}
parameters: {lead: {value: 3 days}, near: {value: 3 days}}
words:
  greet: {kind: message.send, channel: sms, purpose: festival, due: occasion, needs: phone, instead: write}
  soon: {kind: message.send, channel: sms, purpose: festival, reason: soon}
  wish: {kind: message.send, channel: sms, purpose: festival, priority: 30, reason: own_day}
  write: {kind: letter, purpose: festival}
rules:
  moon: {for: customer, at: moon, do: greet, if: young, source: M-1}
  nation: {for: customer, at: nation, do: greet, source: [N-1, N-2]}
  spring: {for: customer, at: spring, do: greet, source: S-1}
  valentine: {for: customer, at: valentine, do: soon, if: known and vip, source: V-1}
  birthday: {for: customer, at: birthday, do: wish, source: B-1}
  joined: {for: customer, at: 30 days after joined_on, do: soon, source: J-1}
"""
GATE = """
gate:
  - {hold: refused, which: refused_on <= today and channel = sms, unknown: pass}
  - {hold: no_vip, which: not vip and priority > 40, instead: own}
"""
ACROSS = "  - {merge: [channel, purpose], across: near, which: kind = message.send}\n"
Written = Callable[[str], Policy]


@pytest.fixture(scope="session")
def merging(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int | None], Policy]:
    """The policy that merges over so many days; one that does not merge at all."""

    def loaded(near: int | None) -> Policy:
        file = tmp_path_factory.mktemp("policies") / "p.yaml"
        gate = GATE if near is None else GATE + ACROSS.replace("near", f"{near} days")
        file.write_text(f"format: 1\npolicy: p\nlanguage: en\n{HEAD}{gate}", encoding="utf-8")
        return load_policy(file)

    known: dict[int | None, Policy] = {}
    return lambda near: known[near] if near in known else known.setdefault(near, loaded(near))


PLANS: dict[int | None, dict[Any, Any]] = {}


def daily(policy: Policy, key: int | None, record: Any, first: date, last: date) -> Iterator[Any]:
    """Runs of single days, which share what they know of the calendar."""
    whole = PLANS.get(key) or PLANS.setdefault(key, {})
    if not whole:
        whole["span"] = compile_day(policy, LAST + 60 * A_DAY, since=FIRST - 61 * A_DAY)
    for step in range((last - first).days + 1):
        day = first + step * A_DAY
        plan = whole.get(day) or whole.setdefault(day, whole["span"].alone(day))
        decision = evaluate(plan, record)
        yield day, (*decision.actions, *decision.suppressed)


def groups(actions: list[Action], near: int) -> Iterator[list[Action]]:
    """By brute force: messages whose days follow each other, the one that stays first."""
    listed, group = sorted(actions, key=lambda each: each.due_on or date.min), list[Action]()
    for each in listed:
        if group and (each.due_on - group[-1].due_on).days > near:
            yield sorted(group, key=urgency)
            group = []
        group.append(each)
    if group:
        yield sorted(group, key=urgency)


def urgency(action: Action) -> Any:
    return action.priority, action.due_on, action.rule


def once(*texts: str | None) -> str | None:
    parts = [part for text in texts if text for part in text.split(";")]
    return ";".join(dict.fromkeys(parts)) or None


BORN = [None, date(1980, 9, 29), date(1980, 10, 4), date(1976, 1, 1), date(1990, 2, 15)]
JOINED = [None, date(2027, 8, 20), date(2027, 9, 1), date(2028, 1, 13), date(2027, 3, 1)]
RECORDS = st.fixed_dictionaries(
    {
        "vip": st.sampled_from([True, False, None]),
        "born": st.sampled_from(BORN),
        "calendar": st.sampled_from(["solar", "lunar"]),
        "phone": st.sampled_from(["1", None]),
        "refused_on": st.sampled_from([None, date(2027, 12, 1), date(2027, 1, 1), date(2028, 2, 13)]),
        "joined_on": st.sampled_from(JOINED),
    }
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(record=RECORDS, near=st.sampled_from([1, 14]))
def test_a_year_of_daily_runs_keeps_one_of_each_group_with_all_that_was_said(merging, record, near):
    record = {"id": "c/1", **record}
    alone = [
        each
        for _, said in daily(merging(None), None, record, FIRST - 60 * A_DAY, LAST + 60 * A_DAY)
        for each in said
        if each.kind == "message.send" and each.status == "ready"
    ]
    stays, goes = dict[str, Any](), dict[str, str]()
    for first, *others in groups(alone, near):
        sources, reasons = (
            once(*(getattr(each, name) for each in (first, *others)))
            for name in ("source", "reason")
        )
        stays[first.action_id] = sources and set(sources.split(";")), reasons
        goes |= {each.action_id: first.action_id for each in others}
    found = [each for _, said in daily(merging(near), near, record, FIRST, LAST) for each in said]
    opened = {each.action_id for each in found}
    kept = {
        each.action_id: (set(each.source.split(";")), each.reason)
        for each in found
        if each.kind == "message.send" and each.status == "ready"
    }
    assert {name: sources for name, (sources, _) in kept.items()} == {
        name: sources for name, (sources, _) in stays.items() if name in opened
    }
    assert {name: set((r or "").split(";")) for name, (_, r) in kept.items()} == {
        name: set((r or "").split(";")) for name, (_, r) in stays.items() if name in opened
    }
    merged = {each.action_id: each.merged_into for each in found if each.reason == "merged"}
    assert merged == {name: into for name, into in goes.items() if name in opened}


MOON = {"id": "c", "vip": True, "phone": "1", "joined_on": date(2031, 9, 1)}
NATION = "p/nation/customer/c/2031-10-01/message.send:sms"


def said(decision: Decision) -> dict[str, tuple[Any, ...]]:
    listed = (*decision.actions, *decision.suppressed)
    return {each.action_id: (each.status, each.source, each.merged_into) for each in listed}


@pytest.mark.parametrize(
    "record", [MOON, {**MOON, "born": date(1980, 10, 3)}, {**MOON, "vip": None}]
)
def test_a_span_says_what_its_days_say(merging, record):
    policy, start, end = merging(3), date(2031, 9, 24), date(2031, 10, 5)
    alone = dict[str, Any]()
    for step in range(1, (end - start).days + 1):
        decision = evaluate(compile_day(policy, start + step * A_DAY), record)
        actions = (*decision.actions, *decision.suppressed)
        alone |= {
            each.action_id: (each.source, each.merged_into, each.reason == "merged")
            for each in actions
        }
    whole = evaluate(compile_day(policy, end, since=start), record)
    listed = (*whole.actions, *whole.suppressed)
    assert alone
    assert alone == {
        each.action_id: (each.source, each.merged_into, each.reason == "merged") for each in listed
    }


def test_the_one_that_stays_is_named_though_it_opens_on_another_day(merging):
    record = {**MOON, "born": date(1980, 10, 3)}
    decision = evaluate(compile_day(merging(3), date(2031, 9, 28)), record)
    (nation,) = decision.suppressed
    birthday = "p/birthday/customer/c/2031-10-03/message.send:sms"
    assert (nation.action_id, nation.merged_into, nation.reason) == (NATION, birthday, "merged")
    (wish,) = evaluate(compile_day(merging(3), date(2031, 10, 3)), record).actions
    assert wish.action_id == birthday
    assert (set(wish.source.split(";")), wish.source[:3]) == (
        {"B-1", "M-1", "N-1", "N-2", "J-1"},
        "B-1",
    )
    assert wish.reason == "own_day;soon"


def test_what_is_unknown_of_another_day_does_not_count(merging):
    record = {**MOON, "joined_on": None}  # whether the moon is greeted is unknown
    decision = evaluate(compile_day(merging(3), date(2031, 9, 28)), record)
    assert said(decision) == {NATION: ("ready", "N-1;N-2", None)}


def test_a_decision_remembered_is_a_decision_made(merging):
    for record in (MOON, {**MOON, "vip": None}, {**MOON, "id": "d", "born": date(1980, 10, 3)}):
        for day in (date(2031, 9, 28), date(2031, 9, 29), date(2031, 10, 3)):
            plan = compile_day(merging(3), day)
            snapshot = plan.snapshot(record)
            first = [evaluate(plan, snapshot), evaluate(plan, snapshot), interpret(plan, snapshot)]
            assert said(first[0]) == said(first[1]) == said(first[2])


# ---- of one day, and what days cannot tell

SMALL = """
facts:
  customer: {phone: {type: text}, dead: {type: yes/no, default: no}, seen_on: {type: date}}
subjects: {customer: {}, child: {of: customer}}
"""
SAID = """
words:
  one: {kind: call, priority: 10, reason: first, source: A}
  two: {kind: call, priority: 20, source: [B, A]}
  three: {kind: call, priority: 30, reason: third, source: C}
rules:
  a: {for: customer, at: daily, do: two}
  b: {for: customer, at: daily, do: one}
  c: {for: customer, while: yes, once_per: year, do: three}
"""


def test_of_one_day_all_sources_and_reasons_are_kept(written):
    text = SMALL + SAID.replace("while: yes, ", "") + "gate: [{merge: channel}]\n"
    decision = evaluate(compile_day(written(text), "2027-03-02"), {"id": "c"})
    (kept,) = decision.actions
    assert (kept.rule, kept.source, kept.reason) == ("b", "A;B;C", "first;third")
    assert {each.merged_into for each in decision.suppressed} == {kept.action_id}
    assert "stands for a, c too" in explain(decision)
    assert "一并代表：a, c" in explain(decision, "zh")
    assert explain(decision).count("that of b stands for it") == 2


def test_days_that_go_on_and_on_are_no_occasions_near_each_other(written):
    text = SMALL + SAID.replace("while: yes, ", "") + "gate: [{merge: channel, across: 5 days}]\n"
    plan = compile_day(written(text), "2027-03-02")
    (kept,) = evaluate(plan, {"id": "c"}).actions
    assert (kept.rule, kept.source) == ("b", "A;B;C")


def test_rules_that_ask_what_is_counted_by_the_day_are_merged_on_their_own_day_alone(written):
    text = """
facts:
  customer: {bought: {any: purchase, where: on = today, default: no}}
  purchase: {on: {type: date}}
subjects: {customer: {}, purchase: {of: customer}}
rules:
  thanks: {for: customer, at: daily, if: bought, do: {do: call, priority: 10}}
  monday: {for: customer, at: monday, do: call}
gate: [{merge: channel, across: 3 days}]
"""
    policy = written(text)
    record = {
        "id": "c",
        "purchases": [{"id": "p", "on": "2027-03-02"}, {"id": "q", "on": "2027-03-08"}],
    }
    rules = {
        day: [
            each.rule for each in evaluate(compile_day(policy, f"2027-03-{day:02}"), record).actions
        ]
        for day in range(1, 9)
    }
    assert {day: acted for day, acted in rules.items() if acted} == {
        1: ["monday"], 2: ["thanks"], 8: ["thanks"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("{merge: channel, across: 1 month}", "LR245"),
        ("{merge: channel, across: 32 days}", "LR245"),
        ("{merge: [channel, due_on], across: 3 days}", "LR246"),
        ("{merge: channel, across: soon}", "LR201"),
        ("{hold: x, which: dead, across: 3 days}", "LR146"),
    ],
)  # fmt: skip
def test_what_merging_over_days_cannot_mean_is_a_fault(faults, gate, code):
    assert faults(SMALL + SAID.replace("while: yes, ", "") + f"gate: [{gate}]\n") == [code]


@pytest.mark.parametrize("first", ["{cap: 1}", "{merge: channel}"])
def test_a_step_before_of_which_other_days_know_nothing_is_told(written, first):
    text = SMALL + SAID.replace("while: yes, ", "")
    policy = written(f"{text}gate: [{first}, {{merge: channel, across: 3 days}}]\n")
    assert [each.code for each in policy.told if each.code == "LR634"] == ["LR634"]
    turned = written(f"{text}gate: [{{merge: channel, across: 3 days}}, {first}]\n")
    assert "LR634" not in {each.code for each in turned.told}


# ---- the way out of the word itself

WAYS = """
words:
  ring: {kind: call, purpose: care, instead: mail, needs: phone}
  mail: {kind: message.send, channel: email, needs: seen_on, instead: visit}
  visit: {kind: home_visit}
  bare: {kind: call, channel: wechat}
rules:
  ring: {for: customer, at: daily, do: [ring, bare]}
gate: [{hold: dead_number, which: dead and kind = call, instead: own}]
"""


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"seen_on": "2027-01-01"}, ["message.send"]),
        ({}, ["home_visit", "message.send"]),  # one lacks data, so its own way out is taken
        ({"dead": "no"}, ["call", "call"]),
    ],
)  # fmt: skip
def test_the_own_way_out_takes_the_place_of_what_is_held(written, facts, kinds):
    plan = compile_day(written(SMALL + WAYS), "2027-03-02")
    decision = evaluate(plan, {"id": "c", "phone": "1", "dead": "yes", **facts})
    assert sorted(each.kind for each in decision.actions) == kinds
    held = {each.reason for each in decision.suppressed}
    assert held == ({"dead_number"} if "call" not in kinds else set())


def test_the_own_way_out_passes_the_sieves(written):
    text = SMALL + WAYS.replace("gate: [", "gate: [{hold: no_mail, which: channel = email}, ")
    record = {"id": "c", "phone": "1", "dead": "yes", "seen_on": "2027-01-01"}
    decision = evaluate(compile_day(written(text), "2027-03-02"), record)
    assert decision.actions == ()
    assert {each.reason for each in decision.suppressed} == {"dead_number", "no_mail"}


def test_a_way_out_that_nothing_has_is_told(written, faults):
    text = SMALL + WAYS.replace(", instead: mail", "").replace(", instead: visit", "")
    assert "LR635" in {each.code for each in written(text).told}
    assert faults(SMALL + WAYS.replace("  bare:", "  own: {kind: call}\n  bare:")) == ["LR244"]
