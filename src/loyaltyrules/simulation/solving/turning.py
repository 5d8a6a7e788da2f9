# SPDX-License-Identifier: Apache-2.0
"""At which step of a figure the comparison with it turns for a record."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluator
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.simulation.solving.grain import Grain
from loyaltyrules.simulation.solving.threshold import Threshold, put

FAR = 2**62  # a step that no figure reaches
FIRST = date.min.toordinal()


class Turn(NamedTuple):
    """What the comparison is at low figures, and the last step at which it is so; None if it never turns."""

    low: bool
    last: int | None


Turning: TypeAlias = Callable[[Facts], Turn | None]
"""Of a record; None where a side is unknown or has not happened, and no figure changes that."""


class Fate(NamedTuple):
    """The words of a record at low figures and at high ones, and the last of the low ones."""

    low: str | None
    high: str | None
    last: int | None


def asked(of: Threshold) -> tuple[Node, ...]:
    """All that is asked of a record to know its fate."""
    value = of.figure.values[-1][1]
    sides = (of.at(each, value) for each in (of.left, of.right))
    return (of.with_answer(True), of.with_answer(False), of.at(of.word, value), *sides)


def fates(of: Threshold, grain: Grain) -> Callable[[Facts], Fate]:
    """What becomes of a record as the figure rises."""
    words = {answer: evaluator(of.with_answer(answer), of.functions) for answer in (True, False)}
    as_it_is = evaluator(of.at(of.word, of.figure.values[-1][1]), of.functions)
    turning = _of_numbers(of, grain) if grain.kind == "number" else _of_days(of, grain)

    def decide(facts: Facts) -> Fate:
        turn = turning(facts)
        if turn is None:
            word = as_it_is(facts)
            return Fate(word, word, None)
        low = words[turn.low](facts)
        return Fate(low, low if turn.last is None else words[not turn.low](facts), turn.last)

    return decide


def _of_numbers(of: Threshold, grain: Grain) -> Turning:
    """Both sides are straight lines over the figure, so two points of each say where they cross."""
    if isinstance(of.right, tree.Symbol) and of.figure.name not in tree.symbols_in(of.left):
        return _of_a_number(of, grain)
    sides = [
        evaluator(of.at(side, value), of.functions)
        for value in (0, 1)
        for side in (of.left, of.right)
    ]
    scale = 10**grain.decimals

    def turning(facts: Facts) -> Turn | None:
        values = _known(sides, facts)
        if values is None:
            return None
        left, right, next_left, next_right = map(Fraction, values)
        at_zero = left - right
        return _crossing(at_zero, (next_left - next_right - at_zero) / scale, of.sign)

    return turning


def _of_a_number(of: Threshold, grain: Grain) -> Turning:
    """The figure by itself on one side: the other side is where it turns."""
    sides, scale = [evaluator(of.left, of.functions)], 10**grain.decimals

    def turning(facts: Facts) -> Turn | None:
        values = _known(sides, facts)
        if values is None:
            return None
        value = values[0]
        at = (value if isinstance(value, int) else Fraction(value)) * scale
        return Turn(True, _held(floor(at) if of.sign == ">=" else ceil(at) - 1))

    return turning


def _crossing(at_zero: Fraction, slope: Fraction, sign: str) -> Turn:
    """Where a line reaches zero (`>=`) or passes it (`>`)."""
    if slope == 0:
        return Turn(at_zero >= 0 if sign == ">=" else at_zero > 0, None)
    zero = -at_zero / slope
    if slope > 0:
        return Turn(False, _held(ceil(zero) - 1 if sign == ">=" else floor(zero)))
    return Turn(True, _held(floor(zero) if sign == ">=" else ceil(zero) - 1))


def _held(step: int) -> int:
    return max(-FAR, min(FAR, step))


def _of_days(of: Threshold, grain: Grain) -> Turning:
    """A date moves one way with the figure, so the step at which it turns is found by halving."""
    low = FIRST if grain.low is None else grain.low
    high = date.max.toordinal() if grain.high is None else grain.high
    compare = tree.Compare(of.sign, of.left, of.right)
    known = [evaluator(each, of.functions) for each in asked(of)[-2:]]
    name = f"@{of.figure.name}"  # read as a fact, so that one evaluator serves all steps
    varied = put(compare, of.figure.name, tree.FactRef(name, of.figure.type))
    test = evaluator(varied, of.functions)

    def turning(facts: Facts) -> Turn | None:
        if _known(known, facts) is None:
            return None
        first, bottom, top = test({**facts, name: grain.value(low)}), low, high
        if test({**facts, name: grain.value(high)}) == first:
            return Turn(first, None)
        while top - bottom > 1:
            middle = (bottom + top) // 2
            same = test({**facts, name: grain.value(middle)}) == first
            bottom, top = (middle, top) if same else (bottom, middle)
        return Turn(first, bottom)

    return turning


def _known(sides: list[Evaluated], facts: Facts) -> list[int | Decimal] | None:
    values = [side(facts) for side in sides]
    return None if any(each is None or each is NOT_HAPPENED for each in values) else values
