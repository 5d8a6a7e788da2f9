# SPDX-License-Identifier: Apache-2.0
"""What draws cases is no installed package: it is found from the root of the project."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))


@pytest.fixture(autouse=True, scope="package")
def cases_write_their_files_where_tests_do(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("fuzz"))
    yield
    tempfile.tempdir = before


@pytest.fixture(autouse=True)
def a_slow_machine_is_no_find(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a step takes is the business of `make fuzz`; here only one that does not end is told."""
    from fuzz import laws

    monkeypatch.setattr(laws, "SECONDS", laws.STUCK)
