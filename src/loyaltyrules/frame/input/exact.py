# SPDX-License-Identifier: Apache-2.0
"""Values of shared derived facts in columns: texts that hold each exactly, and what has not happened.

Numbers of given facts have four decimals, and a column of them says nothing of events; what is derived has
as many decimals as it comes to, and rows must go on with the same value as single records do.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.calendar import at_utc, is_instant, utc_of, zone_at
from loyaltyrules.expression.types import NOT_HAPPENED, Type

EXACT = Type("exact")
NEVER = "-"
INSTANT = "datetime"


def exact_text(value: Any) -> str | None:
    """A value as a text of its kind; None where it is unknown."""
    if value is None:
        return None
    if value is NOT_HAPPENED:
        return NEVER
    if isinstance(value, list | tuple | set | frozenset):
        return f"list:{json.dumps([*value], ensure_ascii=False)}"
    if is_instant(value):
        return f"{INSTANT}:{utc_of(value).isoformat()} {zone_at(value).key}"
    kind = next(name for name, of, _ in KINDS if isinstance(value, of))
    return f"{kind}:{value}"


def exact_value(text: str | None) -> Any:
    """The value that a text holds."""
    if text is None:
        return None
    if text == NEVER:
        return NOT_HAPPENED
    kind, _, said = text.partition(":")
    return READERS[kind](said)


KINDS: tuple[tuple[str, type, Callable[[str], Any]], ...] = (
    ("yes/no", bool, lambda said: said == "True"),
    ("whole", int, int),
    ("number", Decimal, Decimal),
    ("float", float, float),
    ("date", date, date.fromisoformat),
    ("text", str, str),
)


def _instant(said: str) -> datetime:
    moment, _, zone = said.partition(" ")
    return at_utc(datetime.fromisoformat(moment), ZoneInfo(zone))


READERS: Mapping[str, Callable[[str], Any]] = {
    **{name: read for name, _, read in KINDS},
    INSTANT: _instant,
    "list": lambda said: tuple(json.loads(said)),
}
