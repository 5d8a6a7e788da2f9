# SPDX-License-Identifier: Apache-2.0
"""How hard the suite tries: `swift` is the same every time; HYPOTHESIS_PROFILE=thorough tries for long."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
TIMES = int(os.environ.get("HYPOTHESIS_TIMES", "20"))
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
SWIFT = settings(
    deadline=None, derandomize=True, database=None, print_blob=False, suppress_health_check=SLOW
)
LONG = settings(deadline=None, derandomize=False, suppress_health_check=SLOW)
PROFILE = LONG if THOROUGH else SWIFT


def tries(
    check: Callable[[Any], None], cases: SearchStrategy[Any], examples: int, name: str
) -> None:
    """Check so many cases; the swift profile's are the same each time, but others for each name."""
    times = TIMES if THOROUGH else 1

    def tried(case: Any) -> None:
        check(case)

    run = settings(PROFILE, max_examples=examples * times)(given(case=cases)(tried))
    (run if THOROUGH else seed(name)(run))()
