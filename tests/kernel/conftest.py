# SPDX-License-Identifier: Apache-2.0
"""Small policies of this folder, and decisions that are checked to be the same however reached."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import DayPlan, Decision, Policy, PolicyError, compile_day, evaluate, load_policy
from loyaltyrules.decision.evaluate import interpret

POLICIES = Path(__file__).parent / "policies"


@pytest.fixture(scope="session")
def policy() -> Callable[[str], Policy]:
    """A policy of this folder by its name."""
    return cache(lambda name: load_policy(POLICIES / f"{name}.yaml"))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Policy]:
    """A policy from its sections as text."""

    def load(text: str) -> Policy:
        file = tmp_path / "written.yaml"
        file.write_text(f"format: 1\npolicy: written\nlanguage: en\n{text}", encoding="utf-8")
        return load_policy(file)

    return load


@pytest.fixture
def faults(written: Callable[[str], Policy]) -> Callable[[str], list[str]]:
    """The codes of all faults of a policy given as text."""

    def codes(text: str) -> list[str]:
        with pytest.raises(PolicyError) as caught:
            written(text)
        return [each.code for each in caught.value.problems]

    return codes


@pytest.fixture
def faulty(written: Callable[[str], Policy]) -> Callable[[str], list[tuple[str, dict[str, str]]]]:
    """All faults of a policy given as text, each with what it says."""

    def found(text: str) -> list[tuple[str, dict[str, str]]]:
        with pytest.raises(PolicyError) as caught:
            written(text)
        return [(each.code, dict(each.details)) for each in caught.value.problems]

    return found


@pytest.fixture(scope="session")
def plan(policy: Callable[[str], Policy]) -> Callable[..., DayPlan]:
    """The plan of a policy, by name or loaded, for a day given as text."""

    @cache
    def known(name: str, on: date, start: date | None) -> DayPlan:
        return compile_day(policy(name), on, start)

    def compiled(of: str | Policy, on: str, since: str = "", tables: Any = None) -> DayPlan:
        day, start = date.fromisoformat(on), date.fromisoformat(since) if since else None
        if isinstance(of, str) and tables is None:
            return known(of, day, start)
        return compile_day(policy(of) if isinstance(of, str) else of, day, start, tables)

    return compiled


def outcome(decision: Decision) -> tuple[Any, ...]:
    """All that a decision says."""
    return (
        decision.actions, decision.suppressed, decision.undecided, decision.labels,
        decision.standing, decision.ways,
    )  # fmt: skip


@pytest.fixture(scope="session")
def decide(plan: Callable[..., DayPlan]) -> Callable[..., Decision]:
    """Decide on one record: new, remembered and interpreted must agree."""

    def decided(
        of: str | Policy | DayPlan, record: dict[str, Any], on: str = "", since: str = "",
        tables: Any = None, subject: str = "customer",
    ) -> Decision:  # fmt: skip
        compiled = of if isinstance(of, DayPlan) else plan(of, on, since, tables)
        found = evaluate(compiled, record, subject)
        assert outcome(evaluate(compiled, record, subject)) == outcome(found)
        assert outcome(interpret(compiled, record, subject)) == outcome(found)
        return found

    return decided


@pytest.fixture(scope="session")
def does(decide: Callable[..., Decision]) -> Callable[..., list[str]]:
    """The actions of a decision as short texts: what kind, for which rule."""

    def done(*given: Any, **named: Any) -> list[str]:
        return [f"{each.kind} {each.rule}" for each in decide(*given, **named).actions]

    return done
