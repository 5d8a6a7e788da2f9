# SPDX-License-Identifier: Apache-2.0
"""Parquet: one file, or a folder of parts that must have the same columns."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from loyaltyrules.fact.snapshot import shown
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import Problem, problem

Columns = Mapping[str, pl.DataType]


def parquet_table(path: Path) -> pl.LazyFrame:
    """The table of a file or of a folder of parts.

    Raises:
        FrameError: a file cannot be read (LR409) or has two columns of one name (LR425), or a part has
            other columns than the first (LR490).
    """
    parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    columns = {each: _columns(each) for each in parts}
    faults = _other_columns(columns)
    if faults:
        raise FrameError(faults)
    return pl.scan_parquet(path / "*.parquet" if path.is_dir() else path)


def _columns(file: Path) -> Columns:
    try:
        return pl.read_parquet_schema(file)
    except pl.exceptions.DuplicateError as fault:
        named = re.search("'(.+)'", str(fault))  # which is nowhere else to be had
        names = f"{file}: {shown(named[1])}" if named else file
        raise FrameError([problem("LR425", None, names=names)]) from fault
    except pl.exceptions.PolarsError as fault:
        raise FrameError([problem("LR409", None, file=file)]) from fault


def _other_columns(parts: Mapping[Path, Columns]) -> list[Problem]:
    """What parts have otherwise than the first; of those that differ alike one stands for all."""
    found: dict[str, Problem] = {}
    for each, columns in parts.items():
        first = next(iter(parts))
        names = ", ".join(_differences(parts[first], columns))
        if names and names not in found:
            found[names] = problem("LR490", None, file=each, other=first.name, names=names)
    return list(found.values())


def _differences(columns: Columns, others: Columns) -> Iterator[str]:
    """Columns of other types, that are gone and that are new: `n: Int64 → –`."""
    for name in dict.fromkeys([*columns, *others]):
        before, after = columns.get(name, "–"), others.get(name, "–")
        if before != after:
            yield f"{shown(name)}: {before} → {after}"
