# SPDX-License-Identifier: Apache-2.0
"""What is known of the records of one kind, and where they stand by what an expression says of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import FactRef, Node, facts_in
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import column_of, records
from loyaltyrules.frame.keys.table import Table

Places = dict[Any, tuple[int, ...]]  # of rows, by value
AT, HOLDS = "__at", "__holds"  # the place of a row, and whether something holds there


@dataclass(slots=True)
class Known:
    """Given and derived facts of all records of a kind. Their rows keep their places.

    `given` are the columns that never change.
    """

    table: Table
    given: frozenset[str]
    functions: Mapping[str, Function]
    kind: FrameFormat
    by: dict[Node | str, Places] = field(default_factory=dict)

    @property
    def frame(self) -> Frame:
        return self.table.frame

    def __len__(self) -> int:
        return len(self.table.frame)

    def is_given(self, node: Node) -> bool:
        """True of an expression over what records were given."""
        return {*facts_in(node)} <= self.given

    def places_by(self, node: Node) -> Places:
        """The places of rows by the value of an expression over what records were given."""
        if node not in self.by:
            self.by[node] = _placed(self._values(node))
        return self.by[node]

    def places_of(self, name: str, values: Iterable[Any]) -> set[int]:
        """The places of rows with some values in a column of texts that never changes."""
        if name not in self.by:
            self.by[name] = _placed(self.frame[name].to_list())
        known = self.by[name]
        return {place for value in values for place in known.get(value, ())}

    def texts_at(self, name: str, places: Collection[int]) -> set[str]:
        """What a column of texts says at some places."""
        found = self.at(places, [name])[name].to_list()
        return {each for each in found if each is not None}

    def at(self, places: Collection[int], names: Iterable[str] | None = None) -> Frame:
        """The rows at some places, in their order."""
        frame = self.frame if names is None else self.frame.select(*names)
        return frame if len(places) == len(frame) else frame[sorted(places)]

    def where(self, condition: nw.Expr) -> set[int]:
        """The places of rows of whom a condition holds."""
        told = self.frame.select(condition.fill_null(False).alias(HOLDS)).with_row_index(AT)
        return {*told.filter(nw.col(HOLDS))[AT].to_list()}

    def turning(self, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
        """The columns of facts that turned, its own or those of records above it."""
        for subject, name in facts:
            column = name if subject == self.table.subject else f"{subject}.{name}"
            if column in self.frame.columns:
                yield column

    def renew(self, fresh: Frame, facts: Iterable[str]) -> None:
        """Put facts that were derived anew of some records in the place of what was known of them."""
        fresh = fresh.sort("id")  # as all rows are
        rows = sorted(self.places_of("id", fresh["id"].to_list()))
        columns = (self.frame[name].scatter(rows, fresh[name]) for name in facts)
        self.table.frame = self.frame.with_columns(columns)

    def _values(self, node: Node) -> list[Any]:
        if isinstance(node, FactRef):
            return column_of(self.frame, node.key, self.table.columns)
        read, names = evaluator(node, self.functions), sorted(facts_in(node))
        return [read(facts) for facts in records(self.frame, names, self.table.columns)]


def _placed(values: Iterable[Any]) -> Places:
    found: dict[Any, list[int]] = {}
    for place, value in enumerate(values):
        if value is not None:
            found.setdefault(value, []).append(place)
    return {value: tuple(places) for value, places in found.items()}
