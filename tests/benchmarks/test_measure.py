# SPDX-License-Identifier: Apache-2.0
"""How everything is timed: whose clock, whose turn, and with the collector or without."""

import gc
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest
from benchmarks.measure import Side, Spent, interleaved, median_of, timed


def clock(step: float) -> Callable[[], float]:
    """A clock that goes on by one step whenever it is read."""
    readings: Iterator[float] = count(0, step)
    return lambda: next(readings)


@pytest.fixture(autouse=True)
def made_up_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.measure.process_time", clock(0.5))
    monkeypatch.setattr("benchmarks.measure.perf_counter", clock(2.0))


@pytest.mark.parametrize("collector", [False, True])
def test_the_collector_is_on_only_where_it_is_asked_for(collector: bool) -> None:
    seen: list[bool] = []
    timed(lambda: seen.append(gc.isenabled()), collector=collector)
    median_of(lambda: seen.append(gc.isenabled()), 2, collector)
    assert seen == [collector] * 3
    assert gc.isenabled()


def test_the_collector_is_on_again_after_a_fault() -> None:
    with pytest.raises(ZeroDivisionError):
        timed(lambda: 1 / 0)
    assert gc.isenabled()


def test_the_processor_is_told_apart_from_the_wall() -> None:
    assert timed(lambda: None) == Spent(cpu=0.5, wall=2.0)
    assert median_of(lambda: None, 3) == Spent(cpu=0.5, wall=2.0)


def test_sides_take_turns_on_inputs_of_their_own_and_warm_rounds_do_not_count() -> None:
    turns: list[tuple[str, Sequence[int]]] = []

    def side(name: str, size: int) -> Side:
        return Side(lambda number: [number] * size, lambda given: turns.append((name, given)))

    found = interleaved({"a": side("a", 1), "b": side("b", 2)}, rounds=1, warm=1)
    assert turns == [("a", [0]), ("b", [0, 0]), ("a", [1]), ("b", [1, 1])]
    assert found == {"a": Spent(0.5e6, 2e6), "b": Spent(0.25e6, 1e6)}  # microseconds an item
