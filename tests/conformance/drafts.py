# SPDX-License-Identifier: Apache-2.0
"""A policy while it is written: its sections, and the facts that each kind of record has so far."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from conformance.values import Draw, Fact, Scope

TIERS, STATUSES = ("A", "B", "C"), ("formal", "temporary", "visitor")
GIVEN: dict[str, tuple[Fact, ...]] = {
    "store": (
        Fact("grade", "word", ("flagship", "plain")), Fact("opened_on", "date"),
        Fact("reward", "number", unit="CNY"), Fact("brand", "text"),
    ),
    "customer": (
        Fact("tier", "word", TIERS), Fact("wanted", "word", TIERS), Fact("status", "word", STATUSES),
        Fact("积分", "whole"), Fact("visits", "whole"), Fact("amount", "number", unit="CNY"),
        Fact("before", "number", unit="CNY"), Fact("score", "number"), Fact("rate", "share"),
        Fact("consent", "yes/no"), Fact("member", "yes/no"), Fact("joined_on", "date"),
        Fact("left_on", "date"), Fact("born_on", "date"), Fact("seen_at", "datetime"),
        Fact("hobby", "text"), Fact("wish", "text"), Fact("phone", "text", personal=True),
        Fact("likes", "list"), Fact("wants", "list"),
        Fact("way", "word", ("sms", "email", "wechat")),
    ),
    "purchase": (
        Fact("occurred_at", "datetime"), Fact("paid", "number", unit="CNY"), Fact("pieces", "whole"),
        Fact("returned", "yes/no"), Fact("called_on", "date"), Fact("brand", "text"),
        Fact("channel", "word", ("web", "till")),
    ),
    "item": (Fact("price", "number"), Fact("sort", "text"), Fact("sent_on", "date")),
}  # fmt: skip
PARENTS = {"customer": "store", "purchase": "customer", "item": "purchase"}


@dataclass(slots=True)
class Draft:
    """A policy while it is written: its sections, and the facts of each subject known so far."""

    draw: Draw
    on: date
    sections: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Scope] = field(default_factory=dict)
    derived: dict[str, Scope] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    occasions: list[str] = field(default_factory=list)
    twice: bool = False  # purchases have a store of their own beside their customer

    def own(self, subject: str) -> Scope:
        """What a record says of itself."""
        return self.given[subject] + self.derived[subject]

    def below(self, subject: str) -> Scope:
        """What conditions of aggregates over a subject read: its own facts, those given of the parent."""
        parent = PARENTS.get(subject, "")
        return self.own(subject) + named(parent, self.given.get(parent, ()))

    def scope(self, subject: str) -> Scope:
        """What rules of a subject read: its own facts and those of all above it."""
        found, above = self.own(subject), PARENTS.get(subject, "")
        while above in self.given:
            known = self.given[above] if above == "store" else self.own(above)
            found, above = found + named(above, known), PARENTS.get(above, "")
        return found

    def below_by(self, parent: str, child: str) -> Scope:
        """What conditions of one parent's aggregates over a child read."""
        return self.below(child) if PARENTS.get(child) == parent else self.own(child)

    def put(self, section: str, name: str, value: Any) -> None:
        self.sections.setdefault(section, {})[name] = value

    def put_fact(self, subject: str, fact: Fact, said: dict[str, Any]) -> None:
        self.sections["facts"][subject][fact.name] = said
        self.derived[subject] = (*self.derived[subject], fact)

    def few(self, most: int) -> int:
        return int(self.draw(st.integers(0, most)))


def named(parent: str, facts: Scope) -> Scope:
    """Facts as children call them: `customer.tier`."""
    return tuple(replace(each, name=f"{parent}.{each.name}") for each in facts)
