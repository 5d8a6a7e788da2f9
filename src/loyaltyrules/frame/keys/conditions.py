# SPDX-License-Identifier: Apache-2.0
"""Yes/no expressions over the facts of a row as columns, in exact whole numbers."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Form, Node
from loyaltyrules.expression.types import COUNTED, Type
from loyaltyrules.fact.coerce import SCALE
from loyaltyrules.frame.input.canonical import stored
from loyaltyrules.frame.input.exact import EXACT

Types: TypeAlias = Mapping[str, Type]
Frame: TypeAlias = nw.DataFrame[Any] | nw.LazyFrame[Any]
LARGEST = 2**62
SCALED = ("number", "share")


class NotInColumns(ValueError):
    """An expression that columns do not compute exactly; its facts are taken whole instead."""


def literal(value: Any, kind: Type) -> nw.Expr:
    """A constant in the type of its column; whole numbers always as 64 bits."""
    value = stored(value, kind)
    if isinstance(value, bool | str):
        return nw.lit(value)
    if isinstance(value, int):  # no fact reaches the bound, so a larger constant compares the same
        return nw.lit(max(-LARGEST, min(LARGEST, value)), nw.Int64)
    if isinstance(value, datetime):
        return nw.lit(value, nw.Datetime)
    return nw.lit(value, nw.Date) if isinstance(value, date) else nw.lit(value)


@dataclass(frozen=True, slots=True)
class Amount:
    """A column of whole numbers: the value times 10 to the `scale`, never larger than `bound`."""

    column: nw.Expr
    scale: int
    bound: int

    def at(self, scale: int) -> "Amount":
        factor = 10 ** (scale - self.scale)
        if self.bound * factor >= LARGEST:
            raise NotInColumns
        if factor == 1:
            return self
        return Amount(self.column * nw.lit(factor, nw.Int64), scale, self.bound * factor)


def _floored(number: Amount, divisor: Fraction) -> Amount:
    """The largest whole number up to a number divided by a constant."""
    by = divisor * 10**number.scale
    upper, lower = by.denominator, by.numerator
    if number.bound * upper >= LARGEST or abs(lower) >= LARGEST:
        raise NotInColumns
    times = upper if lower > 0 else -upper
    column = number.column * nw.lit(times, nw.Int64) // nw.lit(abs(lower), nw.Int64)
    return Amount(column, 0, number.bound * upper // abs(lower) + 1)


def _chosen(which: Form, numbers: list[Amount]) -> Amount:
    """The smallest or the largest of numbers."""
    scale = max(each.scale for each in numbers)
    alike = [each.at(scale) for each in numbers]
    choose = nw.min_horizontal if which == "least" else nw.max_horizontal
    column = choose(*(each.column for each in alike))
    return Amount(column, scale, max(each.bound for each in alike))


def _listed(name: str, word: str) -> nw.Expr:
    """Whether a word is in a list, which is stored with `;` between its words."""
    whole = nw.concat_str(nw.lit(";"), nw.col(name), nw.lit(";"))
    return whole.str.contains(f";{word};", literal=True)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Translates yes/no expressions over facts of a row; three-valued, like the evaluator.

    Raises:
        NotInColumns: from `truth`, for what columns do not compute exactly.
    """

    types: Types
    frame: Frame
    happened: Set[str] = frozenset()  # derived dates whose null means that nothing has happened

    def truth(self, node: Node) -> nw.Expr:
        """The condition as a column."""
        if any(self.types.get(name) == EXACT for name in tree.facts_in(node)):
            raise NotInColumns
        if any(isinstance(e, tree.Literal) and e.value is None for e in tree.walk(node)):
            raise NotInColumns  # a cell that is missing
        return self._truth(node)

    def _truth(self, node: Node) -> nw.Expr:
        match node:
            case tree.And(items):
                return nw.all_horizontal(*map(self._truth, items), ignore_nulls=False)
            case tree.Or(items):
                return nw.any_horizontal(*map(self._truth, items), ignore_nulls=False)
            case tree.Not(item):
                return ~self._truth(item)
            case tree.Missing(tree.FactRef(name)):
                return nw.col(name).is_null()
            case tree.Compare(sign, left, right):
                return self._guarded(node, self._compared(sign, left, right))
            case tree.In(tree.Literal(str(word)), tree.FactRef(name, kind)) if ";" not in word:
                if self.types.get(name, kind).kind == "list":
                    return self._guarded(node, _listed(name, word))
        raise NotInColumns

    def _guarded(self, node: Node, result: nw.Expr) -> nw.Expr:
        """An unknown fact makes a comparison unknown; an event that has not happened, false."""
        facts = [each for each in tree.walk(node) if isinstance(each, tree.FactRef)]
        known = result.fill_null(False)
        events = self.happened | {each.key for each in facts if each.event}
        unknown = [nw.col(each.key).is_null() for each in facts if each.key not in events]
        if not unknown:
            return known
        return nw.when(~nw.any_horizontal(*unknown, ignore_nulls=False)).then(known)

    def _compared(self, sign: str, left: Node, right: Node) -> nw.Expr:
        one, other = self._sides(left, right)
        match sign:
            case "=":
                return one == other
            case "!=":
                return one != other
            case "<":
                return one < other
            case "<=":
                return one <= other
            case ">":
                return one > other
        return one >= other

    def _sides(self, left: Node, right: Node) -> tuple[nw.Expr, nw.Expr]:
        kinds = tree.type_of(left).kind, tree.type_of(right).kind
        if kinds[0] in COUNTED and kinds[1] in COUNTED:
            one, other = self._amount(left), self._amount(right)
            scale = max(one.scale, other.scale)
            return one.at(scale).column, other.at(scale).column
        if kinds[0] == kinds[1] and kinds[0] in ("date", "datetime"):
            return self._plain(left), self._plain(right)
        raise NotInColumns

    def _plain(self, node: Node) -> nw.Expr:
        match node:
            case tree.FactRef(name):
                return nw.col(name)
            case tree.Literal(value, kind):
                return literal(value, kind)
        raise NotInColumns

    def _amount(self, node: Node) -> Amount:
        match node:
            case tree.FactRef(name, kind):
                scale = SCALE if self.types.get(name, kind).kind in SCALED else 0
                return Amount(nw.col(name), scale, self._bound(name))
            case tree.Literal(value):
                number = Decimal(value).normalize()  # type: ignore[arg-type]
                scale = max(0, -int(number.as_tuple().exponent))
                scaled = int(number.scaleb(scale))
                if abs(scaled) >= LARGEST:
                    raise NotInColumns
                return Amount(nw.lit(scaled, nw.Int64), scale, abs(scaled))
            case tree.Arithmetic(sign, left, right) if sign != "/":
                return self._arithmetic(sign, self._amount(left), self._amount(right))
            case tree.Call(arguments=arguments, form=form) if form is not None:
                return self._called(form, arguments)
        raise NotInColumns

    def _called(self, form: Form, arguments: tuple[Node, ...]) -> Amount:
        match form:
            case "floor":
                return self._floored(*arguments)
            case "absolute":
                found = self._amount(*arguments)
                return replace(found, column=found.column.abs())
            case "least" | "greatest":
                return _chosen(form, [self._amount(each) for each in arguments])
            case "first there" | "latest there" | "earliest there":
                raise NotInColumns  # a comparison here is unknown where any of its facts is
        assert_never(form)

    def _floored(self, number: Node) -> Amount:
        match number:
            case tree.Arithmetic("/", left, tree.Literal(value)):
                if not isinstance(value, int | Decimal) or not value:
                    raise NotInColumns
                return _floored(self._amount(left), Fraction(value))
        return _floored(self._amount(number), Fraction(1))

    def _bound(self, name: str) -> int:
        ends = self.frame.select(
            nw.col(name).max().alias("most"), nw.col(name).min().alias("least")
        )
        known = ends.collect() if isinstance(ends, nw.LazyFrame) else ends
        return max(abs(int(known[each].to_list()[0] or 0)) for each in ("most", "least"))

    def _arithmetic(self, sign: str, left: Amount, right: Amount) -> Amount:
        if sign == "*":
            bound = left.bound * right.bound
            if bound >= LARGEST:
                raise NotInColumns
            return Amount(left.column * right.column, left.scale + right.scale, bound)
        scale = max(left.scale, right.scale)
        one, other = left.at(scale), right.at(scale)
        bound = one.bound + other.bound
        if bound >= LARGEST:
            raise NotInColumns
        column = one.column + other.column if sign == "+" else one.column - other.column
        return Amount(column, scale, bound)
