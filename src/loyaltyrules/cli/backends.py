# SPDX-License-Identifier: Apache-2.0
"""Engines that a run may be decided inside of: how they open tables, count rows and write folders."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from loyaltyrules.cli.ending import leave
from loyaltyrules.cli.reading import JSON, Source
from loyaltyrules.frame.engines.carriers import CARRIERS, require
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

ROWS = 100_000  # of a table that came as text, in a partition of Dask
BROKEN_OFF = "Query interrupted"  # how DuckDB says that a signal was heard
LONGEST = 400  # characters of what an engine says of a failure
Given = Mapping[str, Source]
Rows = Iterable[Sequence[Any]]


class Backend(NamedTuple):
    """What a run asks of an engine.

    Parquet is opened by the engine itself. CSV has been read and examined already, as without an
    engine, and is handed over: engines differ in quotes, encodings and rows of too few cells.
    """

    name: str
    carrier: str
    faults: Callable[[], tuple[type[Exception], ...]]  # how the engine says that it failed
    opened: Callable[[Given, Path], dict[str, Any]]  # the folder is for what it puts aside
    counted: Callable[[Any, Sequence[str]], Rows]  # distinct values of columns, and how often
    here: Callable[[Any], pl.DataFrame]
    parted: Callable[[Any, Path], Any]  # writes a folder of Parquet files

    def require(self) -> None:
        """Refuse to start without the engine's packages (LR423)."""
        require(CARRIERS[self.carrier])

    def tables(self, given: Given, folder: Path) -> dict[str, Any]:
        """The tables as the engine's own frames.

        Raises:
            FrameError: one came as JSON lines (LR427), or the engine cannot open one (LR426).
        """
        for source in given.values():
            if source.file.suffix in JSON:
                raise FrameError([problem("LR427", None, file=source.file, backend=self.name)])
        with self.speaking():
            return self.opened(given, folder)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """A failure of the engine becomes a problem in its own words (LR426); what was broken off ends."""
        try:
            yield
        except RuntimeError as fault:
            if str(fault) != BROKEN_OFF:
                raise
            leave()
        except self.faults() as fault:
            details = {"backend": self.name, "why": _why(fault)}
            raise FrameError([problem("LR426", None, **details)]) from fault


def _why(fault: Exception) -> str:
    """What an engine says, in short: the end of a worker's traceback, else its first two lines."""
    lines = [line for line in str(fault).splitlines() if line.strip()]
    calls = next((n for n, line in enumerate(lines, 1) if "Traceback (most recent" in line), None)
    if calls is not None:
        lines = [line for line in lines[calls:] if not line.startswith(" ")][:1]
    told = " ".join(line.strip() for line in lines[:2])
    return told[:LONGEST].rstrip(".") or type(fault).__name__


def _paths(source: Source) -> list[str]:
    return [str(file.absolute()) for file in source.parquet]


# ---- DuckDB


def _duckdb_faults() -> tuple[type[Exception], ...]:
    import duckdb  # engines are asked for only where a run names them

    return (duckdb.Error,)


def _in_duckdb(given: Given, folder: Path) -> dict[str, Any]:
    """Relations of one connection, which puts what memory does not hold into the folder."""
    import duckdb

    connection = duckdb.connect(config={"temp_directory": str(folder / "duckdb")})
    return {
        name: connection.read_parquet(_paths(source), hive_partitioning=False)
        if source.parquet
        else connection.from_arrow(source.table.collect().to_arrow())
        for name, source in given.items()
    }


def _counted_by_duckdb(frame: Any, names: Sequence[str]) -> Rows:
    listed = ", ".join(names)
    rows: Rows = frame.aggregate(f"{listed}, count(*)", listed).fetchall()
    return rows


def _parted_by_duckdb(frame: Any, folder: Path) -> None:
    frame.to_parquet(str(folder), per_thread_output=True)


# ---- Dask


def _dask_faults() -> tuple[type[Exception], ...]:
    import pyarrow

    return (pyarrow.ArrowException, OSError)


def _in_dask(given: Given, _: Path) -> dict[str, Any]:
    """Dask frames of Arrow types. The columns are named: Dask would make one of `a=b` in a path."""
    import dask.dataframe as dd

    found = {}
    for name, source in given.items():
        if source.parquet:
            columns = source.table.collect_schema().names()
            found[name] = dd.read_parquet(
                _paths(source), columns=columns, index=False, dtype_backend="pyarrow"
            )
        else:
            rows = source.table.collect().to_pandas(use_pyarrow_extension_array=True)
            found[name] = dd.from_pandas(rows, npartitions=1 + len(rows) // ROWS)
    return found


def _counted_by_dask(frame: Any, names: Sequence[str]) -> Rows:
    counted = frame.groupby(list(names), dropna=False).size().reset_index().compute()
    rows: Rows = counted.itertuples(index=False)
    return rows


def _from_dask(frame: Any) -> pl.DataFrame:
    import pyarrow

    found = pl.from_arrow(pyarrow.Table.from_pandas(frame.compute(), preserve_index=False))
    assert isinstance(found, pl.DataFrame)
    return found


# ---- Spark


def _spark_faults() -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return (PySparkException, Py4JError)


def _in_spark(given: Given, _: Path) -> dict[str, Any]:
    session = _session()
    return {
        name: session.read.parquet(*map(_address, _paths(source)))
        if source.parquet
        else session.createDataFrame(source.table.collect().to_arrow())
        for name, source in given.items()
    }


def _session() -> Any:
    """The Spark session that is there, or a new one, with whatever settings it finds.

    Its workers run this Python, where nothing else is asked for: another one may lack this library.
    A new session is quiet, lest it drowns the summary.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    session = SparkSession.builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    context = getattr(session, "sparkContext", None)  # a remote session has none
    if context is not None and not context.getConf().contains("spark.log.level"):
        context.setLogLevel("ERROR")
    return session


def _address(path: str) -> str:
    """A path of this machine, where Spark would look elsewhere; it reads signs as they stand."""
    return f"file://{path}"


def _counted_by_spark(frame: Any, names: Sequence[str]) -> Rows:
    rows: Rows = frame.groupBy(*names).count().collect()
    return rows


def _from_spark(frame: Any) -> pl.DataFrame:
    found = pl.from_arrow(frame.toArrow())
    assert isinstance(found, pl.DataFrame)
    return found


def _parted_by_spark(frame: Any, folder: Path) -> None:
    frame.write.parquet(_address(str(folder.absolute())))


BACKENDS: Mapping[str, Backend] = {
    "duckdb": Backend(
        "DuckDB", "duckdb", _duckdb_faults, _in_duckdb, _counted_by_duckdb,
        lambda frame: frame.pl(), _parted_by_duckdb,
    ),
    "dask": Backend(
        "Dask", "dask", _dask_faults, _in_dask, _counted_by_dask, _from_dask,
        lambda frame, folder: frame.to_parquet(str(folder), write_index=False),
    ),
    "spark": Backend(
        "Spark", "pyspark", _spark_faults, _in_spark, _counted_by_spark, _from_spark,
        _parted_by_spark,
    ),
}  # fmt: skip
