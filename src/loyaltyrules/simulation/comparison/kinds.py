# SPDX-License-Identifier: Apache-2.0
"""The actions of a comparison by kind: how many are lost, gained and the same."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.comparison.matching import SIDES
from loyaltyrules.simulation.shown.titles import Titles, number_text

if TYPE_CHECKING:
    from loyaltyrules.simulation.comparison.delta import Delta

OTHERS = mark("Other kinds ({count})")


class Kind(NamedTuple):
    """How many actions of a kind are lost, gained, and in both."""

    name: str
    lost: int
    gained: int
    both: int


def by_kind(delta: "Delta") -> list[Kind]:
    """All kinds, by name."""
    names, rows = cells(delta.by("kind"))
    told = (dict(zip(names, row, strict=True)) for row in rows)  # costs stand beside the counts
    return [Kind(str(row["kind"]), *(int(row[side]) for side in SIDES)) for row in told]


def differing(delta: "Delta") -> list[Kind]:
    """The kinds of which some are lost or gained."""
    return [each for each in by_kind(delta) if each.lost or each.gained]


def told(delta: "Delta", titles: Titles) -> Iterator[Kind]:
    """The kinds of which some are lost or gained, by their titles, and all others as one."""
    others = [each.both for each in by_kind(delta) if not each.lost and not each.gained]
    for each in differing(delta):
        yield each._replace(name=titles.kind(each.name))
    if others:
        name = titles.say(OTHERS, count=number_text(len(others)))
        yield Kind(name, 0, 0, sum(others))
