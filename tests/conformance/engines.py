# SPDX-License-Identifier: Apache-2.0
"""Frames of DuckDB, Dask and Spark. All tests of a process share one Spark; `ON_SPARK` marks them."""

import os
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

import dask.dataframe as dd
import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

import effort

ENGINE = [pytest.mark.engine]
ON_SPARK = [
    *ENGINE,
    pytest.mark.xdist_group("spark"),  # one worker of the test run, and so one Java
    pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java, which is not here"),
]
SPARK = pytest.param("spark", marks=ON_SPARK)
SPARK_AT_LENGTH = pytest.param("spark", marks=[*ON_SPARK, effort.ALL])  # they plan for seconds
DASK_AT_LENGTH = pytest.param("dask", marks=effort.ALL)
SETTINGS: Mapping[str, str] = {
    "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "America/New_York",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # what has no time zone gets none
    # tables are small: planning and compiling would take longer than the work
    "spark.sql.shuffle.partitions": "2", "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}  # fmt: skip


def spark() -> SparkSession:
    """The Spark of this process, on this machine alone; its workers run this Python."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    return SparkSession.builder.master("local[2]").config(map=dict(SETTINGS)).getOrCreate()


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """The DuckDB of this process, in memory."""
    return duckdb.connect()


def on_duckdb(table: pa.Table) -> duckdb.DuckDBPyRelation:
    """A relation."""
    return connection().from_arrow(table)


def on_dask(frame: pd.DataFrame) -> dd.DataFrame:
    """A Dask frame of two partitions."""
    return dd.from_pandas(frame, npartitions=2)


def on_spark(table: pa.Table) -> Any:
    """A frame of Spark."""
    return spark().createDataFrame(table)


def arrow(frame: Any) -> pa.Table:
    """A frame of these engines as an Arrow table."""
    if isinstance(frame, dd.DataFrame):
        return pa.Table.from_pandas(frame.compute(), preserve_index=False)
    return frame.toArrow() if hasattr(frame, "toArrow") else frame.to_arrow_table()


def read_sorted(frame: Any) -> list[dict[str, Any]]:
    """The rows as mappings, sorted by their columns: engines give them in no order."""
    rows: list[dict[str, Any]] = arrow(frame).to_pylist()
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])
