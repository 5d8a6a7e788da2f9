# SPDX-License-Identifier: Apache-2.0
"""The example stores through the whole of 2027: every rule acts, days and spans agree, tables and rows too.

The tables are held: every day and every span of the year reads the same ones. Shares and ranks of a
span are those of its last day; as the tables are held, they are the same on every day. The days are
decided record by record and as tables of pandas, whose types are Arrow's on one day and NumPy's on the
next; the spans, and so all their days, as tables of Polars. With less effort the year is a week, that
of spring festival.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import effort
from conformance.backends import read_by_narwhals
from loyaltyrules import DayPlan, Decision, compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.action.action import COLUMNS
from loyaltyrules.cli.reading import Tables, read_tables, split_tables
from loyaltyrules.cli.records import roots, with_siblings
from loyaltyrules.frame import decide as deciding
from loyaltyrules.policy.model import Policy
from loyaltyrules.simulation.working.workload import workload

pytestmark = pytest.mark.xdist_group("year")
ROOT = Path(__file__).parents[2]
YEAR = 2027
WEEK = (date(YEAR, 1, 31), date(YEAR, 2, 7))


class Store(NamedTuple):
    """The policy and the tables of the example stores, as `run` reads them."""

    policy: Policy
    subjects: Tables
    reference: Tables

    def plan(self, on: date, since: date | None = None) -> DayPlan:
        plan = compile_day(self.policy, on=on, since=since, tables=self.reference)
        return with_siblings(plan, self.subjects)


class Days(NamedTuple):
    """What the daily runs gave together: rules that acted, ids with suppressed ones, and due days.

    `due` has the due day of each action on the first day that it was emitted; `otherwise` the first
    days on which a pandas table says anything else than the rows.
    """

    acted: set[str]
    ids: set[str]
    due: dict[str, date | None]
    otherwise: dict[str, tuple[date, list[Any]]]


def spans() -> Iterator[tuple[date, date]]:
    """The day before, and the last day, of every month of the year, or of a week."""
    if not effort.WHOLE:
        yield WEEK
        return
    for month in range(1, 13):
        last = date(YEAR, month, monthrange(YEAR, month)[1])
        yield date(YEAR, month, 1) - timedelta(days=1), last


def days() -> Iterator[date]:
    """All days of all spans."""
    for since, last in spans():
        yield from (since + timedelta(days=step + 1) for step in range((last - since).days))


@pytest.fixture(scope="module")
def store() -> Store:
    policy = load_policy(ROOT / "policies" / "menswear")
    return Store(policy, *split_tables(read_tables(ROOT / "examples" / "store", policy), policy))


@pytest.fixture(scope="module")
def frames(store: Store) -> Iterator[dict[str, Mapping[str, Any]]]:
    """The tables as pandas frames; as they are held, those of each kind are read once for all days."""
    kinds = {
        "Arrow": {
            name: table.to_pandas(use_pyarrow_extension_array=True)
            for name, table in store.subjects.items()
        },
        "NumPy": {name: table.to_pandas() for name, table in store.subjects.items()},
    }
    first, reading = store.plan(date(YEAR, 1, 1)), deciding.tables_as_given
    held = (store.subjects, *kinds.values())
    read = {id(given): reading(first, given) for given in held}

    def known(plan: DayPlan, given: Any) -> Any:
        return read[id(given)] if id(given) in read else reading(plan, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "tables_as_given", known)
        yield kinds


@pytest.fixture(scope="module")
def daily(store: Store, frames: dict[str, Mapping[str, Any]]) -> Days:
    found = Days(set(), set(), {}, {})
    for number, day in enumerate(days()):
        plan = store.plan(day)
        made = [evaluate(plan, known, known.subject) for known in roots(plan, store.subjects)]
        for decision in made:
            found.acted.update(each.rule for each in decision.actions)
            found.ids.update(e.action_id for e in (*decision.actions, *decision.suppressed))
            for each in decision.actions:
                found.due.setdefault(each.action_id, each.due_on)
        kind = "NumPy" if number % 2 else "Arrow"
        differing = otherwise(made, evaluate_frame(plan, frames[kind]))
        if differing:
            found.otherwise.setdefault(kind, (day, differing))
    return found


def otherwise(made: list[Decision], result: Any) -> list[Any]:
    """Actions, with all their columns, that only the rows have or only the table."""
    found = []
    for part in ("actions", "suppressed"):
        rows = [tuple(each)[: len(COLUMNS)] for one in made for each in getattr(one, part)]
        table = [tuple(each.values()) for each in read_by_narwhals(getattr(result, part))]
        if sorted(rows, key=itemgetter(0)) != table:
            found += [part, *({*rows} ^ {*table})]
    return found


@effort.ALL
def test_every_rule_of_the_policy_acts_at_least_once_in_the_year(store, daily):
    assert [rule.id for rule in store.policy.rules if rule.id not in daily.acted] == []


def test_tables_of_pandas_say_on_every_day_what_their_rows_say(daily):
    assert daily.otherwise == {}


def test_the_work_of_a_span_is_what_daily_runs_emit_on_the_same_due_days(store, daily):
    first, *_, last = days()
    subjects, tables = store.subjects, store.reference
    work = workload(store.policy, subjects, start=first, end=last, tables=tables)
    assert dict(work.actions.select("action_id", "due_on").iter_rows()) == daily.due


def test_daily_runs_and_spans_give_the_same_actions(store, daily):
    found: set[str] = set()
    for since, last in spans():
        result = evaluate_frame(store.plan(last, since), store.subjects)
        found.update(result.actions["action_id"], result.suppressed["action_id"])
        assert not result.problems
    assert len(found) > 200
    assert sorted(daily.ids - found) == []
    assert sorted(found - daily.ids) == []
