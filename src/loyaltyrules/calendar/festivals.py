# SPDX-License-Identifier: Apache-2.0
"""The festivals that shops of mainland China know, for looking dates up without a policy."""

from __future__ import annotations

from typing import Final

from loyaltyrules.calendar.occasion import DateRule, Lunar, LunarYearEnd, NthWeekday, Solar
from loyaltyrules.calendar.solar_term import SolarTerm

FESTIVALS: Final[dict[str, tuple[str, DateRule]]] = {
    "new_year": ("元旦", Solar(1, 1)),
    "spring_festival": ("春节", Lunar(1, 1)),
    "valentine": ("情人节", Solar(2, 14)),
    "lantern": ("元宵节", Lunar(1, 15)),
    "womens_day": ("妇女节", Solar(3, 8)),
    "qingming": ("清明", SolarTerm("qingming")),
    "labour_day": ("劳动节", Solar(5, 1)),
    "mothers_day": ("母亲节", NthWeekday(2, 6, 5)),
    "dragon_boat": ("端午节", Lunar(5, 5)),
    "fathers_day": ("父亲节", NthWeekday(3, 6, 6)),
    "army_day": ("建军节", Solar(8, 1)),
    "qixi": ("七夕", Lunar(7, 7)),
    "teachers_day": ("教师节", Solar(9, 10)),
    "mid_autumn": ("中秋节", Lunar(8, 15)),
    "national_day": ("国庆节", Solar(10, 1)),
    "double_ninth": ("重阳节", Lunar(9, 9)),
    "winter_solstice": ("冬至", SolarTerm("winter_solstice")),
    "christmas": ("圣诞节", Solar(12, 25)),
    "new_years_eve": ("除夕", LunarYearEnd()),
}
