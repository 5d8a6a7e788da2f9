# SPDX-License-Identifier: Apache-2.0
"""The closed list of aggregates over child records, each with all that is known of it.

Rows, tables, the schema and the documentation read this table; a test holds them to it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Literal, TypeAlias

from loyaltyrules.expression.types import (
    COUNTED,
    DATED,
    KINDS,
    LIST,
    NOT_HAPPENED,
    NUMBER,
    WHOLE,
    YES_NO,
    NotHappened,
    Type,
)

ColumnForm: TypeAlias = Literal["rows", "any row", "sum", "mean", "max", "min"]


@dataclass(frozen=True, slots=True)
class AggregateFunction:
    """One aggregate of the language.

    `takes` are the kinds of value that it is made of; none where it counts the child records
    themselves. `result` gives its type from that of the value. `reduce` makes the figure of the
    values that are there, of which there is at least one; without any it is `empty`: a value, an
    event that has not happened, or None for missing. A figure of more decimals than numbers have
    is rounded once, at the end. `columns` is how one group-by of a table says it; None: the
    children of each record are taken whole, which is always right.

    `texts`: the values are read as texts, those of lists one by one. `ordered`: the children are
    put in the order of `by`. `picks`: then it is the value of the last of them, be it there or not; of
    dates none at all is an event that has not happened. `typed`: `reduce` is handed the type of the
    value before the values.
    """

    takes: frozenset[str]
    result: Callable[[Type], Type]
    reduce: Callable[..., Any]
    empty: Literal[0, False] | tuple[()] | NotHappened | None = None
    columns: ColumnForm | None = None
    ordered: bool = False
    texts: bool = False
    picks: bool = False
    typed: bool = False

    @property
    def cut(self) -> bool:
        """True where `take` may say how many of its values stay."""
        return self.ordered and self.texts

    def nothing(self, kind: Type) -> Any:
        """What it is, of values of a type, where none counts."""
        return NOT_HAPPENED if self.picks and kind.kind in DATED else self.empty

    def reducing(self, kind: Type) -> Callable[[list[Any]], Any]:
        """What makes the figure of values of a type."""
        return partial(self.reduce, kind) if self.typed else self.reduce


def _same(kind: Type) -> Type:
    return kind


def _always(kind: Type) -> Callable[[Type], Type]:
    return lambda _: kind


def _mean(values: list[Any]) -> Decimal:
    return Decimal(sum(values)) / len(values)


def _median(values: list[Any]) -> Decimal:
    """The middle value, or the mean of the two in the middle."""
    found, half = sorted(values), len(values) // 2
    return _mean(found[half : half + 1] if len(found) % 2 else found[half - 1 : half + 1])


def _number_in_its_unit(kind: Type) -> Type:
    return Type("number", kind.unit)


def _each_once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _last(values: list[Any]) -> Any:
    return values[-1]


def _counted(kind: Type, words: list[str]) -> tuple[str, ...]:
    """How often each word is there: in the order of its vocabulary, others the most frequent first."""
    known = {word: place for place, word in enumerate(kind.words)}
    found = Counter(words)
    order = sorted(found, key=lambda word: (known.get(word, len(known)), -found[word], word))
    return tuple(f"{word}={found[word]}" for word in order)


_RECORDS = frozenset[str]()
_ORDERED = COUNTED | DATED
_ANY = frozenset(KINDS)

AGGREGATES: Mapping[str, AggregateFunction] = {
    "count": AggregateFunction(_RECORDS, _always(WHOLE), len, 0, "rows"),
    "any": AggregateFunction(_RECORDS, _always(YES_NO), bool, False, "any row"),
    "sum": AggregateFunction(COUNTED, _same, sum, 0, "sum"),
    "mean": AggregateFunction(COUNTED, _always(NUMBER), _mean, None, "mean"),
    "median": AggregateFunction(COUNTED, _number_in_its_unit, _median),
    "latest": AggregateFunction(DATED, _same, max, NOT_HAPPENED, "max"),
    "earliest": AggregateFunction(DATED, _same, min, NOT_HAPPENED, "min"),
    "max": AggregateFunction(_ORDERED, _same, max, None, "max"),
    "min": AggregateFunction(_ORDERED, _same, min, None, "min"),
    "newest": AggregateFunction(_ANY, _same, _last, ordered=True, picks=True),
    "list": AggregateFunction(_ANY, _always(LIST), _each_once, (), ordered=True, texts=True),
    "counts": AggregateFunction(_ANY, _always(LIST), _counted, (), texts=True, typed=True),
}
