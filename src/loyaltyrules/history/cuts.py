# SPDX-License-Identifier: Apache-2.0
"""The days that part recent events from older ones, worked out once in Python.

Ages are counted forward: an event is a year old from the day that lies 12 calendar months after
it, the day itself included; where that month is shorter, its last day counts (2024-02-29 is a year
old on 2025-02-28). Subtracting a year from the day of judgement would miss exactly that case, so
the cut is searched: it is the latest event day whose anniversary has come. Columns then only
compare dates.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

FIRST, LAST = date(4, 1, 1), date(9999, 12, 30)
"""The days whose cuts are dates."""

_DAY = timedelta(days=1)
_SLACK = timedelta(days=4)  # month ends clamp by at most three days


@dataclass(frozen=True, slots=True)
class Cuts:
    """Latest event days that are already out of each span, as seen from one day.

    Attributes:
        on: The day of judgement; later events have not happened yet.
        year: Events up to here are 12 months old or more; later ones are "in the last 12 months".
        two_years: Events up to here are 24 months old or more.
        week: Events up to here are 7 days old or more (`on` is day 0).
        month: Events up to here are 30 days old or more.
    """

    on: date
    year: date
    two_years: date
    week: date
    month: date


def cuts_as_of(on: date) -> Cuts:
    """Work out every cut of the day `on`."""
    return Cuts(
        on=on,
        year=latest_day_aged(12, on),
        two_years=latest_day_aged(24, on),
        week=on - timedelta(days=7),
        month=on - timedelta(days=30),
    )


def latest_day_aged(months: int, on: date) -> date:
    """Find the latest day that is at least `months` calendar months old on the day `on`.

    Args:
        months: Age in calendar months, 1 or more.
        on: The day of judgement.

    Returns:
        The latest day `d` with `d` + `months` calendar months ≤ `on`; all earlier days hold it too.
    """
    age = relativedelta(months=months)
    day = on - age - _SLACK
    while day + _DAY + age <= on:
        day += _DAY
    return day
