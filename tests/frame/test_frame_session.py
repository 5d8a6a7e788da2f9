# SPDX-License-Identifier: Apache-2.0
"""What a DuckDB session sets (time zone, calendar, collation) changes neither signatures nor decisions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pyarrow as pa
import pytest

import effort
from loyaltyrules import DayPlan, compile_day, evaluate, evaluate_frame, load_policy, with_signature
from loyaltyrules.frame.keys.session_free import offsets

POLICY = """
format: 1
policy: moments
timezone: {zone}
facts:
  store: {{brand: {{type: text}}}}
  customer:
    tier: {{type: [A, B, a]}}
    seen_at: {{type: datetime}}
    other_at: {{type: datetime}}
    joined_on: {{type: date}}
    spent: {{sum: purchase.paid, default: 0}}
  purchase:
    paid: {{type: number}}
subjects: {{store: {{}}, customer: {{of: store}}, purchase: {{of: customer}}}}
rules:
  gold:  {{for: customer, if: tier = A, once_per: day, do: task.gold}}
  early: {{for: customer, if: "date(seen_at) <= 2027-02-05", once_per: day, do: task.early}}
  after: {{for: customer, if: seen_at > other_at, once_per: day, do: task.after}}
  each:  {{for: customer, if: joined_on <= today, once_per: joined_on, do: task.each}}
  seen:  {{for: customer, if: tier is not missing, once_per: seen_at, do: task.seen}}
  known: {{for: customer, if: 'store.brand != "green"', once_per: day, do: task.known}}
  rich:  {{for: customer, if: spent > 1, once_per: day, do: {{do: task.rich, value: spent}}}}
"""
SETTINGS: dict[str, list[str]] = {
    "plain": [],
    "zone": ["set TimeZone = 'America/New_York'"],
    "far zone": ["set TimeZone = 'Pacific/Kiritimati'"],
    "calendar": ["load icu", "set calendar = 'chinese'"],
    "japanese": ["load icu", "set calendar = 'japanese'", "set TimeZone = 'Asia/Tokyo'"],
    "collation": ["set default_collation = 'NOCASE'"],
    "nulls": ["set default_null_order = 'nulls_first'", "set integer_division = true"],
}
NOON = datetime(2027, 2, 5, 16, tzinfo=UTC)  # midnight in Shanghai
MOMENTS = [
    NOON - timedelta(seconds=1), NOON, NOON + timedelta(hours=5), NOON + timedelta(days=383), NOON,
    datetime(1988, 6, 1, 15, 30, tzinfo=UTC), None, NOON + timedelta(days=60 * 365),
]  # fmt: skip


@pytest.fixture(params=effort.each(["Asia/Shanghai", "Europe/London"], 2))
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> DayPlan:
    file = tmp_path / "moments.yaml"
    file.write_text(POLICY.format(zone=request.param), encoding="utf-8")
    return compile_day(load_policy(file), date(2027, 2, 6))


@pytest.fixture(params=effort.each(sorted(SETTINGS), 2))
def session(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A connection whose session is set oddly."""
    connection = duckdb.connect()
    for setting in SETTINGS[request.param]:
        try:
            connection.execute(setting)
        except duckdb.Error:
            pytest.skip(f"this DuckDB has not: {setting}")
    yield connection
    connection.close()


def customers() -> pa.Table:
    count = len(MOMENTS)
    instant = pa.timestamp("us", "UTC")
    return pa.table({
        "id": ["c1", "C1", *(f"c{n}" for n in range(2, count))],
        "tier": ["A", "a", "B", "A", "a", "A", "B", "A"],
        "seen_at": pa.array(MOMENTS, instant),
        "other_at": pa.array([*MOMENTS[1:], MOMENTS[0]], instant),
        "joined_on": pa.array([date(2027, 2, 1) - timedelta(days=n) for n in range(count)]),
    })  # fmt: skip


def laid(session: Any, **tables: pa.Table) -> dict[str, Any]:
    """The tables as tables of the session, its own way of holding instants."""
    found = {}
    for name, table in tables.items():
        session.register("given", table)
        session.execute(f"create table {name} as select * from given")
        session.unregister("given")
        found[name] = session.table(name)
    return found


def test_signatures_are_those_of_a_frame_in_every_session(plan: DayPlan, session: Any) -> None:
    table = customers()
    signed = with_signature(plan, laid(session, customer=table)["customer"])
    found = dict(signed.select("id", "signature").fetchall())
    frame = with_signature(plan, pl.DataFrame(table))
    assert found == dict(frame.select("id", "signature").iter_rows())


def test_records_that_are_decided_differently_never_share_a_signature(
    plan: DayPlan, session: Any
) -> None:
    table = customers()
    signed = with_signature(plan, laid(session, customer=table)["customer"])
    signatures = dict(signed.select("id", "signature").fetchall())
    decided: dict[str, set[Any]] = {}
    for row in table.to_pylist():
        rules = tuple(action.rule for action in evaluate(plan, row).actions)
        decided.setdefault(signatures[row["id"]], set()).add(rules)
    assert all(len(each) == 1 for each in decided.values())


TURNS = [
    datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 0, 59, 59), datetime(2026, 11, 1, 2), None,
    datetime(2027, 3, 14, 2, 30), datetime(2027, 3, 14, 3, 30), datetime(2026, 7, 1, 12, 0, 0, 1),
    datetime(1950, 5, 1),
]  # fmt: skip


def test_local_times_without_a_zone_are_those_of_the_policy(session: Any, tmp_path: Path) -> None:
    file = tmp_path / "moments.yaml"
    text = POLICY.format(zone="America/New_York").replace(
        "date(seen_at)", "date(seen_at + 90 minutes)"
    )
    file.write_text(text, encoding="utf-8")
    plan = compile_day(load_policy(file), date(2027, 2, 6))
    naive = pa.array(TURNS, pa.timestamp("us"))
    table = customers().set_column(2, "seen_at", naive)
    zone = ZoneInfo("America/New_York")
    aware = [each and each.replace(tzinfo=zone).astimezone(UTC) for each in TURNS]
    zoned = customers().set_column(2, "seen_at", pa.array(aware, pa.timestamp("us", "UTC")))
    signed = [
        dict(
            with_signature(plan, laid(session, **{name: each})[name])
            .select("id", "signature")
            .fetchall()
        )
        for name, each in (("naive", table), ("zoned", zoned))
    ]
    frames = [
        dict(with_signature(plan, pl.DataFrame(each)).select("id", "signature").iter_rows())
        for each in (table, zoned)
    ]
    assert signed[0] == signed[1] == frames[0] == frames[1]


def test_decisions_inside_of_a_session_are_those_outside(
    plan: DayPlan, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loyaltyrules.frame.engines.on_duckdb.ROWS", 1)
    bought = pa.table({
        "id": [f"p{n}" for n in range(6)],
        "customer_id": ["c1", "C1", "c2", "C1", "c3", "c1"],
        "paid": [1.0, 1.5, 7.0, 2.0, 0.1 + 0.2, 3.0],
    })  # fmt: skip
    stores = pa.table({"id": ["s1", "S1"], "brand": ["blue", "red"]})
    shops = pa.array(["S1", "s1", None, *["s1"] * (len(MOMENTS) - 3)])
    visitors = customers().append_column("store_id", shops)
    given = {"store": stores, "customer": visitors, "purchase": bought}
    inside = evaluate_frame(plan, laid(session, **given))
    outside = evaluate_frame(plan, given)
    assert not outside.faults.num_rows
    for name in ("actions", "labels", "faults"):
        rows = [set(map(tuple, (row.values() for row in table.to_pylist())))
                for table in (getattr(inside, name).to_arrow_table(), getattr(outside, name))]  # fmt: skip
        assert rows[0] == rows[1]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/London", "UTC", "Australia/Lord_Howe"])
def test_offsets_are_those_of_the_zone(zone: str) -> None:
    changes, last = offsets(zone)
    for at in [datetime(1901, 1, 1, tzinfo=UTC) + timedelta(hours=4999 * n) for n in range(340)]:
        micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        offset = next((each for until, each in changes if micros < until), last)
        told = at.astimezone(ZoneInfo(zone)).utcoffset()
        assert told == timedelta(microseconds=offset)
