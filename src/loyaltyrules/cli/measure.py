# SPDX-License-Identifier: Apache-2.0
"""What a condition on a comparison compares: measures such as `movers(tier)`, and numbers."""

from decimal import Decimal
from typing import NamedTuple, TypeAlias

from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import SHARE, WHOLE
from loyaltyrules.problem.problem import Place, Problem, nearest, problem
from loyaltyrules.simulation.comparison.matching import GAINED, LOST

MOVERS, ACTIONS = "movers", "actions"
MEASURES = (MOVERS, LOST, GAINED, ACTIONS)
EVERY = "*"
ZERO = tree.Literal(0, WHOLE)  # what the reader takes a number with a minus from


class Measure(NamedTuple):
    """A measure, the label or kinds that it is of, and how and where it is written."""

    name: str
    of: str
    text: str
    place: Place


class Number(NamedTuple):
    """A number, or a share of what is measured."""

    value: Decimal
    share: bool


Side: TypeAlias = Measure | Number


def side_of(node: Node, place: Place) -> Side:
    """One side of a comparison.

    Raises:
        MisuseError: it is neither a measure (LR536) nor a whole number nor a share (LR535).
    """
    spot = place.inside(*node.span)
    if isinstance(node, tree.Name | tree.Call):
        return _measure(node, spot)
    number = _number(node)
    if number is None:
        raise MisuseError([no_condition(node, place)])
    return number


def no_condition(node: Node, place: Place) -> Problem:
    """What stands there is no condition on a comparison (LR535)."""
    found = place.excerpt[slice(*node.span)]
    return problem("LR535", place.inside(*node.span), found=found)


def _measure(node: tree.Name | tree.Call, spot: Place) -> Measure:
    name, arguments = (
        (node.function, node.arguments) if isinstance(node, tree.Call) else (node.text, ())
    )
    if name not in MEASURES:
        details = {"names": ", ".join(MEASURES), "near": nearest(name, MEASURES)}
        raise MisuseError([problem("LR536", spot, name=name, **details)])
    text = spot.excerpt[slice(*node.span)]
    words = [_word(each) for each in arguments]
    least = 1 if name == MOVERS else 0  # of labels one is named, of kinds one or all
    if None in words or not least <= len(words) <= 1:
        raise MisuseError([problem("LR535", spot, found=text)])
    return Measure(name, str(words[0]) if words else EVERY, text, spot)


def _word(node: Node) -> str | None:
    """A label or a kind; a pattern is in quotes."""
    if isinstance(node, tree.Name):
        return node.text
    return node.value if isinstance(node, tree.Literal) and isinstance(node.value, str) else None


def _number(node: Node) -> Number | None:
    """A number that is written, also below zero; records are counted, so it is whole or a share."""
    if isinstance(node, tree.Arithmetic) and node.sign == "-" and node.left == ZERO:
        below = _number(node.right)
        return below and Number(-below.value, below.share)
    if not isinstance(node, tree.Literal) or not isinstance(node.value, int | Decimal):
        return None
    known = node.type in (SHARE, WHOLE)
    return Number(Decimal(node.value), node.type == SHARE) if known else None
