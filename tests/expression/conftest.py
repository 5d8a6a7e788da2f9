# SPDX-License-Identifier: Apache-2.0
"""A scope of facts, figures and words, and short ways to read and evaluate expressions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.functions import FUNCTIONS, Function
from loyaltyrules.expression.parser import ExpressionFault, parse
from loyaltyrules.expression.resolve import resolve
from loyaltyrules.expression.types import (
    DATE,
    LIST,
    NUMBER,
    PERIOD,
    TEXT,
    WHOLE,
    YES_NO,
    Type,
)
from loyaltyrules.problem.problem import Place

TIER = Type("word", words=("A", "B", "C"))
FACTS = {
    "tier": TIER, "standing": TIER, "points": Type("whole", "points"), "amount": Type("number", "CNY"),
    "visits": Type("whole", "visits"), "count": WHOLE, "rate": NUMBER, "share": Type("share"),
    "member": YES_NO, "left": YES_NO, "city": TEXT, "channels": LIST, "born": DATE, "bought": DATE,
    "returned": DATE, "sold_at": Type("datetime", zone="Asia/Shanghai"),
    "seen_at": Type("datetime", zone="Asia/Shanghai"), "level": Type("word", words=("high", "low")),
    "customer.tier": TIER,
}  # fmt: skip
EVENTS = frozenset({"bought", "returned", "sold_at"})  # absent: have not happened
SYMBOLS = {"today": DATE, "tier_a_points": Type("whole", "points"), "idle_period": PERIOD}


@dataclass(frozen=True)
class Names:
    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)

    def find(self, name: str) -> tree.FactRef | tree.Symbol | None:
        if name in SYMBOLS:
            return tree.Symbol(name, SYMBOLS[name])
        return tree.FactRef(name, FACTS[name], name in EVENTS) if name in FACTS else None

    def names(self) -> Iterable[str]:
        return [*FACTS, *SYMBOLS]


def read(text: str, want: Type | None = None) -> tree.Node:
    """The typed tree of a text."""
    return resolve(parse(text), Names(), Place("", 1, 1, len(text), text), want)


def value(text: str, want: Type | None = None, **facts: Any) -> Any:
    """What an expression is for some facts."""
    return evaluator(read(text, want))(facts)


def fault(text: str, want: Type | None = None) -> tuple[str, str, str]:
    """The code of a faulty expression, the text marked, and the word proposed."""
    with pytest.raises(ExpressionFault) as caught:
        read(text, want)
    problem = caught.value.problem
    place = problem.place
    assert place is not None
    marked = text[place.column - 1 : place.column - 1 + place.length]
    return problem.code, marked, dict(problem.details).get("near", "")


@pytest.fixture(scope="session")
def typed() -> Callable[..., tree.Node]:
    return read


@pytest.fixture(scope="session")
def evaluated() -> Callable[..., Any]:
    return value


@pytest.fixture(scope="session")
def faulty() -> Callable[..., tuple[str, str, str]]:
    return fault
