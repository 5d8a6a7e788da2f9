# SPDX-License-Identifier: Apache-2.0
"""What tests of several parts share: one Spark, in one of the processes that tests run in."""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, which need not be there
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Send all tests on Spark to one process, by what their parameters are called.

    Marks cannot say it: xdist 3.8 writes groups into ids, which pytest 9.2 keeps elsewhere.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class OneSpark(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            on_spark = "spark" in nodeid.partition("[")[2]
            return "spark" if on_spark else super()._split_scope(nodeid)

    return OneSpark(config, log)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark on this machine alone, whose workers run this Python."""
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, which is not on this machine")
    from pyspark.sql import SparkSession  # which most tests do not need

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "3",
        "spark.sql.session.timeZone": "America/New_York", "spark.log.level": "ERROR",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",  # what has no time zone gets none
    }  # fmt: skip
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    yield session
    session.stop()
