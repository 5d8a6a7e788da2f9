# SPDX-License-Identifier: Apache-2.0
"""A recipe is all of an action that is known before the record: the rest is read when it is stamped."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from loyaltyrules.expression.evaluate import Evaluated, Facts
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.policy.model import ActionForm, Rule

NO_OCCURRENCE = "none"


@dataclass(frozen=True, slots=True)
class Need:
    """A fact without which an action is blocked, and the condition that it is missing."""

    fact: str
    missing: Node
    lacks: Evaluated


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence:
    """What names an occurrence: facts of the record, then periods of the day."""

    parts: tuple[Evaluated, ...]
    periods: tuple[str, ...]
    sign: str
    reads: frozenset[str]

    def __call__(self, facts: Facts) -> str:
        found = [spoken(part, facts) for part in self.parts]
        return self.sign.join([*found, *self.periods]) or "once"


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """One action of a rule on a day, told apart by identity.

    `due_on` and `deadline` are constants, or functions of the record's facts where they depend
    on it; `occurrence` likewise. `needs` names the facts without which the action is blocked.
    """

    form: ActionForm
    rule: str
    subject: str
    touch: str
    prefix: str
    suffix: str
    occurrence: str | Occurrence
    due_on: date | Evaluated | None
    window_end: date | None
    deadline: str | Evaluated | None
    value: Evaluated | None
    from_value: Evaluated | None
    to_value: Evaluated | None
    sets: tuple[tuple[str, Evaluated], ...]
    adds: tuple[tuple[str, Evaluated], ...]
    source: str | None
    origin: str
    template_missing: bool
    reads: tuple[str, ...] = ()  # facts on which its fields depend
    needs: tuple[Need, ...] = ()
    instead: "Recipe | None" = None  # emitted in its place where a need is lacking

    def action_id(self, identity: str, facts: Facts) -> str:
        """Policy, rule, subject, id, occurrence and key, joined by slashes."""
        named = self.occurrence
        occurrence = named if isinstance(named, str) else named(facts)
        return f"{self.prefix}{identity}/{occurrence}{self.suffix}"

    @property
    def order(self) -> tuple[int, str, str]:
        """Most urgent first, then by name."""
        return self.form.priority, self.rule, self.suffix


def prefix_of(policy: str, rule: Rule) -> str:
    return f"{policy}/{rule.id}/{rule.subject}/"


def spoken(part: Evaluated, facts: Facts) -> str:
    """One part of an occurrence for a record."""
    value = part(facts)
    return value.isoformat() if type(value) is date else escaped(text(value) or NO_OCCURRENCE)


def text(value: Any) -> str | None:
    """A value as it stands in an action: ISO dates, plain numbers, yes/no; None when missing."""
    if value is None or value is NOT_HAPPENED or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, tuple | frozenset):
        return ";".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def escaped(identity: str) -> str:
    """An id or a fact as part of an action id: slashes would split it."""
    return identity.replace("%", "%25").replace("/", "%2F")
