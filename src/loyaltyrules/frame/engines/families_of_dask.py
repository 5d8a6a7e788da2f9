# SPDX-License-Identifier: Apache-2.0
"""The same steps to the keys of families in Dask's own words: Narwhals gives Dask up."""

from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.declaration import Subject
from loyaltyrules.frame.engines.families import ID, KEY, LEAST, LINK, MOST, OWN, Steps, texts

TEXT = "string[pyarrow]"


def _named(frame: Any, declared: Subject) -> Any:
    return frame.map_partitions(_with_texts, declared, meta=_with_texts(frame._meta, declared))


def _with_texts(rows: Any, declared: Subject) -> Any:
    """The rows of one partition, a pandas frame, with their ids as texts."""
    found = nw.from_native(rows, eager_only=True)
    named = found.with_columns(**texts(found.collect_schema(), declared)).to_native()
    return named.astype({OWN: TEXT, LINK: TEXT})


def _first(frame: Any, names: tuple[str, ...]) -> Any:
    if not names:
        return frame.assign(**{KEY: ""}).astype({KEY: TEXT})
    key = frame[names[0]]
    for name in names[1:]:
        key = key.fillna(frame[name])
    placed = frame.assign(**{KEY: key.fillna("").astype(TEXT)})
    return placed.drop(columns=[LEAST]) if LEAST in names else placed


def _keys(frame: Any) -> Any:
    named = frame[[OWN, KEY]].dropna(subset=[OWN])
    found = named.groupby(OWN)[KEY].agg(["min", "max"]).reset_index()
    return found.rename(columns={OWN: ID, "min": LEAST, "max": MOST})


def _beside(frame: Any, keys: Any, column: str) -> Any:
    joined = frame.merge(keys[[ID, LEAST]], left_on=column, right_on=ID, how="left")
    return joined.drop(columns=[ID])


def _parted(keys: Any) -> Any:
    return keys[keys[LEAST] != keys[MOST]]


STEPS = Steps(_named, _first, _keys, _beside, _parted)
