# SPDX-License-Identifier: Apache-2.0
"""The family of every row: records that read each other share a key, and so a part."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.fact.coerce import EXACT
from loyaltyrules.fact.declaration import Subject, linked_twice, parents_first
from loyaltyrules.frame.input.canonical import BLANKS

KEY, OWN, LINK = "__key", "__own", "__link"
ID, LEAST, MOST = "__id", "__least", "__most"


class Steps(NamedTuple):
    """The few steps that keys are found in, as one kind of frame takes them."""

    named: Callable[[Any, Subject], Any]  # adds the row's own id and its link, as texts
    first: Callable[[Any, tuple[str, ...]], Any]  # the key: the first column that is not null
    keys: Callable[[Any], Any]  # the least and the last key of the rows of each id
    beside: Callable[[Any, Any, str], Any]  # adds the least key of the id in a column
    parted: Callable[[Any], Any]  # the ids that have several keys


def keyed(
    frames: Mapping[str, Any], subjects: Mapping[str, Subject], steps: Steps
) -> dict[str, Any]:
    """Every frame with a column `__key`, a text that is never null.

    The key is that of the parent's row, where the table of parents is given too; else the id of a
    root, and the link of a child. Rows of one id share a key, also where their parents differ.
    """
    found: dict[str, Any] = {}
    keys: dict[str, Any] = {}
    if linked_twice(frames, subjects):
        return {n: steps.first(steps.named(f, subjects[n]), ()) for n, f in frames.items()}
    own_ids: set[str] = set()  # subjects whose key is the id itself: a link to them says it
    for subject in parents_first(frames, subjects):
        declared = subjects[subject]
        frame = steps.named(frames[subject], declared)
        if declared.parent not in found and (subject == "customer" or not declared.link):
            own_ids.add(subject)
            found[subject] = steps.first(frame, (OWN,))
            keys[subject] = steps.keys(found[subject]) if subject != "customer" else None
            continue
        if declared.parent in found and (subject == "customer" or declared.parent not in own_ids):
            frame = steps.beside(frame, keys[str(declared.parent)], LINK)
            frame = steps.first(frame, (LEAST, OWN if subject == "customer" else LINK, OWN))
        else:
            frame = steps.first(frame, (LINK, OWN))
        keys[subject] = steps.keys(frame)
        found[subject] = steps.first(
            steps.beside(frame, steps.parted(keys[subject]), OWN), (LEAST, KEY)
        )
    return found


# ---- lazy frames of Narwhals


def named(frame: nw.LazyFrame[Any], declared: Subject) -> nw.LazyFrame[Any]:
    """The frame with the row's own id and its link as texts."""
    return frame.with_columns(**texts(frame.collect_schema(), declared))


def texts(schema: Mapping[str, Any], declared: Subject) -> dict[str, nw.Expr]:
    """The row's own id and its link as columns of text, `customer/c-001`; missing ones are null."""
    found = {}
    for as_text, subject, name in (
        (OWN, declared.name, "id"),
        (LINK, declared.parent, declared.link),
    ):
        found[as_text] = nw.concat_str(nw.lit(f"{subject}/"), id_text(name, schema))
    return found


def id_text(name: str | None, schema: Mapping[str, Any]) -> nw.Expr:
    """A column of ids as text, alike for ids that are read alike: `7`, `7.0` and ` 7 `.

    Null where there is no id, and of a column that is not there.
    """
    dtype = schema.get(name) if name is not None else None
    if name is None or dtype is None:
        return nw.lit(None, nw.String)
    column = nw.col(name)
    if dtype.is_nested():
        return nw.lit(None, nw.String)
    if dtype.is_float():  # some frames cannot cast what is not finite
        filled = column.fill_null(0.0)
        known = (filled > -EXACT) & (filled < EXACT) & ~column.is_null()
        exact = nw.when(known).then(filled).otherwise(nw.lit(0.0))
        return nw.when(known).then(exact.cast(nw.Int64).cast(nw.String))
    text = column.cast(nw.String).str.strip_chars(BLANKS)
    if not isinstance(dtype, nw.String):
        text = text.str.replace_all(r"\.0+$", "")
    return nw.when(~column.is_null() & (text != "")).then(text)


def _first(frame: nw.LazyFrame[Any], names: tuple[str, ...]) -> nw.LazyFrame[Any]:
    placed = frame.with_columns(nw.coalesce(*names, nw.lit("")).alias(KEY))
    return placed.drop(LEAST) if LEAST in names else placed


def _keys(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    named = frame.select(nw.col(OWN).alias(ID), KEY).filter(~nw.col(ID).is_null())
    return named.group_by(ID).agg(nw.col(KEY).min().alias(LEAST), nw.col(KEY).max().alias(MOST))


def _beside(frame: nw.LazyFrame[Any], keys: nw.LazyFrame[Any], column: str) -> nw.LazyFrame[Any]:
    return frame.join(keys.select(ID, LEAST), left_on=column, right_on=ID, how="left")


def _parted(keys: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return keys.filter(nw.col(LEAST) != nw.col(MOST))


LAZILY = Steps(named, _first, _keys, _beside, _parted)
