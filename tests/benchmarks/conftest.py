# SPDX-License-Identifier: Apache-2.0
"""The benchmarks are no installed package: they are found from the root of the project."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))


@pytest.fixture(autouse=True)
def only_what_a_test_makes_is_collected() -> Iterator[None]:
    """Whatever is timed collects before: without all that the other tests have loaded."""
    gc.freeze()
    yield
    gc.unfreeze()
