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

from loyaltyrules.expression.types import NOT_HAPPENED, Type

EXACT = Type("exact")
NEVER = "-"


def exact_text(value: Any) -> str | None:
    """A value as a text of its kind; None where it is unknown."""
    if value is None:
        return None
    if value is NOT_HAPPENED:
        return NEVER
    if isinstance(value, list | tuple | set | frozenset):
        return f"list:{json.dumps([*value], ensure_ascii=False)}"
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
    ("datetime", datetime, datetime.fromisoformat),
    ("date", date, date.fromisoformat),
    ("text", str, str),
)
READERS: Mapping[str, Callable[[str], Any]] = {
    **{name: read for name, _, read in KINDS},
    "list": lambda said: tuple(json.loads(said)),
}
