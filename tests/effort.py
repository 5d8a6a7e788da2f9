# SPDX-License-Identifier: Apache-2.0
"""How hard the tests try: `some` of their days and cases, or `all` of them, as EFFORT says.

Every test runs with either, but for those marked `ALL`. HYPOTHESIS_PROFILE=thorough tries all, and in
the conformance suite new cases each time, HYPOTHESIS_TIMES as many.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

Value = TypeVar("Value")
EFFORT = os.environ.get("EFFORT", "some")
if EFFORT not in ("some", "all"):
    raise ValueError(f"EFFORT={EFFORT}: how hard the tests try is 'some' or 'all'")
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
TIMES = int(os.environ.get("HYPOTHESIS_TIMES", "20")) if THOROUGH else 1
WHOLE = EFFORT == "all" or THOROUGH
ALL = pytest.mark.skipif(not WHOLE, reason="tried by make test EFFORT=all")


def each(values: Sequence[Value], step: int, start: int = 0) -> list[Value]:
    """All values, or each so many-th of them."""
    return list(values) if WHOLE else list(values[start::step])


def examples(number: int) -> int:
    """How many examples a property tries: so many, or a tenth of them."""
    return number if WHOLE else max(1, number // 10)
