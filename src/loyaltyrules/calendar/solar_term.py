# SPDX-License-Identifier: Apache-2.0
"""The solar terms that shops keep, by the table of their days in the years 1901 to 2099."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

from loyaltyrules.calendar.limits import require_lunar_year

TermName: TypeAlias = Literal["qingming", "winter_solstice"]

SOLAR_TERMS: Final[tuple[str, ...]] = get_args(TermName)
"""The names of the solar terms known."""


@dataclass(frozen=True, slots=True)
class SolarTerm:
    """The day a solar term falls on: `qingming` or `winter_solstice`.

    Raises:
        ValueError: no such solar term is known.
    """

    name: TermName

    def __post_init__(self) -> None:
        if self.name not in _DAYS:
            raise ValueError(f"unknown solar term {self.name!r}; known: {', '.join(SOLAR_TERMS)}")


@dataclass(frozen=True, slots=True)
class _Days:
    """The usual day of a term and the years that differ, by the year's remainder modulo 4.

    A year from `early_from[year % 4]` on has the day before, a year up to `late_until[year % 4]`
    the day after.
    """

    month: int
    usual: int
    early_from: tuple[int, int, int, int]
    late_until: tuple[int, int, int, int]


_NEVER: Final = 0
_DAYS: Final[dict[str, _Days]] = {
    "qingming": _Days(4, 5, (1976, 2009, 2042, 2075), (_NEVER, _NEVER, 1910, 1943)),
    "winter_solstice": _Days(12, 22, (1988, 2021, 2058, 2091), (_NEVER, _NEVER, 1914, 1951)),
}


def term_day(term: SolarTerm, year: int) -> date:
    """Find the day of a solar term in a Gregorian year.

    Raises:
        CalendarRangeError: the year is not in 1901 to 2099.
    """
    require_lunar_year(year)
    days, remainder = _DAYS[term.name], year % 4
    early = year >= days.early_from[remainder]
    late = year <= days.late_until[remainder]
    return date(year, days.month, days.usual - early + late)
