# SPDX-License-Identifier: Apache-2.0
"""The family of every row: records that read each other share a key, and so a part."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.fact.coerce import EXACT
from loyaltyrules.fact.declaration import Subject
from loyaltyrules.frame.canonical import BLANKS

KEY, OWN, LINK = "__key", "__own", "__link"
ID, LEAST, MOST = "__id", "__least", "__most"
Lazy: TypeAlias = nw.LazyFrame[Any]


def keyed(frames: Mapping[str, Lazy], subjects: Mapping[str, Subject]) -> dict[str, Lazy]:
    """Every frame with a column `__key`, a text that is never null.

    The key is that of the parent's row, where the table of parents is given too; else the id of a
    root, and the link of a child. Rows of one id share a key, also where their parents differ.
    """
    found: dict[str, Lazy] = {}
    own_ids: set[str] = set()  # the subjects whose key is the id of the row itself
    for subject in parents_first(frames, subjects):
        declared = subjects[subject]
        parent = declared.parent if declared.parent in found else None
        frame = _named(frames[subject], declared)
        if parent is None and (subject == "customer" or not declared.link):
            own_ids.add(subject)
            found[subject] = frame.with_columns(_first(OWN).alias(KEY))
        elif parent is None or (parent in own_ids and subject != "customer"):
            found[subject] = _together(frame.with_columns(_first(LINK, OWN).alias(KEY)))
        else:
            otherwise = (OWN,) if subject == "customer" else (LINK, OWN)
            found[subject] = _together(_beside(frame, found[parent], otherwise))
    return {name: frame.drop(OWN, LINK) for name, frame in found.items()}


def parents_first(given: Iterable[str], subjects: Mapping[str, Subject]) -> list[str]:
    """The given subjects, each after its parent."""
    order: list[str] = []

    def visit(name: str) -> None:
        parent = subjects[name].parent
        if parent in names and parent not in order:
            visit(str(parent))
        if name not in order:
            order.append(name)

    names = list(given)
    for name in names:
        visit(name)
    return order


def _named(frame: Lazy, declared: Subject) -> Lazy:
    """The frame with its own id and its link as texts."""
    schema = frame.collect_schema()
    texts = {
        as_text: _text(name, schema[name]) if name in schema else nw.lit(None, nw.String)
        for name, as_text in (("id", OWN), (declared.link, LINK))
    }
    return frame.with_columns(**texts)


def _text(name: str, dtype: Any) -> nw.Expr:
    """An id as text, alike for ids that are read alike: `7`, `7.0` and ` 7 `; missing ones are null."""
    column = nw.col(name)
    if dtype.is_nested():
        return nw.lit(None, nw.String)
    if dtype.is_float():  # a cast of what is not finite fails in some frames
        filled = column.fill_null(0.0)
        known = (filled > -EXACT) & (filled < EXACT) & ~column.is_null()
        exact = nw.when(known).then(filled).otherwise(nw.lit(0.0))
        return nw.when(known).then(exact.cast(nw.Int64).cast(nw.String))
    text = column.cast(nw.String).str.strip_chars(BLANKS).str.replace_all(r"\.0+$", "")
    return nw.when(~column.is_null() & (text != "")).then(text)


def _first(*names: str) -> nw.Expr:
    return nw.coalesce(*names, nw.lit(""))


def _beside(frame: Lazy, parents: Lazy, otherwise: tuple[str, ...]) -> Lazy:
    """Rows take the key of their parent's row; those without one, their own."""
    known = parents.filter(~nw.col(OWN).is_null()).group_by(OWN).agg(nw.col(KEY).min().alias(LEAST))
    joined = frame.join(known.rename({OWN: ID}), left_on=LINK, right_on=ID, how="left")
    return joined.with_columns(_first(LEAST, *otherwise).alias(KEY)).drop(LEAST)


def _together(frame: Lazy) -> Lazy:
    """Rows of one id that would part take the least of their keys."""
    named = frame.filter(~nw.col(OWN).is_null()).group_by(OWN)
    keys = named.agg(nw.col(KEY).min().alias(LEAST), nw.col(KEY).max().alias(MOST))
    parted = keys.filter(nw.col(LEAST) != nw.col(MOST)).select(nw.col(OWN).alias(ID), LEAST)
    joined = frame.join(parted, left_on=OWN, right_on=ID, how="left")
    return joined.with_columns(_first(LEAST, KEY).alias(KEY)).drop(LEAST)
