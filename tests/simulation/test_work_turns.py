# SPDX-License-Identifier: Apache-2.0
"""Work by days is what daily runs emit, whatever makes a record turn from one day to the next.

Each policy has one reason for which a day decides somebody otherwise than the day before; the dates of
the customers are spread, so that on every day of the span somebody turns.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loyaltyrules import Policy, load_policy, workload
from loyaltyrules.frame.days.walk import Walk
from loyaltyrules.simulation.base.side import Side, plan_of

FIRST, LENGTH = date(2027, 1, 22), 10
DAYS = [FIRST + timedelta(days=n) for n in range(LENGTH)]
HEAD = """
format: 1
policy: small
language: en
subjects: {store: {}, customer: {of: store}, purchase: {of: customer}}
"""
FACTS = """
facts:
  store:
    opened_on: {type: date}
    young: {is: opened_on > today - 30 days}
  customer:
    seen_on: {type: date}
    met_at: {type: datetime}
    points: {type: whole, default: 0}
    cold: {is: seen_on < today - 20 days}
    recent: {count: purchase, where: occurred_on >= today - 10 days}
    lost: {count: purchase, where: customer.cold and occurred_on >= 2027-01-12}
    by_count: {count: purchase, where: customer.recent = 0 and not fresh}
    last_fresh: {newest: purchase.id, by: [come, occurred_on]}
    freshness: {counts: purchase.fresh}
    below: {any: purchase, where: waits, default: no}
    advice: {first: news.title, where: news.since <= today and news.idle <= days_since(seen_on), by: -since}
    ranked: {is: 'if(seen_on < today - 20 days, 0, points)'}
  purchase:
    occurred_on: {type: date}
    channel: {type: text, default: phone}
    fresh: {is: occurred_on >= today - 3 days}
    come: {is: occurred_on <= today}
    waits: {is: customer.cold and not fresh}
"""
NEWS = """
reference:
  news:
    columns: {title: text, since: date, idle: whole}
    rows:
      - {title: spring, since: 2027-01-25, idle: 20}
      - {title: winter, since: 2027-01-01, idle: 10}
  rest_day:
    columns: {day: date, kind: [rest, work]}
    rows: [{day: 2026-01-01, kind: rest}, {day: 2027-01-01, kind: rest}, {day: 2027-01-25, kind: rest}]
  stage: {columns: {id: text, least: whole}, rows: [{id: a, least: 15}, {id: b, least: 20}, {id: c}]}
"""
RANK = "    best: {top: 50%, by: ranked}\n"  # in which all stand, so that whoever turns turns all
WORDS = """
words:
  ask: {kind: task.ask, role: guide, purpose: care}
  early: {kind: task.early, role: guide, opens: 3 days}
  soon: {kind: task.soon, role: guide, opens: 'if(points > 20, 3 workdays, 2 days)'}
  late: {kind: message.send, role: guide, purpose: care, priority: 90}
  ask_by_phone: {kind: call, role: guide, purpose: care}
  congratulate: {kind: message.send, channel: sms, role: guide, purpose: joy}
  greet: {kind: message.send, role: guide, purpose: care, priority: 10}
  write: {kind: message.send, channel: reach, purpose: care, hours: 09:00-20:00}
"""
SECOND = "what a second parent counts"  # which no family holds
COUNTED = "    recent: {count: purchase, where: occurred_on >= today - 10 days}\n"
STANDING = "rules: {idle: {for: customer, if: seen_on < today - 20 days, once_per: year, do: ask}}"
REASONS = {
    "a condition": STANDING,
    "the rows of a table": """
rules:
  idle: {for: customer, each: stage, if: days_since(seen_on) > stage.least, do: {do: ask, value: stage.least}}
  seen: {for: customer, each: stage, at: 21 days after seen_on, do: {do: task.seen, value: stage.least}}""",
    SECOND: """
rules:
  quiet: {for: store, if: recent < 8, once_per: [recent, year], do: {do: ask, value: recent}}
  below: {for: purchase, if: store.recent < 8, once_per: [store.recent, year], do: ask}""",
    "a derived fact": "rules: {idle: {for: customer, if: cold, once_per: year, do: ask}}",
    "a count of child records": "rules: {idle: {for: customer, if: recent = 0, once_per: year, do: ask}}",
    "a count by a fact of the parent": """
rules: {lost: {for: customer, if: lost > 0, once_per: year, do: ask}}""",
    "a count by another count": """
rules: {old: {for: customer, if: by_count > 0, once_per: year, do: ask}}""",
    "the newest child": """
rules: {last: {for: customer, once_per: last_fresh, do: ask}}""",
    "how many have a word": """
rules: {fresh: {for: customer, if: '"no=1" in freshness', once_per: year, do: ask}}""",
    "a count of what waits for the parent": """
rules: {below: {for: customer, if: below, once_per: year, do: ask}}""",
    "a fact that is looked up": """
rules: {news: {for: customer, once_per: advice, if: advice is not missing, do: ask}}""",
    "a child record": "rules: {fresh: {for: purchase, if: not fresh, once_per: year, do: ask}}",
    "a fact of the parent": "rules: {old: {for: customer, if: not store.young, once_per: year, do: ask}}",
    "a fact of a parent below": "rules: {cold: {for: purchase, if: customer.cold, once_per: year, do: ask}}",
    "a rank": "rules: {best: {for: customer, if: not best, once_per: year, do: ask}}",
    "the name of an occurrence": """
rules: {idle: {for: customer, if: seen_on < today - 20 days, once_per: week, do: ask}}""",
    "an opening": "rules: {seen: {for: customer, at: 21 days after seen_on, if: points > 20, do: ask}}",
    "an opening before which is asked": """
rules: {seen: {for: customer, at: 30 days after seen_on, do: early}}""",
    "a moment that is reached": "rules: {seen: {for: customer, from: 21 days after seen_on, do: ask}}",
    "a moment whose period goes by the record": """
rules: {seen: {for: customer, at: 'if(points > 20, 21 days, 3 weeks) after seen_on', do: ask}}""",
    "a moment whose period turns": """
rules: {seen: {for: customer, at: 'if(cold, 25 days, 21 days) after seen_on', do: early}}""",
    "what is late by the record": """
rules:
  seen:
    {for: customer, from: seen_on, do: ask, late: escalate x, within: "if(points > 20, 3 weeks, 18 days)"}""",
    "what is late after a day": """
rules: {seen: {for: customer, once_per: id, do: ask, by: seen_on + 21 days, late: escalate boss}}""",
    "what is late the day after a day": """
rules: {seen: {for: customer, at: seen_on, do: ask, by: seen_on + 21 days, late: escalate boss}}""",
    "workdays after a day": """
rules: {seen: {for: customer, at: 15 workdays after seen_on, do: ask}}""",
    "workdays that are over": """
rules: {seen: {for: customer, from: seen_on, do: ask, within: 15 workdays, late: escalate boss}}""",
    "workdays before which is asked": """
rules: {seen: {for: customer, at: 30 days after seen_on, do: soon}}""",
    "a cap": """
rules:
  idle: {for: customer, if: seen_on < today - 20 days, once_per: year, do: ask}
  hello: {for: customer, at: monday, do: greet}
gate: [{cap: 1, which: purpose is not missing}]""",
    "a cap that is reached already": """
rules:
  idle: {for: customer, if: seen_on < today - 20 days, once_per: year, do: ask}
  hello: {for: customer, at: monday, do: late}
gate: [{cap: 1, which: purpose is not missing}]""",
    "a history that runs out": """
rules:
  idle: {for: customer, if: points > 20, once_per: year, do: ask_by_phone}
gate: [{cap: 1, per: 7 days, history: purchase.occurred_on, which: channel = phone}]""",
    "something to come": """
rules:
  idle: {for: customer, if: seen_on < today - 20 days, once_per: year, do: late}
  hello: {for: customer, at: 40 days after seen_on, do: congratulate}
gate: [{reserve: 1, for: joy, ahead: 3 days}, {cap: 1, per: 2 days, already: 0}]""",
    "a merge": """
rules:
  idle: {for: customer, if: seen_on < today - 20 days, once_per: year, do: ask}
  hello: {for: customer, at: monday, do: greet}
gate: [{merge: [purpose]}]""",
    "a merge over days": """
rules:
  seen: {for: customer, at: 21 days after seen_on, if: not cold, do: late}
  soon: {for: customer, at: 23 days after seen_on, if: points > 20, do: greet}
  idle: {for: customer, if: seen_on < today - 20 days, once_per: year, do: late}
gate: [{merge: [purpose], across: 3 days}]""",
    "the gate": STANDING + "\ngate: [{hold: fresh, which: seen_on > today - 25 days}]",
    "the channel that reaches": """
labels:
  reach:
    for: customer
    values: [email, sms]
    cases: {email: seen_on < today - 28 days, sms: seen_on < today - 24 days}
rules: {all: {for: customer, if: seen_on < today - 20 days, once_per: year, do: [write, ask]}}""",
    "an instant within the day": """
rules: {idle: {for: customer, if: date(met_at + 495 hours) <= today, once_per: year, do: ask}}""",
    "a deadline to the minute that has passed": """
rules:
  met:
    {for: customer, from: met_at, if: points > 20, within: 495 hours, do: ask, late: escalate guide}""",
    "a deadline to the minute that passes": """
rules: {met: {for: customer, at: met_at, within: 90 minutes, do: ask, late: escalate guide}}""",
    "a figure": """
parameters: {least: {values: {2000-01-01: 40, 2027-01-30: 20}}}
rules: {idle: {for: customer, if: points >= least, once_per: year, do: ask}}""",
}
CUSTOMERS = pl.DataFrame(
    {
        "id": [f"c-{n:02}" for n in range(48)],
        "store_id": [f"s-{n % 6}" for n in range(48)],
        "seen_on": [date(2026, 12, 20) + timedelta(days=n) for n in range(48)],
        "met_at": [datetime(2026, 12, 20, 22, 45) + timedelta(hours=25 * n) for n in range(48)],
        "points": [n * 7 % 50 for n in range(48)],
    }
)
STORES = pl.DataFrame(
    {"id": [f"s-{n}" for n in range(6)],
     "opened_on": [date(2026, 12, 24) + timedelta(days=2 * n) for n in range(6)]}
)  # fmt: skip
PURCHASES = pl.DataFrame(
    {"id": [f"p-{n:02}" for n in range(60)], "customer_id": [f"c-{n % 40:02}" for n in range(60)],
     "store_id": [None if n % 7 == 0 else f"s-{n % 5}" for n in range(60)],
     "occurred_on": [date(2027, 1, 8) + timedelta(days=n // 2) for n in range(60)]}
)  # fmt: skip
GIVEN = {"store": STORES, "customer": CUSTOMERS, "purchase": PURCHASES}


def policy_of(reason: str, folder: Path) -> Policy:
    file = folder / "policy.yaml"
    facts = FACTS.replace("    ranked", f"{RANK}    ranked") if "best" in REASONS[reason] else FACTS
    head = HEAD
    if reason == SECOND:
        head = HEAD.replace("{of: customer}", "{of: customer, also: store}")
        facts = FACTS.replace("    young", f"{COUNTED}    young")
    file.write_text(head + NEWS + facts + WORDS + REASONS[reason] + "\n", encoding="utf-8")
    return load_policy(file)


@pytest.mark.parametrize("reason", REASONS)
def test_a_walk_finds_everybody_of_whom_something_turns(
    reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: list[Any] = []
    every = Walk._all
    monkeypatch.setattr(
        Walk, "_all", lambda walk, plan: (whole.append(plan.on), every(walk, plan))[1]
    )
    policy = policy_of(reason, tmp_path)
    expected: dict[str, tuple[date, date]] = {}
    for day in DAYS:
        for name, due in (
            Side.of(plan_of(policy, day, None, {}), GIVEN)
            .actions(("action_id", "due_on"))
            .iter_rows()
        ):
            expected.setdefault(name, (due, day))
    load, found = workload(policy, GIVEN, start=DAYS[0], end=DAYS[-1]), {}
    for day in load.steps():
        rows = load.actions.select("action_id", "due_on").iter_rows()
        found |= {name: (due, day) for name, due in rows if name not in found}
    assert found == expected
    assert len({day for _, day in expected.values()}) > 1, "somebody turns on some day"
    assert len(whole) == 1 or reason in ("a rank", SECOND), "not everybody is decided anew"


def test_work_counts_the_contacts_that_records_bring_and_none_of_its_own_days(
    tmp_path: Path,
) -> None:
    rules = "rules: {hello: {for: customer, at: daily, do: ask_by_phone}}\n"
    gate = "gate: [{cap: 1, per: 7 days, history: purchase.occurred_on}]\n"
    file = tmp_path / "policy.yaml"
    file.write_text(HEAD + NEWS + FACTS + WORDS + rules + gate, encoding="utf-8")
    given = GIVEN | {"customer": CUSTOMERS.head(1), "purchase": PURCHASES.head(1)}
    given["purchase"] = given["purchase"].with_columns(pl.lit(FIRST).alias("occurred_on"))
    load = workload(load_policy(file), given, start=DAYS[0], end=DAYS[-1])
    assert load.actions["due_on"].to_list() == DAYS[7:]
