# SPDX-License-Identifier: Apache-2.0
"""Types of facts and expressions: a kind, the unit it is counted in, and the words of a vocabulary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from loyaltyrules.calendar import Period

Value: TypeAlias = int | Decimal | str | bool | date | datetime | Period | tuple[str, ...]

KINDS = ("text", "whole", "number", "share", "yes/no", "date", "datetime", "period", "list", "word")
COUNTED = frozenset({"whole", "number", "share"})
DATED = frozenset({"date", "datetime"})


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of value; `unit` for counted ones; `words`, best first, for vocabularies.

    The unit of a period is `minutes` where it is an exact length of time, and empty where it is one of
    the calendar. `zone` is that of instants.
    """

    kind: str
    unit: str = ""
    words: tuple[str, ...] = ()
    zone: str = ""

    @property
    def finite(self) -> bool:
        """True when there are few possible values, all known beforehand."""
        return self.kind in ("yes/no", "word")

    def __str__(self) -> str:
        if self.kind == "word":
            return f"[{', '.join(self.words)}]"
        return f"{self.kind} ({self.unit})" if self.unit else self.kind


TEXT = Type("text")
WHOLE = Type("whole")
NUMBER = Type("number")
SHARE = Type("share")
YES_NO = Type("yes/no")
DATE = Type("date")
DATETIME = Type("datetime")
PERIOD = Type("period")
WORKDAYS = Type("period", "workdays")  # counted by official notices
MINUTES = Type("period", "minutes")
LIST = Type("list")


def period_type(length: Period) -> Type:
    """The type of a length of time."""
    return WORKDAYS if length.workdays else MINUTES if length.minutes else PERIOD


def common(kinds: Iterable[Type]) -> Type | None:
    """The type of a value that is one of several; None where they do not go together.

    Whole numbers and others of one unit are numbers, words and texts are texts; of vocabularies it is
    the larger one.
    """
    known = [each for each in kinds if each.kind != "unknown"]  # a fault in it was told already
    names, units = {each.kind for each in known}, {each.unit for each in known if each.unit}
    if len(units) > 1:
        return None
    if names and names <= COUNTED:
        return Type(names.pop() if len(names) == 1 else "number", "".join(units))
    if names == {"period"}:
        return Type("period", "".join(units))
    if names == {"word"}:
        largest = max(known, key=lambda each: len(each.words))
        return largest if all({*each.words} <= {*largest.words} for each in known) else None
    if names == {"word", "text"}:
        return TEXT
    if len(names) > 1:
        return None
    return known[0] if known else Type("unknown")


class NotHappened:
    """A dated event that has not happened: known, unlike a missing fact."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "not happened"

    def __reduce__(self) -> str:
        return "NOT_HAPPENED"


NOT_HAPPENED = NotHappened()
