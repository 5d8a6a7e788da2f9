# SPDX-License-Identifier: Apache-2.0
"""How a policy's things are called in a reader's language, and which values must be masked."""

from typing import Any

from loyaltyrules.expression.written import shown
from loyaltyrules.fact.snapshot import masked
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import choose, mark, say

YES, NO = mark("yes"), mark("no")


def fact_name(policy: Policy, subject: str, name: str, language: str) -> str:
    """The title of a fact or figure, with its name behind it in brackets where they differ."""
    if name in policy.parameters:
        return choose(policy.parameters[name].titles, language, name)
    head, _, rest = name.partition(".")
    owner, own = (head, rest) if head in policy.vocabulary.subjects and rest else (subject, name)
    derived = policy.derived.get(owner, {}).get(own)
    declared = policy.vocabulary.declarations.get(owner, {}).get(own)
    titles = derived.titles if derived else declared.titles if declared else ()
    found = choose(titles, language, name)
    if own.startswith("proposed.") and derived is not None:
        return say(language, "proposed {label}", label=found)
    return found if "." not in name or derived is None else f"{found}.{own.rpartition('.')[2]}"


def fact_value(policy: Policy, subject: str, name: str, value: Any, language: str) -> str:
    """A value as it may be shown: personal ones are masked, yes and no are words."""
    if isinstance(value, bool):
        return say(language, YES if value else NO)
    declared = policy.vocabulary.declarations.get(subject, {}).get(name.rpartition(".")[2])
    text = shown(value)
    return masked(text) if declared and declared.personal and value is not None else text


def word_name(policy: Policy, word: str, language: str) -> str:
    """What a kind, role, reason or other short word is called; the word itself where nobody says."""
    return dict(policy.names.get(word, ())).get(language) or say(language, word)


def rule_name(policy: Policy, rule_id: str, language: str) -> str:
    """The title of a rule and its id."""
    rule = next((each for each in policy.rules if each.id == rule_id), None)
    title = choose(rule.titles, language, "") if rule else ""
    return f"{title} ({rule_id})" if title else rule_id
