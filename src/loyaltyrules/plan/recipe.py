# SPDX-License-Identifier: Apache-2.0
"""A recipe is all of an action that is known before the record: the rest is read when it is stamped."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from loyaltyrules.expression.evaluate import Evaluated, Facts
from loyaltyrules.expression.tree import Node, facts_in
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.policy.model import ActionForm, Rule, action_key

NO_OCCURRENCE = "none"


class Stated(NamedTuple):
    """What an action states of the record: its value, and the expression that is read for it."""

    of: Evaluated
    node: Node

    @property
    def reads(self) -> frozenset[str]:
        """The facts on which it depends."""
        return frozenset(facts_in(self.node))


@dataclass(frozen=True, slots=True)
class Need:
    """A fact without which an action is blocked, and the condition that it is missing."""

    fact: str
    missing: Node
    lacks: Evaluated


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence:
    """What names an occurrence: facts of the record, then periods of the day.

    `given` names the facts behind it that records are given, not those derived from them.
    """

    parts: tuple[Stated, ...]
    periods: tuple[str, ...]
    sign: str
    given: frozenset[str]

    def __call__(self, facts: Facts) -> str:
        found = [spoken(part.of, facts) for part in self.parts]
        return self.sign.join([*found, *self.periods]) or "once"


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """One action of a rule on a day, told apart by identity.

    `due_on` and `deadline` are constants, or read from the record where they depend on it;
    `occurrence` likewise. `needs` names the facts without which the action is blocked.
    """

    form: ActionForm
    rule: str
    subject: str
    touch: str
    prefix: str
    suffix: str
    occurrence: str | Occurrence
    due_on: date | Stated | None
    window_end: date | None
    deadline: str | Stated | None
    value: Stated | None
    from_value: Stated | None
    to_value: Stated | None
    sets: tuple[tuple[str, Evaluated], ...]
    adds: tuple[tuple[str, Evaluated], ...]
    source: str | None
    origin: str
    template_missing: bool
    needs: tuple[Need, ...] = ()
    instead: "Recipe | None" = None  # emitted in its place where a need is lacking

    def action_id(self, identity: str, facts: Facts) -> str:
        """Policy, rule, subject, id, occurrence and key, joined by slashes."""
        named = self.occurrence
        occurrence = named if isinstance(named, str) else named(facts)
        return f"{self.prefix}{identity}/{occurrence}{self.suffix}"

    @property
    def fields(self) -> tuple[Stated, ...]:
        """The fields that are read from the record."""
        fields = (self.value, self.from_value, self.to_value, self.due_on, self.deadline)
        return tuple(each for each in fields if isinstance(each, Stated))

    @property
    def reads(self) -> frozenset[str]:
        """The facts on which its fields and its occurrence depend."""
        parts = () if isinstance(self.occurrence, str) else self.occurrence.parts
        return frozenset[str]().union(*(each.reads for each in (*self.fields, *parts)))

    @property
    def order(self) -> tuple[int, str, str]:
        """Most urgent first, then by name."""
        return self.form.priority, self.rule, self.suffix


def prefix_of(policy: str, rule: Rule) -> str:
    """What the ids of a rule's actions begin with, before the record's id."""
    return head_of(policy, rule.id, rule.subject)


def head_of(policy: str, rule: str, subject: str) -> str:
    """The same by the name of the rule, as actions have it."""
    return f"{escaped(policy)}/{escaped(rule)}/{escaped(subject)}/"


def suffix_of(form: ActionForm) -> str:
    """What the id of an action ends with, after the occurrence."""
    return f"/{escaped(action_key(form))}"


def read(value: date | str | Stated | None, facts: Facts) -> Any:
    """A field that is a constant, or read from the record."""
    return value.of(facts) if isinstance(value, Stated) else value


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
    """A name, an id or a fact as one part of an action id: slashes would split it."""
    return identity.replace("%", "%25").replace("/", "%2F")
