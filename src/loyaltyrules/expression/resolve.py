# SPDX-License-Identifier: Apache-2.0
"""Names become facts, symbols and words of vocabularies; every node gets a type, units are checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn, Protocol, TypeGuard

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.functions import FUNCTIONS, SINCE, Function
from loyaltyrules.expression.parser import RESERVED, ExpressionFault
from loyaltyrules.expression.tokens import SYNONYMS, UNITS, untied
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import (
    COUNTED,
    DATE,
    DATED,
    LIST,
    MINUTES,
    TEXT,
    WORKDAYS,
    YES_NO,
    Type,
    common,
)
from loyaltyrules.expression.written import written
from loyaltyrules.problem.near import items_in, near_name
from loyaltyrules.problem.problem import Place, Problem, nearest, problem
from loyaltyrules.problem.render import WRITE

ORDERED = COUNTED | DATED | {"word"}
TEXTUAL = {"text", "word", "unknown"}  # what an item of a list may be
TIMES = frozenset(UNITS.values())  # units of which a period may be a number
CHOICE = "if"  # no function: of its values only the chosen one is read, so it becomes a `Case`
WORDS = frozenset({CHOICE, *FUNCTIONS, *SINCE, *RESERVED, *SYNONYMS, *UNITS, "today", "yes", "no"})


class Scope(Protocol):
    """Where names are looked up."""

    def find(self, name: str) -> tree.FactRef | tree.Symbol | None:
        """The fact or symbol of that name, or None."""

    def names(self) -> Iterable[str]:
        """Every name that `find` knows, for the remedy of an unknown one."""

    @property
    def functions(self) -> Mapping[str, Function]:
        """Functions by name."""


def resolve(node: Node, scope: Scope, place: Place, want: Type | None = None) -> Node:
    """Give every name its meaning and every node its type.

    Args:
        node: A parsed expression.
        scope: The names it may use.
        place: Where its text stands, for problems.
        want: The type it must have, if any.

    Raises:
        ExpressionFault: an unknown name, types or units that do not go together (LR2xx).
    """
    typed = _Resolver(scope, place).node(node, want)
    if want and not _fits(type_of(typed), want):
        where = place.inside(*node.span)
        found = type_of(typed)
        raise ExpressionFault(_wanted(where, found, want))
    return typed


def _wanted(place: Place, found: Type, want: Type) -> Problem:
    """A fault where something of another type is needed; how to mend it goes by that type."""
    why = WRITE.get(want.kind, WRITE[""])
    return problem("LR203", place, found=found, expected=want, why=why)


class _Resolver:
    def __init__(self, scope: Scope, place: Place) -> None:
        self.scope, self.place = scope, place

    def fail(self, code: str, node: Node, **details: object) -> NoReturn:
        raise ExpressionFault(problem(code, self.place.inside(*node.span), **details))

    def node(self, node: Node, want: Type | None = None) -> Node:
        match node:
            case tree.Name():
                return self._name(node, want)
            case tree.Quantity(amount, unit):
                return self._quantity(node, amount, unit)
            case tree.Literal():
                return self._literal(node, want)
            case tree.Not(item):
                return replace(node, item=self._condition(item))
            case tree.And(items) | tree.Or(items):
                return replace(node, items=self._conditions(items))
            case tree.Compare():
                return self._compare(node)
            case tree.In():
                return self._in(node)
            case tree.Missing(item):
                return replace(node, item=self.node(item))
            case tree.ListOf(items):
                return replace(node, items=tuple(self.node(item, want) for item in items))
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.Call():
                return self._call(node, want)
            case tree.Case(rows):
                return self._case(node, rows, want)
        return node

    def _conditions(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """All parts of a condition; the faults of all are told at once."""
        found: list[Node] = []
        faults: list[Problem] = []
        for node in nodes:
            try:
                found.append(self._condition(node))
            except ExpressionFault as fault:
                faults += fault.problems
        if faults:
            raise ExpressionFault(*faults)
        return tuple(found)

    def _condition(self, node: Node) -> Node:
        typed = self.node(node)
        if type_of(typed).kind not in ("yes/no", "unknown"):
            raise ExpressionFault(_wanted(self.place.inside(*node.span), type_of(typed), YES_NO))
        return typed

    def _name(self, node: tree.Name, want: Type | None) -> Node:
        if want and node.text in want.words:
            return tree.Literal(node.text, Type("word", words=want.words), span=node.span)
        found = self.scope.find(node.text)
        if found:
            return replace(found, span=node.span)
        if want and want.kind == "text":
            self.fail("LR207", node, name=node.text)
        if want and want.words:
            self._no_word(node, node.text, want)
        near = untied(node.text) or near_name(node.text, self.scope.names())
        return self.fail("LR201", node, name=node.text, near=near)

    def _literal(self, node: tree.Literal, want: Type | None) -> Node:
        """Beside a vocabulary a text in quotes is one of its words; `3 days` can be a count of days."""
        if want is None:
            return node
        if want.kind == "word" and node.type.kind == "text":
            if node.value not in want.words:
                self._no_word(node, str(node.value), want)
            return replace(node, type=Type("word", words=want.words))
        count = _count(node.value, want) if want.kind in COUNTED else None
        return node if count is None else replace(node, value=count, type=Type("whole", want.unit))

    def _no_word(self, node: Node, text: str, want: Type) -> NoReturn:
        near = items_in(text, want.words) or nearest(text, want.words)
        self.fail("LR202", node, name=text, words=", ".join(want.words), near=near)

    def _quantity(self, node: tree.Quantity, amount: Node, unit: str) -> Node:
        if not isinstance(amount, tree.Literal):
            self.fail("LR208", node, unit=unit)
        return tree.Literal(amount.value, replace(amount.type, unit=unit), span=node.span)

    def _pair(self, left: Node, right: Node) -> tuple[Node, Node]:
        """Both sides, the one that knows its type first, so that bare words find a vocabulary."""
        if self._waits(left) and not self._waits(right):
            typed = self.node(right)
            return self._dated(self.node(left, type_of(typed)), typed)
        typed = self.node(left)
        return self._dated(typed, self.node(right, type_of(typed)))

    def _waits(self, node: Node) -> bool:
        """True of what gets its type from the other side: literals and bare words."""
        unknown = isinstance(node, tree.Name) and not self.scope.find(node.text)
        return unknown or isinstance(node, tree.Literal)

    def _dated(self, left: Node, right: Node) -> tuple[Node, Node]:
        """An instant compared with a date counts as its local date."""
        if {type_of(left).kind, type_of(right).kind} == DATED:
            return _as_date(left), _as_date(right)
        return left, right

    def _compare(self, node: tree.Compare) -> Node:
        left, right = self._pair(node.left, node.right)
        kinds = type_of(left), type_of(right)
        if not _fits(kinds[1], kinds[0]):
            self._mismatch(node, (node.left, node.right), *kinds)
        told = "unknown" in (kinds[0].kind, kinds[1].kind)  # a fault in it was told already
        if node.sign not in ("=", "!=") and kinds[0].kind not in ORDERED and not told:
            self.fail("LR205", node, found=kinds[0], sign=node.sign)
        return replace(node, left=left, right=right)

    def _mismatch(self, node: Node, sides: Sequence[Node], left: Type, right: Type) -> NoReturn:
        names = [written(each) for each in sides]
        if left.kind in COUNTED and right.kind in COUNTED:
            units = {"left": left.unit or "1", "right": right.unit or "1"}
            self.fail("LR204", node, **units, one=names[0], other=names[1])
        self.fail("LR206", node, left=left, right=right)

    def _in(self, node: tree.In) -> Node:
        item = self.node(node.item)
        want = type_of(item)
        if want.kind == "list":
            one, other = _quoted(node.item), _quoted(node.options)
            self.fail("LR252", node, one=one, other=other)
        if want.kind == "datetime":
            item, want = _as_date(item), DATE
        options = self.node(node.options, want)
        kind = type_of(options)
        if kind.kind != "list":
            raise ExpressionFault(_wanted(self.place.inside(*node.options.span), kind, LIST))
        if not isinstance(options, tree.ListOf):
            self._item(node.item, want)
        for each in options.items if isinstance(options, tree.ListOf) else ():
            if not _fits(type_of(each), type_of(item)):
                self._mismatch(each, (item, each), type_of(item), type_of(each))
        return replace(node, item=item, options=options)

    def _item(self, node: Node, kind: Type) -> None:
        """The items of a list are texts: nothing else is ever one of them."""
        if kind.kind not in TEXTUAL:
            self.fail("LR156", node, found=kind)

    def _arithmetic(self, node: tree.Arithmetic) -> Node:
        left = self.node(node.left)
        right = self.node(node.right, _counts(type_of(left)))
        left = self._literal(left, _counts(type_of(right))) if _is_period(left) else left
        if type_of(left).kind in DATED and type_of(right) == WORKDAYS:
            self.fail("LR275", node, found=written(node.right))
        kind = _result(node.sign, type_of(left), type_of(right))
        if kind is None:
            if type_of(left).kind == "date" and type_of(right) == MINUTES:
                self.fail("LR270", node, name=written(node.left), found=written(node.right))
            details = {"sign": node.sign, "left": type_of(left), "right": type_of(right)}
            self.fail("LR209", node, **details)
        return replace(node, left=left, right=right, type=kind)

    def _call(self, node: tree.Call, want: Type | None) -> Node:
        if node.function == CHOICE:
            return self._if(node, want)
        name = SINCE.get(node.function, node.function)
        function = self.scope.functions.get(name)
        if function is None:
            known = {*self.scope.functions, *SINCE, CHOICE}
            self.fail("LR210", node, name=node.function, near=nearest(node.function, known))
        given = self._arguments(node, function)
        for each in (each for each in given if isinstance(each, tree.ListOf) and len(given) > 1):
            for item in each.items:
                self._item(item, type_of(item))
        if function.names_missing:
            given = self._named(node, given)
        if name != node.function:
            given = (*given, tree.Symbol("today", DATE))
        kinds = tuple(map(type_of, given))
        told = any(each.kind == "unknown" for each in kinds)  # a fault in it was told already
        kind = Type("unknown") if told else function.result(kinds)
        if kind is None:
            found = ", ".join(map(str, kinds))
            self.fail("LR211", node, name=node.function, found=found)
        return replace(
            node, function=name, arguments=given, type=kind,
            selects=function.selects, form=function.form,
        )  # fmt: skip

    def _arguments(self, node: tree.Call, function: Function) -> tuple[Node, ...]:
        """The arguments; where one of them is answered, bare words are of the first one's type, and
        instants beside dates count as their dates."""
        first = tuple(self.node(each) for each in node.arguments[:1])
        want = type_of(first[0]) if first and function.selects else None
        given = (*first, *(self.node(each, want) for each in node.arguments[1:]))
        mixed = {type_of(each).kind for each in given} == DATED
        return tuple(map(_as_date, given)) if mixed and function.selects else given

    def _named(self, node: tree.Call, given: tuple[Node, ...]) -> tuple[Node, ...]:
        """The name of each fact where it is missing, else an empty text."""
        for each, fact in zip(node.arguments, given, strict=True):
            if not isinstance(fact, tree.FactRef):
                self.fail("LR211", node, name=node.function, found=written(each))
        nothing = (tree.YES, tree.Literal("", TEXT))
        return tuple(
            tree.Case(((tree.Missing(fact), tree.Literal(fact.key, TEXT)), nothing), TEXT)
            for fact in given
            if isinstance(fact, tree.FactRef)
        )

    def _if(self, node: tree.Call, want: Type | None) -> Node:
        if len(node.arguments) != 3:
            self.fail("LR211", node, name=CHOICE, found=len(node.arguments))
        test, yes, no = node.arguments
        return self._case(node, ((test, yes), (tree.YES, no)), want)

    def _case(
        self, node: Node, rows: tuple[tuple[Node, Node], ...], want: Type | None
    ) -> tree.Case:
        words = want or self._words(rows)
        typed = tuple((self._condition(test), self.node(value, words)) for test, value in rows)
        kinds = [type_of(value) for _, value in typed]
        for number, (_, value) in enumerate(typed):
            if common(kinds[: number + 1]) is None:
                self._mismatch(value, (rows[0][1], rows[number][1]), kinds[0], kinds[number])
        return tree.Case(typed, common(kinds) or kinds[0], span=node.span)

    def _words(self, rows: tuple[tuple[Node, Node], ...]) -> Type | None:
        """The words of the first value that knows them: bare words beside it are among them."""
        values = (value for _, value in rows if not self._waits(value))
        kinds = (type_of(self.node(value)) for value in values)
        return next((kind for kind in kinds if kind.kind == "word"), None)


def _quoted(node: Node) -> str:
    """The text of an expression, in which texts of a list keep their quotes."""
    if not isinstance(node, tree.ListOf):
        return written(node)
    texts = (isinstance(each, tree.Literal) and each.type == TEXT for each in node.items)
    items = zip(node.items, texts, strict=True)
    said = (f'"{written(each)}"' if text else written(each) for each, text in items)
    return f"[{', '.join(said)}]"


def _count(value: object, want: Type) -> int | None:
    """How many of a unit of time a period is, where that is a whole number."""
    if not isinstance(value, Period) or value.workdays:
        return None
    match want.unit, value:
        case "days", Period(months=0, minutes=0):
            return value.days
        case "months", Period(days=0, minutes=0):
            return value.months
        case "years", Period(days=0, minutes=0) if value.months % 12 == 0:
            return value.months // 12
        case "minutes", Period(months=0, days=0):
            return value.minutes
        case "hours", Period(months=0, days=0) if value.minutes % 60 == 0:
            return value.minutes // 60
    return None


def _counts(kind: Type) -> Type | None:
    """The type beside which `30 minutes` is a number of them: one of counted minutes."""
    return kind if kind.kind in COUNTED and kind.unit in TIMES else None


def _is_period(node: Node) -> TypeGuard[tree.Literal]:
    return isinstance(node, tree.Literal) and type_of(node).kind == "period"


def _as_date(node: Node) -> Node:
    if type_of(node).kind == "date":
        return node
    return tree.Call("date", (node,), DATE, span=node.span)


def _fits(found: Type, expected: Type) -> bool:
    """True when a value of one type may stand where the other is expected."""
    if "unknown" in (found.kind, expected.kind):
        return True  # a fault in it was told already
    if found.kind in COUNTED and expected.kind in COUNTED:
        return found.unit == expected.unit or not (found.unit and expected.unit)
    if found.kind == "word" and expected.kind == "word":
        return set(found.words) <= set(expected.words) or set(expected.words) <= set(found.words)
    if {found.kind, expected.kind} == {"word", "text"}:
        return True
    return found.kind == expected.kind


def _result(sign: str, left: Type, right: Type) -> Type | None:
    """The type of `left sign right`, or None when they do not go together."""
    if "unknown" in (left.kind, right.kind):
        return Type("unknown")  # a fault in it was told already
    if left.kind in DATED and right.kind == "period":
        fits = sign in "+-" and (left.kind == "datetime" or right != MINUTES)
        return left if fits else None
    if left.kind not in COUNTED or right.kind not in COUNTED:
        return None
    kind = "whole" if left.kind == right.kind == "whole" and sign != "/" else "number"
    if sign in "+-":
        return Type(kind, left.unit or right.unit) if _fits(left, right) else None
    if sign == "/":
        return Type(kind, "" if left.unit == right.unit else left.unit)
    return Type(kind, left.unit or right.unit) if not (left.unit and right.unit) else None
