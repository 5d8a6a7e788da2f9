# SPDX-License-Identifier: Apache-2.0
"""The periods of a rule on one day: constants, or those that records choose among."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from loyaltyrules.calendar import NO_NOTICE, Period, RestDays
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of
from loyaltyrules.expression.types import PERIOD
from loyaltyrules.plan.chosen import NOTHING, by_choice, choices, chosen
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.lengths import Lengths
from loyaltyrules.plan.moments import ONE_DAY, Tables, moved, notice_in, plus
from loyaltyrules.policy.model import Moment, Rule

NO_MOMENT = Moment()
NONE = tree.Literal(NOTHING, PERIOD)


class Way(NamedTuple):
    """One way in which the periods of a rule fall.

    `dated` is the day of the record from which its lengths are counted, `within` its deadline; `guard`
    says which records choose them so.
    """

    lengths: Lengths
    dated: Node | None
    within: Node
    guard: Node


class Asked(NamedTuple):
    """The periods of a rule as expressions of the day."""

    offset: Node
    then: Node
    own: Node
    word: Node
    within: Node


@dataclass(frozen=True, slots=True)
class Periods:
    """Reads the periods of the rules of one day."""

    folding: Folding
    tables: Tables

    def ways(self, rule: Rule, lead: Node | None) -> Iterator[Way]:
        """How the periods of a rule with a moment may fall; but one where they are the same for all."""
        asked = self.asked(rule, lead)
        notice = self.notice(asked)
        alone = _constants(asked)
        if alone is not None:
            yield Way(*self.lengths(rule, asked, alone, notice), asked.within, tree.YES)
            return
        listed = [choices(each) for each in asked[:4]]
        window = rule.moment is not None and rule.moment.occasion is not None
        listed.append(choices(asked.within) if window else None)
        for values in product(*([None] if each is None else each for each in listed)):
            nodes = zip(asked, values, strict=True)
            guard = all_of(*(chosen(node, value) for node, value in nodes if value is not None))
            lengths, dated = self.lengths(rule, asked, values, notice)
            within = asked.within if values[4] is None else tree.Literal(values[4], PERIOD)
            yield Way(lengths, dated, within, guard)

    def asked(self, rule: Rule, lead: Node | None = None) -> Asked:
        """The periods of a rule; what is late is told on the day itself, never before it."""
        moment = rule.moment or NO_MOMENT
        late = moment.then is not None or moment.by is not None
        ahead = (None, None) if late else (moment.opens, lead)
        nodes = (moment.offset, moment.then, *ahead, rule.within)
        return Asked(*(self._period(each, rule.subject) for each in nodes))

    def _period(self, node: Node | None, subject: str) -> Node:
        if node is None or isinstance(node, tree.Literal):
            return node or NONE
        found = self.folding.folded(node, subject)
        self.folding.require_figures(found)
        return found

    def notice(self, asked: Asked) -> RestDays:
        """The official notices, where one of the periods counts workdays."""
        counted = any(each.workdays for node in asked for each in choices(node) or ())
        return notice_in(self.tables) if counted else NO_NOTICE

    def lengths(
        self, rule: Rule, asked: Asked, values: tuple[Period | None, ...], notice: RestDays
    ) -> tuple[Lengths, Node | None]:
        """Constant periods, and the day that they are counted from: with all that is none added to it."""
        moment = rule.moment or NO_MOMENT
        dated = moment.dated and self.folding.inline(moment.dated, rule.subject)
        offset, then, own, word = (each or NOTHING for each in values[:4])
        late = None if moment.then is None else then
        if dated is not None and values[0] is None:
            dated = plus(dated, asked.offset, moment.sign)
        if dated is not None and values[1] is None:
            dated = moved(dated, Lengths(offset, moment.sign, None, NOTHING))
            dated, offset, late = plus(plus(dated, asked.then), ONE_DAY), NOTHING, None
        return Lengths(offset, moment.sign, late, own + word, notice), dated

    def of_record(self, rule: Rule, of: Callable[[Node, Lengths], Node]) -> Node:
        """What is said of each way in which the periods of a `from` rule fall, chosen as they are.

        It is said of the day of the record, and of the constant lengths that are counted from it.
        """
        asked = self.asked(rule)
        notice = self.notice(asked)

        def said(*values: Period | None) -> Node:
            lengths, dated = self.lengths(rule, asked, (*values, NOTHING, NOTHING), notice)
            assert dated is not None
            return of(dated, lengths)

        return _each(asked.offset, lambda o: _each(asked.then, lambda t: said(o, t)))


def _constants(asked: Asked) -> tuple[Period, ...] | None:
    """The periods where they are the same for all records."""
    found = tuple(
        each.value for each in asked
        if isinstance(each, tree.Literal) and isinstance(each.value, Period)
    )  # fmt: skip
    return found if len(found) == len(asked) else None


def _each(node: Node, of: Callable[[Period | None], Node]) -> Node:
    return of(None) if choices(node) is None else by_choice(node, of)
