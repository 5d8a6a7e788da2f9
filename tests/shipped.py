# SPDX-License-Identifier: Apache-2.0
"""The shipped policy, which many tests read: loaded once a process, since it never changes."""

from functools import cache
from pathlib import Path

from loyaltyrules import Policy, load_policy

MENSWEAR = Path(__file__).parents[1] / "policies" / "menswear"


@cache
def menswear() -> Policy:
    """The policy of menswear stores."""
    return load_policy(MENSWEAR)
