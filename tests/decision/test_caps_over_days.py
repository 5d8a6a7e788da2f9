# SPDX-License-Identifier: Apache-2.0
"""A span decides what daily runs decide whose host files a record for each touch on its day."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.oracle import by_columns
from effort import examples
from loyaltyrules import Action, Policy, compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.decision.evaluate import interpret

FIRST = date(2027, 2, 24)
HEAD = """
format: 1
policy: caps
language: en
subjects: {contact: {of: customer}}
facts:
  customer: {vip: {type: yes/no}, born_on: {type: date}}
  contact: {at: {type: date}, channel: {type: text}, purpose: {type: text}}
occasions:
  feast: {solar: 02-28, opens: 2 days}
  spring: {solar: 03-03}
  birthday: {anniversary: born_on, opens: 1 day}
words:
  text: {kind: message.send, channel: sms, purpose: sale, priority: 30}
  ring: {kind: call, purpose: care, priority: 20}
  write: {kind: letter, purpose: care, priority: 60}
  look: {kind: task.look, priority: 1}
rules:
"""
WORDS = {
    "text": ("sms", "sale"),
    "ring": ("phone", "care"),
    "write": ("letter", "care"),
    "look": None,
}
OCCASIONS = {
    "feast": "text",
    "spring": "ring",
    "birthday": "write",
}  # each of one word: one touch, one way
PERIODS = ("day", "2 days", "7 days", "30 days", "month")
WHICH = (
    "yes", "channel = sms", "purpose = care", "channel != phone", "channel = sms and vip", "vip",
    "channel = sms or (purpose = care and vip)",
)  # fmt: skip


def moments() -> st.SearchStrategy[tuple[str, str]]:
    """Moments of rules, each with the word of its action."""
    own = st.tuples(st.sampled_from(("daily", "friday", "monday")), st.sampled_from([*WORDS]))
    return st.one_of(own, st.sampled_from([*OCCASIONS.items(), ("spring", "look")]))


@st.composite
def policies(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A policy, and of each of its rules what one day counts as one touch."""
    touches, text = dict[str, str](), HEAD
    for number, (moment, word) in enumerate(draw(st.lists(moments(), min_size=1, max_size=5))):
        touches[f"r{number}"] = moment if moment in OCCASIONS else f"r{number}"
        test = draw(st.sampled_from(("yes", "vip", "not vip")))
        text += f"  r{number}: {{for: customer, at: {moment}, if: {test}, do: {word}}}\n"
    text += "gate:\n"
    for _ in range(draw(st.integers(1, 3))):
        text += f"  - {{{', '.join(draw(caps()))}}}\n"
    if draw(st.booleans()):
        text += "  - {hold: no, which: channel = phone and vip, unknown: pass}\n"
    return text, touches


@st.composite
def caps(draw: st.DrawFn) -> list[str]:
    unknown = ["unknown: pass"] if draw(st.booleans()) else []
    said = [f"cap: {draw(st.integers(0, 3))}", f"per: {draw(st.sampled_from(PERIODS))}"]
    return [*said, "history: contact", f"which: {draw(st.sampled_from(WHICH))}", *unknown]


def contacts() -> st.SearchStrategy[dict[str, Any]]:
    days = st.integers(-35, 12).map(lambda n: FIRST + timedelta(days=n))
    channel = st.sampled_from(("sms", "phone", "letter", None))
    purpose = st.sampled_from(("sale", "care", None))
    return st.fixed_dictionaries({"at": days, "channel": channel, "purpose": purpose})


def customers() -> st.SearchStrategy[dict[str, Any]]:
    vip = st.sampled_from((True, False, None))
    born = st.sampled_from((date(1990, 2, 27), date(1985, 3, 1), None))
    listed = st.one_of(st.lists(contacts(), max_size=4), st.none())
    return st.fixed_dictionaries({"vip": vip, "born_on": born, "contacts": listed})


def record(name: str, customer: dict[str, Any], filed: list[dict[str, Any]]) -> dict[str, Any]:
    listed = customer["contacts"]
    if listed is not None:
        listed = [{"id": f"{name}-{n}", **each} for n, each in enumerate([*listed, *filed])]
    return {"id": name, **customer, "contacts": listed}


Said = tuple[str, str | None, str | None]
EXPIRED = ("suppressed", "expired", "span")


def said(each: Action) -> Said:
    return each.status, each.reason, each.suppressed_by


def daily(
    policy: Policy, customer: dict[str, Any], days: list[date], touches: dict[str, str]
) -> dict[str, Said]:
    """What daily runs decide, the first for each action, where a record is filed for each touch."""
    found: dict[str, Said] = {}
    filed: list[dict[str, Any]] = []
    for day in days:
        decision = evaluate(compile_day(policy, day), record("c", customer, filed))
        reached: dict[str, tuple[str, str]] = {}
        for each in (*decision.actions, *decision.suppressed):
            ended = each.window_end is not None and each.window_end < days[-1]
            late = ended and each.kind != "task.look"  # what staff have to do never expires
            kept = each.status != "suppressed"
            found.setdefault(each.action_id, EXPIRED if late and kept else said(each))
            way = WORDS[
                {"message.send": "text", "call": "ring", "letter": "write"}.get(each.kind, "look")
            ]
            if kept and not late and way is not None:
                reached[touches[each.rule]] = way
        filed += [{"at": day, "channel": c, "purpose": p} for c, p in reached.values()]
    return found


def loaded(text: str) -> Policy:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "policy.yaml"
        file.write_text(text, encoding="utf-8")
        return load_policy(file)


def tables(known: dict[str, dict[str, Any]]) -> dict[str, pl.DataFrame]:
    """The customers as tables; of these each brings its list."""
    rows = [{"id": n, "vip": e["vip"], "born_on": e["born_on"]} for n, e in known.items()]
    below = [
        {"id": f"{name}-{n}", "customer_id": name, **each}
        for name, customer in known.items()
        for n, each in enumerate(customer["contacts"] or ())
    ]
    schema = {"id": pl.String, "customer_id": pl.String, "at": pl.Date, "channel": pl.String}
    return {
        "customer": pl.DataFrame(rows, {"id": pl.String, "vip": pl.Boolean, "born_on": pl.Date}),
        "contact": pl.DataFrame(below, {**schema, "purpose": pl.String}),
    }


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), st.lists(customers(), min_size=1, max_size=3), st.integers(1, 9))
def test_a_span_is_the_union_of_daily_runs_that_file_each_touch(
    made: tuple[str, dict[str, str]], given_: list[dict[str, Any]], length: int
) -> None:
    policy, touches = loaded(made[0]), made[1]
    days = [FIRST + timedelta(days=n) for n in range(length)]
    plan = compile_day(policy, days[-1], days[0] - timedelta(days=1))
    for customer in given_:
        expected = daily(policy, customer, days, touches)
        for decide in (evaluate, interpret):
            decision = decide(plan, record("c", customer, []))
            found = {
                each.action_id: said(each) for each in (*decision.actions, *decision.suppressed)
            }
            assert found == expected


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), st.lists(customers(), min_size=1, max_size=5), st.integers(1, 9))
def test_tables_hand_touches_on_as_rows_do(
    made: tuple[str, dict[str, str]], given_: list[dict[str, Any]], length: int
) -> None:
    last = FIRST + timedelta(days=length - 1)
    plan = compile_day(loaded(made[0]), last, FIRST - timedelta(days=1))
    known = {f"c{n}": {**e, "contacts": e["contacts"] or []} for n, e in enumerate(given_)}
    expected = {}
    for name, customer in known.items():
        decision = evaluate(plan, record(name, customer, []))
        expected |= {e.action_id: said(e) for e in (*decision.actions, *decision.suppressed)}
    assert dict(of_tables(evaluate_frame(plan, tables(known)))) == expected
    with by_columns():
        assert dict(of_tables(evaluate_frame(plan, tables(known)))) == expected


def of_tables(result: Any) -> Iterator[tuple[str, Said]]:
    for frame in (result.actions, result.suppressed):
        for row in frame.iter_rows(named=True):
            yield row["action_id"], (row["status"], row["reason"], row["suppressed_by"])


CARE = "  c{n}: {{for: customer, at: {at}, if: {test}, do: {word}}}\n"
FIRST_OF_ALL = "  sale: {for: customer, at: daily, do: {do: text, priority: 0}}\n"
KEPT = "gate:\n  - {{reserve: 1, for: care, ahead: {ahead} days}}\n  - {{cap: 1, per: 2 days, already: 0}}\n"


@st.composite
def caring(draw: st.DrawFn) -> str:
    """Rules that care for customers by some moments; one that holds on comes on no day."""
    found = ""
    for number in range(draw(st.integers(0, 3))):
        at = draw(
            st.sampled_from(
                ("friday", "monday", *OCCASIONS, "2 days before born_on", "1 day after joined_on")
            )
        )
        test = draw(st.sampled_from(("yes", "vip", "not vip", "joined_on > today - 4 days")))
        word = draw(st.sampled_from(("ring", "write", "text")))
        found += CARE.format(n=number, at=at, test=test, word=word)
    return found + "  idle: {for: customer, if: vip, once_per: day, do: {do: ring, priority: 90}}\n"


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(caring(), customers(), st.integers(1, 9), st.integers(-3, 12), st.integers(0, 6))
def test_places_are_kept_where_a_coming_day_emits_something_of_the_purpose(
    rules: str, customer: dict[str, Any], ahead: int, joined: int, offset: int
) -> None:
    head = HEAD.replace("born_on: {type: date}", "born_on: {type: date}, joined_on: {type: date}")
    free = loaded(head + rules)
    policy = loaded(head + FIRST_OF_ALL + rules + KEPT.format(ahead=ahead))
    today = FIRST + timedelta(days=offset)
    known = record("c", customer | {"joined_on": FIRST + timedelta(days=joined)}, [])
    coming = False
    for day in (today + timedelta(days=n) for n in range(1, ahead + 1)):
        decision = evaluate(compile_day(free, day), known)
        emitted = {each.rule for each in decision.actions if each.kind in ("call", "letter")}
        unknown = {each.rule for each in decision.undecided if rules_of_care(rules, each.rule)}
        coming = coming or bool((emitted | unknown) - {"idle"})
    plan = compile_day(policy, today)
    for decide in (evaluate, interpret):
        decision = decide(plan, known)
        reasons = {e.rule: e.reason for e in (*decision.actions, *decision.suppressed)}
        assert reasons["sale"] == ("reserved" if coming else None)


def rules_of_care(rules: str, name: str) -> bool:
    """True of a rule whose word is one of care."""
    return any(f"  {name}: " in line and "do: text" not in line for line in rules.splitlines())
