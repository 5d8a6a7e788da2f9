# SPDX-License-Identifier: Apache-2.0
"""Properties that do not say how many examples they try go by the effort; none has a deadline."""

from hypothesis import settings

from effort import examples

settings.register_profile("effort", max_examples=examples(100), deadline=None)
settings.load_profile("effort")
