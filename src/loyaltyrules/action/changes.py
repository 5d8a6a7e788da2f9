# SPDX-License-Identifier: Apache-2.0
"""What an action changes, as rows: a fact with the text that it takes, or the amount by which it grows."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from loyaltyrules.action.action import Action
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.host.text import text_of

CHANGE_COLUMNS = ("action_id", "subject", "subject_id", "fact", "set_to", "add")


class Change(NamedTuple):
    """One changed fact: one of the two is there, neither where the fact becomes missing."""

    fact: str
    set_to: str | None
    add: str | None


def changes_of(action: Action) -> tuple[Change, ...]:
    """The changes that an action tells, by the name of the fact."""
    found = [Change(name, written(value), None) for name, value in action.sets]
    found += [Change(name, None, written(amount)) for name, amount in action.adds]
    return tuple(sorted(found, key=lambda each: [part or "" for part in each]))


def written(value: Any) -> str | None:
    """A value as text that is read back exactly by its fact's type; None when missing."""
    if value is None or value is NOT_HAPPENED:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, tuple | frozenset):
        return ";".join(map(text_of, value))
    return value.isoformat() if isinstance(value, date) else text_of(value)


def _plain(number: Decimal) -> str:
    """Every digit, without zeros behind the last decimal."""
    text = f"{number:f}" if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text
