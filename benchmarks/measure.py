# SPDX-License-Identifier: Apache-2.0
"""Fair timing: rounds interleaved (A B A B …), input made anew outside the clock, no collector."""

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias


class Side(NamedTuple):
    """One contender: `make` gives the input of a round, `run` is timed on it."""

    make: Callable[[int], Sequence[Any]]
    run: Callable[[Sequence[Any]], None]


Sides: TypeAlias = Mapping[str, Side]


def interleaved(sides: Sides, rounds: int, warm: int = 2) -> dict[str, float]:
    """The median microseconds an item of each side; the first `warm` rounds do not count."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(warm + rounds):
        inputs = {name: side.make(number) for name, side in sides.items()}
        for name, side in sides.items():
            spent = timed(side.run, inputs[name])
            if number >= warm:
                found[name].append(spent / len(inputs[name]) * 1e6)
    return {name: median(values) for name, values in found.items()}


def timed(run: Callable[..., Any], *arguments: Any) -> float:
    """Seconds that one call takes, the collector switched off."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        run(*arguments)
        return perf_counter() - start
    finally:
        gc.enable()


def median_of(run: Callable[[], Any], repeats: int) -> float:
    """The median seconds of some calls."""
    return median(timed(run) for _ in range(repeats))
