# SPDX-License-Identifier: Apache-2.0
"""An action is one instruction to the host, as data. Missing fields are None, dates are dates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from loyaltyrules.action.as_data import as_columns, as_data, columns_in, no_column, told_in
from loyaltyrules.host.record import mapping_of
from loyaltyrules.host.text import quoted


class Untold(tuple[Any, ...]):
    """What an action of a table says of its changes: nothing, which is not that there are none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNTOLD"

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(Untold)

    def __reduce__(self) -> str:
        return "UNTOLD"


UNTOLD = Untold()


class Action(NamedTuple):
    """What is to be done, for whom, by whom, until when, and why.

    `status` is `ready`, `pending_approval`, `blocked_missing_data`, `blocked_missing_template` or
    `suppressed`. `reason` is a short code. `occurrence` says which time of the rule it is: the day of
    an occasion, the row of a launch, the month; the `action_id` is made of it, and is never taken
    apart. `send_from` and `send_until` are times of the day it is due, `figures` is a JSON object,
    `assignee` the id of the person it is addressed to; all are texts.
    The last two fields are no columns: `sets`, the facts that the host's record takes when the
    action is done, and `adds`, how much others grow by; those of a parent are called by its name,
    `customer.points`. An action that is made of a row of a table does not know them: they are `UNTOLD`.
    """

    action_id: str
    policy: str
    rule: str
    subject: str
    subject_id: str
    customer_id: str | None
    store_id: str | None
    kind: str
    channel: str | None
    template: str | None
    gift: str | None
    value: str | None
    from_value: str | None
    to_value: str | None
    role: str | None
    approver_role: str | None
    status: str
    due_on: date | None
    window_end: date | None
    deadline: str | None
    priority: int
    reason: str | None
    source: str | None
    origin: str | None
    policy_version: str
    merged_into: str | None = None
    suppressed_by: str | None = None
    occurrence: str = "once"
    send_from: str | None = None
    send_until: str | None = None
    figures: str | None = None
    assignee: str | None = None
    sets: tuple[tuple[str, Any], ...] = UNTOLD
    adds: tuple[tuple[str, int | Decimal], ...] = UNTOLD

    def __repr__(self) -> str:
        due = f", due {self.due_on}" if self.due_on else ""
        return f"Action({self.action_id!r}, {self.status}{due})"

    @property
    def told(self) -> bool:
        """True where it says which facts it changes, if any."""
        return self.sets is not UNTOLD and self.adds is not UNTOLD

    def to_dict(self) -> dict[str, Any]:
        """The action as plain data, which JSON takes as it is: days and decimals are text.

        `sets` and `adds` are lists of a fact and a value, with the type of what JSON cannot tell from
        text behind it; None where they are not told. `from_dict` reads the same action back.
        """
        return as_data(self._asdict(), UNTOLD)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Action":
        """The action of `to_dict`, or that of a row of a table, of whatever texts a file has of it.

        Args:
            data: Columns by name; empty cells are missing, names that are no column are not read.

        Raises:
            ValueError: a column is missing or cannot be read.
        """
        known = mapping_of(data)
        if known is None:
            raise ValueError(f"this is no action: {quoted(data)}")
        sets, adds = (told_in(known.get(name), name) for name in CHANGES)
        return cls(
            **columns_in(known, COLUMNS),
            sets=UNTOLD if sets is None else sets, adds=UNTOLD if adds is None else adds,
        )  # fmt: skip


CHANGES = ("sets", "adds")
COLUMNS = tuple(name for name in Action._fields if name not in CHANGES)
OWN = ("action_id", "policy", "rule", "subject", "subject_id", "customer_id", "store_id")
"""The columns that say which action of which record it is; they come first."""
NEVER_EXPIRES = ("task.", "escalate", "alert", "report.")


def plain(action: Action) -> Action:
    """The same action where its fields are those of a row of a pandas table."""
    return action._replace(**as_columns({name: getattr(action, name) for name in COLUMNS}))


def unfit(action: Action) -> list[str]:
    """The columns that hold what no column can, where somebody made an action of whatever he had."""
    return [name for name in COLUMNS if no_column(getattr(action, name))]


def never_expires(kind: str, approver: str | None) -> bool:
    """Tasks, escalations and what awaits approval stay open however late they are told."""
    return approver is not None or kind.startswith(NEVER_EXPIRES)
