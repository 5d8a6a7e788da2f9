# SPDX-License-Identifier: Apache-2.0
"""What is known to come, as one condition: a rule with a word of some purpose opens on a coming day.

It is asked of the record as it is now. Only moments count: what holds on from a day, or as long as a
condition does, comes on no day of its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import YES_NO
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.rules import RulesOfDay
from loyaltyrules.policy.model import Policy, Reserve, Rule
from loyaltyrules.problem.errors import PolicyError

UNKNOWN = tree.Literal(None, YES_NO)
CUSTOMER = "customer"


def coming(policy: Policy, day: date, tables: Tables, sieve: Reserve) -> Node:
    """The condition that something of the purpose comes within the days ahead."""
    rules = [*_of_purpose(policy, sieve.purpose)]
    found = dict.fromkeys(
        condition
        for ahead in _days(policy, day, sieve.ahead)
        for condition in _opening(policy, ahead, tables, rules)
    )
    if tree.YES in found:
        return tree.YES
    listed = tuple(found)
    return tree.Or(listed) if len(listed) > 1 else listed[0] if listed else tree.NO


def _of_purpose(policy: Policy, purpose: str) -> Iterator[Rule]:
    """The rules of customers that open on days, each with its words of the purpose alone."""
    for rule in policy.rules:
        forms = tuple(form for form in rule.actions if form.purpose == purpose)
        if forms and rule.subject == CUSTOMER and rule.mode == "at":
            yield replace(rule, actions=forms)


def _days(policy: Policy, day: date, ahead: int) -> Iterator[date]:
    """The days ahead on which the policy is in force."""
    last = policy.in_force[1] or date.max
    for count in range(1, ahead + 1):
        if (last - day).days >= count:
            yield day + timedelta(days=count)


def _opening(policy: Policy, day: date, tables: Tables, rules: list[Rule]) -> Iterator[Node]:
    """The conditions of what opens on a day; one whose figure has no value yet is unknown."""
    compiled = RulesOfDay(Folding(policy, day, tables), tables)
    for rule in rules:
        try:
            yield from [each.condition for each in compiled.instances(rule)]
        except PolicyError:
            yield UNKNOWN
