# SPDX-License-Identifier: Apache-2.0
"""The share of a word at every step of a figure, counted from those who stand on each step."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from loyaltyrules.expression.evaluator import SIGNS
from loyaltyrules.simulation.solving.grain import Grain
from loyaltyrules.simulation.solving.turning import Fate

Allowed: TypeAlias = Callable[[int], bool]
"""True of a step that the policy lets the figure have."""
Counted: TypeAlias = tuple[Fate, int]  # how many records have it


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps of a figure, first to last, between which no record changes; no `last`: without end.

    `count` records have the word, of `known` that have any; `ties` change behind the last step.
    """

    first: int
    last: int | None
    count: int
    known: int
    ties: int

    @property
    def share(self) -> float | None:
        return self.count / self.known if self.known else None

    @property
    def at(self) -> int:
        """The step that stands for it: the one on which records stand, or the first of the last stretch."""
        return self.first if self.last is None or not self.ties else self.last


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted of the word's share, or of its number."""

    word: str
    counted: bool
    sign: str
    bound: Fraction

    def holds(self, each: Stretch) -> bool:
        """False too where no record has any word, so that there are no shares."""
        found, bound = self._sides(each)
        return (self.counted or each.known > 0) and bool(SIGNS[self.sign](found, bound))

    def distance(self, each: Stretch) -> Fraction:
        """How far it is from what is wanted."""
        found, bound = self._sides(each)
        return Fraction(abs(found - bound), 1 if self.counted else each.known or 1)

    def _sides(self, each: Stretch) -> tuple[int, int]:
        """What there is and what is wanted, in whole numbers."""
        whole = 1 if self.counted else each.known
        return each.count * self.bound.denominator, self.bound.numerator * whole


def stretches(found: Iterable[Counted], word: str, grain: Grain, present: int) -> list[Stretch]:
    """All stretches of a figure, the lowest first.

    Args:
        found: The fates of records, each with how many have it.
        word: The word that is counted.
        grain: The steps of the figure.
        present: The step of the figure as it is, for a figure of which no step is the lowest.
    """
    count = known = 0
    more, told, ties = Counter[int](), Counter[int](), Counter[int]()
    for (low, high, last), number in found:
        count += number * (low == word)
        known += number * (low is not None)
        change = (high == word) - (low == word), (high is not None) - (low is not None)
        if last is not None and any(change):
            more[last] += number * change[0]
            told[last] += number * change[1]
            ties[last] += number
    at = sorted(ties)
    first = grain.low if grain.low is not None else min(at[:1] + [present])
    listed = list[Stretch]()
    for last in at:
        if last >= first and (grain.high is None or last < grain.high):
            listed.append(Stretch(first, last, count, known, ties[last]))
            first = last + 1
        if grain.high is None or last < grain.high:
            count, known = count + more[last], known + told[last]
    return [*listed, Stretch(first, grain.high, count, known, 0)]


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a goal is reached: the stretch and the step; and the nearest stretch in which it is not.

    Where it is nowhere reached there is no step, and `beside` comes as near as the policy lets it.
    """

    place: int | None
    step: int | None
    beside: int | None
    beside_step: int | None
    ties: int


def answer(listed: Sequence[Stretch], goal: Goal, allowed: Allowed) -> Answer:
    """The least step that is allowed and at which the goal is reached."""
    for place, each in enumerate(listed):
        if goal.holds(each) and (step := least(each, allowed)) is not None:
            return Answer(place, step, *_beside(listed, goal, place))
    near = [*_reachable(listed, allowed)]
    if not near:
        return Answer(None, None, None, None, 0)
    _, place, step = min((goal.distance(listed[p]), p, step) for p, step in near)
    return Answer(None, None, place, step, listed[place].ties)


def _beside(
    listed: Sequence[Stretch], goal: Goal, place: int
) -> tuple[int | None, int | None, int]:
    """The nearest stretch below in which the goal is not reached, else above; its nearest step; who stands
    on the step between."""
    for below in range(place - 1, -1, -1):
        if not goal.holds(listed[below]):
            return below, listed[below].last, listed[below].ties
    for above in range(place + 1, len(listed)):
        if not goal.holds(listed[above]):
            return above, listed[above].first, listed[above - 1].ties
    return None, None, 0


def _reachable(listed: Sequence[Stretch], allowed: Allowed) -> Iterator[tuple[int, int]]:
    for place, each in enumerate(listed):
        step = least(each, allowed)
        if step is not None:
            yield place, step


def least(each: Stretch, allowed: Allowed) -> int | None:
    """The least step of a stretch that is allowed; what a policy forbids lies at one end of it."""
    if allowed(each.first):
        return each.first
    bottom, top = each.first, _far(each, allowed)
    if top is None:
        return None
    while top - bottom > 1:
        middle = (bottom + top) // 2
        bottom, top = (bottom, middle) if allowed(middle) else (middle, top)
    return top


def _far(each: Stretch, allowed: Allowed) -> int | None:
    """A step of a stretch that is allowed, though its first is not."""
    if each.last is not None:
        return each.last if allowed(each.last) else None
    wide = 1
    while wide < 2**62:
        if allowed(each.first + wide):
            return each.first + wide
        wide *= 2
    return None
