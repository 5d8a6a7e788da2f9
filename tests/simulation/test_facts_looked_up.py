# SPDX-License-Identifier: Apache-2.0
"""What-ifs over facts that are looked up in tables, and over counts of several stages."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from loyaltyrules import (
    ArgumentError,
    Policy,
    compare,
    compile_day,
    evaluate,
    lacking,
    load_policy,
    solve,
    sweep,
)
from loyaltyrules.simulation import count, share

TEXT = """
format: 1
policy: steps
language: en
subjects: {purchase: {of: customer}}
reference:
  step:
    columns: {name: text, least: whole}
    rows: [{id: a, name: gold, least: 500}, {id: b, name: tin, least: 0}]
parameters: {extra: {value: 10, origin: proposed}}
facts:
  purchase: {amount: {type: whole}, on: {type: date}}
  customer:
    points: {type: whole}
    step:   {first: step.name, where: points + extra >= step.least, by: -least}
    usual:  {mean: purchase.amount}
    recent: {count: purchase, where: on > today - 30 days and amount > customer.usual}
labels:
  tier: {for: customer, values: [A, B], cases: {A: 'step = "gold"', B: rest}}
  busy: {for: customer, values: [much, none], cases: {much: recent > 0, none: rest}}
rules: {tell: {for: customer, if: tier = A, once_per: id, do: task.tell}}
"""
DAY = date(2027, 3, 1)
CUSTOMERS = pl.DataFrame(
    {"id": [f"c{n}" for n in range(20)], "points": [n * 40 for n in range(20)]}
)
RECORD = {
    "id": "c", "points": 0,
    "purchases": [{"id": "1", "amount": 3, "on": DAY - timedelta(19)},
                  {"id": "2", "amount": 9, "on": DAY - timedelta(9)}],
}  # fmt: skip


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    file = tmp_path / "policy.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return load_policy(file)


def test_a_figure_that_decides_which_row_fits_is_told_as_the_reason(policy: Policy) -> None:
    moved = compare(policy, policy.with_(extra=200), CUSTOMERS, on=DAY).movers("tier")
    assert moved["subject_id"].to_list() == ["c10", "c11", "c12", "c8", "c9"]
    assert {*moved["because"]} == {"extra 10 → 200"}


def test_a_sweep_counts_what_each_policy_decides(policy: Policy) -> None:
    grid = sweep(policy, {"extra": [0, 100, 200]}, CUSTOMERS, on=DAY, measure=[count("tier")])
    found = {(e, word): n for e, word, n in grid.frame.select("extra", "word", "count").iter_rows()}
    for extra in (0, 100, 200):
        plan = compile_day(policy.with_(extra=extra), DAY)
        words = [evaluate(plan, each).labels["tier"] for each in CUSTOMERS.to_dicts()]
        assert {word: found[extra, word] for word in ("A", "B")} == {
            word: words.count(word) for word in ("A", "B")
        }


def test_a_threshold_in_several_rows_is_none(policy: Policy) -> None:
    with pytest.raises(ArgumentError) as caught:
        solve(policy, "extra", CUSTOMERS, on=DAY, want=share("tier", "A") <= 0.5)
    assert [each.code for each in caught.value.problems] == ["LR520"]


def test_a_count_by_the_usual_amount_is_lost_on_the_day_when_it_is_too_long_ago(
    policy: Policy,
) -> None:
    found = lacking(compile_day(policy, DAY), RECORD, "busy")
    assert found.word == "much"
    assert found.lost_on == DAY + timedelta(21)
