# SPDX-License-Identifier: Apache-2.0
"""Folding for one day: figures, the day and plain derived facts are put into expressions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, from_below
from loyaltyrules.expression.types import DATE
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.plan.chosen import NOTHING
from loyaltyrules.plan.lookups import Lookups, Made
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.recipe import Computed
from loyaltyrules.policy.model import Aggregate, Derived, Policy, Rank
from loyaltyrules.policy.needs import stages
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import problem

AS_OF = "@"
NO_TABLES: Tables = Frozen()


class Folding:
    """The figures of a policy on one day, and expressions with them put in.

    `tables` are the reference data. Of records among them nothing is decided, so what they derive is
    written out where others read it. `before` is what look-ups came to on the day before.
    """

    def __init__(
        self, policy: Policy, day: date, tables: Tables = NO_TABLES,
        before: Made | None = None,
    ) -> None:  # fmt: skip
        self.policy, self.day, self.reference = policy, day, tables.keys()
        self.lookups = Lookups(tables, before or Made())
        self.figures: dict[str, Node] = {
            name: tree.Literal(value, parameter.type)
            for name, parameter in policy.parameters.items()
            if (value := parameter.on(day)) is not None
        }
        self.today: dict[str, Node] = {"today": tree.Literal(day, DATE)}
        shared = [
            (subject, each)
            for subject, own in policy.derived.items()
            for each in own.values()
            if each.shared or each.shared_above
        ]
        origins = (each.origin for own in policy.derived.values() for each in own.values())
        self.looks_up = any(isinstance(each, tree.Lookup) for each in origins)
        self.dated = any(each.dated for _, each in shared)
        self.above = {subject for subject, each in shared if each.shared_above} & {*self.reference}
        self.moved: dict[
            date, dict[str, None]
        ] = {}  # days on which shared facts are asked, by whom

    @cached_property
    def stages(self) -> Mapping[tuple[str, str], int]:
        """The stage in which each derived fact is known, by its kind of record and name."""
        return stages(self.policy.derived)

    def folded(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Node:  # fmt: skip
        """The expression with figures, day and plain derived facts put in."""
        known = {**self.figures, **self.today, **(symbols or {})}
        written = self.inline(node, subject)
        if today is not None and today != self.day:
            known["today"] = tree.Literal(today, DATE)
            written = self._as_of(written, subject, today) if self.dated else written
        return self._folded(written, known)

    def _folded(self, node: Node, known: Mapping[str, Node]) -> Node:
        """With the rows of the tables in which it is looked up."""
        folded = fold(node, known, self.policy.functions)
        return self.lookups.opened(folded, self.policy) if self.looks_up else folded

    def inline(self, node: Node, subject: str, above: bool = False) -> Node:
        """Derived facts that are not decided in a stage of their own are written out.

        `above` is true of an expression of reference data, as those read it whose parent that is.
        """

        def change(part: Node) -> Node:
            if isinstance(part, tree.FactRef):
                return self._written_out(part, subject, above)
            return tree.rebuilt(part, change)

        return change(node)

    def _written_out(self, node: tree.FactRef, subject: str, above: bool) -> Node:
        owner = node.owner or subject
        derived = self.policy.derived.get(owner, {}).get(node.name)
        far = node.owner in self.reference or (above and not node.owner)
        if derived is None or not (self.written_above(derived) if far else self.plain(derived)):
            return node
        inner = self.inline(derived.origin, owner, far)  # type: ignore[arg-type]
        return inner if not node.owner else from_below(inner, node.owner)

    def _as_of(self, node: Node, subject: str, day: date) -> Node:
        """The expression with shared facts as they are on another day, where that makes a difference."""
        if not isinstance(node, tree.FactRef):
            return tree.rebuilt(node, lambda part: self._as_of(part, subject, day))
        owner = node.owner or subject
        derived = self.policy.derived.get(owner, {}).get(node.name)
        if derived is None or not (derived.dated and self.shares(node.owner, derived)):
            return node
        self.moved.setdefault(day, {})[subject] = None
        return replace(node, name=on_another_day(node.name, day))

    def shared(self, derived: Derived, subject: str, day: date) -> Node:
        """A shared fact of a record or its parent as those of a subject work it out for a day."""
        owner = derived.subject if derived.subject != subject else ""
        node = self.inline(derived.origin, derived.subject, owner in self.reference)  # type: ignore[arg-type]
        node = from_below(node, owner) if owner else node
        node = node if day == self.day else self._as_of(node, subject, day)
        known = {**self.figures, **self.today}
        if day != self.day:
            known["today"] = tree.Literal(day, DATE)
        return self._folded(node, known)

    def shares(self, owner: str, derived: Derived) -> bool:
        """True of a fact that is worked out once a record rather than written out."""
        shared = derived.shared_above if owner in self.reference else derived.shared
        return shared and not self._untold(derived)

    def plain(self, derived: Derived) -> bool:
        """True of a derived fact that is written out where it is read: it has many values, or none."""
        own = derived.type.finite or derived.shared
        return self._untold(derived) or not (own or isinstance(derived.origin, Aggregate | Rank))

    def written_above(self, derived: Derived) -> bool:
        """True of a derived fact of reference data that is written out where it is read."""
        own = derived.shared_above or isinstance(derived.origin, Aggregate | Rank)
        return self._untold(derived) or not own

    def _untold(self, derived: Derived) -> bool:
        """True of what is looked up in a table of which no rows came: rules name the table, not the fact."""
        node = derived.origin
        return isinstance(node, tree.Lookup) and not self.lookups.told(node.table)

    def evaluated(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Evaluated:  # fmt: skip
        return self.computed(node, subject, today, symbols).of

    def computed(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Computed:  # fmt: skip
        """The expression as it stands on the day, and what evaluates it."""
        folded = self.folded(node, subject, today, symbols)
        self.require_figures(folded)
        return Computed(evaluator(folded, self.policy.functions), folded)

    def require_figures(self, node: Node) -> None:
        """Every figure that is read must have a value on the day.

        Raises:
            PolicyError: LR308.
        """
        left = [each.name for each in tree.walk(node) if isinstance(each, tree.Symbol)]
        if left:
            faults = [problem("LR308", self._place(name), name=name, day=self.day) for name in left]
            raise PolicyError(faults)

    def _place(self, name: str) -> Any:
        parameter = self.policy.parameters.get(name)
        return parameter.place if parameter else None

    def period(self, node: Node | None) -> Period:
        """A period expression as a constant of the day."""
        if node is None:
            return NOTHING
        folded = fold(node, {**self.figures, **self.today}, self.policy.functions)
        self.require_figures(folded)
        assert isinstance(folded, tree.Literal)  # no policy loads with a period that reads facts
        assert isinstance(folded.value, Period)
        return folded.value


def on_another_day(name: str, day: date) -> str:
    """The name of a shared fact as it is on a day that is not the one compiled."""
    return f"{name}{AS_OF}{day}"
