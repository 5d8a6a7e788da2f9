# SPDX-License-Identifier: Apache-2.0
"""Compile a policy for one day: fold figures and dates, derive facts, open moments, group rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial

from loyaltyrules.plan.alike import Alike
from loyaltyrules.plan.day import Day, SubjectDay
from loyaltyrules.plan.deriving import derivings
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.groups import groups
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.rules import RulesOfDay
from loyaltyrules.policy.model import Policy
from loyaltyrules.policy.needs import handed_down


def compile_one(
    policy: Policy, day: date, tables: Tables, alike: Alike, now: datetime | None = None
) -> Day:
    """The rules of a policy as they stand on one day; what another day asks alike is asked once.

    `now` is the moment of the run, where that lies on the day and is known.

    Raises:
        PolicyError: a figure that a rule reads has no value on that day (LR308).
    """
    folding = Folding(policy, day, tables, alike.lookups)
    alike.lookups = folding.lookups.made
    if alike.stages is None:
        alike.stages = folding.stages
    folding.stages = alike.stages
    rules = RulesOfDay(folding, tables, now)
    subjects = Subjects(partial(_subject, folding, rules, alike), policy.vocabulary.subjects)
    gate = tuple((sieve, folding.folded(sieve.which, "customer")) for sieve in policy.gate)
    last = max(alike.stages.values(), default=0)
    symbols = {**folding.figures, **folding.today}
    return Day(day, subjects, gate, symbols, alike.gate(gate), handed_down(last) + 1)


class Subjects(Mapping[str, SubjectDay]):
    """What is decided of each kind of record on a day, compiled when it is first asked for."""

    def __init__(self, compiled: Callable[[str], SubjectDay], names: Iterable[str]) -> None:
        self._compile, self._names = compiled, tuple(names)
        self._known: dict[str, SubjectDay] = {}

    def __getitem__(self, name: str) -> SubjectDay:
        if name not in self._known:
            self._known[name] = self._compile(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _subject(folding: Folding, rules: RulesOfDay, alike: Alike, name: str) -> SubjectDay:
    own = (rule for rule in folding.policy.rules if rule.subject == name)
    instances = tuple(instance for rule in own for instance in rules.instances(rule))
    grouped = alike.groups(name, groups(folding.policy, name, instances))
    return SubjectDay(name, alike.derivings(name, derivings(folding, name)), grouped, instances)
