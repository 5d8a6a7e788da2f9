# SPDX-License-Identifier: Apache-2.0
"""--fail-on EXPR: a condition on a comparison, such as `movers(tier) > 5% or lost(gift) > 10`."""

import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.expression import tree
from loyaltyrules.expression.parser import ExpressionFault, parse
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import SHARE, WHOLE
from loyaltyrules.policy.model import ActionForm, Hold, Policy
from loyaltyrules.problem.problem import Place, nearest, problem
from loyaltyrules.simulation.delta import Delta
from loyaltyrules.simulation.kinds import Kind, by_kind
from loyaltyrules.simulation.matching import GAINED, LOST, SIDES

OPTION = "--fail-on"
MOVERS, ACTIONS = "movers", "actions"
MEASURES = (MOVERS, LOST, GAINED, ACTIONS)
EVERY = "*"
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


@dataclass(frozen=True, slots=True)
class Condition:
    """What must not be, and its measures: each with the text it is written with."""

    text: str
    node: Node

    @classmethod
    def read(cls, text: str) -> "Condition":
        """Read a condition.

        Raises:
            MisuseError: it is none: LR11x, or what no comparison measures (LR535, LR536).
        """
        place = Place(OPTION, 1, 1, len(text), text)
        try:
            node = parse(text, place)
        except ExpressionFault as fault:
            raise MisuseError(fault.problems) from fault
        _require_condition(node, place)
        return cls(text, node)

    def measures(self) -> Iterator[tuple[str, Node]]:
        """What is measured, each once."""
        seen = set()
        for part in tree.walk(self.node):
            if isinstance(part, tree.Compare):
                for side in (part.left, part.right):
                    text = self.text[slice(*side.span)]
                    if _measure(side) and text not in seen:
                        seen.add(text)
                        yield text, side

    def require_names(self, old: Policy, new: Policy, subjects: Collection[str]) -> None:
        """Refuse labels that both policies do not give to these kinds of record, and unknown kinds of action.

        Raises:
            MisuseError: LR515 or LR537.
        """
        known = {(each.name, each.subject) for each in old.labels if each.subject in subjects}
        labels = [each.name for each in new.labels if (each.name, each.subject) in known]
        kinds = sorted({*kinds_of(old), *kinds_of(new)})
        place = Place(OPTION, 1, 1, len(self.text), self.text)
        for _, node in self.measures():
            measure, name = _asked(node)
            spot = place.inside(*node.span)
            if measure == MOVERS and name not in labels:
                details = {"names": ", ".join(labels), "near": nearest(name, labels)}
                raise MisuseError([problem("LR515", spot, name=name, **details)])
            if measure != MOVERS and not any(_fits(kind, name) for kind in kinds):
                near = nearest(name, {*kinds, *(kind.partition(".")[0] for kind in kinds)})
                raise MisuseError([problem("LR537", spot, name=name, near=near)])

    def verdict(self, delta: Delta) -> "Verdict":
        return Verdict(self, delta)


@dataclass(frozen=True, eq=False)
class Verdict:
    """A condition on one comparison."""

    condition: Condition
    delta: Delta

    @cached_property
    def holds(self) -> bool:
        return self._holds(self.condition.node)

    @property
    def numbers(self) -> dict[str, Measured]:
        """What was measured, by how it is written."""
        return {text: self._measured(node) for text, node in self.condition.measures()}

    def _holds(self, node: Node) -> bool:
        match node:
            case tree.And(items):
                return all(map(self._holds, items))
            case tree.Or(items):
                return any(map(self._holds, items))
            case tree.Not(item):
                return not self._holds(item)
        assert isinstance(node, tree.Compare)  # as it was read
        shares = any(map(_is_share, (node.left, node.right)))
        return SIGNS[node.sign](self._value(node.left, shares), self._value(node.right, shares))

    def _value(self, node: Node, share: bool) -> Decimal:
        if not _measure(node):
            return _number(node)
        found = self._measured(node)
        return found.share if share else Decimal(found.number)

    def _measured(self, node: Node) -> Measured:
        measure, name = _asked(node)
        if measure == MOVERS:
            moves = self.delta.moves[name]
            return Measured(len(moves.moved), len(moves.pairs))
        own = [each for each in self._kinds if _fits(each.name, name)]
        lost, gained, both = (sum(map(attrgetter(side), own)) for side in SIDES)
        number = {LOST: lost, GAINED: gained, ACTIONS: gained - lost}[measure]
        return Measured(number, lost + both)

    @cached_property
    def _kinds(self) -> list[Kind]:
        return by_kind(self.delta)


def kinds_of(policy: Policy) -> set[str]:
    """The kinds of action that a policy may give."""
    forms = [form for rule in policy.rules for form in rule.actions]
    forms += [each.instead for each in policy.gate if isinstance(each, Hold) and each.instead]
    return {each.kind for form in forms for each in _with_instead(form)}


def _with_instead(form: ActionForm | None) -> Iterator[ActionForm]:
    while form is not None:
        yield form
        form = form.instead


def _fits(kind: str, name: str) -> bool:
    """True of a kind, of its family (`gift`), and of a pattern (`gift.*`)."""
    return kind == name or kind.startswith(f"{name}.") or fnmatchcase(kind, name)


def _require_condition(node: Node, place: Place) -> None:
    """Refuse what no comparison can say.

    Raises:
        MisuseError: LR535 or LR536.
    """
    if isinstance(node, tree.And | tree.Or | tree.Not):
        for each in tree.children(node):
            _require_condition(each, place)
        return
    sides = (node.left, node.right) if isinstance(node, tree.Compare) else ()
    for each in sides:
        _require_side(each, place)
    if not any(map(_measure, sides)):
        raise MisuseError([problem("LR535", place.inside(*node.span), found=_text(node, place))])


def _require_side(node: Node, place: Place) -> None:
    name = node.function if isinstance(node, tree.Call) else None
    name = node.text if isinstance(node, tree.Name) else name
    spot, found = place.inside(*node.span), _text(node, place)
    if name is not None and name not in MEASURES:
        details = {"names": ", ".join(MEASURES), "near": nearest(name, MEASURES)}
        raise MisuseError([problem("LR536", spot, name=name, **details)])
    if name is None and _literal(node) is None:
        raise MisuseError([problem("LR535", spot, found=found)])
    if _measure(node) and not _argument_fits(node):
        raise MisuseError([problem("LR535", spot, found=found)])


def _text(node: Node, place: Place) -> str:
    return place.excerpt[slice(*node.span)]


def _measure(node: Node) -> bool:
    return isinstance(node, tree.Call | tree.Name)


def _argument_fits(node: Node) -> bool:
    """A measure of labels names one, any other names kinds at most."""
    arguments = node.arguments if isinstance(node, tree.Call) else ()
    named = all(
        isinstance(each, tree.Name)
        or (isinstance(each, tree.Literal) and isinstance(each.value, str))
        for each in arguments
    )
    least = 1 if _name(node) == MOVERS else 0
    return named and least <= len(arguments) <= 1


def _name(node: Node) -> str:
    return node.function if isinstance(node, tree.Call) else str(getattr(node, "text", ""))


def _asked(node: Node) -> tuple[str, str]:
    """The measure, and the label or the kinds that it is of."""
    arguments = node.arguments if isinstance(node, tree.Call) else ()
    for each in arguments:
        value = each.text if isinstance(each, tree.Name) else getattr(each, "value", "")
        return _name(node), str(value)
    return _name(node), EVERY


def _literal(node: Node) -> tree.Literal | None:
    """The number that is written, also below zero: a share, or a whole number, since records are counted."""
    if isinstance(node, tree.Arithmetic) and node.sign == "-" and node.left == ZERO:
        node = node.right
    known = isinstance(node, tree.Literal) and node.type in (SHARE, WHOLE)
    return node if known and isinstance(node, tree.Literal) else None


ZERO = parse("-1").left  # type: ignore[union-attr]  # what a sign before a number is taken from


def _is_share(node: Node) -> bool:
    found = _literal(node)
    return found is not None and found.type == SHARE


def _number(node: Node) -> Decimal:
    found = _literal(node)
    assert found is not None and isinstance(found.value, int | Decimal)
    number = Decimal(found.value)
    return number if node is found else -number
