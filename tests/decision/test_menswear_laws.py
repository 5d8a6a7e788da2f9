# SPDX-License-Identifier: Apache-2.0
"""Laws of decisions, on random customers of the menswear policy and random days."""

import pickle
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import Action, compile_day, evaluate
from loyaltyrules.decision.evaluate import interpret
from loyaltyrules.policy.model import Merge

FESTIVE = [
    date(2027, 1, 30), date(2027, 2, 2), date(2027, 2, 5), date(2027, 2, 13), date(2027, 6, 8),
    date(2027, 9, 6), date(2027, 9, 9), date(2027, 9, 14), date(2027, 12, 24), date(2028, 2, 29),
]  # fmt: skip
DAYS = st.one_of(st.sampled_from(FESTIVE), st.dates(date(2026, 1, 1), date(2029, 12, 31)))
PAST = st.one_of(
    st.dates(date(2024, 1, 1), date(2028, 6, 30)),
    st.sampled_from([date(2024, 2, 29), date(2026, 2, 13), date(2026, 9, 9)]),
).map(str)
TIERS = st.sampled_from(["A", "B", "C"])
CUSTOMERS = st.fixed_dictionaries(
    {"id": st.sampled_from(["c1", "客/1"])},
    optional={
        "member_status": st.sampled_from(["formal", "temporary", "visitor"]),
        "joined_on": PAST, "tier": TIERS, "tier_since": PAST, "last_downgrade_on": PAST,
        "tier_override_tier": TIERS, "tier_override_expires_on": PAST,
        "points_accumulated": st.sampled_from([0, 1999, 2000, 4999, 5000, 9000]),
        "last_purchase_on": PAST, "first_purchase_on": PAST,
        "purchases_12m": st.integers(0, 7), "purchases_prev_12m": st.integers(0, 7),
        "amount_12m": st.sampled_from([0, 2999, 3000, 8000]), "margin_12m": st.integers(0, 5000),
        "loyalty_score": st.sampled_from([59.5, 60, 80]), "file_folder": TIERS,
        "occupation": st.sampled_from(["teacher", "soldier", "tailor"]),
        "consent_marketing": st.booleans(), "do_not_contact": st.booleans(),
        "consent_channels": st.lists(st.sampled_from(["sms", "email", "phone"]), max_size=2),
        "phone_status": st.sampled_from(["valid", "vacant"]), "mobile_phone": st.just("1"),
        "email": st.just("a@b.cn"), "address_home": st.just("1 North Road"),
        "visits_without_growth": st.integers(2, 3),
    },
)  # fmt: skip


def outcome(decision: Any) -> tuple[Any, ...]:
    return (
        decision.actions, decision.suppressed, decision.undecided, decision.labels,
        decision.standing, decision.ways,
    )  # fmt: skip


@settings(max_examples=examples(150), deadline=None)
@given(record=CUSTOMERS, day=DAYS)
def test_what_is_remembered_is_what_is_interpreted(plan, record, day):
    compiled = plan(str(day))
    expected = outcome(interpret(compiled, record))
    assert outcome(evaluate(compiled, record)) == expected
    assert outcome(evaluate(compiled, record)) == expected


@settings(max_examples=examples(30), deadline=None)
@given(records=st.lists(CUSTOMERS, min_size=20, max_size=40), day=st.sampled_from(FESTIVE))
def test_many_customers_share_a_memory_and_none_sees_another(plan, records, day):
    compiled = plan(str(day))
    found = [outcome(evaluate(compiled, each)) for each in records]
    assert found == [outcome(interpret(compiled, each)) for each in records]


@settings(max_examples=examples(20), deadline=None)
@given(record=CUSTOMERS, on=DAYS, length=st.integers(2, 25))
def test_catching_up_is_the_union_of_the_daily_runs(plan, decide, record, on, length):
    since = on - timedelta(days=length)
    daily: dict[str, Action] = {}
    for step in range(1, length + 1):
        found = decide(record, str(since + timedelta(days=step)))
        for each in (*found.actions, *found.suppressed):
            daily.setdefault(each.action_id, each)
    span = decide(record, str(on), str(since))
    caught = {each.action_id: each for each in (*span.actions, *span.suppressed)}
    assert set(caught) == set(daily)
    for name, each in caught.items():
        expired = each.reason == "expired"
        assert expired or each == daily[name]
        assert not expired or (each.window_end is not None and each.window_end < on)
        closed = daily[name].window_end is not None and daily[name].window_end < on
        held = daily[name].status == "suppressed"
        open_ended = daily[name].kind.startswith("task.") or daily[name].approver_role
        assert expired == (closed and not held and not open_ended)


@settings(max_examples=examples(60), deadline=None)
@given(record=CUSTOMERS, more=st.integers(0, 6000), day=st.sampled_from(FESTIVE))
def test_more_points_never_lower_the_tier_by_points(decide, record, more, day):
    points = record.get("points_accumulated", 0)
    before = decide(record, str(day)).ways["tier"]["points"]
    after = decide({**record, "points_accumulated": points + more}, str(day)).ways["tier"]["points"]
    assert (before is None and after is None) or str(after) <= str(before)


@settings(max_examples=examples(25), deadline=None)
@given(record=CUSTOMERS, day=DAYS)
def test_a_rule_out_of_its_moment_changes_nothing_but_what_is_merged_over_days(
    menswear, record, day
):
    gate = tuple(each for each in menswear.gate if not isinstance(each, Merge))
    whole = replace(menswear, gate=gate)
    compiled = compile_day(whole, on=day).day(day)
    due = {each.rule.id for subject in compiled.subjects.values() for each in subject.instances}
    fewer = replace(whole, rules=tuple(rule for rule in menswear.rules if rule.id in due))
    alone, among = (evaluate(compile_day(each, on=day), record) for each in (fewer, whole))
    assert outcome(alone) == outcome(among)


@settings(max_examples=examples(60), deadline=None)
@given(record=CUSTOMERS, day=DAYS)
def test_at_most_one_change_of_tier_is_proposed_a_day(changes, record, day):
    assert len(changes(record, str(day))) <= 1


@settings(max_examples=examples(40), deadline=None)
@given(record=CUSTOMERS, day=st.sampled_from(FESTIVE), extra=st.integers())
def test_the_order_of_facts_and_unknown_facts_change_nothing(decide, record, day, extra):
    turned = {"shoe_size": extra, **dict(reversed(record.items()))}
    assert outcome(decide(turned, str(day))) == outcome(decide(record, str(day)))


@settings(max_examples=examples(60), deadline=None)
@given(record=CUSTOMERS, day=DAYS)
def test_every_action_is_listed_once_and_in_order(decide, record, day):
    found = decide(record, str(day))
    ids = [each.action_id for each in found.actions]
    held = [each.action_id for each in found.suppressed]
    assert ids == sorted(set(ids))
    assert held == sorted(set(held))
    assert not set(ids) & set(held)
    assert all(each.reason and each.suppressed_by for each in found.suppressed)


def test_a_pickled_plan_decides_the_same(plan, customer):
    compiled = plan("2027-02-05", "2027-01-30")
    evaluate(compiled, customer())
    copy = pickle.loads(pickle.dumps(compiled))
    for tier in "ABC":
        record = customer(tier=tier, points_accumulated=6000)
        assert outcome(evaluate(copy, record)) == outcome(evaluate(compiled, record))


def test_the_top_fifth_of_a_store_is_its_tier_by_share(plan, customer):
    rows = [customer(id=f"c{n}", points_accumulated=1500 + 100 * n) for n in range(10)]
    known = plan("2027-02-05").with_population(rows)
    shares = [evaluate(known, each).ways["tier"]["share"] for each in rows]
    assert shares == ["C"] * 5 + ["B"] * 3 + ["A"] * 2
    bare = evaluate(plan("2027-02-05"), rows[6])
    assert bare.ways["tier"]["share"] is None
    assert "tier_disagreement" in {each.rule for each in bare.undecided}
