# SPDX-License-Identifier: Apache-2.0
"""When the actions of a rule are due, until when they are to be done, and whether that is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from loyaltyrules.calendar import NO_NOTICE, Landing, Period, RestDays, is_instant, land
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.tree import Node, all_of, type_of
from loyaltyrules.expression.types import DATE, PERIOD, WORKDAYS
from loyaltyrules.plan.chosen import NOTHING, by_choice, choices, known
from loyaltyrules.plan.lengths import Lengths
from loyaltyrules.plan.line import Line, deadline_node, deadline_text
from loyaltyrules.plan.moments import ONE_DAY, Opened
from loyaltyrules.plan.periods import NONE, Asked, Periods, Way
from loyaltyrules.plan.recipe import Cell, Computed, text
from loyaltyrules.plan.untold import lands, told_of
from loyaltyrules.policy.model import Rule

Step = tuple[Node, int]  # a period, and whether it is added or taken off


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Says of the rules of one day until when their actions are to be done."""

    periods: Periods
    now: datetime | None = None  # the moment of the run, where that is known and lies on the day

    @property
    def day(self) -> date:
        return self.periods.folding.day

    @property
    def line(self) -> Line:
        """Behind which a deadline has passed."""
        return Line(self.day, self.periods.folding.policy.vocabulary.timezone, self.now)

    def passed(self, by: Node, once: bool) -> Node:
        """The condition that the day or the instant of a record is over: for good, or just now."""
        if type_of(by).kind == "datetime":
            return self.line.just_passed(by) if once else self.line.passed(by)
        day = self.day - timedelta(days=once)
        return tree.Compare("=" if once else "<", by, tree.Literal(day, DATE))

    def exact(self, rule: Rule, lengths: Lengths, within: Period) -> Node | None:
        """The deadline of a record to the minute; None where it is a day."""
        moment = rule.moment
        if not within.minutes or moment is None or moment.instant is None:
            return None
        instant = self.periods.folding.inline(moment.instant, rule.subject)
        return deadline_node(instant, lengths, within)

    def due(self, rule: Rule, found: Opened | None, occasion: bool) -> Cell:
        """The day on which an action is due; `occasion`: on the occasion's own day."""
        if found is not None and found.moment_day is None:
            return self._moment(rule, ())
        if found is not None and occasion:
            return found.occasion_day or found.moment_day
        return self.day

    def deadline(self, rule: Rule, found: Opened | None, way: Way | None) -> Cell:
        """Until when an action is to be done; what is late already has no deadline."""
        if rule.by is not None:
            by = self.periods.folding.computed(rule.by, rule.subject)
            return by._replace(of=lambda facts: _stated(by.of(facts)))
        if rule.within is None:
            return None
        asked = self.periods.asked(rule)
        within = way.within if way is not None else asked.within
        minute = self._to_the_minute(rule, asked.offset, within)
        if minute is not None:
            return self._either(minute, within, self._day(rule, found, _in_days(within)), rule)
        return self._day(rule, found, within)

    def _day(self, rule: Rule, found: Opened | None, within: Node) -> Cell:
        """The day of a deadline as text."""
        if found is not None and found.moment_day is None:
            return _as_text(self._moment(rule, ((within, 1),)))
        start = found.moment_day if found and found.moment_day else self.day
        return _as_text(self._from(tree.Literal(start, DATE), ((within, 1),), rule))

    def _to_the_minute(self, rule: Rule, offset: Node, within: Node) -> Node | None:
        """The deadline of a record to the minute, as far as its period holds hours or minutes."""
        moment = rule.moment
        exact = any(each.minutes for each in choices(within) or ())
        if not exact or moment is None or moment.instant is None:
            return None
        node, kind = moment.instant, type_of(moment.instant)
        if offset != NONE:
            node = tree.Arithmetic("+" if moment.sign > 0 else "-", node, offset, kind)
        return tree.Arithmetic("+", node, within, kind)

    def _either(self, minute: Node, within: Node, day: Cell, rule: Rule) -> Cell:
        """What is read of a period to the minute for records that have one, else of the day."""
        of = self.periods.folding.computed
        exact, length = of(minute, rule.subject), of(within, rule.subject)

        def read(facts: Facts) -> Any:
            period = length.of(facts)
            if isinstance(period, Period) and period.minutes:
                found = exact.of(facts)
                return deadline_text(found) if is_instant(found) else found
            return day.of(facts) if isinstance(day, Computed) else day

        more = (day.node,) if isinstance(day, Computed) else ()
        return Computed(read, tree.ListOf((exact.node, length.node, *more)))

    def window_end(self, rule: Rule, found: Opened | None, way: Way | None) -> date | None:
        """The occasion's own day, for what prepares or greets it, or a later deadline.

        Nothing closes for what comes after an occasion.
        """
        if found is None or found.occasion_day is None or found.moment_day is None or way is None:
            return None
        if is_late(rule) or found.moment_day > found.occasion_day:
            return None
        assert isinstance(way.within, tree.Literal)  # of an occasion each is a way of its own
        assert isinstance(way.within.value, Period)
        ends = land(found.moment_day, way.within.value, 1, self._notice(rule))
        return max(found.occasion_day, ends.first)

    def told(self, rule: Rule, found: Opened | None, way: Way | None) -> Node:
        """The condition that due day and deadline are known: it holds or is unknown, but never fails."""
        if rule.by is None and _alike(rule):
            return tree.YES
        by = self.periods.folding.folded(rule.by, rule.subject) if rule.by else tree.YES
        asked = self.periods.asked(rule)
        if found is not None and found.moment_day is None and not _of_by(rule):
            return all_of(known(by), self._of_record(rule, asked))
        within = way.within if way is not None else asked.within
        if not _counted(within):
            return all_of(known(by), known(within))
        start = (found and found.moment_day) or self.day
        notice = self.periods.notice(asked)
        return all_of(known(by), by_choice(within, lambda each: lands(start, each, notice)))

    def _of_record(self, rule: Rule, asked: Asked) -> Node:
        within = asked.within
        if not any(map(_counted, asked)):
            return known(within)
        listed = choices(within) is not None

        def told(dated: Node, lengths: Lengths) -> Node:
            if not listed:
                return told_of(dated, lengths, NOTHING, self.day)
            return by_choice(within, lambda each: told_of(dated, lengths, each, self.day))

        found = self.periods.of_record(rule, told)
        return found if listed else all_of(known(within), found)

    def _moment(self, rule: Rule, beyond: Sequence[Step]) -> Cell:
        """The moment of a record, and further periods added to it."""
        moment = rule.moment
        assert moment is not None
        if moment.by is not None and type_of(moment.by).kind == "datetime":
            return self.periods.folding.computed(self.line.due(moment.by), rule.subject)
        if moment.by is not None:
            return self._from(moment.by, ((ONE_DAY, 1),), rule)
        asked = self.periods.asked(rule)
        assert moment.dated is not None
        if moment.then is None:
            return self._from(moment.dated, ((asked.offset, moment.sign), *beyond), rule)
        then = ((_in_days(asked.then), 1), (ONE_DAY, 1))
        day = self._from(moment.dated, ((asked.offset, moment.sign), *then), rule)
        minute = self._to_the_minute(rule, asked.offset, asked.then)
        return day if minute is None else self._either(self.line.due(minute), asked.then, day, rule)

    def _from(self, start: Node, steps: Sequence[Step], rule: Rule) -> Cell:
        """A day with periods added; a constant where it is the same for all records."""
        signs = [sign for _, sign in steps]
        nodes = [start, *(node for node, _ in steps)]
        notice = self._notice(rule) if any(_counted(node) for node in nodes[1:]) else NO_NOTICE
        known = [node.value for node in nodes if isinstance(node, tree.Literal)]
        if len(known) == len(nodes):
            return _stepped(known, signs, notice)
        read = [self.periods.folding.computed(node, rule.subject) for node in nodes]

        def day(facts: Facts) -> date | None:
            return _stepped([each.of(facts) for each in read], signs, notice)

        return Computed(day, tree.ListOf(tuple(each.node for each in read)))

    def _notice(self, rule: Rule) -> RestDays:
        return self.periods.notice(self.periods.asked(rule))


def _stepped(values: Sequence[Any], signs: Sequence[int], notice: RestDays) -> date | None:
    start, *lengths = values
    if not isinstance(start, date) or not all(isinstance(each, Period) for each in lengths):
        return None
    found = Landing(start, start)
    for period, sign in zip(lengths, signs, strict=True):
        found = found.moved(period, sign, notice)
    return found.day


def _as_text(cell: Cell) -> Cell:
    if isinstance(cell, Computed):
        return cell._replace(of=lambda facts: text(cell.of(facts)))
    return text(cell)


def _counted(period: Node) -> bool:
    return any(each.workdays for each in choices(period) or ())


def _alike(rule: Rule) -> bool:
    """True of a rule whose periods are constants of the calendar, whatever the day and the record."""
    moment = rule.moment
    asked = (rule.within, *((moment.offset, moment.then) if moment is not None else ()))
    return all(
        each is None or (isinstance(each, tree.Literal) and type_of(each) != WORKDAYS)
        for each in asked
    )


def _of_by(rule: Rule) -> bool:
    return rule.moment is not None and rule.moment.by is not None


def is_late(rule: Rule) -> bool:
    """True of the rule that tells what was not done in time."""
    moment = rule.moment
    return moment is not None and (moment.then is not None or moment.by is not None)


def _in_days(period: Node) -> Node:
    """The same period, without those that are counted to the minute."""
    if choices(period) is None:
        return period
    return by_choice(period, lambda each: tree.Literal(replace(each, minutes=0), PERIOD), PERIOD)


def _stated(value: Any) -> str | None:
    """A deadline as actions state it: an instant to the minute with its offset, a day as text."""
    return deadline_text(value) if is_instant(value) else text(value)
