# SPDX-License-Identifier: Apache-2.0
"""Who moves to and fro: up and down the same label within twelve months."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from loyaltyrules.calendar import Period, shift_or_edge

YEAR = Period(months=12)


class Moved(NamedTuple):
    """One row of the moves of a walk."""

    policy: str
    on: date
    id: str
    kind: str
    before: str | None
    after: str | None
    label: str


class Turning(NamedTuple):
    """Somebody who moved up and down, and the moves that say so."""

    policy: str
    id: str
    label: str
    moves: str


def turning(
    moves: Iterable[Moved], words: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[Turning]:
    """Those who moved up and down the same label within twelve months, by policy, customer and label.

    Args:
        moves: The moves of a walk in the order of its days.
        words: The words of the labels of each policy, best first.
    """
    own: dict[tuple[str, str, str], list[Moved]] = defaultdict(list)
    for each in moves:
        if each.before is not None and each.after is not None:
            own[each.policy, each.id, each.label].append(each)
    for (policy, identity, label), theirs in own.items():
        order = {word: place for place, word in enumerate(words[policy, label])}
        if turned := _turned(theirs, order):
            told = "; ".join(f"{each.on} {each.before} → {each.after}" for each in turned)
            yield Turning(policy, identity, label, told)


def _turned(moves: Sequence[Moved], order: Mapping[str, int]) -> list[Moved]:
    """The moves that have one in the other direction within twelve months."""
    found: dict[int, Moved] = {}
    for (at, one), (then, other) in combinations(enumerate(moves), 2):
        near = shift_or_edge(one.on, YEAR) > other.on
        if near and _up(one, order) is not _up(other, order):
            found |= {at: one, then: other}
    return [found[place] for place in sorted(found)]


def _up(move: Moved, order: Mapping[str, int]) -> bool:
    return order[move.after or ""] < order[move.before or ""]
