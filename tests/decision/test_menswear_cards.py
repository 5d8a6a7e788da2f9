# SPDX-License-Identifier: Apache-2.0
"""The membership card under random histories: always a state, never a dead end, deadlines kept."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import compile_day, evaluate
from shipped import menswear

MENSWEAR = menswear()
REACHED = date(2027, 5, 1)
LAST = 30
SILENT = {"waiting", "deferred", "collected", "mailed"}
FINAL = {"collected", "mailed"}
OFFSET = st.integers(0, LAST)
REPLIES = ("will_come", "today", "other_day", "no_time", "mail_requested", "leaving_area")
HISTORIES = st.fixed_dictionaries(
    {},
    optional={
        "requested_on": st.integers(0, 3), "ready_on": st.integers(2, 12), "mailed_on": OFFSET,
        "collected_on": OFFSET, "back_on": OFFSET, "appointment_at": OFFSET, "hold_until": OFFSET,
        "reply": st.tuples(OFFSET, st.sampled_from(REPLIES)),
    },
)  # fmt: skip


def as_of(history: dict[str, Any], day: date) -> dict[str, Any]:
    """The card as it is on file on a day: what comes later is not known yet."""
    wants_mail = history.get("reply", (0, ""))[1] in ("no_time", "mail_requested")
    if "collected_on" in history or not wants_mail:  # nobody posts what is fetched or not asked for
        history = {name: each for name, each in history.items() if name != "mailed_on"}
    card: dict[str, Any] = {"id": "k1", "kind": "formal", "threshold_reached_on": str(REACHED)}
    for name, offset in history.items():
        if name == "reply":
            known, reply = offset
            if REACHED + timedelta(days=known) <= day:
                card["customer_reply"] = reply
            continue
        said = REACHED + timedelta(days=offset)
        planned = name in ("appointment_at", "hold_until") and "reply" in history
        if said <= day or (planned and REACHED + timedelta(days=history["reply"][0]) <= day):
            card[name] = str(said)
    return card


def run(history: dict[str, Any], address: bool) -> Any:
    """Day by day: the state, and the actions of the workflow."""
    for offset in range(LAST + 1):
        day = REACHED + timedelta(days=offset)
        plan = PLANS.setdefault(day, compile_day(MENSWEAR, day))
        member = {"id": "c1", "member_status": "formal", "mobile_phone": "1",
                  "cards": [as_of(history, day)]}  # fmt: skip
        if address:
            member["address_home"] = "1 North Road"
        decision = evaluate(plan, member)
        card = plan.derived(plan.day(day), decision.snapshot).children["card"][0]
        own = [each for each in decision.actions if each.rule.startswith("card_state.")]
        yield day, card.facts.get("card_state"), own


def following(states: dict[str, list[str]], name: str) -> set[str]:
    """The state itself and all that the policy lets follow it, at once or later on."""
    found: set[str] = set()
    open_ = [name]
    while open_:
        state = open_.pop()
        if state not in found:
            found.add(state)
            open_ += states[state]
    return found


PLANS: dict[date, Any] = {}


@settings(max_examples=examples(80), deadline=None)
@given(history=HISTORIES, address=st.booleans())
def test_every_card_has_a_state_and_every_open_state_a_duty(history, address):
    for day, state, actions in run(history, address):
        assert state is not None, day
        assert (state in SILENT) == (not [e for e in actions if not e.rule.endswith(".late")])
        assert {each.rule.split(".")[1] for each in actions} <= {state}


@settings(max_examples=examples(80), deadline=None)
@given(history=HISTORIES, address=st.booleans())
def test_states_follow_each_other_as_the_policy_says_and_the_last_stays(states, history, address):
    before = "reached"
    for _, state, _ in run(history, address):
        assert state in following(states, before), (before, state)
        assert before not in FINAL or state == before
        before = state


@settings(max_examples=examples(80), deadline=None)
@given(history=HISTORIES, address=st.booleans())
def test_a_deadline_that_passes_is_told_the_day_after(history, address):
    for day, _, actions in run(history, address):
        late = {each.rule.removesuffix(".late") for each in actions if each.rule.endswith(".late")}
        for each in actions:
            due = each.deadline and date.fromisoformat(each.deadline)
            escalates = any(rule.id == f"{each.rule}.late" for rule in MENSWEAR.rules)
            assert not (due and escalates) or (each.rule in late) == (day > due)


@settings(max_examples=examples(80), deadline=None)
@given(history=HISTORIES, address=st.booleans())
def test_who_leaves_is_neither_called_nor_written_to_and_day_five_is_never_early(history, address):
    for day, state, actions in run(history, address):
        kinds = {each.kind for each in actions}
        assert state != "deferred" or not kinds
        assert day >= REACHED + timedelta(days=5) or not kinds & {"call", "card.mail"}
