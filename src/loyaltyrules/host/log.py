# SPDX-License-Identifier: Apache-2.0
"""The logger `loyaltyrules`: what was loaded, compiled and run. Silent unless the host listens.

Counts, names and fingerprints only: never a record's value or id.
"""

import logging

LOG = logging.getLogger("loyaltyrules")
LOG.addHandler(logging.NullHandler())


def tells(level: int) -> bool:
    """True where somebody listens: what is told may take work to find out."""
    return LOG.isEnabledFor(level)
