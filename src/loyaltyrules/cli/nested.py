# SPDX-License-Identifier: Apache-2.0
"""Records as JSON writes them, maps and lists of child records inside, become flat tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from loyaltyrules.fact.snapshot import Vocabulary, flat

Row = Mapping[str, Any]


def flat_rows(rows: Sequence[Row], subject: str, vocabulary: Vocabulary) -> list[Row]:
    """Maps unfolded as in a snapshot, lists of child records left out."""
    lists = {child.listed_as for child in vocabulary.children_of(subject)}
    whole = set(vocabulary.declarations.get(subject, {}))
    return [
        {name: value for name, value in flat(row, whole).items() if name not in lists - whole}
        for row in rows
    ]


def child_rows(rows: Sequence[Row], subject: str, vocabulary: Vocabulary) -> dict[str, list[Row]]:
    """The child records that are lists inside records, by kind, each naming its parent."""
    found: dict[str, list[Row]] = {}
    for child in vocabulary.children_of(subject):
        holders = [row for row in rows if isinstance(row.get(child.listed_as), list)]
        own = [
            {"id": f"{row.get('id')}-{number}", **each, child.links[subject]: row.get("id")}
            for row in holders
            for number, bare in enumerate(row[child.listed_as], 1)
            if isinstance(each := vocabulary.whole(bare, child.name, str(row.get("id"))), Mapping)
        ]
        if holders:
            found[child.name] = flat_rows(own, child.name, vocabulary)
    return found


def frame_of(rows: Sequence[Row], needed: Sequence[str] = ()) -> pl.DataFrame:
    """Rows as a frame; a column of values of several kinds keeps them as they are."""
    names = dict.fromkeys([*needed, *(name for row in rows for name in row)])
    return pl.DataFrame([_series(name, [row.get(name) for row in rows]) for name in names])


def _series(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    simple = len(kinds) == 1 and kinds <= {str, bool, float}
    if not kinds or simple:
        return pl.Series(name, values)
    if kinds == {int} and all(abs(value) < 2**63 for value in values if value is not None):
        return pl.Series(name, values, dtype=pl.Int64)
    return pl.Series(name, values, dtype=pl.Object)
