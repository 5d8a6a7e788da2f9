# SPDX-License-Identifier: Apache-2.0
"""Compile a policy for one day: fold figures and dates, derive facts, open moments, group rules."""

from datetime import date

from loyaltyrules.plan.day import Day, SubjectDay
from loyaltyrules.plan.deriving import derivings
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.groups import groups
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.rules import RulesOfDay
from loyaltyrules.policy.model import Policy


def compile_one(policy: Policy, day: date, tables: Tables) -> Day:
    """The rules of a policy as they stand on one day.

    Raises:
        PolicyError: a figure that a rule reads has no value on that day (LR308).
    """
    folding = Folding(policy, day)
    rules = RulesOfDay(folding, tables)
    subjects = {name: _subject(folding, rules, name) for name in policy.vocabulary.subjects}
    gate = tuple((sieve, folding.folded(sieve.which, "customer")) for sieve in policy.gate)
    return Day(day, subjects, gate, {**folding.figures, **folding.today})


def _subject(folding: Folding, rules: RulesOfDay, name: str) -> SubjectDay:
    own = (rule for rule in folding.policy.rules if rule.subject == name)
    instances = tuple(instance for rule in own for instance in rules.instances(rule))
    grouped = tuple(groups(folding.policy, name, instances))
    return SubjectDay(name, derivings(folding, name), grouped, instances)
