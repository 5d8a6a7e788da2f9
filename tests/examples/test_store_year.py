# SPDX-License-Identifier: Apache-2.0
"""The example stores through the whole of 2027: every rule acts, and days and spans agree.

The tables are held: every day and every span of the year reads the same ones. Shares and ranks of a
span are those of its last day; as the tables are held, they are the same on every day. The days are
decided record by record, the spans as tables.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from loyaltyrules import DayPlan, compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.cli.reading import Tables, read_tables, split_tables
from loyaltyrules.cli.records import roots, with_siblings
from loyaltyrules.policy.model import Policy

pytestmark = [pytest.mark.year, pytest.mark.xdist_group("year")]
ROOT = Path(__file__).parents[2]
YEAR = 2027


class Store(NamedTuple):
    """The policy and the tables of the example stores, as `run` reads them."""

    policy: Policy
    subjects: Tables
    reference: Tables

    def plan(self, on: date, since: date | None = None) -> DayPlan:
        plan = compile_day(self.policy, on=on, since=since, tables=self.reference)
        return with_siblings(plan, self.subjects)


class Days(NamedTuple):
    """What the daily runs gave together: rules that acted, and ids with suppressed ones."""

    acted: set[str]
    ids: set[str]


def months() -> Iterator[tuple[date, date]]:
    """The last day of the month before, and the last day, of every month of the year."""
    for month in range(1, 13):
        last = date(YEAR, month, monthrange(YEAR, month)[1])
        yield date(YEAR, month, 1) - timedelta(days=1), last


def days() -> Iterator[date]:
    return (date(YEAR, 1, 1) + timedelta(days=step) for step in range(365))


@pytest.fixture(scope="module")
def store() -> Store:
    policy = load_policy(ROOT / "policies" / "menswear")
    return Store(policy, *split_tables(read_tables(ROOT / "examples" / "store", policy), policy))


@pytest.fixture(scope="module")
def daily(store: Store) -> Days:
    found = Days(set(), set())
    for day in days():
        plan = store.plan(day)
        for known in roots(plan, store.subjects):
            decision = evaluate(plan, known, known.subject)
            found.acted.update(each.rule for each in decision.actions)
            found.ids.update(e.action_id for e in (*decision.actions, *decision.suppressed))
    return found


def test_every_rule_of_the_policy_acts_at_least_once_in_the_year(store, daily):
    assert [rule.id for rule in store.policy.rules if rule.id not in daily.acted] == []


def test_daily_runs_and_monthly_spans_give_the_same_actions_over_the_year(store, daily):
    spans: set[str] = set()
    for since, last in months():
        result = evaluate_frame(store.plan(last, since), store.subjects)
        spans.update(result.actions["action_id"], result.suppressed["action_id"])
        assert not result.problems
    assert sorted(daily.ids - spans) == []
    assert sorted(spans - daily.ids) == []
