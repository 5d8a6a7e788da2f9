# SPDX-License-Identifier: Apache-2.0
"""Dask: every table is shuffled alike, and the partitions of one number are decided together."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from loyaltyrules.action.as_data import DAYS
from loyaltyrules.frame.engines.families import KEY, LINK, OWN, keyed
from loyaltyrules.frame.engines.families_of_dask import STEPS
from loyaltyrules.frame.engines.parts import PARTS, Kernel, Work, rehearsed
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan

ARROW_DAY = "date32[day][pyarrow]"


def on_dask(plan: DayPlan, given: Mapping[str, Any], language: str, kernel: Kernel) -> FrameResult:
    """Decide wherever the caller's Dask computes; the results are kept there (`persist`)."""
    import dask
    import dask.dataframe as dd

    empty = {name: frame._meta for name, frame in given.items()}
    rehearsal = rehearsed(plan, empty, language, kernel)
    count = max(frame.npartitions for frame in given.values())
    read = {n: frame.drop(columns=rehearsal.unread(n)) for n, frame in given.items()}
    families = keyed(read, plan.policy.vocabulary.subjects, STEPS)
    parted = [_parted(families[name], count).to_delayed() for name in given]
    decide = dask.delayed(_decided, pure=False)
    parts = [decide(rehearsal.work, tuple(given), *each) for each in zip(*parted, strict=True)]
    kept = dask.persist(*parts)
    noted = dask.compute(*(_item(part, len(PARTS)) for part in kept))
    metas = {name: _kept(name, getattr(rehearsal.result, name)) for name in PARTS}
    frames = {
        name: dd.from_delayed(
            [_item(part, place) for part in kept], meta=metas[name], verify_meta=False
        )
        for place, name in enumerate(PARTS)
    }
    return rehearsal.united(frames, noted)


def _item(part: Any, place: int) -> Any:
    import dask

    return dask.delayed(itemgetter(place))(part)


def _parted(frame: Any, count: int) -> Any:
    """The frame in so many partitions; a key lies in the partition of the same number in every table."""
    parted = frame.shuffle(on=KEY, npartitions=count) if count > 1 else frame
    return parted.drop(columns=[KEY, OWN, LINK])


def _decided(work: Work, subjects: tuple[str, ...], *tables: Any) -> tuple[Any, ...]:
    """The tables of a part and what it noted."""
    result = work.on(dict(zip(subjects, tables, strict=True)))
    frames = (_kept(name, getattr(result, name)) for name in PARTS)
    return (*frames, (result.notes, result.problems))


def _kept(name: str, frame: Any) -> Any:
    """A frame of a part as Dask keeps it: days as Arrow has them, faults without the numbers of their rows.

    The rows of a part have lost their order.
    """
    if name == "faults":
        return frame.assign(row=frame["row"].mask(frame["row"] > 0))
    return frame.astype({day: ARROW_DAY for day in DAYS if day in frame.columns})
