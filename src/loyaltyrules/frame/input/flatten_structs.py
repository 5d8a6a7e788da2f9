# SPDX-License-Identifier: Apache-2.0
"""Columns of maps become columns of facts, as in a single record; lists of records are refused."""

from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.snapshot import Vocabulary
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem


def unfolded(
    frame: nw.DataFrame[Any], subject: str, vocabulary: Vocabulary, kind: FrameFormat
) -> tuple[nw.DataFrame[Any], FrameFormat]:
    """The frame with `tier_override: {tier: A}` as a column `tier_override_tier`.

    Raises:
        FrameError: a column holds the child records of a record (LR420): they are a table.
    """
    _refuse_children(frame, subject, vocabulary)
    facts = vocabulary.declarations[subject]
    structs = [name for name in frame.columns if isinstance(frame[name].dtype, nw.Struct)]
    for name in [name for name in structs if name not in facts]:
        maps = [each or {} for each in frame[name].to_list()]
        keys = dict.fromkeys(key for each in maps for key in each)
        columns = {f"{name}_{key}": [each.get(key) for each in maps] for key in keys}
        new = {key: values for key, values in columns.items() if key not in frame.columns}
        nulls = [nw.lit(None, nw.String).alias(key) for key in new]
        frame = frame.with_columns(*nulls).drop([name]) if nulls else frame.drop([name])
        kind = replace(kind, mixed={**kind.mixed, **new})
    return frame, kind


def _refuse_children(frame: nw.DataFrame[Any], subject: str, vocabulary: Vocabulary) -> None:
    lists = {child.listed_as: child.name for child in vocabulary.children_of(subject)}
    for name in set(lists) & set(frame.columns):
        if isinstance(frame[name].dtype, nw.List):
            raise FrameError([problem("LR420", None, name=name, subject=lists[name])])
