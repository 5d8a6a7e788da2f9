# SPDX-License-Identifier: Apache-2.0
"""Actions put off, in tables: what rows say, whether the due day is one of the day or of the record."""

from datetime import date, timedelta

import pytest

import effort
from loyaltyrules import DayPlan, compile_day, load_policy
from loyaltyrules.frame.keys.by_signature import FEW

LONG = FEW + 100  # rows, more than are read one by one

POLICY = """\
format: 1
policy: moved
subjects: {customer: {}, purchase: {of: customer}}
facts:
  customer:
    tier: {type: [A, B]}
    points: {type: whole}
    phone: {type: text}
    seen_on: {type: date}
  purchase: {occurred_on: {type: date}, paid: {type: whole}}
reference:
  rest_day: {columns: {day: date, kind: [rest, work]}}
words:
  write: {kind: message.send, channel: sms, needs: phone, instead: ring}
  ring: {kind: call, priority: 20}
rules:
  daily:  {for: customer, at: daily, do: write}
  told:   {for: customer, at: daily, if: points > 30, do: {do: letter, value: points}}
  seen:   {for: customer, from: 1 day after seen_on, do: {do: ring, value: points}, within: 3 days}
  again:  {for: customer, from: seen_on, do: {do: task.again}}
  only:   {for: customer, from: seen_on, if: tier = B, do: gift.mail}
  bought: {for: purchase, from: occurred_on, if: paid > 10, do: {do: task.thank, value: paid}}
gate:
"""
SIEVES = {
    "all": "  - {move: next, unless: rest day}\n",
    "of a tier": "  - {move: next, unless: rest day, which: tier = A}\n",
    "known days": "  - {move: next, unless: [saturday, sunday, monday], which: kind != letter}\n",
    "then merged": "  - {move: next, unless: rest day, unknown: pass}\n  - {merge: [channel, due_on]}\n",
    "last": "  - {merge: due_on}\n  - {cap: 3}\n  - {move: next, unless: rest day}\n",
}
NOTICE = [
    *({"day": date(2027, 10, day), "kind": "rest"} for day in range(1, 8)),
    {"day": date(2027, 10, 9), "kind": "work"},
]
ON = ("2027-10-02", "2027-10-09", "2028-01-08")


@pytest.fixture
def on(tmp_path):
    def compiled(sieves: str, day: str, since: str = "") -> DayPlan:
        file = tmp_path / "policy.yaml"
        file.write_text(f"{POLICY}{SIEVES[sieves]}", encoding="utf-8")
        start = date.fromisoformat(since) if since else None
        return compile_day(
            load_policy(file), date.fromisoformat(day), start, tables={"rest_day": NOTICE}
        )

    return compiled


def customers(count: int, last: date) -> list[dict[str, object]]:
    return [
        {
            "id": f"c{n:05}",
            "tier": (None, "A", "B")[n % 3],
            "points": None if n % 5 == 4 else n % 70,
            "phone": None if n % 4 == 1 else "1",
            "seen_on": None if n % 6 == 5 else last - timedelta(days=7 * n % 101),
        }
        for n in range(count)
    ]


def purchases(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"p{n:05}",
            "customer_id": f"c{3 * n:05}",
            "occurred_on": date(2027, 10, 9) - timedelta(days=n % 17),
            "paid": n % 40,
        }
        for n in range(count)
    ]


@pytest.mark.parametrize("day", effort.each(list(ON), 2))
@pytest.mark.parametrize("sieves", effort.each(list(SIEVES), 2))
def test_a_table_says_of_what_is_put_off_what_its_rows_say(on, same, sieves, day):
    tables = {"customer": customers(60, date.fromisoformat(day)), "purchase": purchases(15)}
    same(on(sieves, day), tables)


OWN_DAY, OF_THE_RECORD = {"daily", "told"}, {"seen", "again", "only"}


@pytest.mark.parametrize("sieves", effort.each(list(SIEVES), 8))
def test_a_long_table_says_of_what_is_put_off_what_its_rows_say(on, same, sieves):
    day = date(2027, 10, 2)
    tables = {"customer": customers(LONG, day)}
    result = same(on(sieves, str(day)), tables, ["polars"])
    put_off = {*result.actions.filter(result.actions["due_on"] > day)["rule"].to_list()}
    assert put_off & OWN_DAY
    assert put_off & OF_THE_RECORD


def test_a_span_says_of_what_is_put_off_what_its_rows_say(on, same):
    tables = {"customer": customers(60, date(2027, 10, 5))}
    same(on("all", "2027-10-05", "2027-09-29"), tables, ["polars", "pandas"])
