# SPDX-License-Identifier: Apache-2.0
"""Cases of many rows that compare one thing with constants: only the rows of its value are asked."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node

Run: TypeAlias = Callable[[Mapping[str, Any]], Any]
Row: TypeAlias = tuple[Run, Run]  # a condition and a value
MANY = 16  # rows from which on it pays


def choosing(rows: Sequence[Row]) -> Run:
    """The value of the first row whose condition holds; unknown at an unknown one, and without any."""

    def choose(facts: Mapping[str, Any]) -> Any:
        for test, value in rows:
            holds = test(facts)
            if holds is None:
                return None
            if holds:
                return value(facts)
        return None

    return choose


def choosing_by_value(
    node: tree.Case, rows: Sequence[Row], read: Callable[[Node], Run]
) -> Run | None:
    """The same for a case of many rows of which most compare one thing with a constant, else None.

    A row whose constant is another one does not hold, whatever else it asks. Where the thing itself is
    unknown, all rows are asked.
    """
    if len(rows) < MANY:
        return None
    told = [dict(_equalities(test)) for test, _ in node.rows]
    most = Counter(each for pairs in told for each in pairs).most_common(1)
    if not most or 2 * most[0][1] < len(rows):
        return None
    thing = most[0][0]
    return _by_value(read(thing), [pairs.get(thing, ANY) for pairs in told], rows)


ANY: Any = object()  # of a row that does not go by the value


def _equalities(test: Node) -> Iterator[tuple[Node, Any]]:
    """What must equal which constant for a condition to hold."""
    match test:
        case tree.And(items):
            for each in items:
                yield from _equalities(each)
        case tree.Compare("=", tree.Literal(constant), thing) if constant is not None:
            yield thing, constant
        case tree.Compare("=", thing, tree.Literal(constant)) if constant is not None:
            yield thing, constant


def _by_value(read: Run, constants: Sequence[Any], rows: Sequence[Row]) -> Run:
    every, others = choosing(rows), [n for n, each in enumerate(constants) if each is ANY]
    places: dict[Any, list[int]] = {}
    for place, constant in enumerate(constants):
        if constant is not ANY:
            places.setdefault(constant, []).append(place)
    otherwise, known = choosing([rows[n] for n in others]), dict[Any, Run]()

    def choose(facts: Mapping[str, Any]) -> Any:
        value = read(facts)
        if value is None:
            return every(facts)
        if value not in places:
            return otherwise(facts)
        if value not in known:
            known[value] = choosing([rows[n] for n in sorted((*places[value], *others))])
        return known[value](facts)

    return choose
