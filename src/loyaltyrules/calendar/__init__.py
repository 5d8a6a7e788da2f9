# SPDX-License-Identifier: Apache-2.0
"""Dates as shops count them: periods, lunar dates, festivals, birthdays, schedules, workdays."""

from __future__ import annotations

from loyaltyrules.calendar.anniversary import BirthdayCalendar, anniversaries, born_for
from loyaltyrules.calendar.counted import Landing, land, reach, starts
from loyaltyrules.calendar.hours import Hours
from loyaltyrules.calendar.instant import (
    at_local,
    at_utc,
    instant_of,
    is_instant,
    local_of,
    plain_of,
    utc_of,
    zone_at,
)
from loyaltyrules.calendar.limits import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_DAY,
    LAST_YEAR,
    CalendarRangeError,
    NoSuchLunarDate,
)
from loyaltyrules.calendar.lunar import (
    LunarDate,
    LunarMonth,
    is_provisional,
    leap_month,
    lunar_month,
    lunar_months,
    to_lunar,
    to_solar,
)
from loyaltyrules.calendar.names import MONTHS, ORDINALS, WEEKDAYS
from loyaltyrules.calendar.occasion import (
    DateRule,
    Lunar,
    LunarYearEnd,
    NthWeekday,
    Solar,
    dates_in,
    never_comes,
    occurrences,
)
from loyaltyrules.calendar.period import (
    Period,
    minutes_between,
    month_length,
    months_between,
    shift,
    shift_or_edge,
)
from loyaltyrules.calendar.schedule import (
    SCHEDULES,
    Schedule,
    counts_workdays,
    falls_on,
    schedule_named,
)
from loyaltyrules.calendar.solar_term import SOLAR_TERMS, SolarTerm
from loyaltyrules.calendar.workday import (
    KINDS_OF_DAY,
    NO_NOTICE,
    REST_DAY,
    RestDays,
    Untold,
    is_workday,
    rest_days,
)

__all__ = [
    "FIRST_DAY",
    "FIRST_YEAR",
    "KINDS_OF_DAY",
    "LAST_DAY",
    "LAST_YEAR",
    "MONTHS",
    "NO_NOTICE",
    "ORDINALS",
    "REST_DAY",
    "SCHEDULES",
    "SOLAR_TERMS",
    "WEEKDAYS",
    "BirthdayCalendar",
    "CalendarRangeError",
    "DateRule",
    "Hours",
    "Landing",
    "Lunar",
    "LunarDate",
    "LunarMonth",
    "LunarYearEnd",
    "NoSuchLunarDate",
    "NthWeekday",
    "Period",
    "RestDays",
    "Schedule",
    "Solar",
    "SolarTerm",
    "Untold",
    "anniversaries",
    "at_local",
    "at_utc",
    "born_for",
    "counts_workdays",
    "dates_in",
    "falls_on",
    "instant_of",
    "is_instant",
    "is_provisional",
    "is_workday",
    "land",
    "leap_month",
    "local_of",
    "lunar_month",
    "lunar_months",
    "minutes_between",
    "month_length",
    "months_between",
    "never_comes",
    "occurrences",
    "plain_of",
    "reach",
    "rest_days",
    "schedule_named",
    "shift",
    "shift_or_edge",
    "starts",
    "to_lunar",
    "to_solar",
    "utc_of",
    "zone_at",
]
