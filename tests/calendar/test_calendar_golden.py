# SPDX-License-Identifier: Apache-2.0
"""Every golden row is what the calendar says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from loyaltyrules.calendar import (
    FIRST_DAY,
    DateRule,
    Lunar,
    LunarDate,
    LunarYearEnd,
    NthWeekday,
    SolarTerm,
    anniversaries,
    born_for,
    dates_in,
    leap_month,
    lunar_month,
    lunar_months,
    to_lunar,
    to_solar,
)

Golden = Callable[[str], list[dict[str, str]]]

RULES: dict[str, DateRule] = {
    "spring_festival": Lunar(1, 1),
    "lantern": Lunar(1, 15),
    "dragon_boat": Lunar(5, 5),
    "qixi": Lunar(7, 7),
    "zhongyuan": Lunar(7, 15),
    "mid_autumn": Lunar(8, 15),
    "double_ninth": Lunar(9, 9),
    "laba": Lunar(12, 8),
    "xiaonian_north": Lunar(12, 23),
    "new_years_eve": LunarYearEnd(),
    "qingming": SolarTerm("qingming"),
    "winter_solstice": SolarTerm("winter_solstice"),
    "mothers_day": NthWeekday(2, 6, 5),
    "fathers_day": NthWeekday(3, 6, 6),
    "thanksgiving_us": NthWeekday(4, 3, 11),
}
TWELFTH_MONTH = ("laba", "xiaonian_north", "new_years_eve")


def test_every_festival_of_a_year_falls_on_its_golden_date(golden: Golden) -> None:
    rows = [row for row in golden("festivals") if row["festival_key"] not in TWELFTH_MONTH]
    wrong = [
        row
        for row in rows
        if dates_in(RULES[row["festival_key"]], int(row["year"]))
        != (date.fromisoformat(row["date"]),)
    ]
    assert len(rows) == 2968 - 3 * 199
    assert wrong == []


def test_every_festival_of_the_twelfth_month_falls_on_its_golden_date(golden: Golden) -> None:
    rows = [row for row in golden("festivals") if row["festival_key"] in TWELFTH_MONTH]
    wrong = [
        row
        for row in rows
        if _twelfth_month_day(row["festival_key"], int(row["year"]))
        != date.fromisoformat(row["date"])
    ]
    assert len(rows) == 3 * 199
    assert wrong == []


def test_every_festival_of_the_twelfth_month_is_found_from_its_gregorian_date(
    golden: Golden,
) -> None:
    days = [
        (row["festival_key"], date.fromisoformat(row["date"]))
        for row in golden("festivals")
        if row["festival_key"] in TWELFTH_MONTH
    ]
    told = [(key, day) for key, day in days if day.year < 2100]
    assert len(told) == len(days) - 3, "the three of lunar 2099 fall in 2100, which is not promised"
    assert [(key, day) for key, day in told if day not in dates_in(RULES[key], day.year)] == []


def test_a_gregorian_year_holds_the_golden_number_of_twelfth_month_festivals(
    golden: Golden,
) -> None:
    rows = golden("month12_festivals_by_gregorian_year")
    wrong = []
    for row in rows:
        found = dates_in(RULES[row["festival_key"]], int(row["gregorian_year"]))
        expected = [date.fromisoformat(day) for day in row["dates"].split("|") if day]
        assert len(expected) == int(row["count"])
        if found != tuple(day for day in expected if _is_told(row["festival_key"], day)):
            wrong.append(row)
    assert len(rows) == 3 * 199
    assert wrong == []


def test_every_leap_month_is_the_golden_one(golden: Golden) -> None:
    rows = golden("leap_months")
    wrong = [
        row for row in rows if _leap(int(row["year"])) != (row["leap_month"], row["leap_length"])
    ]
    assert len(rows) == 199
    assert wrong == []


def test_every_golden_birth_has_its_lunar_date(golden: Golden) -> None:
    wrong = []
    for row in golden("lunar_birthdays"):
        lunar = LunarDate(
            int(row["lunar_year"]),
            int(row["lunar_month"]),
            int(row["lunar_day"]),
            row["is_leap"] == "1",
        )
        born = date.fromisoformat(row["birth_date"])
        if to_lunar(born) != lunar or to_solar(lunar) != born:
            wrong.append(row)
    assert wrong == []


def test_every_lunar_birthday_falls_on_its_golden_date(golden: Golden) -> None:
    rows = golden("lunar_birthdays")
    wrong = []
    for row in rows:
        born, day = (date.fromisoformat(row[name]) for name in ("birth_date", "birthday_date"))
        near = [
            found
            for year in (day.year - 1, day.year, min(day.year + 1, 2099))
            for found in anniversaries(born, "lunar", year)
            if to_lunar(found).year == int(row["target_lunar_year"])
        ]
        if set(near) != {day} or born not in born_for(day, "lunar"):
            wrong.append(row)
    assert len(rows) == 735
    assert wrong == []


def _twelfth_month_day(key: str, year: int) -> date:
    if key == "new_years_eve":
        return to_solar(LunarDate(year, 12, lunar_months(year)[-1].days))
    return to_solar(LunarDate(year, 12, 8 if key == "laba" else 23))


def _is_told(key: str, day: date) -> bool:
    """Days of lunar 1900 are not promised; its eve alone follows from the first promised day."""
    return day >= FIRST_DAY or key == "new_years_eve"


def _leap(year: int) -> tuple[str, str]:
    leap = leap_month(year)
    month = None if leap is None else lunar_month(year, leap, leap=True)
    return ("0", "0") if month is None else (str(month.month), str(month.days))
