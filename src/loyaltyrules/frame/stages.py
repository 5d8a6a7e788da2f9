# SPDX-License-Identifier: Apache-2.0
"""A stage over a table: one decision for each distinct signature, by the same evaluator, joined back."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.types import NOT_HAPPENED, Type
from loyaltyrules.frame.canonical import DTYPES, restored
from loyaltyrules.frame.columns import key_columns
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.plan.buckets import Local, facts_of
from loyaltyrules.plan.stage import Stage

Outcome = TypeVar("Outcome")
Types = Mapping[str, Type]
FEW = 2_000  # rows up to which signatures are read row by row: setting columns up costs more


def outcomes(
    stage: Stage[Outcome],
    frame: nw.DataFrame[Any],
    types: Types,
    happened: frozenset[str],
    kind: Kind,
) -> tuple[nw.DataFrame[Any], list[Outcome]]:
    """Decide every row of a table.

    Args:
        stage: What is decided.
        frame: Rows with the columns of the facts that the stage reads.
        types: Types of the columns.
        happened: Dated columns whose null is known to mean that nothing has happened.
        kind: The kind of frame the work is done in.

    Returns:
        The frame with a column `__outcome`, the place of each row's outcome in the list.
    """
    facts = sorted({fact for bucket in stage.buckets for fact in facts_of(bucket)})
    if len(frame) <= FEW:
        return _few(stage, frame, [f for f in facts if f in frame.columns], types, happened, kind)
    present = [fact for fact in facts if fact in frame.columns]
    lacking = [fact for fact in facts if fact not in frame.columns]
    frame = _unknown(frame, lacking, stage)
    keys = key_columns(stage.buckets, types, frame)
    if not keys:
        found = [stage.decide({})]
        return frame.with_columns(nw.lit(0, nw.Int64).alias("__outcome")), found
    keyed = frame.with_columns(**keys)
    names = list(keys)
    distinct = keyed.select([*names, *present]).unique(subset=names, keep="any")
    found = [stage.decide(each) for each in records(distinct, present, types, happened)]
    count_of(stage, len(frame), len(found))
    places, listed = _listed(found)
    column = kind.frame({"__outcome": places}, {"__outcome": nw.Int64})["__outcome"]
    table = distinct.select(names).with_columns(column)
    joined = keyed.join(table, on=names, how="left").drop([*names, *lacking])
    return joined, listed


def _few(
    stage: Stage[Outcome], frame: nw.DataFrame[Any], names: list[str], types: Types,
    happened: frozenset[str], kind: Kind,
) -> tuple[nw.DataFrame[Any], list[Outcome]]:  # fmt: skip
    """The same for a few rows, one after the other."""
    known: dict[Any, int] = {}
    found: list[Outcome] = []
    places: list[int] = []
    for facts in records(frame, names, types, happened):
        place = known.setdefault(stage.signature(facts), len(found))
        if place == len(found):
            found.append(stage.decide(facts))
        places.append(place)
    count_of(stage, len(places), len(found))
    order, listed = _listed(found)
    column = [order[place] for place in places]
    series = kind.frame({"__outcome": column}, {"__outcome": nw.Int64})["__outcome"]
    return frame.with_columns(series), listed


def _unknown(frame: nw.DataFrame[Any], names: list[str], stage: Stage[Any]) -> nw.DataFrame[Any]:
    """Facts that this kind of record does not have are unknown: a gate reads customers' of stores."""
    if not names:
        return frame
    nodes = [bucket.node for bucket in stage.buckets if isinstance(bucket, Local)]
    parts = [part for node in nodes for part in tree.walk(node) if isinstance(part, tree.FactRef)]
    kinds = {part.name: part.type for part in parts}
    kinds |= {bucket.fact: bucket.type for bucket in stage.buckets if not isinstance(bucket, Local)}
    return frame.with_columns(*(nw.lit(None, DTYPES[kinds[n].kind]).alias(n) for n in names))


def count_of(stage: Stage[Any], asked: int, decided: int) -> None:
    """Rows that shared a signature count as remembered."""
    stage.counts.asked += asked
    stage.counts.remembered += asked - decided


def _listed(found: list[Outcome]) -> tuple[list[int], list[Outcome]]:
    """Each distinct outcome once, and the place of every one of them in that list."""
    places: dict[Any, int] = {}
    listed: list[Outcome] = []
    order = []
    for each in found:
        key = id(each) if not _hashable(each) else each
        if key not in places:
            places[key] = len(listed)
            listed.append(each)
        order.append(places[key])
    return order, listed


def _hashable(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int)


def records(
    frame: nw.DataFrame[Any], names: Iterable[str], types: Types, happened: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """The facts of each row, as the evaluator reads them: known ones only."""
    listed = list(names)
    columns = [_column(frame, name, types, name in happened) for name in listed]
    if not listed:
        yield from ({} for _ in range(len(frame)))
    for values in zip(*columns, strict=True):
        yield {name: value for name, value in zip(listed, values, strict=True) if value is not None}


def _column(frame: nw.DataFrame[Any], name: str, types: Types, happened: bool) -> list[Any]:
    kind = types.get(name, Type("text"))
    absent = NOT_HAPPENED if happened else None
    values = frame[name].to_list()
    if kind.kind in ("number", "share", "list", "date"):
        values = [restored(value, kind) for value in values]
    return values if absent is None else [absent if value is None else value for value in values]
