# SPDX-License-Identifier: Apache-2.0
"""The shipped menswear policy, its plans by day, and customers that lack nothing."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import shipped
from loyaltyrules import DayPlan, Decision, Policy, compile_day, evaluate
from loyaltyrules.decision.evaluate import interpret
from loyaltyrules.policy.reader.files import read_policy

MENSWEAR = Path(__file__).parents[2] / "policies" / "menswear"


@pytest.fixture(scope="session")
def menswear() -> Policy:
    return shipped.menswear()


@pytest.fixture(scope="session")
def plan(menswear: Policy) -> Callable[..., DayPlan]:
    """The plan of a day, or of the span since another, both as text."""

    def compiled(on: str, since: str = "") -> DayPlan:
        return compile_day(
            menswear, date.fromisoformat(on), date.fromisoformat(since) if since else None
        )

    return cache(compiled)


@pytest.fixture(scope="session")
def customer() -> Callable[..., dict[str, Any]]:
    """A formal member of tier B who agreed to everything; facts given replace its own."""

    def made(**facts: object) -> dict[str, Any]:
        return {
            "id": "c1", "store_id": "s1", "member_status": "formal", "joined_on": "2020-01-01",
            "tier": "B", "tier_since": "2024-01-01", "points_accumulated": 3000,
            "last_purchase_on": "2026-12-01", "first_purchase_on": "2020-01-01",
            "purchases_12m": 3, "purchases_prev_12m": 3, "file_folder": "B",
            "cashback_granted": 10_000, "date_of_birth": "1980-08-08",
            "consent_marketing": True, "mobile_phone": "13800000001", "phone_status": "valid",
            "email": "li@example.com", "address_home": "1 North Road", **facts,
        }  # fmt: skip

    return made


def outcome(decision: Decision) -> tuple[Any, ...]:
    return (
        decision.actions, decision.suppressed, decision.undecided, decision.labels,
        decision.standing, decision.ways,
    )  # fmt: skip


@pytest.fixture(scope="session")
def decide(plan: Callable[..., DayPlan]) -> Callable[..., Decision]:
    """Decide on a customer: remembered and interpreted must agree."""

    def decided(record: dict[str, Any], on: str, since: str = "") -> Decision:
        compiled = plan(on, since)
        found = evaluate(compiled, record)
        assert outcome(interpret(compiled, record)) == outcome(found)
        return found

    return decided


@pytest.fixture(scope="session")
def changes(
    decide: Callable[..., Decision],
) -> Callable[..., list[tuple[str, str | None, str | None]]]:
    """The changes of tier that a day proposes: kind, from, to."""

    def proposed(record: dict[str, Any], on: str, since: str = "") -> list[Any]:
        found = decide(record, on, since).actions
        return [(e.kind, e.from_value, e.to_value) for e in found if e.kind.startswith("tier.")]

    return proposed


@pytest.fixture(scope="session")
def care(decide: Callable[..., Decision]) -> Callable[..., dict[str, str]]:
    """What a day does for a customer beside changes of tier, reports and files: kind → due day."""

    def done(
        record: dict[str, Any], on: str, since: str = "", held: bool = False
    ) -> dict[str, str]:
        decision = decide(record, on, since)
        found = decision.suppressed if held else decision.actions
        named = [e for e in found if not e.kind.startswith(("tier.", "report.", "file."))]
        return {_name(each): str(each.due_on)[5:] for each in named}

    return done


def _name(action: Any) -> str:
    return f"{action.kind}:{action.channel}" if action.kind == "message.send" else action.kind


@pytest.fixture(scope="session")
def states() -> dict[str, list[str]]:
    """What may follow each state of the membership card, as the policy writes it."""
    written = read_policy(MENSWEAR).data["workflows"]["会员卡进度"]["states"]
    return {name: _listed(each.get("next", [])) for name, each in written.items()}


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names
