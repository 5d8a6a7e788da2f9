# SPDX-License-Identifier: Apache-2.0
"""What if: changed policies on the same records, put side by side. Nothing here decides."""

from loyaltyrules.simulation.base.measures import actions, cost, count, minutes, share
from loyaltyrules.simulation.replaying.always import always

__all__ = ["actions", "always", "cost", "count", "minutes", "share"]
