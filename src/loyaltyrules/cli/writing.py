# SPDX-License-Identifier: Apache-2.0
"""Output is written beside its place and renamed at the end: a run is whole or absent."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any

import polars as pl

from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

KINDS = (".csv", ".jsonl", ".parquet", ".json", "")
ROWS = 1_000_000  # of one file of a folder


def check_paths(paths: list[Path]) -> None:
    """Refuse file endings that cannot be written, folders that are not there, one file for two.

    Raises:
        MisuseError: LR411 or LR100.
    """
    for path in paths:
        if path.suffix not in KINDS:
            raise MisuseError([problem("LR411", None, file=path)])
        if not path.parent.is_dir():
            raise MisuseError([problem("LR100", None, file=path.parent, why="no such folder")])
        if path.is_dir() and (path.suffix or any(path.iterdir())):
            raise MisuseError([problem("LR100", None, file=path, why="a folder")])
        if paths.count(path) > 1:
            raise MisuseError([problem("LR100", None, file=path, why="given twice")])


def write_all(outputs: Mapping[Path, Callable[[], Any]]) -> None:
    """Write frames and records to files in the format of their endings, all or none.

    What is written is asked for when it is its turn. A path without an ending becomes a folder of
    Parquet files. What can be called is called with the path, and writes itself.
    """
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in outputs.items():
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            written.append((beside, path))
            _write(content(), path.suffix, beside)
        for beside, path in written:
            beside.replace(path)
    except (OSError, pl.exceptions.PolarsError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        raise FrameError([problem("LR100", None, file=path, why=why)]) from fault
    finally:
        for beside, _ in written:
            if beside.is_dir():
                rmtree(beside)
            beside.unlink(missing_ok=True)


def _write(content: Any, suffix: str, path: Path) -> None:
    if callable(content):
        content(path)
    elif isinstance(content, pl.DataFrame | pl.LazyFrame):
        SINKS[suffix](content.lazy(), path)
    else:
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str)
        path.write_text(text + "\n", encoding="utf-8")


def _parquet_parts(table: pl.LazyFrame, folder: Path) -> None:
    table.sink_parquet(pl.PartitionBy(folder, max_rows_per_file=ROWS), mkdir=True)


SINKS: Mapping[str, Callable[[pl.LazyFrame, Path], Any]] = {
    ".csv": lambda table, path: table.sink_csv(path, line_terminator="\n"),
    ".parquet": lambda table, path: table.sink_parquet(path),
    ".jsonl": lambda table, path: table.sink_ndjson(path),
    "": _parquet_parts,
}
