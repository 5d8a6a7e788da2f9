# SPDX-License-Identifier: Apache-2.0
"""What the rule of an action says of it, whatever the record: its forms, and the facts that they change."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from loyaltyrules.action.action import Action
from loyaltyrules.policy.model import ActionForm, Policy, Rule


class Changed(NamedTuple):
    """The facts that an action sets, which it always does, and all that it sets or adds to."""

    sets: frozenset[str]
    all: frozenset[str]


def rule_of(policy: Policy, action: Action) -> Rule | None:
    """The rule that an action names; None where the policy has no such rule."""
    return next((each for each in policy.rules if each.id == action.rule), None)


def forms_of(policy: Policy, action: Action) -> tuple[ActionForm, ...]:
    """The forms of its rule that make such an action, those in the place of others among them."""
    rule = rule_of(policy, action)
    own = (action.kind, action.channel, action.template, action.gift, action.role)
    forms = with_instead(rule.actions if rule else ())
    return tuple(f for f in forms if (f.kind, f.channel, f.template, f.gift, f.role) == own)


def changed_by(policy: Policy, action: Action) -> Changed | None:
    """The facts that the rule of an action changes; None where another policy made it."""
    made_by = action.policy == policy.name and action.policy_version == policy.version
    if not made_by or rule_of(policy, action) is None:
        return None
    forms = forms_of(policy, action)
    sets = frozenset(name for each in forms for name, _ in each.sets)
    adds = frozenset(name for each in forms for name, _ in each.adds)
    return Changed(sets, sets | adds)


def with_instead(forms: Iterable[ActionForm]) -> Iterator[ActionForm]:
    """Forms of actions, and those in the place of each."""
    for form in forms:
        yield form
        if form.instead is not None:
            yield from with_instead([form.instead])
