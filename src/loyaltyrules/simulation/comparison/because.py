# SPDX-License-Identifier: Apache-2.0
"""Why a record has another label under another policy, in words of the handbook."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluated_later
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.written import Writing
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Label, Parameter, Policy
from loyaltyrules.problem.language import mark, say
from loyaltyrules.report.naming import part_name, value_name, word_name
from loyaltyrules.simulation.base.figures import Differing, on_day, valued
from loyaltyrules.simulation.base.renamed import Renamed

Ways: TypeAlias = tuple[tuple[str, str, str], ...]  # name, old word, new word
WAS = mark("{title} {now} (before: {was})")
CHANGED = mark("{title} {was} → {now}")
OTHERWISE = mark("the policy gives it otherwise")
"""What is said of a label whose rules differ in more than figures."""


@dataclass(frozen=True, eq=False)
class Because:
    """The reasons for another word of one label, worked out once for all records that moved."""

    label: Label
    old: DayPlan
    new: DayPlan
    figures: tuple[Differing, ...]
    language: str

    def of(self, before: Facts, after: Facts, ways: Ways) -> str:
        """Why: comparisons with a changed figure that come out otherwise; else the ways that differ.

        Args:
            before: What is known of the record under the old policy.
            after: The same under the new one.
            ways: The ways of the label whose words differ.
        """
        told = [each.told(after) for each in self.comparisons if each.turned(before, after)]
        if not told:
            told = [f"{self._word(way)}: {before} → {after}" for way, before, after in ways]
            told += self._others
        return "; ".join(dict.fromkeys(told)) or say(self.language, OTHERWISE)

    def _word(self, way: str) -> str:
        return word_name(self.new.policy, way, self.language)

    @cached_property
    def comparisons(self) -> "tuple[Comparison, ...]":
        """The comparisons with figures that differ, on which the label depends."""
        names, found = {each.name for each in self.figures}, dict[Node, Comparison]()
        told = {*self.new.policy.parameters, "today"}  # else it asks the rows of a table
        for node in self._nodes():
            for part in tree.walk(node):
                read = names & (asked := tree.symbols_in(part))
                known = asked <= told and read <= self._known
                if isinstance(part, tree.Compare) and read and known:
                    found.setdefault(part, Comparison(part, self, self._asked(part)))
        return tuple(found.values())

    def _asked(self, part: tree.Compare) -> tuple[Node, Node, Node, Node]:
        before, after = (self._folded[name] for name in ("old", "new"))
        return before(self._as_before(part)), after(part), after(part.left), after(part.right)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The figures that the old policy has too, by the names that they have now."""
        return frozenset(each.name for each in self.figures if each.old and each.new)

    def _as_before(self, node: Node) -> Node:
        """An expression of the new policy in the names of the old one."""
        names = Renamed(self.old.policy, self.new.policy).in_expressions

        def change(part: Node) -> Node:
            if isinstance(part, tree.Symbol | tree.FactRef):
                return replace(part, name=names.get(part.name, part.name))
            return tree.rebuilt(part, change)

        return change(node)

    @cached_property
    def _folded(self) -> Mapping[str, Callable[[Node], Node]]:
        """How both policies write expressions out on the last day."""
        plans = {"old": self.old, "new": self.new}
        known = {n: Folding(each.policy, each.on, each.tables) for n, each in plans.items()}
        return {n: partial(each.folded, subject=self.label.subject) for n, each in known.items()}

    @cached_property
    def reads(self) -> frozenset[str]:
        """The facts of records that the reasons name."""
        asked = (node for each in self.comparisons for node in each.asked)
        return frozenset(name for node in asked for name in tree.facts_in(node))

    @cached_property
    def _others(self) -> list[str]:
        """Differing figures that the label reads elsewhere than in comparisons: shares of a ranking."""
        read = frozenset[str]().union(*map(tree.symbols_in, self._nodes()))
        day = self.new.on
        return [self._changed(each, day) for each in self.figures if each.name in read]

    def _changed(self, each: Differing, day: date) -> str:
        was, now = on_day(each, day)
        title = part_name(self.new.policy, self.label.subject, tree.Name(each.name), self.language)
        told = {"was": self.valued(each.either, was), "now": self.valued(each.either, now)}
        return say(self.language, CHANGED, title=title, **told)

    def valued(self, figure: Parameter, value: Any) -> str:
        """A value of a figure with its unit."""
        return valued(self.new.policy, figure, value, self.language)

    def _nodes(self) -> list[Node]:
        return [*nodes_of(self.new.policy, self.label)]


@dataclass(frozen=True, eq=False)
class Comparison:
    """One comparison with a figure that differs, as both policies ask it.

    `asked` holds what is asked of a record: under the old policy, under the new one, and both sides.
    """

    node: tree.Compare
    whole: Because
    asked: tuple[Node, Node, Node, Node]

    @cached_property
    def _answers(self) -> tuple[Evaluated, ...]:
        functions = self.whole.new.policy.functions
        return tuple(evaluated_later(each, functions) for each in self.asked)

    def turned(self, before: Facts, after: Facts) -> bool:
        """True where it comes out otherwise for a record."""
        old, new = self._answers[:2]
        return old(before) is not new(after)

    def told(self, facts: Facts) -> str:
        """The comparison as it is now, with the values of both sides."""
        _, now, left, right = (answer(facts) for answer in self._answers)
        sign = self.node.sign if now else tree.OPPOSITE[self.node.sign]
        return f"{self._said(self.node.left, left)} {sign} {self._said(self.node.right, right)}"

    def _said(self, node: Node, value: Any) -> str:
        because = self.whole
        policy, language = because.new.policy, because.language
        name = partial(part_name, policy, because.label.subject, language=language)
        text = Writing(name, partial(say, language)).of(node)
        if not isinstance(node, tree.Symbol) or node.name not in policy.parameters:
            shown = value_name(policy, value, language)
            return shown if isinstance(node, tree.Literal) else f"{text} {shown}"
        for each in because.figures:
            if each.name == node.name:
                was, now = (because.valued(each.either, of) for of in on_day(each, because.new.on))
                return say(language, WAS, title=text, was=was, now=now)
        return f"{text} {because.valued(policy.parameters[node.name], value)}"


def nodes_of(policy: Policy, label: Label) -> Iterator[Node]:
    """All expressions on which a label depends, through derived facts of the record and its parents."""
    open_, seen = [(label.subject, label.computed)], set[tuple[str, str]]()
    while open_:
        subject, name = open_.pop()
        derived = policy.derived.get(subject, {}).get(name)
        if derived is None or (subject, name) in seen:
            continue
        seen.add((subject, name))
        for node in derived.nodes:
            yield node
            open_ += [(each.owner or subject, each.name) for each in tree.references_in(node)]
