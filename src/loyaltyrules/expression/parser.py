# SPDX-License-Identifier: Apache-2.0
"""The text of an expression becomes a tree of names and literals; nothing is looked up yet."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.tokens import (
    SYNONYMS,
    UNITS,
    Token,
    UnreadableText,
    day_meant,
    habit,
    tokens,
)
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import (
    DATE,
    NUMBER,
    SHARE,
    TEXT,
    WHOLE,
    YES_NO,
    period_type,
)
from loyaltyrules.problem.problem import Place, Problem, nearest, problem

SIGNS = ("=", "==", "!=", "<", "<=", ">", ">=")
DEEPEST = 40
LONGEST_CHAIN = 400  # words and signs of one sum or product
MOST_FACTORS = 70  # of one product, with all below it: so figures stay such as can be told
LONGEST = 20_000  # characters of an expression
LONGEST_NUMBER = 15  # digits
LIMITS = {
    "longest": LONGEST, "chain": LONGEST_CHAIN, "factors": MOST_FACTORS, "deepest": DEEPEST,
}  # fmt: skip
RESERVED = frozenset({"and", "or", "not", "in", "is", "missing"})
KEYWORDS = RESERVED | SYNONYMS.keys() | {"today", "yes", "no"}  # a name of none of these is read
NO_UNIT = re.compile(r"[0-9.]")  # 1e6 and 0x1F are no numbers of anything


class ExpressionFault(ValueError):
    """The text is no expression; `problems` say where and why, the first also as `problem`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].code)
        self.problem, self.problems = problems[0], problems


def parse(text: str, place: Place | None = None) -> Node:
    """Read one expression.

    Args:
        text: The expression as written, e.g. `points >= 2000 and tier in [A, B]`.
        place: Where the text stands, for problems.

    Raises:
        ExpressionFault: the text is not an expression (LR110, LR111), or too long (LR112).
    """
    spot = place or Place("", 1, 1, len(text), text)
    if len(text) > LONGEST:
        raise ExpressionFault(problem("LR112", spot, **LIMITS))
    try:
        reader = _Reader(tokens(text), text, spot)
    except UnreadableText as fault:
        where = spot.inside(fault.start, fault.start + 1)
        raise ExpressionFault(problem("LR110", where, found=str(fault), near=fault.near)) from fault
    node = reader.disjunction()
    reader.expect_end()
    if text.count("*") + text.count("/") >= MOST_FACTORS and _factors(node) > MOST_FACTORS:
        raise ExpressionFault(problem("LR112", spot, **LIMITS))
    return node


def _factors(node: Node) -> int:
    """How many figures are multiplied or divided to one."""
    below = [_factors(each) for each in tree.children(node)] or [1]
    multiplied = isinstance(node, tree.Arithmetic) and node.sign in ("*", "/")
    return sum(below) if multiplied else max(below)


class _Reader:
    """Recursive descent; one method a line of the grammar."""

    def __init__(self, found: list[Token], text: str, place: Place) -> None:
        self.tokens, self.text, self.place = found, text, place
        self.position, self.depth = 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self, *texts: str) -> Token | None:
        token = self.next
        if token.kind in ("name", "sign") and token.text in texts:
            self.position += 1
            return token
        return None

    def fail(self, code: str = "LR111", **details: object) -> ExpressionFault:
        token = self.next
        found = {"found": token.text or "…", "near": ""} | details
        if token.kind == "name" and (meant := habit(token.text)):
            found["near"] = meant
        return ExpressionFault(problem(code, self.place.inside(token.start, token.end), **found))

    def expect(self, sign: str) -> Token:
        token = self.take(sign)
        if token is None:
            raise self.fail(near=sign)
        return token

    def expect_end(self) -> None:
        if self.next.kind != "end":
            words = ("and", "or", "in", "not", "is")
            raise self.fail(near=nearest(self.next.text, words))

    def span(self, start: int) -> tree.Span:
        return self.tokens[start].start, self.tokens[max(start, self.position - 1)].end

    def disjunction(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("LR112", **LIMITS)
        node = self._joined("or", self._conjunction, tree.Or)
        self.depth -= 1
        return node

    def _conjunction(self) -> Node:
        return self._joined("and", self._negation, tree.And)

    def _joined(
        self, word: str, part: Callable[[], Node], kind: type[tree.And] | type[tree.Or]
    ) -> Node:
        start = self.position
        items = [part()]
        while self.take(word):
            items.append(part())
        return items[0] if len(items) == 1 else kind(tuple(items), span=self.span(start))

    def _negation(self) -> Node:
        start = self.position
        if not self.take("not"):
            return self._test()
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("LR112", **LIMITS)
        item = self._negation()
        self.depth -= 1
        return tree.Not(item, span=self.span(start))

    def _test(self) -> Node:
        start = self.position
        left = self._sum()
        if self.take("is"):
            return self._missing(left, start)
        negated = self.take("not")
        if self.take("in"):
            node: Node = tree.In(left, self._sum(), span=self.span(start))
            return tree.Not(node, span=self.span(start)) if negated else node
        if negated:
            raise self.fail(near="in")
        sign = self.take(*SIGNS)
        if not sign:
            return left
        right = self._sum()
        if self.take(*SIGNS):
            self.position -= 1
            raise self.fail("LR113")
        name = "=" if sign.text == "==" else sign.text
        return tree.Compare(name, left, right, span=self.span(start))

    def _missing(self, item: Node, start: int) -> Node:
        negated = self.take("not")
        if not self.take("missing"):
            raise self.fail(near="missing")
        node = tree.Missing(item, span=self.span(start))
        return tree.Not(node, span=self.span(start)) if negated else node

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._atom)

    def _chain(self, signs: tuple[str, str], part: Callable[[], Node]) -> Node:
        start = self.position
        node = part()
        while sign := self.take(*signs):
            if self.position - start > LONGEST_CHAIN:
                raise self.fail("LR112", **LIMITS)
            node = tree.Arithmetic(sign.text, node, part(), span=self.span(start))
        return node

    def _atom(self) -> Node:
        start = self.position
        if self.take("("):
            node = self.disjunction()
            self.expect(")")
            return node
        if self.take("["):
            return tree.ListOf(self._items("]"), span=self.span(start))
        if self.take("-"):
            return self._negative(start)
        return self._word(start)

    def _negative(self, start: int) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("LR112", **LIMITS)
        item = self._atom()
        self.depth -= 1
        return tree.Arithmetic("-", tree.Literal(0, WHOLE), item, span=self.span(start))

    def _items(self, end: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.take(end):
            items.append(self.disjunction())
            if not self.take(","):
                self.expect(end)
                break
        return tuple(items)

    def _word(self, start: int) -> Node:
        token = self.next
        if token.kind in ("end", "sign") or (token.kind == "name" and token.text in RESERVED):
            before = self.tokens[self.position - 1].text if self.position else ""
            turned = f"{token.text}=" if before == "=" and token.text in SIGNS else ""
            raise self.fail(near="!=" if (before, token.text) == ("<", ">") else turned)
        self.position += 1
        span = (token.start, token.end)
        match token.kind:
            case "date":
                return tree.Literal(self._date(token), DATE, span=span)
            case "text":
                return tree.Literal(token.text, TEXT, span=span)
            case "percent":
                return tree.Literal(self._number(token) / Decimal(100), SHARE, span=span)
            case "number":
                number = self._number(token)
                return self._measured(_literal(number, span), start)
        return self._named(token, start)

    def _named(self, token: Token, start: int) -> Node:
        if token.text in ("yes", "no"):
            return tree.Literal(token.text == "yes", YES_NO, span=(token.start, token.end))
        if self.take("("):
            arguments = self._items(")")
            return tree.Call(token.text, arguments, span=self.span(start))
        return self._measured(tree.Name(token.text, span=(token.start, token.end)), start)

    def _measured(self, amount: Node, start: int) -> Node:
        """A number or name with the unit behind it, if there is one."""
        token = self.next
        if token.kind != "name" or token.text in RESERVED or NO_UNIT.search(token.text):
            return amount
        if habit(token.text):
            return amount
        if isinstance(amount, tree.Name) and token.text not in UNITS:
            return amount
        self.position += 1
        span = self.span(start)
        unit = UNITS.get(token.text)
        if unit and isinstance(amount, tree.Literal) and isinstance(amount.value, int):
            length = period(amount.value, unit)
            return tree.Literal(length, period_type(length), span=span)
        return tree.Quantity(amount, unit or token.text, span=span)

    def _number(self, token: Token) -> Decimal:
        if len(token.text.replace(".", "")) > LONGEST_NUMBER:
            self.position -= 1
            raise self.fail("LR114", digits=LONGEST_NUMBER)
        return Decimal(token.text)

    def _date(self, token: Token) -> date:
        try:
            return date.fromisoformat(token.text)
        except ValueError as fault:
            self.position -= 1
            raise self.fail("LR301", found=token.text, near=day_meant(token.text)) from fault


def period(amount: int, unit: str) -> Period:
    """A period of whole days, workdays, weeks, months or years, or of hours or minutes, which are exact."""
    match unit:
        case "workdays":
            return Period(workdays=amount)
        case "months" | "years":
            return Period(months=amount * (12 if unit == "years" else 1))
        case "hours" | "minutes":
            return Period(minutes=amount * (60 if unit == "hours" else 1))
    return Period(days=amount * (7 if unit == "weeks" else 1))


def _literal(number: Decimal, span: tree.Span) -> tree.Literal:
    whole = number == number.to_integral_value()
    return tree.Literal(int(number) if whole else number, WHOLE if whole else NUMBER, span=span)
