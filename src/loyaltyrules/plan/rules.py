# SPDX-License-Identifier: Apache-2.0
"""Rules as they stand on one day: which moments open, on which condition, with which recipes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluated_later
from loyaltyrules.expression.tree import Node, all_of
from loyaltyrules.plan.day import Instance
from loyaltyrules.plan.deadlines import Deadlines
from loyaltyrules.plan.each import ALONE, SIGN, Row, rows_of, without_rows
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.lengths import Lengths
from loyaltyrules.plan.line import overdue
from loyaltyrules.plan.moments import Opened, Tables, opened, reached
from loyaltyrules.plan.periods import Periods, Way
from loyaltyrules.plan.recipe import (
    ONCE,
    Cell,
    Changes,
    NamedFigures,
    Need,
    Occurrence,
    Recipe,
    occurrence_of,
    said_by,
    sending,
    text,
)
from loyaltyrules.policy.model import ActionForm, Rule, way_of


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
        """The rule as it stands on the day: none, one, or one a row, moment and opening that falls on it."""
        for row in rows_of(rule, self.folding.policy.tables, self.tables):
            yield from self._of_row(rule, row)

    def _of_row(self, rule: Rule, row: Row) -> Iterator[Instance]:
        if rule.mode == "while":
            yield from self._instance(rule, rule.actions, None, row)
        elif rule.mode == "from":
            yield from self._instance(rule, rule.actions, self._standing(rule), row)
        elif rule.moment is not None and rule.moment.by is not None:
            found = self._missed(rule, rule.moment.by)
            yield from self._instance(rule, rule.actions, found, row)
        else:
            yield from self._opening(rule, row)

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

    def _opening(self, rule: Rule, row: Row) -> Iterator[Instance]:
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
                    yield from self._instance(rule, tuple(forms), found, row, way)

    def _opened(self, rule: Rule, way: Way) -> Iterator[Opened]:
        """The moments that open on the day by some of the periods of a rule."""
        then, dated = way.lengths.then, way.dated
        exact = None if then is None else self.deadlines.exact(rule, way.lengths, then)
        if exact is not None and dated is not None:
            return iter([overdue(exact, dated, self.deadlines.line)])
        assert rule.moment is not None
        moment = replace(rule.moment, dated=dated)
        return opened(moment, way.lengths, self.folding.day, self.tables)

    def _instance(
        self, rule: Rule, forms: Iterable[ActionForm], found: Opened | None, row: Row,
        way: Way | None = None,
    ) -> Iterator[Instance]:  # fmt: skip
        if row.symbols and found is not None:
            found = replace(found, symbols={**found.symbols, **row.symbols})
        told = self._told(rule, found, way)
        condition = all_of(self._condition(rule, found, row), told)
        if condition == tree.NO:
            return
        self.folding.require_figures(condition)
        acting = forms if row.known == tree.YES else ()
        for channel, some in (_by_way(acting) or {tree.YES: []}).items():
            whole = all_of(condition, self._folded(channel, rule, found, row))
            if whole != tree.NO:
                recipes = tuple(self.recipe(rule, form, found, way, row) for form in some)
                test = evaluated_later(whole, self.folding.policy.functions)
                yield Instance(rule, whole, test, recipes, found, row, told)

    def _condition(self, rule: Rule, found: Opened | None, row: Row) -> Node:
        """When it acts; without the table of its rows it is open unless the record alone says no."""
        moment, guard = (found.condition, found.guard) if found else (tree.YES, tree.YES)
        asked = rule.condition
        if row.known != tree.YES:
            asked = all_of(row.known, without_rows(asked, rule.each))
        moment, own = (self._folded(node, rule, found, row) for node in (moment, asked))
        return all_of(moment, guard, own)

    def _told(self, rule: Rule, found: Opened | None, way: Way | None) -> Node:
        """The condition that it is known when what it asks for is due, and until when."""
        told = self.deadlines.told(rule, found, way)
        return told if told == tree.YES else self.folding.folded(told, rule.subject)

    def _folded(self, node: Node, rule: Rule, found: Opened | None, row: Row) -> Node:
        symbols = found.symbols if found else row.symbols
        today = found.moment_day if found else None
        return self.folding.folded(node, rule.subject, today, symbols)

    def recipe(
        self, rule: Rule, form: ActionForm, found: Opened | None, way: Way | None, row: Row = ALONE
    ) -> Recipe:
        symbols = found.symbols if found else row.symbols
        today = found.moment_day if found else None

        def of(node: Node | None) -> Cell:
            return self._text(node, rule.subject, today, symbols)

        grounds = rule.grounds if rule.grounds.source else form.grounds
        policy = self.folding.policy
        template = policy.templates.get(form.template or "")
        due = self.deadlines.due(rule, found, form.due == "occasion")
        columns: dict[str, Cell] = {
            **said_by(form),
            **sending(form, due),
            "value": of(form.value),
            "from_value": of(form.from_value),
            "to_value": of(form.to_value),
            "figures": self._figures(form, rule, today, symbols),
            "assignee": of(form.assignee),
            "due_on": due,
            "window_end": self.deadlines.window_end(rule, found, way),
            "deadline": self.deadlines.deadline(rule, found, way),
            "source": ";".join(grounds.source) or None,
            "origin": rule.grounds.origin,
            "policy_version": policy.version,
        }
        return Recipe(
            form, policy.name, rule.id, rule.subject, row.after(_touch(rule, found)),
            self._occurrence(rule, found, row), columns,
            {
                "sets": self._changes(form.sets, rule, today, symbols, known=False),
                "adds": self._changes(form.adds, rule, today, symbols, known=True),
            },
            bool(template and template.missing),
            tuple(self._need(rule.subject, fact, today) for fact in form.needs),
            self.recipe(rule, form.instead, found, way, row) if form.instead else None,
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

    def _figures(
        self, form: ActionForm, rule: Rule, today: date | None, symbols: Mapping[str, Node]
    ) -> Cell:
        """The named figures that an action states; a constant where they read no record."""
        if not form.figures:
            return None
        computed = partial(
            self.folding.computed, subject=rule.subject, today=today, symbols=symbols
        )
        found = NamedFigures(tuple((name, computed(node)) for name, node in form.figures))
        return found if found.reads else found.of({})

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

    def _need(self, subject: str, fact: tree.FactRef, today: date | None) -> Need:
        missing = self.folding.folded(tree.Missing(fact), subject, today)
        return Need(fact.key, missing, evaluated_later(missing, self.folding.policy.functions))

    def _occurrence(self, rule: Rule, found: Opened | None, row: Row) -> str | Occurrence:
        """What names the occurrence; a text where it is the same for all records."""
        last = [row.id] if row.id else []
        if found is not None and not rule.once_per:
            if isinstance(found.occurrence, str):
                return row.after(found.occurrence)
            moment = self.folding.computed(found.occurrence, rule.subject)
            return occurrence_of([moment, *last], SIGN)
        periods = [period_name(name, self.folding.day) for name in rule.periods]
        parts = [self.folding.computed(node, rule.subject) for node in rule.once_per]
        if parts:
            return occurrence_of([*parts, *periods, *last], rule.once_sign)
        return rule.once_sign.join([*periods, *last]) or ONCE


def _by_way(forms: Iterable[ActionForm]) -> dict[Node, list[ActionForm]]:
    """Actions by the condition under which they go by their channel."""
    found: dict[Node, list[ActionForm]] = {}
    for form in forms:
        found.setdefault(way_of(form), []).append(form)
    return found


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
