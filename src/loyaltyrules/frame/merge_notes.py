# SPDX-License-Identifier: Apache-2.0
"""The notes of all parts as one: counts add up, names unite."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from loyaltyrules.frame.result import Notes, StageNote

Name = TypeVar("Name")


def merged(notes: Iterable[Notes]) -> Notes:
    """The notes of one result.

    Signatures are counted where they were decided, so that one that several workers met counts
    several times. Of a span, each part tells the day on which most of its records lacked a fact.
    """
    rows: dict[str, int] = {}
    ignored: dict[str, dict[str, str]] = {}
    stages: dict[str, StageNote] = {}
    undecided: dict[str, dict[tuple[str, ...], int]] = {}
    missing: dict[str, dict[str, tuple[str, ...]]] = {}
    aside, mark = 0, ""
    for each in notes:
        aside += each.set_aside
        mark = each.fingerprint or mark  # all parts are decided by one policy
        _add(rows, each.rows)
        for subject, columns in each.ignored.items():
            ignored.setdefault(subject, {}).update(columns)
        for subject, lacking in each.missing.items():
            missing.setdefault(subject, {}).update(lacking)
        for name, note in each.stages.items():
            stages[name] = _sum(stages.get(name), note)
        for rule, counts in each.undecided.items():
            _add(undecided.setdefault(rule, {}), counts)
    return Notes(rows, aside, ignored, stages, undecided, missing, mark)


def _add(sums: dict[Name, int], counts: Mapping[Name, int]) -> None:
    for name, count in counts.items():
        sums[name] = sums.get(name, 0) + count


def _sum(one: StageNote | None, other: StageNote) -> StageNote:
    if one is None:
        return other
    return StageNote(one.asked + other.asked, one.signatures + other.signatures)
