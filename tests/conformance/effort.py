# SPDX-License-Identifier: Apache-2.0
"""Cases of the suite: the same each time, or many new ones (HYPOTHESIS_PROFILE=thorough).

Each case has a seed of its own: hypothesis would else spend most of its tries on slight changes of one case.
"""

import os
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from conformance.cases import Case
from conformance.smaller import smaller
from effort import THOROUGH, TIMES, examples

START = int.from_bytes(os.urandom(4)) if THOROUGH else 0
PROFILE = settings(
    max_examples=2,  # the first is always the simplest, so the second is the new one
    deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def tries(check: Callable[[Case], None], cases: SearchStrategy[Case], many: int, name: str) -> int:
    """Check so many cases, or fewer with less effort; each name has its own. Gives how many they are.

    A failing one is told as small as it gets.
    """
    seen: set[str] = set()

    @PROFILE
    @given(case=cases)
    def tried(case: Case) -> None:
        if repr(case) not in seen:
            _checked(check, case)
            seen.add(repr(case))

    count = examples(many) * TIMES
    for number in range(count):
        seed(f"{name} {START + number}")(tried)()
    return count


def _checked(check: Callable[[Case], None], case: Case) -> None:
    try:
        check(case)
    except Exception as error:
        small = smaller(check, case)
        raise AssertionError(f"{type(error).__name__}: {str(error)[:400]}\n{small!r}") from error
