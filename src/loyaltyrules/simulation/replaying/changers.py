# SPDX-License-Identifier: Apache-2.0
"""What of a policy changes customers: its rules alone where the gate takes each action by itself."""

from collections.abc import Iterator
from dataclasses import replace

from loyaltyrules.action.kinds import is_duty
from loyaltyrules.decision.by_rule import with_instead
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import NO
from loyaltyrules.fact.snapshot import Vocabulary
from loyaltyrules.policy.action_fields import fields_of
from loyaltyrules.policy.model import ActionForm, Cap, Policy, Reserve, Rule, Sieve


def changing(policy: Policy) -> Policy:
    """The policy without the rules that change no customer, where nothing hangs on these.

    A sieve that weighs actions against each other may hold back a change for what changes nothing;
    with such a sieve that may speak of a change, or one that puts a change in the place of another action,
    all rules stay.
    """
    own = tuple(each for each in policy.rules if _changes(each))
    for sieve in policy.gate:
        instead = getattr(sieve, "instead", None)
        if (instead is not None and changed_by([instead])) or _weighs(sieve, policy, own):
            return policy
    return replace(policy, rules=own)


def _weighs(sieve: Sieve, policy: Policy, rules: tuple[Rule, ...]) -> bool:
    """True of a sieve that looks at several actions, and may look at those of some rules."""
    if sieve.one_by_one:
        return False
    forms = ((form, rule.id) for rule in rules for form in with_instead(rule.actions))
    return any(
        fold(sieve.which, fields_of(*each), policy.functions) != NO
        for each in forms
        if not (isinstance(sieve, Cap | Reserve) and is_duty(each[0].kind))
    )


def changers(policy: Policy) -> Iterator[Rule]:
    """The rules of customers that change something."""
    return (each for each in policy.rules if _changes(each))


def changed(policy: Policy) -> frozenset[str]:
    """The facts of customers that its rules change."""
    found = frozenset[str]().union(*(changed_by(each.actions) for each in changers(policy)))
    for sieve in policy.gate:
        instead = getattr(sieve, "instead", None)
        found |= frozenset() if instead is None else changed_by([instead])
    return found & policy.vocabulary.declarations["customer"].keys()


def changed_by(forms: "tuple[ActionForm, ...] | list[ActionForm]") -> frozenset[str]:
    """The facts that actions of these forms set or add to."""
    each = (form for form in with_instead(forms))
    return frozenset(name for form in each for name, _ in (*form.sets, *form.adds))


def without_defaults(policy: Policy, facts: frozenset[str]) -> Policy:
    """The policy that reads nothing where nothing is on file: what is added counts from there."""
    known = policy.vocabulary
    own = {
        name: replace(each, default=None) if name in facts else each
        for name, each in known.declarations["customer"].items()
    }
    read = Vocabulary(known.subjects, {**known.declarations, "customer": own}, known.timezone)
    return replace(policy, vocabulary=read)


def _changes(rule: Rule) -> bool:
    return rule.subject == "customer" and bool(changed_by(rule.actions))
