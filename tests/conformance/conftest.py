# SPDX-License-Identifier: Apache-2.0
"""Engines part even the small tables of these tests."""

import pytest

from loyaltyrules.frame.engines import on_duckdb, on_spark


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many rows a part; each part of Spark is a process of its own."""
    monkeypatch.setattr(on_duckdb, "ROWS", 3)
    monkeypatch.setattr(on_spark, "ROWS", 20)
