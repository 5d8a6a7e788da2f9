# SPDX-License-Identifier: Apache-2.0
"""What is known to come, as one condition: a rule with a word of some purpose opens on a coming day.

It is asked of the record as it is now, with the conditions of these days. Only moments count: what holds on
from a day, or as long as a condition does, comes on no day of its own.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.around_days import Openings
from loyaltyrules.policy.model import Policy, Reserve, Rule

CUSTOMER = "customer"


def coming(policy: Policy, day: date, openings: Openings, sieve: Reserve) -> Node:
    """The condition that something of the purpose comes within the days ahead."""
    rules = [*_of_purpose(policy, sieve.purpose)]
    found = dict.fromkeys(
        instance.condition
        for ahead in _days(policy, day, sieve.ahead)
        for rule in rules
        for instance in openings.on(rule, ahead)
        if any(each.form.purpose == sieve.purpose for each in instance.recipes)
    )
    if tree.YES in found:
        return tree.YES
    listed = tuple(found)
    return tree.Or(listed) if len(listed) > 1 else listed[0] if listed else tree.NO


def _days(policy: Policy, day: date, ahead: int) -> Iterator[date]:
    """The days ahead on which the policy is in force."""
    last = policy.in_force[1] or date.max
    days = (day + timedelta(days=count) for count in range(1, ahead + 1))
    return (each for each in days if each <= last)


def _of_purpose(policy: Policy, purpose: str) -> Iterator[Rule]:
    """The rules of customers that open on days, and have a word of the purpose."""
    for rule in policy.rules:
        said = any(form.purpose == purpose for form in rule.actions)
        if said and rule.subject == CUSTOMER and rule.mode == "at":
            yield rule
