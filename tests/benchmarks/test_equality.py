# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks time decides the same: library, by hand, Polars, DuckDB, peers."""

from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from benchmarks.eight_rules import by_hand, in_polars, small_tables
from benchmarks.eight_rules.customers import customers
from benchmarks.eight_rules.population import CHUNK, typed, write_population
from benchmarks.equality import DAYS, POLICY, prove, prove_peer
from benchmarks.peers.present import PEERS, present
from polars.testing import assert_frame_equal

from loyaltyrules import compile_day, evaluate_frame, load_policy

COUNT = 2000
THREE = [DAYS[name] for name in ("Spring Festival eve", "ordinary day", "eve of Teachers' Day")]
FIELDS = ["action_id", "rule", "kind", "channel", "template", "gift", "to_value", "status",
          "due_on", "reason", "occurrence"]  # fmt: skip
Table = tuple[pl.DataFrame, pl.DataFrame]


@cache
def library(on: date) -> Table:
    plan = compile_day(load_policy(POLICY), on)
    result = evaluate_frame(plan, typed(customers(COUNT, on, seed=1)))
    return result.actions, result.suppressed


def ran(run: Callable[..., None], on: date, folder: Path, ordered: bool) -> Table:
    """What a program by hand writes."""
    source, out, held = (folder / f"{name}.parquet" for name in ("in", "out", "held"))
    typed(customers(COUNT, on, seed=1)).write_parquet(source)
    run(source, small_tables.written(on, folder), out, held, ordered)
    return pl.read_parquet(out), pl.read_parquet(held)


def assert_same(found: Table, expected: Table, ordered: bool) -> None:
    for mine, right in zip(found, expected, strict=True):
        assert_frame_equal(mine if ordered else mine.sort("action_id"), right)


def test_by_hand_decides_as_the_library_row_by_row() -> None:
    assert prove(200) > 1000


@pytest.mark.parametrize("on", THREE, ids=str)
def test_by_hand_decides_as_the_library_over_a_table(on: date) -> None:
    day = by_hand.prepare(on)
    acts = {
        act for each in customers(COUNT, on, seed=1) for act in by_hand.decide_raw(each, day)[1]
    }
    assert {row for table in library(on) for row in table.select(FIELDS).iter_rows()} == acts


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("on", THREE, ids=str)
def test_polars_writes_what_the_library_gives(on: date, ordered: bool, tmp_path: Path) -> None:
    assert_same(ran(in_polars.run, on, tmp_path, ordered), library(on), ordered)


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("on", THREE, ids=str)
def test_duckdb_writes_what_the_library_gives(on: date, ordered: bool, tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="only the extra `bench` has DuckDB")
    in_duckdb: Any = import_module("benchmarks.eight_rules.in_duckdb")
    assert_same(ran(in_duckdb.run, on, tmp_path, ordered), library(on), ordered)


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_decides_as_by_hand(name: str) -> None:
    peer = present().get(name)
    if peer is None:
        pytest.skip("only the extra `bench` has the peers")
    assert prove_peer(peer, 300) > 1000


def test_a_population_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first, again = tmp_path / "first.parquet", tmp_path / "again.parquet"
    for file in (first, again):
        write_population(file, CHUNK + 10, THREE[0], seed=5)
    found = pl.read_parquet(first)
    assert_frame_equal(found, pl.read_parquet(again))
    assert found["id"].n_unique() == CHUNK + 10
