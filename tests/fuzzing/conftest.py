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
