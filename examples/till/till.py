# SPDX-License-Identifier: Apache-2.0
"""A till as a service: what a customer receives today, why, what a manager approves, by which rules.

pip install 'loyaltyrules[till]'
uvicorn --app-dir examples/till till:app
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from loyaltyrules import (
    Action,
    ApprovalError,
    DayPlan,
    Policy,
    PolicyError,
    SnapshotError,
    apply,
    approve,
    compile_day,
    evaluate,
    explain,
    load_policy,
)

Language = Literal["zh", "en"]
Customer = Annotated[dict[str, Any], Body(description="Facts under the names of the policy.")]


@dataclass
class Till:
    """The rules in force, and the day. Plans are kept: a day is compiled once."""

    path: str
    today: Callable[[], date]
    policy: Policy = field(init=False)

    def __post_init__(self) -> None:
        self.policy = load_policy(self.path)

    @property
    def plan(self) -> DayPlan:
        return planned(self.policy, self.today())

    def reload(self) -> bool:
        """Read the policy anew; True where it means something else. A faulty one changes nothing."""
        before, self.policy = self.policy, load_policy(self.path)
        return self.policy.fingerprint != before.fingerprint


@lru_cache(maxsize=4)
def planned(policy: Policy, day: date) -> DayPlan:
    """The plan of a day; equal policies share it."""
    return compile_day(policy, on=day)


def create_app(path: str = "menswear", today: Callable[[], date] = date.today) -> FastAPI:
    """The service for one policy; the clock is handed in, so that tests say what day it is."""
    till, service = Till(path, today), FastAPI(title="till")

    @service.get("/policy")
    def policy() -> dict[str, str]:
        known = till.policy
        return {"name": known.name, "version": known.version, "fingerprint": known.fingerprint}

    @service.post("/decide")
    def decide(customer: Customer) -> dict[str, Any]:
        """Labels, actions and what was held back; `ignored` names facts that nothing reads."""
        return evaluate(till.plan, customer).to_dict()

    @service.post("/explain", response_class=PlainTextResponse)
    def why(customer: Customer, language: Language = "zh") -> str:
        return explain(evaluate(till.plan, customer), language)

    @service.post("/approve")
    def approved(
        customer: Customer,
        action: Annotated[dict[str, Any], Body()],
        by_role: Annotated[str, Body()],
    ) -> dict[str, Any]:
        """Approve what a browser hands back, and carry it out on what is known of the customer."""
        ready = approve(Action.from_dict(action), by_role, till.plan, customer)
        return {"action": ready.to_dict(), "customer": apply(customer, ready)}

    @service.post("/reload")
    def reload() -> dict[str, Any]:
        changed = till.reload()
        return {"changed": changed, "fingerprint": till.policy.fingerprint}

    @service.exception_handler(ApprovalError)
    def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ApprovalError)
        told = [each.to_dict() for each in error.problems]
        return JSONResponse({"reason": error.reason, "problems": told}, status_code=403)

    @service.exception_handler(SnapshotError)
    @service.exception_handler(PolicyError)
    def faulty(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, SnapshotError | PolicyError)
        code = 422 if isinstance(error, SnapshotError) else 409
        return JSONResponse({"problems": [e.to_dict() for e in error.problems]}, status_code=code)

    @service.exception_handler(ValueError)
    def misused(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"problems": [{"message": str(error)}]}, status_code=400)

    return service


app = create_app()
