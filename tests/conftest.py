# SPDX-License-Identifier: Apache-2.0
"""Properties that do not say how many examples they try go by the effort; none has a deadline.

All draw the same examples on each run, so that a change fails by what it changes; HYPOTHESIS_PROFILE=thorough
draws new ones.
"""

from hypothesis import settings

from effort import THOROUGH, examples

settings.register_profile(
    "effort", max_examples=examples(100), deadline=None, derandomize=not THOROUGH
)
settings.load_profile("effort")
