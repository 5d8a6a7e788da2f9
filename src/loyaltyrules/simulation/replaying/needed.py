# SPDX-License-Identifier: Apache-2.0
"""A policy with those derived facts alone that its rules, labels and gate ask for."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TypeAlias

from loyaltyrules.expression.tree import FactRef
from loyaltyrules.expression.types import Type
from loyaltyrules.policy.model import Aggregate, Derived, Policy

Fact: TypeAlias = tuple[str, str]  # the kind of record and the name of its fact


def needed(policy: Policy) -> Policy:
    """The policy without the ways of labels, and without derived facts that nothing then asks for."""
    labels = tuple(replace(each, ways=()) for each in policy.labels)
    bare = replace(policy, labels=labels)
    kept = _closed(bare, {*_asked(bare)})
    derived = {
        subject: {name: each for name, each in own.items() if (subject, name) in kept}
        for subject, own in policy.derived.items()
    }
    return replace(bare, derived=derived)


def _asked(policy: Policy) -> Iterator[Fact]:
    """What rules, labels and the gate read of records."""
    for rule in policy.rules:
        yield from _facts(rule, rule.subject)
    for label in policy.labels:
        yield label.subject, label.computed
        yield label.subject, label.standing or label.computed
    for sieve in policy.gate:
        for subject in policy.vocabulary.subjects:  # it sifts the actions of all
            yield from _facts(sieve, subject)


def _closed(policy: Policy, found: set[Fact]) -> set[Fact]:
    """These facts and all that they are derived from."""
    open_ = [*found]
    while open_:
        subject, name = open_.pop()
        derived = policy.derived.get(subject, {}).get(name)
        new = {*_read(derived)} - found if derived else set[Fact]()
        found |= new
        open_ += new
    return found


def _read(derived: Derived) -> Iterator[Fact]:
    counted = derived.origin
    whose = counted.over if isinstance(counted, Aggregate) else derived.subject
    yield from _facts(counted, whose)


def _facts(part: object, subject: str) -> Iterator[Fact]:
    """The facts that any part of a policy names, in expressions wherever they stand."""
    if isinstance(part, FactRef):
        yield part.owner or subject, part.name
    elif isinstance(part, tuple):
        for each in part:
            yield from _facts(each, subject)
    elif is_dataclass(part) and not isinstance(part, Type):
        for each in fields(part):
            yield from _facts(getattr(part, each.name), subject)
