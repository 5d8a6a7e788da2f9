# SPDX-License-Identifier: Apache-2.0
"""What is merged over days, in tables of every kind and on an engine: what rows say one by one."""

from datetime import date, timedelta

import pytest

from conformance import engines
from loyaltyrules import DayPlan, compile_day, evaluate_frame, load_policy

POLICY = """\
format: 1
policy: near
subjects: {store: {}, customer: {of: store}, purchase: {of: customer}}
facts:
  store: {opened_on: {type: date}, young: {is: opened_on + 300 days > today}}
  customer:
    tier: {type: [A, B]}
    born: {type: date}
    phone: {type: text}
    seen_on: {type: date}
    fresh: {is: seen_on + 40 days > today}
  purchase: {occurred_on: {type: date}}
occasions:
  moon: {lunar: 8/15, opens: 1 day}
  nation: {solar: 10-01, opens: 3 days}
  birthday: {anniversary: born}
words:
  greet: {kind: message.send, channel: sms, due: occasion, needs: phone, instead: ring}
  wish: {kind: message.send, channel: sms, priority: 30, reason: own_day}
  ring: {kind: call, priority: 20}
rules:
  moon: {for: customer, at: moon, if: tier = A or fresh, do: greet, source: M}
  nation: {for: customer, at: nation, unless: store.young, do: greet, source: N}
  birthday: {for: customer, at: birthday, do: wish, source: B}
  seen: {for: customer, at: 30 days after seen_on, do: {do: wish, priority: 60, value: tier}, source: S}
  again: {for: customer, if: tier = B, once_per: year, do: {do: wish, priority: 10}, source: W}
  bought: {for: purchase, at: occurred_on, do: wish, source: P}
gate:
  - {hold: no_sms, which: channel = sms and tier is missing, unknown: pass, instead: own}
  - {merge: [kind, channel], across: 3 days}
  - {cap: 3}
"""
DAYS = ("2028-09-28", "2028-10-01", "2028-10-02", "2028-10-03")  # the moon is on October 3


@pytest.fixture
def on(tmp_path):
    def compiled(day: str, since: str = "") -> DayPlan:
        file = tmp_path / "policy.yaml"
        file.write_text(POLICY, encoding="utf-8")
        start = date.fromisoformat(since) if since else None
        return compile_day(load_policy(file), date.fromisoformat(day), start)

    return compiled


def tables(count: int) -> dict[str, list[dict[str, object]]]:
    moon = date(2028, 10, 3)
    return {
        "store": [
            {"id": f"s{n}", "opened_on": (None, date(2020, 1, 1), date(2027, 12, 20))[n % 3]}
            for n in range(6)
        ],
        "customer": [
            {
                "id": f"c/{n:03}" if n % 2 else f"c{n:03}",
                "store_id": f"s{n % 6}",
                "tier": (None, "A", "B", "A")[n % 4],
                "born": None if n % 5 == 4 else moon.replace(year=1980) - timedelta(days=n % 9),
                "phone": None if n % 7 == 1 else "1",
                "seen_on": None if n % 6 == 5 else moon - timedelta(days=24 + n % 13),
            }
            for n in range(count)
        ],
        "purchase": [
            {
                "id": f"p{n}",
                "customer_id": f"c{2 * n:03}",
                "occurred_on": moon - timedelta(days=n % 7),
            }
            for n in range(12)
        ],
    }


@pytest.mark.parametrize("day", DAYS)
def test_a_table_says_of_what_is_merged_what_its_rows_say(on, same, day):
    same(on(day), tables(80), ["polars", "pandas"])
    result = same(
        on(day), {n: rows for n, rows in tables(120).items() if n != "purchase"}, ["polars"]
    )
    merged = result.suppressed.filter(result.suppressed["reason"] == "merged")
    assert len(merged)
    assert set(merged["merged_into"].to_list()) - set(result.actions["action_id"].to_list())


def test_a_span_says_of_what_is_merged_what_its_rows_say(on, same):
    same(on("2028-10-05", "2028-09-26"), tables(60), ["polars", "pandas"])


@pytest.mark.engine
def test_an_engine_says_of_what_is_merged_what_tables_say(on, frame):
    given = {name: frame("polars", rows) for name, rows in tables(80).items() if name != "purchase"}
    plan = on("2028-10-02")
    expected = evaluate_frame(plan, given)
    carried = {name: engines.on_duckdb(each.to_arrow()) for name, each in given.items()}
    found = evaluate_frame(plan, carried)
    for one, other in ((expected.actions, found.actions), (expected.suppressed, found.suppressed)):
        rows = [dict(zip(other.columns, row, strict=True)) for row in other.fetchall()]
        assert [list(row.values()) for row in rows] == [list(row) for row in one.iter_rows()]
