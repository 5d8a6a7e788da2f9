# SPDX-License-Identifier: Apache-2.0
"""Rules as they stand on one day: which moments open, on which condition, with which recipes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from loyaltyrules.calendar import Period, shift_or_edge
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluated_later
from loyaltyrules.expression.tree import Node, all_of
from loyaltyrules.plan.day import Instance
from loyaltyrules.plan.deadlines import Line, deadline_node, deadline_text, overdue
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.moments import NOTHING, Lengths, Opened, Tables, moved, opened, reached
from loyaltyrules.plan.recipe import (
    ONCE,
    Cell,
    Changes,
    Need,
    Occurrence,
    Recipe,
    occurrence_of,
    said_by,
    text,
)
from loyaltyrules.policy.model import ActionForm, Rule


@dataclass(frozen=True, slots=True)
class RulesOfDay:
    """Compiles the rules of a policy for one day."""

    folding: Folding
    tables: Tables
    now: datetime | None = None  # the moment of the run, where that is known and lies on the day

    def instances(self, rule: Rule) -> Iterator[Instance]:
        """The rule as it stands on the day: none, one, or one a moment and opening that falls on it."""
        if rule.mode == "while":
            yield from self._instance(rule, rule.actions, None)
        elif rule.moment and rule.moment.then and self._deadline_after(rule, rule.moment.then):
            yield from self._overdue(rule, rule.moment.then)
        elif rule.mode == "from" and rule.moment and rule.moment.dated is not None:
            lengths = self.lengths(rule, None)
            dated = self.folding.inline(rule.moment.dated, rule.subject)
            yield from self._instance(
                rule, rule.actions, reached(dated, lengths, self.folding.day), lengths
            )
        else:
            yield from self._opening(rule)

    def _opening(self, rule: Rule) -> Iterator[Instance]:
        by_lead: dict[Node | None, list[ActionForm]] = {}
        for form in rule.actions:
            by_lead.setdefault(form.opens, []).append(form)
        assert rule.moment is not None
        for lead, forms in by_lead.items():
            lengths = self.lengths(rule, lead)
            moment = rule.moment
            if moment.dated is not None:
                moment = replace(moment, dated=self.folding.inline(moment.dated, rule.subject))
            for found in opened(moment, lengths, self.folding.day, self.tables):
                yield from self._instance(rule, tuple(forms), found, lengths)

    def _overdue(self, rule: Rule, within: Node) -> Iterator[Instance]:
        """What is late, once the deadline to the minute has passed."""
        deadline, moment = self._deadline_after(rule, within), rule.moment
        assert deadline is not None and moment is not None and moment.dated is not None
        dated = self.folding.inline(moment.dated, rule.subject)
        found = overdue(deadline, dated, self._line, rule.mode == "at")
        yield from self._instance(rule, rule.actions, found)

    @property
    def _line(self) -> Line:
        return Line(self.folding.day, self.folding.policy.vocabulary.timezone, self.now)

    def _deadline_after(self, rule: Rule, within: Node) -> Node | None:
        """The deadline of a record as an instant; None where it is a day."""
        length, moment = self.folding.period(within), rule.moment
        if not length.minutes or moment is None or moment.instant is None:
            return None
        lengths = Lengths(self.folding.period(moment.offset), moment.sign, None, NOTHING)
        instant = self.folding.inline(moment.instant, rule.subject)
        return deadline_node(instant, lengths, length)

    def lengths(self, rule: Rule, lead: Node | None) -> Lengths:
        moment = rule.moment
        assert moment is not None
        if moment.then is not None:  # what is late is told on the day itself, never before it
            return Lengths(
                self.folding.period(moment.offset),
                moment.sign,
                self.folding.period(moment.then),
                NOTHING,
            )
        own = self.folding.period(
            moment.occasion.opens if moment.occasion and not moment.offset else None
        )
        word = self.folding.period(lead)
        opens = Period(own.months + word.months, own.days + word.days)
        return Lengths(self.folding.period(moment.offset), moment.sign, None, opens)

    def _instance(
        self, rule: Rule, forms: Iterable[ActionForm], found: Opened | None,
        lengths: Lengths | None = None,
    ) -> Iterator[Instance]:  # fmt: skip
        symbols = found.symbols if found else {}
        today = found.moment_day if found else None
        moment = found.condition if found else tree.YES
        own = self.folding.folded(rule.condition, rule.subject, today, symbols)
        condition = all_of(self.folding.folded(moment, rule.subject, today, symbols), own)
        if condition == tree.NO:
            return
        self.folding.require_figures(condition)
        recipes = tuple(self.recipe(rule, form, found, lengths) for form in forms)
        test = evaluated_later(condition, self.folding.policy.functions)
        yield Instance(rule, condition, test, recipes, found)

    def recipe(
        self, rule: Rule, form: ActionForm, found: Opened | None, lengths: Lengths | None
    ) -> Recipe:
        symbols = found.symbols if found else {}
        today = found.moment_day if found else None

        def of(node: Node | None) -> Cell:
            return self._text(node, rule.subject, today, symbols)

        grounds = rule.grounds if rule.grounds.source else form.grounds
        policy = self.folding.policy
        template = policy.templates.get(form.template or "")
        columns: dict[str, Cell] = {
            **said_by(form),
            "value": of(form.value),
            "from_value": of(form.from_value),
            "to_value": of(form.to_value),
            "due_on": self._due(form, rule, found, lengths),
            "window_end": self._window_end(rule, found),
            "deadline": self._deadline(rule, found, lengths),
            "source": ";".join(grounds.source) or None,
            "origin": rule.grounds.origin,
            "policy_version": policy.version,
        }
        return Recipe(
            form, policy.name, rule.id, rule.subject, _touch(rule, found),
            self._occurrence(rule, found), columns,
            {
                "sets": self._changes(form.sets, rule, today, symbols, known=False),
                "adds": self._changes(form.adds, rule, today, symbols, known=True),
            },
            bool(template and template.missing),
            tuple(self._need(rule.subject, fact) for fact in form.needs),
            self.recipe(rule, form.instead, found, lengths) if form.instead else None,
        )  # fmt: skip

    def _text(
        self, node: Node | None, subject: str, today: date | None, symbols: Mapping[str, Node]
    ) -> Cell:
        """A value as actions state it; a constant where it reads no record."""
        if node is None:
            return None
        found = self.folding.computed(node, subject, today, symbols)
        if not found.reads:
            return text(found.of({}))
        return found._replace(of=lambda facts: text(found.of(facts)))

    def _changes(
        self, changes: Sequence[tuple[str, Node]], rule: Rule, today: date | None,
        symbols: Mapping[str, Node], known: bool,
    ) -> Cell:  # fmt: skip
        """The facts that an action changes, each with what it takes or grows by."""
        each = tuple(
            (name, self.folding.computed(node, rule.subject, today, symbols))
            for name, node in changes
        )
        return Changes(each, known) if each else ()

    def _need(self, subject: str, fact: tree.FactRef) -> Need:
        missing = self.folding.folded(tree.Missing(fact), subject)
        return Need(fact.key, missing, evaluated_later(missing, self.folding.policy.functions))

    def _occurrence(self, rule: Rule, found: Opened | None) -> str | Occurrence:
        """What names the occurrence; a text where it is the same for all records."""
        if found is not None:
            if isinstance(found.occurrence, str):
                return found.occurrence
            return occurrence_of([self.folding.computed(found.occurrence, rule.subject)], "")
        periods = [period_name(name, self.folding.day) for name in rule.periods]
        parts = [self.folding.computed(node, rule.subject) for node in rule.once_per]
        if parts:
            return occurrence_of([*parts, *periods], rule.once_sign)
        return rule.once_sign.join(periods) or ONCE

    def _due(
        self, form: ActionForm, rule: Rule, found: Opened | None, lengths: Lengths | None
    ) -> Cell:
        if found is None:
            return self.folding.day
        dated = self._late_on(rule) or _dated(found, lengths)
        if dated is not None:
            return self.folding.computed(dated, rule.subject)
        if form.due == "occasion":
            return found.occasion_day or found.moment_day
        return self.folding.day

    def _late_on(self, rule: Rule) -> Node | None:
        """The day on which what is late is told, where the deadline is one to the minute."""
        if rule.mode != "from" or rule.moment is None or rule.moment.then is None:
            return None
        deadline = self._deadline_after(rule, rule.moment.then)
        return None if deadline is None else self._line.due(deadline)

    def _deadline(self, rule: Rule, found: Opened | None, lengths: Lengths | None) -> Cell:
        if rule.within is None or (rule.moment and rule.moment.then is not None):
            return None
        deadline = self._deadline_after(rule, rule.within)
        if deadline is not None:
            instant = self.folding.computed(deadline, rule.subject)
            return instant._replace(of=lambda facts: deadline_text(instant.of(facts)))
        within = self.folding.period(rule.within)
        dated = _dated(found, lengths)
        if dated is not None:
            start = self.folding.computed(dated, rule.subject)
            return start._replace(of=lambda facts: _shifted(start.of(facts), within))
        start_day = found.moment_day if found and found.moment_day else self.folding.day
        return shift_or_edge(start_day, within).isoformat()

    def _window_end(self, rule: Rule, found: Opened | None) -> date | None:
        """The occasion's own day, for what prepares or greets it, or a later deadline.

        Nothing closes for what comes after an occasion.
        """
        if found is None or found.occasion_day is None or found.moment_day is None:
            return None
        late = rule.moment is not None and rule.moment.then is not None
        if late or found.moment_day > found.occasion_day:
            return None
        within = self.folding.period(rule.within)
        return max(found.occasion_day, shift_or_edge(found.moment_day, within))


def period_name(name: str, day: date) -> str:
    """How a period of the calendar is named in an occurrence."""
    match name:
        case "year":
            return f"{day.year}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "month":
            return f"{day:%Y-%m}"
        case "week":
            return f"{day:%G-W%V}"
    return day.isoformat()


def _dated(found: Opened | None, lengths: Lengths | None) -> Node | None:
    """The moment of a record where it depends on it: that of a `from` rule."""
    if found is None or found.moment_day is not None or lengths is None:
        return None
    return None if isinstance(found.occurrence, str) else moved(found.occurrence, lengths)


def _touch(rule: Rule, found: Opened | None) -> str:
    """What one day counts as one touch: an occasion, whatever rules speak of it, else the rule."""
    occasion = rule.moment.occasion if rule.moment else None
    if occasion is None or found is None:
        return rule.id
    return f"{occasion.id}/{found.occurrence}"


def _shifted(start: Any, within: Period) -> str | None:
    return text(shift_or_edge(start, within)) if isinstance(start, date) else None
