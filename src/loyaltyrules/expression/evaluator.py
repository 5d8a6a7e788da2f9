# SPDX-License-Identifier: Apache-2.0
"""The one meaning of expressions: three-valued, on the facts of one record.

A resolved, folded tree becomes a Python function of the record's facts (a mapping from name to
value). `None` is *unknown*; `NOT_HAPPENED` is a dated event that is known not to have happened.
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from loyaltyrules.calendar import Period, shift_or_edge
from loyaltyrules.expression import tree
from loyaltyrules.expression.choosing import choosing, choosing_by_value
from loyaltyrules.expression.functions import FUNCTIONS, Function
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import DATED, NOT_HAPPENED

Facts: TypeAlias = Mapping[str, Any]
Evaluated: TypeAlias = Callable[[Facts], Any]

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def evaluator(node: Node, functions: Mapping[str, Function] = FUNCTIONS) -> Evaluated:
    """The function that evaluates a resolved expression without symbols on the facts of a record."""
    below = [evaluator(child, functions) for child in tree.children(node)]
    match node:
        case tree.Literal(value):
            return lambda facts: value
        case tree.FactRef(name, _, event):
            return _fact(name, NOT_HAPPENED if event else None)
        case tree.Not():
            return _negation(below[0])
        case tree.And() | tree.Or():
            return _joined(below, stop=isinstance(node, tree.Or))
        case tree.Missing():
            return _missing(below[0])
        case tree.Falling():
            return below[0]
        case tree.Compare():
            return _comparison(node, *below)
        case tree.In():
            return _membership(*below)
        case tree.ListOf():
            return lambda facts: tuple(part(facts) for part in below)
        case tree.Arithmetic(sign):
            return _strict(_ARITHMETIC[sign], below)
        case tree.Case():
            rows = list(zip(below[::2], below[1::2], strict=True))
            read = partial(evaluator, functions=functions)
            return choosing_by_value(node, rows, read) or choosing(rows)
        case tree.Call():
            return _call(node, below, functions)
    raise TypeError(f"{node} is not resolved and folded")


def evaluated_later(node: Node, functions: Mapping[str, Function]) -> Evaluated:
    """The same function, made when it is first called: most rules of a day are never asked."""
    made: list[Evaluated] = []

    def run(facts: Facts) -> Any:
        if not made:
            made.append(evaluator(node, functions))
        return made[0](facts)

    return run


def _fact(name: str, absent: object) -> Evaluated:
    def read(facts: Facts) -> Any:
        value = facts.get(name)
        return absent if value is None else value

    return read


def _negation(item: Evaluated) -> Evaluated:
    def negate(facts: Facts) -> Any:
        value = item(facts)
        return None if value is None else not value

    return negate


def _joined(items: list[Evaluated], stop: bool) -> Evaluated:
    def join(facts: Facts) -> Any:
        result: bool | None = not stop
        for item in items:
            value = item(facts)
            if value is stop:
                return stop
            if value is None:
                result = None
        return result

    return join


def _missing(item: Evaluated) -> Evaluated:
    def missing(facts: Facts) -> Any:
        value = item(facts)
        return value is None or value is NOT_HAPPENED or value == ""

    return missing


def _comparison(node: tree.Compare, left: Evaluated, right: Evaluated) -> Evaluated:
    compare = SIGNS[node.sign]
    kind = type_of(node.left)
    if kind.kind == "word" and node.sign not in ("=", "!="):
        place = {word: -index for index, word in enumerate(kind.words)}.get  # better is greater
        return _strict(lambda a, b: compare(place(a, -99), place(b, -99)), [left, right], False)
    return _strict(compare, [left, right], False)


def _membership(item: Evaluated, options: Evaluated) -> Evaluated:
    return _strict(lambda value, listed: value in listed, [item, options], False)


def _strict(
    apply: Callable[..., Any], items: list[Evaluated], not_happened: object = NOT_HAPPENED
) -> Evaluated:
    """Apply to known values; an event that has not happened gives `not_happened`."""
    if len(items) == 2:
        return _strict_pair(apply, items[0], items[1], not_happened)

    def run(facts: Facts) -> Any:
        values = [item(facts) for item in items]
        if None in values:
            return None
        if NOT_HAPPENED in values:
            return not_happened
        return apply(*values)

    return run


def _strict_pair(
    apply: Callable[..., Any], left: Evaluated, right: Evaluated, not_happened: object
) -> Evaluated:
    """The same for two values, the common case, without a list."""

    def run(facts: Facts) -> Any:
        one, other = left(facts), right(facts)
        if one is None or other is None:
            return None
        if one is NOT_HAPPENED or other is NOT_HAPPENED:
            return not_happened
        return apply(one, other)

    return run


def _call(node: tree.Call, below: list[Evaluated], functions: Mapping[str, Function]) -> Evaluated:
    function = functions[node.function]
    apply = partial(function.apply, node.type) if function.typed else function.apply
    if function.sees_missing:
        return lambda facts: apply(*(part(facts) for part in below))
    if function.selects:
        nothing = NOT_HAPPENED if node.type.kind in DATED else None
        return _selection(apply, below, nothing)
    if function.skips_missing:
        return lambda facts: apply(
            *(v for part in below if (v := part(facts)) is not None and v is not NOT_HAPPENED)
        )
    return _strict(apply, below, False if node.type.kind == "yes/no" else NOT_HAPPENED)


def _selection(choose: Callable[..., Any], items: list[Evaluated], nothing: object) -> Evaluated:
    """One of the values that are present; of dates none is a day that has not happened."""

    def select(facts: Facts) -> Any:
        present = [v for item in items if (v := item(facts)) is not None and v is not NOT_HAPPENED]
        return choose(*present) if present else nothing

    return select


def _plus(left: Any, right: Any) -> Any:
    return shift_or_edge(left, right) if isinstance(right, Period) else left + right


def _minus(left: Any, right: Any) -> Any:
    return shift_or_edge(left, right, -1) if isinstance(right, Period) else left - right


def _divided(left: Any, right: Any) -> Any:
    return Decimal(left) / Decimal(right) if right else None


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": _plus, "-": _minus, "*": operator.mul, "/": _divided,
}  # fmt: skip
