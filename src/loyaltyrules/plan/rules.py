# SPDX-License-Identifier: Apache-2.0
"""Rules as they stand on one day: which moments open, on which condition, with which recipes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluated_later
from loyaltyrules.expression.tree import Node, all_of
from loyaltyrules.plan.day import Instance
from loyaltyrules.plan.deadlines import Deadlines
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.lengths import Lengths
from loyaltyrules.plan.line import overdue
from loyaltyrules.plan.moments import Opened, Tables, opened, reached
from loyaltyrules.plan.periods import Periods, Way
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

    @property
    def periods(self) -> Periods:
        """Reads the periods of rules on this day."""
        return Periods(self.folding, self.tables)

    @property
    def deadlines(self) -> Deadlines:
        """Says until when the actions of rules are to be done."""
        return Deadlines(self.periods, self.now)

    def instances(self, rule: Rule) -> Iterator[Instance]:
        """The rule as it stands on the day: none, one, or one a moment and opening that falls on it."""
        if rule.mode == "while":
            yield from self._instance(rule, rule.actions, None)
        elif rule.mode == "from":
            yield from self._instance(rule, rule.actions, self._standing(rule))
        elif rule.moment is not None and rule.moment.by is not None:
            yield from self._instance(rule, rule.actions, self._missed(rule, rule.moment.by))
        else:
            yield from self._opening(rule)

    def _standing(self, rule: Rule) -> Opened:
        """The moment of a `from` rule: reached by the day, or a deadline that is over."""
        by = rule.moment.by if rule.moment is not None else None
        over = tree.YES if by is None else self.deadlines.passed(by, once=False)
        return Opened(None, None, self._named(rule), all_of(over, self._begun(rule)))

    def _missed(self, rule: Rule, by: Node) -> Opened:
        """The moment of what is late the day after a day of the record, of what was asked by then."""
        over = self.deadlines.passed(by, once=True)
        return Opened(self.folding.day, None, self._named(rule), all_of(over, self._begun(rule)))

    def _begun(self, rule: Rule) -> Node:
        """The condition that the moment of a record is reached, where a rule has one."""
        if rule.moment is None or rule.moment.dated is None:
            return tree.YES
        return self.periods.of_record(rule, lambda *way: self._reached(rule, *way))

    def _reached(self, rule: Rule, dated: Node, lengths: Lengths) -> Node:
        """The condition that the moment of a record is reached, or its deadline to the minute passed."""
        exact = None if lengths.then is None else self.deadlines.exact(rule, lengths, lengths.then)
        if exact is not None:
            return self.deadlines.line.passed(exact)
        return reached(dated, lengths, self.folding.day)

    def _named(self, rule: Rule) -> str | Node:
        """What names the occurrence of a rule with a day of the record, where `once_per` does not."""
        if rule.moment is None or rule.moment.dated is None:
            return ONCE
        return self.folding.inline(rule.moment.dated, rule.subject)

    def _opening(self, rule: Rule) -> Iterator[Instance]:
        by_lead: dict[Node | None, list[ActionForm]] = {}
        for form in rule.actions:
            by_lead.setdefault(form.opens, []).append(form)
        assert rule.moment is not None
        for lead, forms in by_lead.items():
            for way in self.periods.ways(rule, lead):
                for found in self._opened(rule, way):
                    if way.dated is not None:
                        found = replace(found, occurrence=self._named(rule))
                    found = replace(found, guard=way.guard)
                    yield from self._instance(rule, tuple(forms), found, way)

    def _opened(self, rule: Rule, way: Way) -> Iterator[Opened]:
        """The moments that open on the day by some of the periods of a rule."""
        then, dated = way.lengths.then, way.dated
        exact = None if then is None else self.deadlines.exact(rule, way.lengths, then)
        if exact is not None and dated is not None:
            return iter([overdue(exact, dated, self.deadlines.line, once=True)])
        assert rule.moment is not None
        moment = replace(rule.moment, dated=dated)
        return opened(moment, way.lengths, self.folding.day, self.tables)

    def _instance(
        self, rule: Rule, forms: Iterable[ActionForm], found: Opened | None, way: Way | None = None
    ) -> Iterator[Instance]:
        symbols = found.symbols if found else {}
        today = found.moment_day if found else None
        moment = found.condition if found else tree.YES
        own = self.folding.folded(rule.condition, rule.subject, today, symbols)
        moment = self.folding.folded(moment, rule.subject, today, symbols)
        guard = found.guard if found else tree.YES
        told = self.deadlines.told(rule, found, way)
        if told != tree.YES:
            told = self.folding.folded(told, rule.subject)
        condition = all_of(moment, guard, own, told)
        if condition == tree.NO:
            return
        self.folding.require_figures(condition)
        recipes = tuple(self.recipe(rule, form, found, way) for form in forms)
        test = evaluated_later(condition, self.folding.policy.functions)
        yield Instance(rule, condition, test, recipes, found)

    def recipe(self, rule: Rule, form: ActionForm, found: Opened | None, way: Way | None) -> Recipe:
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
            "due_on": self.deadlines.due(rule, found, form.due == "occasion"),
            "window_end": self.deadlines.window_end(rule, found, way),
            "deadline": self.deadlines.deadline(rule, found, way),
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
            self.recipe(rule, form.instead, found, way) if form.instead else None,
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
        if found is not None and not rule.once_per:
            if isinstance(found.occurrence, str):
                return found.occurrence
            return occurrence_of([self.folding.computed(found.occurrence, rule.subject)], "")
        periods = [period_name(name, self.folding.day) for name in rule.periods]
        parts = [self.folding.computed(node, rule.subject) for node in rule.once_per]
        if parts:
            return occurrence_of([*parts, *periods], rule.once_sign)
        return rule.once_sign.join(periods) or ONCE


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


def _touch(rule: Rule, found: Opened | None) -> str:
    """What one day counts as one touch: an occasion, whatever rules speak of it, else the rule."""
    occasion = rule.moment.occasion if rule.moment else None
    if occasion is None or found is None:
        return rule.id
    return f"{occasion.id}/{found.occurrence}"
