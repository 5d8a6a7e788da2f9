# SPDX-License-Identifier: Apache-2.0
"""What the rules of one kind of record emit on a day, as a column beside the rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.frame.facts.derive_columns import Tables
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import OUTCOME, distinct
from loyaltyrules.frame.keys.together import decide_together
from loyaltyrules.plan.day import Day, Fired
from loyaltyrules.plan.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Emission:
    """The rows of one table with what their rules emit."""

    frame: nw.DataFrame[Any]
    fired: list[tuple[Recipe, ...]]  # by the place in the column `__outcome`


def emission(
    day: Day, tables: Tables, subject: str, lacked: Counter[tuple[str, tuple[str, ...]]]
) -> Emission:
    """Every rule group of a subject over its table; the outcomes as one column.

    Rules left open are counted in `lacked`, with the facts that they lacked.
    """
    table, groups = tables.by_subject[subject], day.subjects[subject].groups
    found = decide_together(tables.plan, day, table, groups, tables.kind)
    tables.stages.update(found.notes)
    tables.refused += found.refused
    table.frame, table.pending = found.frame.drop(list(found.fired)), []
    for name, fired in found.fired.items():
        _count(found.frame, name, fired, lacked)
    return _combined(found.frame, found.fired, tables.kind)


def _count(
    frame: nw.DataFrame[Any], name: str, found: list[Fired],
    lacked: Counter[tuple[str, tuple[str, ...]]],
) -> None:  # fmt: skip
    open_ = [place for place, fired in enumerate(found) if fired.undecided]
    if not open_:
        return
    rows = frame.select(name).filter(nw.col(name).is_in(open_))
    counted = rows.group_by(name).agg(nw.len().alias("n"))
    for place, count in zip(counted[name].to_list(), counted["n"].to_list(), strict=True):
        for lacking in set(found[place].undecided):  # a rule may open twice on a day
            lacked[lacking] += count


def _combined(
    frame: nw.DataFrame[Any], listed: Mapping[str, list[Fired]], kind: FrameFormat
) -> Emission:
    """Rows that emit nothing drop out; the others point at the recipes that they emit."""
    acting = [
        nw.col(name).is_in([place for place, each in enumerate(found) if each.acting])
        for name, found in listed.items()
    ]
    if not acting:
        return Emission(frame.head(0).with_columns(nw.lit(0, nw.Int64).alias(OUTCOME)), [])
    names = list(listed)
    emitting = frame.filter(nw.any_horizontal(*acting, ignore_nulls=False))
    sets = emitting.select(names).unique(maintain_order=False)
    rows = list(zip(*(sets[name].to_list() for name in names), strict=True))
    places, fired = distinct(
        tuple(
            recipe
            for place, found in zip(row, listed.values(), strict=True)
            for instance in found[place].acting
            for recipe in instance.recipes
        )
        for row in rows
    )
    column = kind.frame({OUTCOME: places}, {OUTCOME: nw.Int64})[OUTCOME]
    joined = emitting.join(sets.with_columns(column), on=names, how="left").drop(names)
    return Emission(joined, fired)
