# SPDX-License-Identifier: Apache-2.0
"""What is asked of solve: which figure, of which label, and what is wanted of which word."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from loyaltyrules.expression.types import Value
from loyaltyrules.policy.changes import path_of
from loyaltyrules.policy.model import Label, Parameter, Policy
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.language import called, mark, say
from loyaltyrules.problem.problem import nearest, problem
from loyaltyrules.report.naming import value_name
from loyaltyrules.simulation.base import figures
from loyaltyrules.simulation.base.measures import Want, word_of
from loyaltyrules.simulation.solving.curve import Goal
from loyaltyrules.simulation.solving.grain import Grain

SHARE = mark("the share of {word}")
COUNT = mark("the number of {word}")
ASIDE = mark("{count} faulty records are set aside, and count nowhere")
NO_WANT = mark("it is no comparison of a share or a count with a number")
NO_FIGURE = mark("it is no figure whose values have an order")


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What was asked of solve."""

    policy: Policy
    figure: Parameter
    label: Label
    goal: Goal

    def measure(self, language: str) -> str:
        word = value_name(self.policy, self.goal.word, language)
        return say(language, COUNT if self.goal.counted else SHARE, word=word)

    def valued(self, value: Value | None, language: str) -> str:
        return figures.valued(self.policy, self.figure, value, language)

    def title(self, language: str) -> str:
        return called(self.figure.titles, language, self.figure.name)

    @property
    def bound(self) -> str:
        """The bound as people write it."""
        return str(self.goal.bound) if self.goal.counted else percent(float(self.goal.bound))

    def shown(self, share: float | None, count: int | None) -> str:
        """A share or a number, as it was asked for."""
        if self.goal.counted:
            return "?" if count is None else str(count)
        return percent(share)


def question_of(policy: Policy, name: str, want: Want, given: Mapping[str, Any]) -> Question:
    """What is asked, checked.

    Raises:
        ArgumentError: LR515, LR518, LR519, LR520, LR522.
        PolicyError: LR510.
    """
    if not isinstance(want, Want):
        raise ArgumentError([problem("LR518", None, name=f"want={want}", why=NO_WANT)])
    label = label_of(policy, want.measure.label, given)
    word = word_of(label, want.measure.word or "")
    goal = Goal(word, want.measure.counted, want.sign, _bound(want))
    return Question(policy, _figure(policy, name, label), label, goal)


def label_of(policy: Policy, name: str, given: Mapping[str, Any]) -> Label:
    """A label of the records that are given.

    Raises:
        ArgumentError: there is none of that name (LR515).
    """
    known = {each.name: each for each in policy.labels if each.subject in given}
    if name not in known:
        details = {"names": ", ".join(known), "near": nearest(str(name), known)}
        raise ArgumentError([problem("LR515", None, name=name, **details)])
    return known[name]


def _figure(policy: Policy, name: str, label: Label) -> Parameter:
    assert policy.written is not None  # what was loaded knows what it was read from
    path = path_of(policy, policy.written.document, name)
    figure = policy.parameters.get(str(path[-1])) if path[0] == "parameters" else None
    if figure is None or len(path) != 2 or Grain.of(figure) is None:
        details = {
            "name": name,
            "label": label.name,
            "why": NO_FIGURE,
            "where": ".".join(map(str, path)),
        }
        raise ArgumentError([problem("LR520", None, **details)])
    return figure


def _bound(want: Want) -> Fraction:
    """The bound as it was meant: 0.2 is a fifth.

    Raises:
        ArgumentError: it is no number, or no share can be that (LR522).
    """
    given = want.bound
    number = _number(given.strip() if isinstance(given, str) else given)
    share = not want.measure.counted
    if number is None or (share and not 0 <= number <= 1) or (not share and number % 1):
        raise ArgumentError([problem("LR522", None, value=given, name=want.measure)])
    return Fraction(number)


def _number(given: object) -> Decimal | None:
    if isinstance(given, bool) or given is None:
        return None
    try:
        if isinstance(given, str) and given.endswith("%"):
            found = Decimal(given[:-1]) / 100
        else:
            found = Decimal(str(given))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def percent(share: float | None) -> str:
    """A share as people write it."""
    return "?" if share is None else f"{share * 100:.2f}%"
