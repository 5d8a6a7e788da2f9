# SPDX-License-Identifier: Apache-2.0
"""Parquet that cannot be one table is told as what it is, not as empty."""

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ON = ("--on", "2027-02-05")
PART = pl.DataFrame({"id": ["1"], "points": [2]})
OTHERS = {
    "points: Int64 → –": PART.drop("points"),
    "tier: – → String": PART.with_columns(tier=pl.lit("A")),
    "points: Int64 → String": PART.cast(pl.String),
    "points: Int64 → –, 139****5678: – → Int64": PART.rename({"points": "13912345678"}),
}


def parts(club: Path, *frames: pl.DataFrame) -> Path:
    folder = club / "parts"
    folder.mkdir()
    for number, each in enumerate(frames):
        each.write_parquet(folder / f"{number}.parquet")
    return folder


def twice(path: Path) -> None:
    """A file with two columns of one name, as some writers make it."""
    columns = [pa.array(["1"]), pa.array([1]), pa.array([2])]
    pq.write_table(pa.Table.from_arrays(columns, names=["id", "points", "points"]), path)


@pytest.mark.parametrize("backend", [(), ("--backend", "duckdb")])
@pytest.mark.parametrize("names", OTHERS)
def test_a_part_with_other_columns_is_named_with_them(
    told: Any, club: Path, names: str, backend: tuple[str, ...]
) -> None:
    folder = parts(club, PART, PART, OTHERS[names], OTHERS[names])
    ended = told("run", club / "club.yaml", folder, *ON, *backend)
    assert (ended.code, ended.out) == (4, "") and ended.err.count("LR") == 1
    part = folder / "2.parquet"
    assert ended.err.startswith(f"LR490 {part} has other columns than 0.parquet")
    assert f": {names}. " in ended.err


def test_parts_may_have_their_columns_in_another_order(told: Any, club: Path) -> None:
    folder = parts(club, PART, PART.with_columns(id=pl.lit("2")).select("points", "id"))
    assert "customer 2" in told("run", club / "club.yaml", folder, *ON).out


@pytest.mark.parametrize("in_a_folder", [False, True])
def test_two_columns_of_one_name_are_told(told: Any, club: Path, in_a_folder: bool) -> None:
    folder = parts(club, PART)
    file = folder / "1.parquet" if in_a_folder else club / "customer.parquet"
    twice(file)
    for verb in ("run", "render"):
        ended = told(verb, club / "club.yaml", folder if in_a_folder else file, *ON)
        assert ended.code == 4
        assert ended.err.startswith(f"LR425 several columns have the same name: {file}: points.")


def test_of_parts_the_one_that_breaks_off_is_named(told: Any, club: Path) -> None:
    folder = parts(club, PART)
    (folder / "1.parquet").write_bytes((folder / "0.parquet").read_bytes()[:-20])
    ended = told("run", club / "club.yaml", folder, *ON)
    assert ended.code == 4 and ended.err.startswith(f"LR409 {folder / '1.parquet'} ")


def test_a_folder_without_parts_is_told(told: Any, club: Path) -> None:
    (club / "purchase").mkdir()
    ended = told("run", club / "club.yaml", club, *ON)
    assert (ended.code, ended.err[:5]) == (4, "LR409")
