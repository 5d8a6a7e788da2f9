# SPDX-License-Identifier: Apache-2.0
"""Golden tables for the calendar's tests."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent.parent / "golden" / "calendar"


@pytest.fixture(scope="session")
def golden() -> Callable[[str], list[dict[str, str]]]:
    """Read a golden table by its name, as rows of text."""

    def read(name: str) -> list[dict[str, str]]:
        with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
