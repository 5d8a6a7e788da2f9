#!/usr/bin/env bash
# A birthday on the 30th of the last lunar month is, in three packages, the New Year, never, or an error.
#
# Expected: the last lunar month has 29 or 30 days, so a birthday on 12/30 is missing now and then; a package
#   says so, or takes the last day of the month, as calendars with a 29 February do.
# Happens: it is missing five years on end, 2024 to 2028. sxtwl, which computes where others look up a table,
#   answers with the next day: the New Year, a day of another year and month, and gives no sign. Asked for the
#   leap sixth month of 2026, which has none, it answers with the ordinary one. borax, asked for the days of the
#   festival 12/30, lists February 2024 and then February 2030. lunar_python refuses.
# Why it matters: the 30th of the last month is New Year's Eve for those who look at one year only, and a common
#   birthday. A reminder that runs on conversions congratulates on the busiest day of the year, or not for six
#   years. Convert back and compare, and decide in the policy what such a birthday means.
# Known: the pages of sxtwl do not tell what becomes of a day that is missing. borax has a festival on the last
#   day of a month (day -1), which is New Year's Eve and not this birthday.
# Packages: sxtwl 2.0.7, borax 4.1.3, lunar_python 1.4.8.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"${PYTHON:-python3}" -m venv "$room/venv"
"$room/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  sxtwl==2.0.7 borax==4.1.3 lunar_python==1.4.8
cd "$room"
"$room/venv/bin/python" -I - <<'PYTHON'
import sys
from datetime import date
from importlib.metadata import version

import sxtwl
from borax.calendars.festivals2 import LunarFestival
from lunar_python import Lunar

YEARS = range(2023, 2030)


def by_sxtwl(year: int, month: int, day: int, leap: bool = False) -> tuple[str, int, int]:
    found = sxtwl.fromLunar(year, month, day, leap)
    solar = date(found.getSolarYear(), found.getSolarMonth(), found.getSolarDay())
    return str(solar), found.getLunarMonth(), found.getLunarDay()


def by_lunar_python(year: int) -> str:
    try:
        return Lunar.fromYmd(year, 12, 30).getSolar().toYmd()
    except Exception as refused:  # it has no kind of its own
        return str(refused)


birthdays = {year: by_sxtwl(year, 12, 30) for year in YEARS}
refused = [year for year in YEARS if "only 29 days" in by_lunar_python(year)]
listed = LunarFestival(month=12, day=30).list_days(start_date=date(2024, 1, 1), end_date=date(2030, 12, 31))
ordinary, leap = by_sxtwl(2026, 6, 1), by_sxtwl(2026, 6, 1, leap=True)

print("packages:", ", ".join(f"{name} {version(name)}" for name in ("sxtwl", "borax", "lunar_python")))
print("guess: an error, or the 29th, in a year without the day")
for year, (solar, month, day) in birthdays.items():
    print(f"seen, sxtwl: 12/30 of {year} is {solar}, which it calls {month}/{day}")
print(f"seen, sxtwl: the leap sixth month of 2026 begins on {leap[0]}, the ordinary one on {ordinary[0]}")
print(f"seen, borax: from 2024 to 2030 the day falls on {[str(day)[:10] for day in listed]}")
print(f"seen, lunar_python: refuses {refused}")

missing = [2024, 2025, 2026, 2027, 2028]
became_new_year = [year for year in YEARS if birthdays[year][1:] == (1, 1)]
days = [str(day)[:10] for day in listed]
if (became_new_year, refused, days, leap) != (missing, missing, ["2024-02-09", "2030-02-02"], ordinary):
    sys.exit(f"changed: {became_new_year}, {refused}, {days}, {leap}")
print("as stated")
PYTHON
