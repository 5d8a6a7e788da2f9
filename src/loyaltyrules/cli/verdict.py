# SPDX-License-Identifier: Apache-2.0
"""Whether a condition holds of a comparison, and the numbers that say so."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from loyaltyrules.cli.fail_on import Condition, Joined, Part, fits
from loyaltyrules.cli.measure import ACTIONS, MOVERS, Measure, Number, Side
from loyaltyrules.simulation.comparison.delta import Delta
from loyaltyrules.simulation.comparison.kinds import Kind, by_kind
from loyaltyrules.simulation.comparison.matching import GAINED, LOST, SIDES

SIGNS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Measured(NamedTuple):
    """A number, and what it is a part of."""

    number: int
    whole: int

    @property
    def share(self) -> Decimal:
        """The part of the whole; of nothing any number is infinitely much."""
        if self.whole:
            return Decimal(self.number) / Decimal(self.whole)
        return Decimal("Infinity") * self.number if self.number else Decimal(0)


@dataclass(frozen=True, eq=False)
class Verdict:
    """A condition on one comparison."""

    condition: Condition
    delta: Delta

    @cached_property
    def holds(self) -> bool:
        return self._holds(self.condition.part)

    @property
    def numbers(self) -> dict[str, Measured]:
        """What was measured, by how it is written."""
        return {each.text: self._measured(each) for each in self.condition.measures}

    def _holds(self, part: Part) -> bool:
        if isinstance(part, Joined):
            held = map(self._holds, part.parts)
            return all(held) if part.word == "and" else any(held) != (part.word == "not")
        share = any(isinstance(each, Number) and each.share for each in (part.left, part.right))
        return SIGNS[part.sign](self._value(part.left, share), self._value(part.right, share))

    def _value(self, side: Side, share: bool) -> Decimal:
        if isinstance(side, Number):
            return side.value
        found = self._measured(side)
        return found.share if share else Decimal(found.number)

    def _measured(self, measure: Measure) -> Measured:
        if measure.name == MOVERS:
            moves = self.delta.moves[measure.of]
            return Measured(len(moves.moved), len(moves.pairs))
        own = [each for each in self._kinds if fits(each.name, measure.of)]
        lost, gained, both = (sum(map(attrgetter(side), own)) for side in SIDES)
        number = {LOST: lost, GAINED: gained, ACTIONS: gained - lost}[measure.name]
        return Measured(number, lost + both)

    @cached_property
    def _kinds(self) -> list[Kind]:
        return by_kind(self.delta)
