# SPDX-License-Identifier: Apache-2.0
"""How a label goes by a figure: the one comparison with it, cut out of the label's expression."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import MIRRORED
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import COUNTED, DATED
from loyaltyrules.expression.written import written
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Aggregate, Derived, Label, Parameter, Rank
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import problem
from loyaltyrules.simulation.base.tried import Fact, affected, fact_of, written_over

UNREAD = mark("the label does not go by it on this day")
RANKED = mark("a rank or a share among all records goes by it")
SUMMED = mark("what is counted of child records goes by it")
ABOVE = mark("a fact of the record above goes by it")
EQUAL = mark("it is compared with = or !=")
OTHERWISE = mark("it is read in another way than in a comparison that it can be solved for")
SEVERAL = mark("it is compared in several ways")
OPPOSITE = {"<": ">=", "<=": ">"}


class Asked(NamedTuple):
    """A comparison as `left sign right`, the sign `>=` or `>`; `holds` is what one that is written the
    other way round is where this one is true."""

    left: Node
    sign: str
    right: Node
    holds: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """A label by one comparison with a figure: `word` is its expression, the figure still in it."""

    figure: Parameter
    word: Node
    left: Node
    sign: str
    right: Node
    functions: Mapping[str, Function]

    def with_answer(self, answer: bool) -> Node:
        """The label where the comparison is answered."""

        def change(part: Node) -> Node:
            if isinstance(part, tree.Compare) and _innermost(part, self.figure.name):
                holds = _asked(part, self.figure.name).holds is answer
                return tree.YES if holds else tree.NO
            return tree.rebuilt(part, change)

        return change(self.word)

    def at(self, node: Node, value: object) -> Node:
        """An expression with a value of the figure put in."""
        literal = tree.Literal(value, self.figure.type)
        return put(node, self.figure.name, literal)


def put(node: Node, name: str, value: Node) -> Node:
    """An expression with a symbol replaced."""

    def change(part: Node) -> Node:
        if isinstance(part, tree.Symbol):
            return value if part.name == name else part
        return tree.rebuilt(part, change)

    return change(node)


def threshold(plan: DayPlan, label: Label, figure: Parameter) -> Threshold:
    """Find the comparison by which a label goes by a figure.

    Raises:
        ArgumentError: the label goes by the figure in another way (LR520).
    """
    policy, name = plan.policy, figure.name
    moved = affected(policy, {name})
    node = written_over(policy, label.subject, moved, fact_of(policy, label))
    folding = Folding(policy, plan.on, plan.tables)
    folding.figures.pop(name, None)
    node = folding.folded(node, label.subject)
    refuse = _Refusing(label, name)
    _require_known(node, moved, policy.derived, refuse)
    found = {_asked(part, name)[:3]: part for part in _comparisons(node, name, refuse)}
    if not found:
        refuse(UNREAD, "")
    if len(found) > 1:
        refuse(SEVERAL, "; ".join(map(written, found.values())))
    (left, sign, right), part = next(iter(found.items()))
    if not _solvable(left, right, figure):
        refuse(OTHERWISE, written(part))
    return Threshold(figure, node, left, sign, right, policy.functions)


@dataclass(frozen=True, slots=True)
class _Refusing:
    """Says why there is no threshold."""

    label: Label
    name: str

    def __call__(self, why: str, where: str) -> NoReturn:
        details = {"name": self.name, "label": self.label.name, "why": why}
        raise ArgumentError([problem("LR520", None, where=where or self.label.name, **details)])


def _require_known(
    node: Node, moved: frozenset[Fact], derived: Mapping[str, Mapping[str, Derived]],
    refuse: _Refusing,
) -> None:  # fmt: skip
    """Nothing that the figure makes another may be left as a fact."""
    for each in tree.references_in(node):
        owner = each.owner or refuse.label.subject
        if (owner, each.name) in moved:
            origin = derived[owner][each.name].origin
            why = RANKED if isinstance(origin, Rank) else SUMMED
            refuse(why if isinstance(origin, Aggregate | Rank) else ABOVE, each.key)


def _comparisons(node: Node, name: str, refuse: _Refusing) -> list[tree.Compare]:
    """The comparisons that read a figure; it must be read nowhere else."""
    found = list[tree.Compare]()

    def look(part: Node) -> None:
        if isinstance(part, tree.Compare) and _innermost(part, name):
            if part.sign in ("=", "!="):
                refuse(EQUAL, written(part))
            found.append(part)
        elif isinstance(part, tree.Symbol) and part.name == name:
            refuse(OTHERWISE, written(node))
        else:
            for each in tree.children(part):
                look(each)

    look(node)
    return found


def _innermost(part: tree.Compare, name: str) -> bool:
    """True of a comparison that reads a figure itself: in a score others may stand inside of one."""
    below = (each for side in (part.left, part.right) for each in tree.walk(side))
    inner = any(isinstance(e, tree.Compare) and name in tree.symbols_in(e) for e in below)
    return name in tree.symbols_in(part) and not inner


def _asked(part: tree.Compare, name: str) -> Asked:
    """A comparison with its figure on the right, where it is on one side, and one of two signs."""
    left, sign, right = part.left, part.sign, part.right
    if name in tree.symbols_in(left) and name not in tree.symbols_in(right):
        left, sign, right = right, MIRRORED[sign], left
    return Asked(left, OPPOSITE.get(sign, sign), right, sign not in OPPOSITE)


def _solvable(left: Node, right: Node, figure: Parameter) -> bool:
    """True where each side is the figure at most shifted and scaled, or one moves one way with it."""
    name = figure.name
    if figure.type.kind in COUNTED:
        return _affine(left, name) and _affine(right, name)
    return name not in tree.symbols_in(left) and _steady(right, name)


def _affine(node: Node, name: str) -> bool:
    """True of sums, and of products with what does not read the figure."""
    if name not in tree.symbols_in(node):
        return True
    match node:
        case tree.Symbol():
            return True
        case tree.Arithmetic("+" | "-", left, right):
            return _affine(left, name) and _affine(right, name)
        case tree.Arithmetic("*", left, right):
            alone = [each for each in (left, right) if name in tree.symbols_in(each)]
            return len(alone) == 1 and _affine(alone[0], name)
    return False


def _steady(node: Node, name: str) -> bool:
    """True of a date that is the figure, and of one that is moved by it as by a period."""
    if name not in tree.symbols_in(node):
        return True
    match node:
        case tree.Symbol():
            return True
        case tree.Arithmetic(_, left, tree.Symbol()) if tree.type_of(left).kind in DATED:
            return name not in tree.symbols_in(left)
        case tree.Arithmetic(_, left, right) if tree.type_of(left).kind in DATED:
            return name not in tree.symbols_in(right) and _steady(left, name)
    return False
