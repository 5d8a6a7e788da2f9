# SPDX-License-Identifier: Apache-2.0
"""Rules at workdays in tables: what rows say, also of a year without a notice."""

from datetime import date

import polars as pl
import pytest

import effort
from loyaltyrules import DayPlan, compile_day, evaluate_frame, load_policy, with_signature
from loyaltyrules.frame.keys.by_signature import FEW

LONG = FEW + 100  # rows, more than are read one by one

POLICY = """\
format: 1
policy: workdays
facts: {customer: {tier: {type: [A, B]}, points: {type: whole}}}
reference:
  rest_day: {columns: {day: date, kind: [rest, work]}}
rules:
  third:  {for: customer, at: third workday of month, do: call}
  points: {for: customer, at: third workday of month, if: points > 30, do: letter}
  before: {for: customer, at: 2 days before last workday of month, if: tier = A, do: call}
tables:
  tiers: {for: customer, by: tier, at: third workday of month, rows: {A: call, B: letter}}
"""
NOTICE = [
    *({"day": date(2027, 10, day), "kind": "rest"} for day in range(1, 8)),
    {"day": date(2027, 10, 9), "kind": "work"},
]
DAYS = ("2027-10-05", "2027-10-11", "2027-10-27", "2028-02-01", "2028-02-03", "2028-02-25")


@pytest.fixture
def on(tmp_path):
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    policy = load_policy(file)

    def compiled(day: str) -> DayPlan:
        return compile_day(policy, date.fromisoformat(day), tables={"rest_day": NOTICE})

    return compiled


def customers(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"c{n:05}",
            "tier": (None, "A", "B")[n % 3],
            "points": None if n % 5 == 4 else n % 70,
        }
        for n in range(count)
    ]


@pytest.mark.parametrize("day", DAYS)
def test_a_table_says_of_workdays_what_its_rows_say(on, same, day):
    same(on(day), {"customer": customers(60)})


@pytest.mark.parametrize("day", effort.each(DAYS, 3, start=1))
def test_a_long_table_says_of_workdays_what_its_rows_say(on, same, day):
    result = same(on(day), {"customer": customers(LONG)}, ["polars"])
    acts = {"2027-10-11": {"third", "points", "tiers.A", "tiers.B"}, "2027-10-27": {"before"}}
    assert set(result.actions["rule"].to_list()) == acts.get(day, set())


def test_a_lacking_notice_is_counted_for_every_record_that_it_leaves_open(on):
    result = evaluate_frame(on("2028-02-03"), pl.DataFrame(customers(60)))
    undecided = result.notes.undecided
    assert undecided["third"] == {("rest_day.2028",): 60}
    known = [each for each in customers(60) if each["tier"] == "A"]
    assert undecided["tiers.A"] == {("rest_day.2028",): len(known), ("rest_day.2028", "tier"): 20}
    assert result.notes.missing == {}


def test_a_lacking_notice_is_the_same_for_all_and_no_part_of_a_signature(on):
    frame = pl.DataFrame(customers(60))
    signed = with_signature(on("2028-02-01"), frame)  # only the last workday, for tier A
    assert (
        signed.group_by("tier").agg(pl.col("signature").n_unique())["signature"].to_list()
        == [1] * 3
    )
