# SPDX-License-Identifier: Apache-2.0
"""Tables as they are given: what every table must have, and rows whose parents are not there."""

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.declaration import Subject, parents_first
from loyaltyrules.fact.snapshot import shown
from loyaltyrules.frame.input.canonical import ROW, Canonical, Fault, canonical
from loyaltyrules.frame.input.flatten_structs import unfolded
from loyaltyrules.frame.input.formats import FrameFormat, opened
from loyaltyrules.frame.input.headings import lacking_id
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import nearest, problem


def tables_as_given(
    plan: DayPlan, given: Mapping[str, Any]
) -> tuple[dict[str, Canonical], FrameFormat, list[Fault]]:
    """The tables in the types of their facts, the kind of the caller's frames, and the faulty rows.

    Raises:
        FrameError: a table as a whole cannot be read (LR410, LR413, LR414, LR420, LR424, LR425).
    """
    vocabulary = plan.policy.vocabulary
    read: dict[str, Canonical] = {}
    kind: FrameFormat | None = None
    for subject, table in given.items():
        if subject not in vocabulary.subjects:
            near = nearest(str(subject), vocabulary.subjects)
            raise FrameError([problem("LR414", None, name=subject, near=near)])
        frame, found = opened(table)
        frame, found = unfolded(frame, subject, vocabulary, found)
        kind = kind or found
        if lacking := lacking_id(plan, subject, frame.columns):
            raise FrameError(lacking)
        read[subject] = canonical(frame, subject, vocabulary, found)
    if kind is None:
        raise FrameError([problem("LR413", None, found="{}")])
    faults = [fault for each in read.values() for fault in each.faults]
    return read, kind, [*faults, *_orphans(plan, read)]


def _without_second(lost: nw.DataFrame[Any], declared: Subject) -> nw.DataFrame[Any]:
    """Rows that name no first parent, but for those that name another one: records of their own."""
    others = [nw.col(link) for link in declared.links.values() if link in lost.columns]
    if not declared.also or declared.link not in lost.columns:
        return lost
    own = nw.any_horizontal(*(~each.is_null() for each in others), ignore_nulls=True)
    return lost.filter(~(nw.col(declared.link).is_null() & own))


def _orphans(plan: DayPlan, read: dict[str, Canonical]) -> list[Fault]:
    """Child rows whose parent is not in the parent's table are set aside too."""
    found: list[Fault] = []
    for subject in parents_first(read, plan.policy.vocabulary.subjects):
        each, declared = read[subject], plan.policy.vocabulary.subjects[subject]
        parent = read.get(declared.parent or "")
        if parent is None:
            continue
        if subject == "customer":
            continue  # a customer without a store is a customer all the same
        ids = parent.frame.select(nw.col("id").alias("__parent"))
        lost = each.frame.join(ids, left_on=declared.link, right_on="__parent", how="anti")
        lost = _without_second(lost, declared)
        if not len(lost):
            continue
        columns = [lost[name].to_list() for name in (ROW, "id", declared.link)]
        for row, identity, link in zip(*columns, strict=True):
            details = {"id": identity, "field": declared.link, "value": shown(link or "")}
            told = problem("LR415", None, **details, subject=declared.parent)
            found.append(Fault(subject, row, identity, told))
        each.frame = each.frame.filter(~nw.col(ROW).is_in(columns[0]))
    return found
