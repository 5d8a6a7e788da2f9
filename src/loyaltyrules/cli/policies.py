# SPDX-License-Identifier: Apache-2.0
"""Verbs on policies: check, test, calendar, schema, rule, new."""

import os
from datetime import date
from importlib.resources import files
from pathlib import Path
from shutil import copytree

from loyaltyrules.cli.days import require_year
from loyaltyrules.cli.policy_at import PolicyAt
from loyaltyrules.cli.terminal import FAULTY_POLICY, FINE, FOUND, MISUSED, MisuseError, Terminal
from loyaltyrules.plan.plan import reference_tables
from loyaltyrules.policy.model import Policy
from loyaltyrules.policy.reader.files import read_policy
from loyaltyrules.policy.schema import schema, schema_of
from loyaltyrules.policy.shipped import located, shipped_as
from loyaltyrules.problem.codes import CODES
from loyaltyrules.problem.errors import FrameError, PolicyError, SnapshotError
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem, nearest, problem
from loyaltyrules.report.agenda import agenda, as_records, festivals_of
from loyaltyrules.testing.cases import Case, case_files, read_cases
from loyaltyrules.testing.runner import CaseResult, Plans, run_case

HEADINGS = (mark("date"), mark("occasion"), mark("id"), mark("acts on"))


def check(terminal: Terminal, policies: list[PolicyAt]) -> int:
    """Load policies and tell faults and doubtful places; returns the exit code."""
    found: list[Problem] = []
    faulty = False
    for each in policies:
        try:
            found += each.load().doubts_since(date.today())
        except PolicyError as error:
            faulty = True
            found += error.problems
    if found or terminal.style == "json":
        terminal.problems(found)
    if not found and terminal.style == "text":
        terminal.line(terminal.say("nothing to mend"))
    return FAULTY_POLICY if faulty else FOUND if found else FINE


def run_tests(terminal: Terminal, policies: list[PolicyAt]) -> int:
    """Run the cases beside each policy; returns the exit code."""
    results: list[CaseResult] = []
    for given in policies:
        policy = given.load()
        cases = [case for file in case_files(given.path) for case in read_cases(file)]
        plans: Plans = {}
        results += [_run(policy, case, plans) for case in cases]
    failed = [each for each in results if each.failures]
    if terminal.style == "json":
        terminal.json(_as_records(terminal, results))
    else:
        _tell(terminal, results, failed)
    return FOUND if failed else FINE


def _run(policy: Policy, case: Case, plans: Plans) -> CaseResult:
    try:
        return run_case(policy, case, plans)
    except SnapshotError as error:
        raise PolicyError([_placed(each, case) for each in error.problems]) from error


def _placed(found: Problem, case: Case) -> Problem:
    return Problem(found.code, found.details, found.place or case.place)


def _tell(terminal: Terminal, results: list[CaseResult], failed: list[CaseResult]) -> None:
    for each in failed:
        place = each.case.place
        where = f"{place.file}:{place.line}:{place.column}: " if place else ""
        terminal.line(f"{where}{each.case.name}")
        for failure in each.failures:
            terminal.line(f"    {terminal.say(failure.sentence, **dict(failure.details))}")
    counts = {"passed": len(results) - len(failed), "failed": len(failed)}
    terminal.line(terminal.say("{passed} passed, {failed} failed", **counts))


def _as_records(terminal: Terminal, results: list[CaseResult]) -> dict[str, object]:
    listed = [
        {
            "case": each.case.name, "file": each.case.file, "passed": not each.failures,
            "failures": [terminal.say(f.sentence, **dict(f.details)) for f in each.failures],
        }
        for each in results
    ]  # fmt: skip
    failed = sum(bool(each.failures) for each in results)
    return {"passed": len(results) - failed, "failed": failed, "cases": listed}


def calendar(terminal: Terminal, given: PolicyAt | None, year: int) -> int:
    """The occasions of a year and when a policy acts on them; returns the exit code."""
    require_year(year)
    if given is None:
        entries = festivals_of(year, terminal.language)
    else:
        policy = given.load()
        entries = agenda(policy, year, terminal.language, reference_tables(policy, {}))
    if terminal.style == "json":
        terminal.json(as_records(entries))
        return FINE
    headings = [terminal.say(each) for each in HEADINGS]
    rows = []
    for entry in entries:
        day = f"{entry.day} ?" if entry.provisional else str(entry.day)
        rows.append(
            (day, entry.title, entry.id, ", ".join(str(day) for day in sorted(entry.opens)))
        )
    terminal.table(headings, rows)
    return FINE


def show_schema(terminal: Terminal, given: PolicyAt | None) -> int:
    """The JSON Schema for editors; returns the exit code."""
    terminal.json(
        schema() if given is None else schema_of(read_policy(located(given.path), given.root))
    )
    return FINE


def show_rule(terminal: Terminal, code: str) -> int:
    """What a code means and how to mend what it tells; returns the exit code."""
    name = code.upper()
    if name not in CODES:
        near = nearest(name, CODES)
        terminal.problems([problem("LR416", None, name=code, near=near)])
        return MISUSED
    found = CODES[name]
    message, remedy = terminal.plain(found.message), terminal.plain(found.remedy)
    if terminal.style == "json":
        terminal.json({"code": name, "message": message, "remedy": remedy})
    else:
        terminal.line(f"{name}: {message}")
        terminal.line(remedy)
    return FINE


def _shipped(name: str) -> Path:
    try:
        return shipped_as(name)
    except PolicyError as error:
        raise MisuseError(error.problems) from error


def new(terminal: Terminal, folder: Path, like: str | None = None) -> int:
    """Write a starter policy into a new folder, or one like a shipped policy; returns the exit code."""
    if os.path.lexists(folder):
        raise FrameError([problem("LR417", None, file=folder)])
    source = None if like is None else _shipped(like)
    try:
        if source is None:
            _write_starter(folder)
        else:
            copytree(source, folder)
    except OSError as fault:
        raise FrameError([problem("LR100", None, file=folder, why=fault.strerror)]) from fault
    if like is not None:
        told = mark("a policy like {like} is in {folder}; try: loyaltyrules test {folder}")
        terminal.line(terminal.say(told, like=like, folder=folder))
        return FINE
    terminal.line(terminal.say("a starter policy is in {folder}; try: loyaltyrules test {folder}",
                               folder=folder))  # fmt: skip
    return FINE


def _write_starter(folder: Path) -> None:
    starter = files("loyaltyrules") / "starter"
    folder.mkdir(parents=True)
    for each in sorted(starter.iterdir(), key=lambda entry: entry.name):
        if each.name.endswith(".yaml"):
            (folder / each.name).write_text(each.read_text(encoding="utf-8"), encoding="utf-8")
