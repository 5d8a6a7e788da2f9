# SPDX-License-Identifier: Apache-2.0
"""When a record loses the present word of a label, if nothing but the day changes, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, Facts
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Label, Rule
from loyaltyrules.simulation.base.tried import fact_of
from loyaltyrules.simulation.shortfall.ahead import Ahead
from loyaltyrules.simulation.shortfall.towards import goal_of, moves_of, parts_of


class Loss(NamedTuple):
    """The day on which a word is lost, for which other (None: for none), and by what.

    `rule` is the move that takes it; `turned` are those of its conditions that come out otherwise from
    this day on. `facts` are those of the day.
    """

    on: date
    to: str | None
    rule: Rule | None
    turned: tuple[Node, ...]
    facts: Facts


@dataclass(frozen=True, eq=False)
class Losing:
    """The moves of a label, or where it has none on file its word itself, on the days ahead of a plan.

    `nodes` are what is asked on each day: of every move its condition and its word, then the parts.
    """

    label: Label
    on_file: bool
    moves: tuple[Rule, ...]
    parts: tuple[Node, ...]
    ahead: Ahead

    @classmethod
    def of(cls, plan: DayPlan, label: Label, on_file: bool) -> "Losing":
        moves = moves_of(plan.policy, label) if on_file else ()
        goals = [(each.condition, goal_of(each, label)) for each in moves]
        asked = [node for pair in goals for node in pair if node is not None]
        parts = tuple(dict.fromkeys(p for rule in moves for p in parts_of(rule.condition)))
        nodes = (*asked, *parts) if on_file else (fact_of(plan.policy, label),)
        return cls(label, on_file, moves, parts, Ahead(plan, label.subject, nodes))

    def loss(self, record: Record, word: str) -> Loss | None:
        """The first day ahead on which the word is lost."""
        before: list[object] = []
        for day, facts, asked in self.ahead.days(record):
            found = self._on(facts, asked, word)
            values = [each(facts) for each in asked[2 * len(self.moves) :]]
            if found is not None:
                to, rule = found
                return Loss(day, to, rule, self._turned(rule, before, values), facts)
            before = values
        return None

    def _on(
        self, facts: Facts, asked: Sequence[Evaluated], word: str
    ) -> tuple[str | None, Rule | None] | None:
        """What takes the word on a day, if anything does, and which other it gives."""
        words = self.label.words
        if not self.on_file:
            now = asked[0](facts)
            worse = now is None or words.index(now) > words.index(word)
            return (now, None) if worse else None
        for place, rule in enumerate(self.moves):
            holds, to = asked[2 * place], asked[2 * place + 1]
            if holds(facts) is True:
                given = to(facts)
                if given in words and words.index(given) > words.index(word):
                    return given, rule
        return None

    def _turned(
        self, rule: Rule | None, before: Sequence[object], values: Sequence[object]
    ) -> tuple[Node, ...]:
        """The parts of a move's condition that come out otherwise than the day before."""
        if rule is None:
            return ()
        mine = parts_of(rule.condition)
        if before:
            changed = zip(self.parts, before, values, strict=True)
            return _telling([node for node, was, now in changed if was is not now and node in mine])
        plain = [each for each in mine if not isinstance(each, tree.Not)]
        return tuple(filter(self.ahead.moves, plain)) or tuple(plain)  # it is lost on the first day


def _telling(turned: Sequence[Node]) -> tuple[Node, ...]:
    """Without those that only say that no move above holds, if others say more."""
    plain = [e for e in turned if not (isinstance(e, tree.Not) and tree.children(e.item))]
    return tuple(plain or turned)


@dataclass(slots=True, eq=False)
class Known:
    """What is asked on the days ahead, by label. It belongs to the plan's memory."""

    found: dict[tuple[str, bool], Losing] = field(default_factory=dict)


def losing(plan: DayPlan, label: Label, on_file: bool) -> Losing:
    """What is asked of a label on the days ahead."""
    known, key = plan.memory.of(Known, Known).found, (label.name, on_file)
    if key not in known:
        known[key] = Losing.of(plan, label, on_file)
    return known[key]
