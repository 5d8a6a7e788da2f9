# SPDX-License-Identifier: Apache-2.0
"""Raw purchases and contacts → the facts of each customer as of a day.

`facts_as_of` is the one verb. It reads tables of events (one row per purchase, one per contact),
keeps what had happened by the day, and gives one row per customer with the counts, sums and dates
that policies ask about. The day is always an argument, so any past day can be rebuilt and
replayed.
"""

from loyaltyrules.history.errors import (
    FaultyColumnError,
    HistoryError,
    HistoryWarning,
    MissingColumnError,
    MissingTableError,
)
from loyaltyrules.history.facts import facts_as_of

__all__ = [
    "FaultyColumnError",
    "HistoryError",
    "HistoryWarning",
    "MissingColumnError",
    "MissingTableError",
    "facts_as_of",
]
