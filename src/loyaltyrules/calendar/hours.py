# SPDX-License-Identifier: Apache-2.0
"""Hours of the day within which something is done, by the clock of one time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when, in minutes since midnight."""

    first: int
    last: int
    zone: ZoneInfo

    def begins(self, day: date) -> str:
        """When they begin on a day: ISO text with minutes and the offset of the zone."""
        return self._at(day, self.first)

    def ends(self, day: date) -> str:
        """When they end on a day."""
        return self._at(day, self.last)

    def _at(self, day: date, minute: int) -> str:
        clock = time(*divmod(minute, 60), tzinfo=self.zone)
        return datetime.combine(day, clock).isoformat(timespec="minutes")
