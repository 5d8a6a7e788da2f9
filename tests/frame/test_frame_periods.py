# SPDX-License-Identifier: Apache-2.0
"""A rule with periods of the record is a rule for each of them: of records one by one, and of tables."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import Policy, compile_day, evaluate, evaluate_frame, load_policy

DAY = date(2027, 9, 27)
HEAD = """
format: 1
policy: small
language: en
facts:
  customer:
    vip: {type: yes/no}
    last_on: {type: date}
reference:
  rest_day:
    columns: {day: date, kind: [rest, work]}
    rows:
    - {day: 2027-10-01, kind: rest}
    - {day: 2027-10-04, kind: rest}
    - {day: 2027-10-05, kind: rest}
    - {day: 2027-10-09, kind: work}
occasions: {fair: {solar: 10-10}, new_year: {solar: 01-01}}
"""
PERIODS = ("1 day", "3 days", "1 month", "0 days", "2 workdays", "5 workdays", "1 workday")
ONE = st.sampled_from(PERIODS)
MOMENTS = ("at: {} before {}", "at: {} after {}", "from: {} after {}", "from: {} before {}")
BASES = ("last_on", "last_on", "fair", "new_year", "month_end", "saturday", "last_on + 3 days")
RECORDS = [
    {"id": f"c{n:02}", "vip": (True, False, None)[n % 3],
     "last_on": None if n % 9 == 8 else DAY + timedelta(days=n - 15)}
    for n in range(60)
]  # fmt: skip


def rules(moment: str, base: str, periods: list[tuple[str, str]], late: bool) -> list[str]:
    """The rule that chooses its periods, and those of which each has its own."""
    ends = ", late: escalate boss" if late else ""

    def rule(name: str, offset: str, within: str, opens: str, test: str) -> tuple[str, str]:
        when = moment.format(offset, base)
        word = f"  {name}: {{kind: task.early, role: guide, opens: '{opens}'}}\n"
        said = f"{when}, {test}: vip, do: {name}, within: '{within}'{ends}"
        return word, f"  {name}: {{for: customer, {said}}}\n"

    def text(*made: tuple[str, str]) -> str:
        words, written = map("".join, zip(*made, strict=True))
        return f"words:\n{words}rules:\n{written}"

    chosen = (f"if(vip, {one}, {other})" for one, other in periods)
    both = (*(part[0] for part in periods),), (*(part[1] for part in periods),)
    whole = text(rule("m", *chosen, "if")).replace(", if: vip", "")
    return [whole, text(rule("m", *both[0], "if"), rule("n", *both[1], "unless"))]


@st.composite
def pairs(draw: st.DrawFn) -> list[str]:
    moment, base = draw(st.sampled_from(MOMENTS)), draw(st.sampled_from(BASES))
    if moment.startswith("from") and "last_on" not in base:
        base = "last_on"
    return rules(moment, base, [(draw(ONE), draw(ONE)) for _ in range(3)], draw(st.booleans()))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Policy]:
    file = tmp_path_factory.mktemp("periods") / "policy.yaml"

    def load(text: str) -> Policy:
        file.write_text(HEAD + text, encoding="utf-8")
        return load_policy(file)

    return load


def said(actions: Iterator[Any]) -> list[tuple[Any, ...]]:
    """What actions say, whichever of the rules they are of."""
    return sorted((id_.replace("/n", "/m", 1), *rest) for id_, *rest in actions)


COLUMNS = ("action_id", "due_on", "deadline", "window_end", "status")


@settings(
    max_examples=examples(100), deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(pair=pairs(), step=st.integers(0, 110))
def test_a_rule_that_chooses_its_periods_is_a_rule_for_each(
    loaded: Callable[[str], Policy], pair: list[str], step: int
) -> None:
    day, table = DAY + timedelta(days=step), pl.DataFrame(RECORDS)
    found = []
    for text in pair:
        plan = compile_day(loaded(text), day)
        one_by_one = [a for record in RECORDS for a in evaluate(plan, record).actions]
        rows = said([getattr(a, name) for name in COLUMNS] for a in one_by_one)
        frame = evaluate_frame(plan, table).actions.select(COLUMNS)
        assert said(frame.iter_rows()) == rows
        found.append(rows)
    assert found[0] == found[1]


def test_the_pairs_say_something(loaded: Callable[[str], Policy]) -> None:
    whole, each = rules("from: {} after {}", "last_on", [("1 day", "2 workdays")] * 3, late=True)
    plans = [compile_day(loaded(text), DAY + timedelta(days=12)) for text in (whole, each)]
    counts = [sum(len(evaluate(plan, r).actions) for r in RECORDS) for plan in plans]
    assert counts[0] == counts[1] > 30
