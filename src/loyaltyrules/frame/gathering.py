# SPDX-License-Identifier: Apache-2.0
"""Batches of actions become frames, sorted by id: what is to be done, and what was held back."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.decision.passing import SUPPRESSED
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.frame.stamping import Batch, ordered

ByHead: TypeAlias = Mapping[str, list[Batch]]


def by_head(batches: Iterable[Batch]) -> dict[str, list[Batch]]:
    """Batches by how the ids of their actions begin.

    No id of a batch begins like those of a batch with another head, so heads sort the whole.
    """
    found: dict[str, list[Batch]] = {}
    for batch in batches:
        found.setdefault(batch.head, []).append(batch)
    return found


def of_head(batches: Iterable[Batch], held: bool, days: int) -> nw.DataFrame[Any] | None:
    """The actions of one head; of the same id that of the first day counts."""
    if days > 1:
        return _of_first_day(list(batches), held)
    frames = [batch.frame() for batch in batches if batch.held == held]
    if len(frames) > 1:
        return ordered(nw.concat(frames))
    return frames[0] if frames else None


def _of_first_day(batches: list[Batch], held: bool) -> nw.DataFrame[Any] | None:
    if not batches:
        return None
    frame = nw.concat([batch.frame() for batch in batches])
    once = frame.unique(subset=["action_id"], keep="first", maintain_order=True)
    chosen = once.filter((nw.col("status") == SUPPRESSED) == nw.lit(held))
    return ordered(chosen) if len(chosen) else None


def gathered(found: ByHead, held: bool, days: int, kind: Kind) -> nw.DataFrame[Any]:
    """All actions, or all that were held back."""
    frames = [of_head(found[head], held, days) for head in sorted(found)]
    listed = [frame for frame in frames if frame is not None]
    return nw.concat(listed) if listed else kind.frame({name: [] for name in COLUMNS}, SCHEMA)
