# SPDX-License-Identifier: Apache-2.0
"""coverage: the rows of a handbook, the parts of the policy, the cases, and what acted in a year."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from loyaltyrules.calendar import FIRST_DAY
from loyaltyrules.cli.days import require_year
from loyaltyrules.cli.policy_at import PolicyAt
from loyaltyrules.cli.reading import read_tables, split_tables
from loyaltyrules.cli.records import roots, with_siblings
from loyaltyrules.cli.terminal import FINE, FOUND, Terminal
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.plan.plan import compile_day, reference_tables
from loyaltyrules.policy.model import Policy
from loyaltyrules.policy.shipped import located
from loyaltyrules.problem.language import choose, mark
from loyaltyrules.problem.problem import Problem
from loyaltyrules.testing.cases import case_files, read_cases
from loyaltyrules.testing.coverage import Row, coverage, read_handbook

HEADINGS = (
    mark("row"), mark("what it says"), mark("parts of the policy"), mark("cases"),
    mark("acted first"), mark("left out because"),
)  # fmt: skip


def tell_coverage(
    terminal: Terminal, given: PolicyAt, snapshot: Path | None, year: int | None
) -> int:
    """Account for every row of the handbook; returns the exit code."""
    if year is not None:
        require_year(year)
    policy = given.load()
    cases = [case for file in case_files(given.path) for case in read_cases(file)]
    aside: dict[Problem, None] = {}
    acted = first_days(policy, snapshot, year, aside) if snapshot and year else None
    rows = coverage(policy, cases, read_handbook(located(given.path)), acted)
    open_ = [row for row in rows if not row.accounted]
    if terminal.style == "json":
        terminal.json(_as_record(terminal, policy, rows, acted))
        return FOUND if open_ else FINE
    terminal.problems(aside)
    terminal.table(
        [terminal.say(each) for each in HEADINGS], [_cells(terminal, row) for row in rows]
    )
    for sentence, count in _figures(rows).items():
        terminal.line(terminal.say(sentence, count=count))
    if acted is not None:
        silent = [rule.id for rule in policy.rules if rule.id not in acted]
        details = {"year": year, "count": len(acted), "rules": ", ".join(silent) or "–"}
        terminal.line(
            terminal.say("rules that acted in {year}: {count}; that did not: {rules}", **details)
        )
    return FOUND if open_ else FINE


def first_days(
    policy: Policy, snapshot: Path, year: int, aside: dict[Problem, None]
) -> dict[str, date]:
    """The first day of a year on which each rule acts over held tables, day by day.

    What is wrong with rows that are set aside is added to `aside`.
    """
    tables, reference = split_tables(read_tables(snapshot, policy), policy)
    faults: list[Problem] = []
    rows = reference_tables(policy, reference, faults)
    found: dict[str, date] = {}
    day = max(date(year, 1, 1), FIRST_DAY)
    while day.year == year:
        plan = with_siblings(compile_day(policy, day, tables=rows), tables, faults)
        for known in roots(plan, tables, faults):
            for action in evaluate(plan, known, known.subject).actions:
                found.setdefault(action.rule, day)
        day += timedelta(days=1)
    aside.update(dict.fromkeys(faults))
    return found


def _figures(rows: list[Row]) -> dict[str, int]:
    return {
        mark("rows: {count}"): len(rows),
        mark("carried and shown by cases: {count}"): sum(bool(r.parts and r.cases) for r in rows),
        mark("left out, or in part, with a reason: {count}"): sum(
            bool(r.statement.left_out) for r in rows
        ),
        mark("not accounted for: {count}"): sum(not r.accounted for r in rows),
    }


def _cells(terminal: Terminal, row: Row) -> tuple[str, ...]:
    language = terminal.language
    return (
        row.statement.id, choose(row.statement.texts, language, ""), ", ".join(row.parts),
        ", ".join(row.cases), str(min(row.acted.values(), default="")),
        choose(row.statement.left_out, language, ""),
    )  # fmt: skip


def _as_record(
    terminal: Terminal, policy: Policy, rows: list[Row], acted: dict[str, date] | None
) -> dict[str, Any]:
    language = terminal.language
    listed = [
        {
            "row": row.statement.id, "text": choose(row.statement.texts, language, ""),
            "parts": row.parts, "cases": row.cases, "accounted": row.accounted,
            "acted": {rule: day.isoformat() for rule, day in row.acted.items()},
            "left_out": choose(row.statement.left_out, language, "") or None,
        }
        for row in rows
    ]  # fmt: skip
    silent = None if acted is None else [r.id for r in policy.rules if r.id not in acted]
    return {
        "policy": policy.name, "rows": listed, "count": len(rows),
        "accounted": sum(row.accounted for row in rows), "silent_rules": silent,
    }  # fmt: skip
