# SPDX-License-Identifier: Apache-2.0
"""Output is written beside its place and renamed at the end: a run is whole or absent."""

import json
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl

from loyaltyrules.cli.ending import hear_alone, unbroken
from loyaltyrules.cli.outputs import target
from loyaltyrules.cli.scratch import scratch
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

ROWS = 1_000_000  # of one file of a folder
FOR_FILES = 0o666  # of a folder's mode: to look into it is no reason to execute its files


@dataclass(frozen=True, slots=True)
class Stream:
    """A table that comes into being while it is written; once stopped, no more of it comes."""

    table: pl.LazyFrame
    stopped: Event


def write_all(outputs: Mapping[Path, Callable[[], Any]]) -> None:
    """Write frames and records to files in the format of their endings, all or none.

    What is written is asked for when it is its turn. A path without an ending becomes a folder of
    Parquet files; where a path is a link, what it leads to is replaced. What can be called is called
    with the path, and writes itself.
    """
    hear_alone()
    written: list[tuple[Path, Path]] = []
    try:
        with ExitStack() as folders:
            for path, content in outputs.items():
                place = target(path)
                own = folders.enter_context(scratch(place.parent, f".{place.name}."))
                written.append((own / "whole", place))
                _write(content(), path.suffix, own / "whole")
            with unbroken():
                for beside, place in written:
                    _keep_mode(place, beside)
                    beside.replace(place)
    except (OSError, pl.exceptions.PolarsError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        raise FrameError([problem("LR100", None, file=path, why=why)]) from fault


def _keep_mode(place: Path, beside: Path) -> None:
    """Who may read what is replaced may read what comes in its place, of a folder its parts too."""
    if place.is_file() and beside.is_file():
        shutil.copymode(place, beside)
    elif place.is_dir() and beside.is_dir():
        shutil.copymode(place, beside)
        for part in beside.iterdir():
            part.chmod(place.stat().st_mode & FOR_FILES)


def _write(content: Any, suffix: str, path: Path) -> None:
    if callable(content):
        content(path)
    elif isinstance(content, Stream):
        _sink(content, suffix, path)
    elif isinstance(content, pl.DataFrame):
        SINKS[suffix](content.lazy(), path)
    else:
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str)
        path.write_text(text + "\n", encoding="utf-8")


def _sink(stream: Stream, suffix: str, path: Path) -> None:
    """Write in another thread, so that signals are heard here; a broken-off writer has ended after."""
    pool = ThreadPoolExecutor(1)
    try:
        pool.submit(SINKS[suffix], stream.table, path).result()
    except BaseException:
        stream.stopped.set()
        raise
    finally:
        with unbroken():
            pool.shutdown()


def _parquet_parts(table: pl.LazyFrame, folder: Path) -> None:
    table.sink_parquet(pl.PartitionBy(folder, max_rows_per_file=ROWS), mkdir=True)


SINKS: Mapping[str, Callable[[pl.LazyFrame, Path], Any]] = {
    ".csv": lambda table, path: table.sink_csv(path, line_terminator="\n"),
    ".parquet": lambda table, path: table.sink_parquet(path),
    ".jsonl": lambda table, path: table.sink_ndjson(path),
    "": _parquet_parts,
}
