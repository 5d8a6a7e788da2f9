# SPDX-License-Identifier: Apache-2.0
"""Run the cases of a policy, and say for each what was expected and what came."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.decision.decision import Decision
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.plan.plan import DayPlan, compile_day
from loyaltyrules.plan.recipe import text
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.testing.cases import Case, known

NONE = "none"


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence with its details: what was expected, and what came instead."""

    sentence: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case that was run; it passed when there is no failure."""

    case: Case
    failures: tuple[Failure, ...]


Plans: TypeAlias = dict[tuple[date, date | None, str | None, str], DayPlan]


def run_case(policy: Policy, case: Case, plans: Plans | None = None) -> CaseResult:
    """Evaluate the record of a case and compare.

    Args:
        policy: The policy.
        case: The case.
        plans: Where compiled days are kept for further cases of the same policy.

    Raises:
        PolicyError: the day or the tables of the case are faulty.
        SnapshotError: a record of the case is faulty.
    """
    if case.shape.change:
        return CaseResult(case, tuple(_rows(_plan(policy, case, plans), case)))
    decision = _decide(_plan(policy, case, plans), case, case.record)
    return CaseResult(case, tuple(_compared(decision, case)))


def _plan(policy: Policy, case: Case, plans: Plans | None) -> DayPlan:
    known = {} if plans is None else plans
    now = case.shape.now
    key = case.on, case.since, now, repr(case.tables)
    if key not in known:
        known[key] = compile_day(policy, case.on, case.since, case.tables, now)
    plan = known[key]
    return plan.with_population(case.population) if case.population else plan


def _decide(plan: DayPlan, case: Case, record: Mapping[str, Any]) -> Decision:
    return evaluate(plan, record, case.shape.subject)


def _rows(plan: DayPlan, case: Case) -> Iterator[Failure]:
    """The short form: one fact changed row by row, and the label that each value gives."""
    label = case.shape.label or ""
    for value, expected in case.shape.rows.items():
        record = known({**case.record, str(case.shape.change): value})
        decision = _decide(plan, case, record)
        found = decision.labels.get(label)
        if (found or NONE) != expected:
            details = {"fact": case.shape.change, "value": value, "label": label}
            sentence = mark("{fact} {value}: {label} is {found}, expected {expected}")
            yield Failure(sentence, {**details, "found": found, "expected": expected})


def _compared(decision: Decision, case: Case) -> Iterator[Failure]:
    expect = case.shape.expect
    yield from _words(decision.labels, expect.labels)
    ways = {f"{n}.{way}": word for n, all_ in decision.ways.items() for way, word in all_.items()}
    yield from _words(ways, expect.ways)
    for expected, found in (
        (expect.actions, decision.actions),
        (expect.suppressed, decision.suppressed),
    ):
        if expected is not None:
            own = [each for each in found if _of_rules(each.rule, expect.rules)]
            yield from _actions(expected, own)
    if expect.undecided is not None:
        rules = {each.rule for each in decision.undecided if _of_rules(each.rule, expect.rules)}
        if rules != set(expect.undecided):
            details = {"expected": sorted(expect.undecided), "found": sorted(rules)}
            yield Failure(mark("undecided rules: {found}, expected {expected}"), details)


def _of_rules(rule: str, prefixes: Sequence[str]) -> bool:
    return not prefixes or any(rule == each or rule.startswith(f"{each}.") for each in prefixes)


def _words(found: Mapping[str, str | None], expected: Mapping[str, str]) -> Iterator[Failure]:
    for name, word in expected.items():
        if (found.get(name) or NONE) != word:
            details = {"label": name, "found": found.get(name), "expected": word}
            yield Failure(mark("{label} is {found}, expected {expected}"), details)


def _actions(
    expected: Sequence[str | Mapping[str, str]], found: Sequence[Action]
) -> Iterator[Failure]:
    """Every expected action is there once, and no other."""
    left = list(found)
    for each in expected:
        match = next((action for action in left if fits(each, action)), None)
        if match is None:
            listed = "; ".join(map(described, left)) or NONE
            details = {"expected": _wanted(each), "found": listed}
            yield Failure(mark("expected {expected}, left are: {found}"), details)
        else:
            left.remove(match)
    for action in left:
        yield Failure(mark("not expected: {found}"), {"found": described(action)})


def fits(expected: str | Mapping[str, str], action: Action) -> bool:
    """True when an action is what a test describes: its kind and marks, or fields by name."""
    if isinstance(expected, str):
        kind, *marks = expected.split()
        known = {action.channel, action.template, action.gift, action.to_value, text(action.due_on)}
        return action.kind == kind and set(marks) <= known
    return all(
        (text(getattr(action, name, None)) or NONE) == value for name, value in expected.items()
    )


def _wanted(expected: str | Mapping[str, str]) -> str:
    if isinstance(expected, str):
        return expected
    return ", ".join(f"{name} {value}" for name, value in expected.items())


def described(action: Action) -> str:
    """An action in one line, as a test would describe it."""
    marks = (action.channel, action.gift or action.template, action.to_value, action.due_on)
    parts = [action.kind, *(text(mark) for mark in marks if mark is not None)]
    status = action.status if not action.reason else f"{action.status}: {action.reason}"
    return f"{' '.join(map(str, parts))} ({status})"
