# SPDX-License-Identifier: Apache-2.0
"""Fair timing: rounds interleaved (A B A B …), input made anew outside the clock.

Seconds of the processor are taken beside those of the wall: on a busy machine only the first can be
compared. The collector is off, for everybody alike, unless a figure says that it is on.
"""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple, TypeAlias


class Side(NamedTuple):
    """One contender: `make` gives the input of a round, `run` is timed on it."""

    make: Callable[[int], Sequence[Any]]
    run: Callable[[Sequence[Any]], None]


class Spent(NamedTuple):
    """Seconds of the processor, all threads added up, and seconds of the wall."""

    cpu: float
    wall: float

    def per(self, count: int) -> "Spent":
        """Microseconds each, of so many."""
        return Spent(self.cpu / count * 1e6, self.wall / count * 1e6)


Sides: TypeAlias = Mapping[str, Side]


def interleaved(sides: Sides, rounds: int, warm: int = 2) -> dict[str, Spent]:
    """The median microseconds an item of each side; the first `warm` rounds do not count."""
    found: dict[str, list[Spent]] = {name: [] for name in sides}
    for number in range(warm + rounds):
        inputs = {name: side.make(number) for name, side in sides.items()}
        for name, side in sides.items():
            spent = timed(side.run, inputs[name])
            if number >= warm:
                found[name].append(spent.per(len(inputs[name])))
    return {name: middle(values) for name, values in found.items()}


def timed(run: Callable[..., Any], *arguments: Any, collector: bool = False) -> Spent:
    """What one call takes; with the collector on, what a host that leaves it alone would see."""
    gc.collect()
    if not collector:
        gc.disable()
    try:
        wall, cpu = perf_counter(), process_time()
        run(*arguments)
        return Spent(process_time() - cpu, perf_counter() - wall)
    finally:
        gc.enable()


def median_of(run: Callable[[], Any], repeats: int, collector: bool = False) -> Spent:
    """The medians of some calls."""
    return middle(timed(run, collector=collector) for _ in range(repeats))


def middle(values: Iterable[Spent]) -> Spent:
    """The median of the processor's seconds, and that of the wall's."""
    return Spent(*map(median, zip(*values, strict=True)))
