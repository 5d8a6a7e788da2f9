# SPDX-License-Identifier: Apache-2.0
"""Golden texts are compared, or written anew with `pytest tests/golden --refresh-golden`."""

from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden texts anew")


@pytest.fixture
def golden_text(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with its golden file, or write the file when asked to."""

    def compare(file: Path, text: str) -> None:
        if request.config.getoption("--refresh-golden", default=False):
            file.write_bytes(text.encode())
        assert file.read_bytes().decode() == text

    return compare
