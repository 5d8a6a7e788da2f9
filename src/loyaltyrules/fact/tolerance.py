# SPDX-License-Identifier: Apache-2.0
"""Floats carry noise: which number of four decimals one means, stated here for rows and columns alike.

A float means the nearest number of four decimals where it lies within `CLOSE` of it; any other is
finer than numbers are. `tolerance_columns` takes the same steps in the same order, so that both
answer the same to the last bit.
"""

import math
from decimal import Context, Decimal

CLOSE = 1e-9  # of a float to the number that it means: relative, below one absolute
CLOSE_32 = 2.0**-23  # the same of a float of 32 bits: its own precision
UNIT = 10_000
TOLD_APART = 2.0**39  # from here on floats no longer tell numbers of four decimals apart
EXACT = Context(prec=60, traps=[])  # whatever the host's decimal context is


class Single(float):
    """A float of 32 bits, as the shortest decimal that names it."""


def meant(value: float) -> Decimal | None:
    """The number of four decimals that a float means; None where it is finer. It must be finite."""
    shown = Decimal(float.__repr__(value))
    if shown == (rounded := shown.quantize(Decimal("0.0001"), context=EXACT)):
        return shown
    if abs(value) >= TOLD_APART:
        return rounded
    whole = round(value)
    raised = (value - whole) * UNIT
    nearest = math.floor(raised + 0.5)
    close = CLOSE_32 if isinstance(value, Single) else CLOSE
    if abs(raised - nearest) > max(abs(value), 1.0) * (close * UNIT):
        return None
    return EXACT.scaleb(whole * UNIT + nearest, -4)
