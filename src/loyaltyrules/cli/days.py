# SPDX-License-Identifier: Apache-2.0
"""Days as they are written on the command line."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from loyaltyrules.calendar import FIRST_DAY, FIRST_YEAR, LAST_YEAR
from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.host.day import moment_of
from loyaltyrules.plan.plan import LAST_DAY
from loyaltyrules.problem.problem import problem


class Span(NamedTuple):
    """The days of a verb as they were written."""

    on: str
    since: str | None = None

    def read(self) -> tuple[date, date | None]:
        """The last day, and the last one already done.

        Raises:
            MisuseError: one is no day (LR451), or is outside of the calendar (LR306).
        """
        on = _inside(_day("--on", self.on), FIRST_DAY)
        if self.since is None:
            return on, None
        before = FIRST_DAY - timedelta(days=1)  # of the first day nothing is done yet
        return on, _inside(_day("--since", self.since), before)


class Whole(NamedTuple):
    """The first and the last day of a span as they were written."""

    on: str
    until: str | None = None

    def read(self) -> tuple[date, date | None]:
        """The first day, and the last one.

        Raises:
            MisuseError: one is no day (LR451), or is outside of the calendar (LR306).
        """
        on = _inside(_day("--on", self.on), FIRST_DAY)
        if self.until is None:
            return on, None
        return on, _inside(_day("--until", self.until), FIRST_DAY)


def moment(text: str | None) -> str | None:
    """The moment of a run as it was written, if it was.

    Raises:
        MisuseError: it is none (LR314).
    """
    if text is not None and moment_of(text) is None:
        raise MisuseError([problem("LR314", None, value=repr(text))])
    return text


def _day(option: str, text: str) -> date:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError as fault:
        raise MisuseError([problem("LR451", None, option=option, value=text)]) from fault


def _inside(day: date, first: date) -> date:
    if not first <= day <= LAST_DAY:
        span = f"{FIRST_DAY} – {LAST_DAY}"
        raise MisuseError([problem("LR306", None, day=day, range=span)])
    return day


def require_year(year: int) -> None:
    """Refuse years outside of the calendar.

    Raises:
        MisuseError: LR418.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        span = f"{FIRST_YEAR} – {LAST_YEAR}"
        raise MisuseError([problem("LR418", None, year=year, range=span)])
