# SPDX-License-Identifier: Apache-2.0
"""What if: changed policies on the same records, put side by side. Nothing here decides."""

from loyaltyrules.simulation.always import always
from loyaltyrules.simulation.measures import actions, cost, count, minutes, share

__all__ = ["actions", "always", "cost", "count", "minutes", "share"]
