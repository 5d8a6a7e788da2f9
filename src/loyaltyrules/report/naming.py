# SPDX-License-Identifier: Apache-2.0
"""How a policy's things are called in a reader's language, and which values must be masked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import FactRef, Symbol
from loyaltyrules.expression.types import TEXT
from loyaltyrules.expression.written import Part, shown, spelled
from loyaltyrules.fact.declaration import Declaration, ways_up
from loyaltyrules.policy.lowering.personal import personal_in
from loyaltyrules.policy.model import Derived, Policy, Rule
from loyaltyrules.problem.language import called, mark, say

YES, NO, TODAY = mark("yes"), mark("no"), mark("today")
STATUSES = {
    "ready": mark("ready"), "pending_approval": mark("awaits approval"),
    "blocked_missing_data": mark("data missing"),
    "blocked_missing_template": mark("text missing"),
}  # fmt: skip


def part_name(policy: Policy, subject: str, part: Part, language: str) -> str:
    """The title of what an expression about a subject names: a fact, a figure, or itself."""
    if isinstance(part, FactRef):
        return fact_name(policy, subject, part, language)
    name = spelled(part)
    if name == TODAY:
        return say(language, TODAY)
    figure = policy.parameters.get(name)
    return called(figure.titles if figure else (), language, name)


def fact_name(policy: Policy, subject: str, fact: FactRef, language: str) -> str:
    """The title of a fact; its key where it has none. What a label makes is called after the label."""
    owner = fact.owner or subject
    derived = policy.derived.get(owner, {}).get(fact.name)
    declared = policy.vocabulary.declarations.get(owner, {}).get(fact.name)
    titles = derived.titles if derived else declared.titles if declared else ()
    title = called(titles, language, fact.key)
    if title == fact.key:
        return title
    for label in policy.labels:
        if label.subject == owner and fact.name == label.computed != label.name:
            return say(language, "proposed {label}", label=title)
        for way, name in label.ways if label.subject == owner else ():
            if name == fact.name:
                return f"{title}.{word_name(policy, way, language)}"
    return title


def held(policy: Policy, subject: str, key: str) -> FactRef:
    """The fact that the records of a subject hold under a key, as actions and notes name it."""
    known = (each for each in _facts(policy, subject) if each.key == key)
    return next(known, FactRef(key, TEXT))


def _facts(policy: Policy, subject: str) -> Iterator[FactRef]:
    """All facts of the records of a subject: their own, then those of their parents."""
    for owner in (subject, *ways_up(subject, policy.vocabulary.subjects)):
        below = "" if owner == subject else owner
        for name, derived in policy.derived.get(owner, {}).items():
            yield FactRef(name, derived.type, owner=below)
        for name, given in policy.vocabulary.declarations.get(owner, {}).items():
            yield FactRef(name, given.type, given.event, below)


@dataclass(frozen=True, slots=True)
class _Known:
    """The facts of a policy, by subject and name, and its functions."""

    functions: Mapping[str, Function]
    given: Mapping[str, Mapping[str, Declaration]]
    derived: Mapping[str, Mapping[str, Derived]]


def is_personal(policy: Policy, subject: str, part: FactRef | Symbol) -> bool:
    """True of what tells a personal fact, so that its values are masked."""
    known = _Known(policy.functions, policy.vocabulary.declarations, policy.derived)
    return any(True for _ in personal_in(known, subject, part))


def value_name(policy: Policy, value: Any, language: str) -> str:
    """A value as people say it: yes and no are words, and words are called as the policy's names do."""
    if isinstance(value, bool):
        return say(language, YES if value else NO)
    if isinstance(value, str):
        return called(policy.names.get(value, ()), language, value)
    if isinstance(value, tuple):
        return shown(tuple(value_name(policy, each, language) for each in value))
    return shown(value)


def word_name(policy: Policy, word: str, language: str) -> str:
    """What a kind, role, reason or other short word is called; the word itself where nobody says."""
    return dict(policy.names.get(word, ())).get(language) or say(language, word)


def status_name(status: str, language: str) -> str:
    """What the status of an action is called."""
    return say(language, STATUSES.get(status, status))


def rule_name(rule: Rule, language: str) -> str:
    """The title of a rule and its id."""
    title = called(rule.titles, language, rule.id)
    return title if title == rule.id else f"{title} ({rule.id})"
