# SPDX-License-Identifier: Apache-2.0
"""Dates as shops count them: periods, lunar dates, festivals, birthdays, schedules, workdays."""

from __future__ import annotations

from loyaltyrules.calendar.anniversary import BirthdayCalendar, anniversaries, born_for
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
from loyaltyrules.calendar.period import Period, month_length, months_between, shift
from loyaltyrules.calendar.schedule import SCHEDULES, Schedule, falls_on, schedule_named
from loyaltyrules.calendar.solar_term import SOLAR_TERMS, SolarTerm
from loyaltyrules.calendar.workday import RestDays, is_workday

__all__ = [
    "FIRST_DAY",
    "FIRST_YEAR",
    "LAST_DAY",
    "LAST_YEAR",
    "MONTHS",
    "ORDINALS",
    "SCHEDULES",
    "SOLAR_TERMS",
    "WEEKDAYS",
    "BirthdayCalendar",
    "CalendarRangeError",
    "DateRule",
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
    "anniversaries",
    "born_for",
    "dates_in",
    "falls_on",
    "is_provisional",
    "is_workday",
    "leap_month",
    "lunar_month",
    "lunar_months",
    "month_length",
    "months_between",
    "never_comes",
    "occurrences",
    "schedule_named",
    "shift",
    "to_lunar",
    "to_solar",
]
