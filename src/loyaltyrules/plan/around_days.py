# SPDX-License-Identifier: Apache-2.0
"""What the rules of a policy open on the days around a day, told of records as they are now."""

from collections.abc import Hashable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import cached_property

from loyaltyrules.calendar import FIRST_DAY, Period, reach, shift_or_edge
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, from_below
from loyaltyrules.plan.by_the_day import ByTheDay, Goes
from loyaltyrules.plan.day import Instance
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.memory import Memory
from loyaltyrules.plan.moments import Tables, opened
from loyaltyrules.plan.rules import RulesOfDay
from loyaltyrules.policy.model import Anniversary, Policy, Rule
from loyaltyrules.problem.errors import PolicyError

MONTH = 31  # days that a month has at most


class AsItIsNow(Folding):
    """Folding for another day, of records of which only the facts of this day are known.

    Facts that go by the day are written out where they are read, as they will be on that day.
    """

    def __init__(self, policy: Policy, day: date, tables: Tables, by_the_day: ByTheDay) -> None:
        super().__init__(policy, day, tables)
        self.by_the_day = by_the_day
        self.dated = False  # no fact is asked as of a day, each is written out

    def _written_out(self, node: tree.FactRef, subject: str, above: bool) -> Node:
        owner = node.owner or subject
        derived = self.policy.derived.get(owner, {}).get(node.name)
        goes = self.by_the_day.of_fact(owner, node.name)
        far = node.owner in self.reference or (above and not node.owner)
        if derived is None or goes is not Goes.WRITTEN or far or self.plain(derived):
            return super()._written_out(node, subject, above)
        assert isinstance(derived.origin, Node)  # what is counted is not written out
        known = {**self.figures, **self.today}
        inner = self._folded(self.inline(derived.origin, owner), known)
        return inner if not node.owner else from_below(inner, node.owner)


class Openings:
    """The rules of a policy as they open on its days, each compiled when it is first asked for."""

    def __init__(self, policy: Policy, tables: Tables) -> None:
        self._policy, self._tables = policy, tables
        self._rules: dict[date, RulesOfDay] = {}
        self._known: dict[tuple[str, date], tuple[Instance, ...]] = {}
        self._opening: dict[tuple[int, date], bool] = {}
        self._numbered: list[tuple[Hashable, Hashable]] = []
        self._moments: dict[str, int] = {}
        self.memory = Memory()  # of those who ask

    @cached_property
    def by_the_day(self) -> ByTheDay:
        return ByTheDay(self._policy)

    @cached_property
    def told(self) -> frozenset[str]:
        """The rules of which it can be told on other days whether they open, each once and for good."""
        return frozenset(each.id for each in self._policy.rules if self._told(each))

    def _told(self, rule: Rule) -> bool:
        if rule.mode != "at" or rule.moment is None:
            return False
        dated = [] if rule.moment.dated is None else [rule.moment.dated]
        asked = (rule.condition, *dated)
        return all(self.by_the_day.of(rule.subject, e) is not Goes.COUNTED for e in asked)

    def folding(self, day: date) -> Folding:
        """The figures of a day, for records as they are now."""
        return self._of(day).folding

    def due(self, rule: Rule, first: date, last: date) -> Iterator[tuple[date, Instance]]:
        """The openings of a rule of which something may be due within some days, each with its day."""
        lead = self._lead(rule, first)
        day = max(_later(first, -lead), self._policy.in_force[0] or FIRST_DAY, FIRST_DAY)
        end = min(_later(last, lead), self._policy.in_force[1] or date.max)
        for step in range((end - day).days + 1):
            here = day + timedelta(days=step)
            yield from ((here, each) for each in self.on(rule, here))

    def on(self, rule: Rule, day: date) -> tuple[Instance, ...]:
        """The rule as it opens on a day; where a figure has no value yet it does not."""
        key = rule.id, day
        if key not in self._known:
            self._known[key] = ()
            with suppress(PolicyError):
                if self._opens(rule, day):
                    self._known[key] = tuple(self._of(day).instances(rule))
        return self._known[key]

    def _opens(self, rule: Rule, day: date) -> bool:
        """Whether the moment of a rule opens for anybody; many rules have one moment."""
        key = self.moment_of(rule), day
        if key not in self._opening:
            rules, moment = self._of(day), rule.moment
            assert moment is not None
            leads = dict.fromkeys(form.opens for form in rule.actions)
            self._opening[key] = moment.dated is not None or any(
                any(opened(moment, way.lengths, day, self._tables))
                for lead in leads
                for way in rules.periods.ways(rule, lead)
            )
        return self._opening[key]

    def moment_of(self, rule: Rule) -> int:
        """A number that rules share whose moment is the same, and how long before it they open."""
        if rule.id not in self._moments:
            forms = tuple(dict.fromkeys((form.opens, form.due) for form in rule.actions))
            known = {key: number for number, key in enumerate(self._numbered)}
            number = known.get((rule.moment, forms), len(known))
            self._numbered += [(rule.moment, forms)] if number == len(known) else []
            self._moments[rule.id] = number
        return self._moments[rule.id]

    def _of(self, day: date) -> RulesOfDay:
        if day not in self._rules:
            folding = AsItIsNow(self._policy, day, self._tables, self.by_the_day)
            self._rules[day] = RulesOfDay(folding, self._tables)
        return self._rules[day]

    def _lead(self, rule: Rule, day: date) -> int:
        """How many days may lie between the day that a rule opens and that on which it is due."""
        rules, found = self._of(day), 0
        for form in (each for each in rule.actions if each.due == "occasion"):
            for way in rules.periods.ways(rule, form.opens):
                lengths = way.lengths
                parts = lengths.opens, lengths.offset, lengths.then or Period()
                found = max(found, sum(map(_days, parts)) + 1)
        return found


def is_fixed(rule: Rule) -> bool:
    """True of a rule whose days are the same for all records."""
    moment = rule.moment
    if moment is None or moment.dated is not None:
        return False
    return moment.occasion is None or not isinstance(moment.occasion.base, Anniversary)


def _later(day: date, days: int) -> date:
    return shift_or_edge(day, Period(days=abs(days)), 1 if days >= 0 else -1)


def _days(period: Period) -> int:
    return abs(period.months) * MONTH + abs(period.days) + reach(period.workdays)
