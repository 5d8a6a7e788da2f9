# SPDX-License-Identifier: Apache-2.0
"""Batches of actions become two frames, sorted by id: what is to be done, and what was held back."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.decision.passing import SUPPRESSED
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.frame.stamping import Batch, at_hand, ordered


class Gathered(NamedTuple):
    """All actions of an evaluation."""

    actions: nw.DataFrame[Any]
    suppressed: nw.DataFrame[Any]


def gathered(batches: Iterable[Batch], kind: Kind, days: int) -> Gathered:
    """The actions of all batches; of the same id that of the first day counts.

    No id of a batch begins like those of a batch with another head, so heads sort the whole.
    """
    by_head: dict[str, list[Batch]] = {}
    for batch in batches:
        by_head.setdefault(batch.head, []).append(batch)
    parts: dict[bool, list[nw.DataFrame[Any]]] = {False: [], True: []}
    for head in sorted(by_head):
        each = by_head[head] if days == 1 else list(_first(by_head[head]))
        for held, frames in parts.items():
            listed = [batch.frame() for batch in each if batch.held == held]
            if listed:
                frames.append(listed[0] if len(listed) == 1 else ordered(nw.concat(listed)))
    return Gathered(*(_whole(parts[held], kind) for held in (False, True)))


def _first(batches: list[Batch]) -> Iterable[Batch]:
    """Each action once, as it was on the first of its days."""
    frame = nw.concat([batch.frame() for batch in batches])
    once = frame.unique(subset=["action_id"], keep="first", maintain_order=True)
    held = nw.col("status") == SUPPRESSED
    for chosen, which in ((False, ~held), (True, held)):
        yield Batch(batches[0].head, chosen, at_hand(ordered(once.filter(which))))


def _whole(frames: list[nw.DataFrame[Any]], kind: Kind) -> nw.DataFrame[Any]:
    return nw.concat(frames) if frames else kind.frame({name: [] for name in COLUMNS}, SCHEMA)
