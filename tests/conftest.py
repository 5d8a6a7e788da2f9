# SPDX-License-Identifier: Apache-2.0
"""What tests of several parts share: the one Spark of a process of tests."""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest


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
