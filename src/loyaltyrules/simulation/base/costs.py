# SPDX-License-Identifier: Apache-2.0
"""What actions cost in money and minutes, as the section `costs` of their policy says.

Tables and single actions are priced by the same lines: of a table all actions that are priced alike at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import Action
from loyaltyrules.decision.passing import PENDING, READY
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, symbols_in
from loyaltyrules.expression.types import DATE
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.policy.lowering.costs import fitting
from loyaltyrules.policy.model import OWN_VALUE, Policy, Price
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import problem

COST, MINUTES = "cost", "minutes"
SPENT = (COST, MINUTES)
TYPES: dict[str, Any] = {COST: nw.Decimal(38, 4), MINUTES: nw.Float64}  # as fine as policies are
DONE = (READY, PENDING)  # what is held back or blocked is not done, and costs nothing
TODAY = "today"
KEY, SIGN = "__key", "\x1f"


class Spent(NamedTuple):
    """What one action costs: money, and minutes of work; None where the policy does not say it."""

    cost: Decimal | None
    minutes: Decimal | None


class Done(NamedTuple):
    """The columns of an action that its cost depends on."""

    kind: str
    channel: str | None
    gift: str | None
    status: str
    value: str | None = None
    due_on: date | None = None


def spent(action: Action, policy: Policy) -> Spent:
    """What one action costs. One that is blocked or held back is not done, and costs nothing."""
    return _Prices(policy).of(Done(*(getattr(action, name) for name in Done._fields)))


def priced(actions: Frame, policy: Policy) -> Frame:
    """The actions, in their order, with `cost` (a decimal) and `minutes`; missing where no price fits.

    What is blocked or held back is not done, and costs nothing.
    """
    prices = _Prices(policy)
    texts = (nw.col(name).cast(nw.String).fill_null("") for name in prices.reads)
    keyed = actions.with_columns(nw.concat_str(*texts, separator=SIGN).alias(KEY))
    alike = keyed.select(KEY, *prices.reads).unique(KEY)
    found = {key: prices.of(Done(*said)) for key, *said in alike.iter_rows()}
    columns = [
        _read(
            keyed,
            name,
            {key: value for key, each in found.items() if (value := each[place]) is not None},
        )
        for place, name in enumerate(SPENT)
    ]
    return actions.with_columns(*columns)


def _read(keyed: Frame, name: str, known: dict[str, Decimal]) -> Any:
    """What the keys of actions cost, as a column."""
    values: list[Any] = [*known.values()] if name == COST else [*map(float, known.values())]
    column = keyed[KEY].replace_strict([*known], values, default=None, return_dtype=TYPES[name])
    return column.alias(name)


def says(policy: Policy, what: str) -> bool:
    """True where the policy says of anything what it costs (`cost`), or how long it takes (`minutes`)."""
    return any(getattr(each, what) is not None for each in policy.costs.values())


def currency(policy: Policy) -> str:
    """The money that the policy counts in; nothing where it prices nothing."""
    nodes = (each.cost for each in policy.costs.values() if each.cost is not None)
    return next((unit for node in nodes if (unit := tree.type_of(node).unit)), "")


def require_costs(policy: Policy, what: str) -> None:
    """There is nothing to be summed where a policy prices nothing.

    Raises:
        ArgumentError: it says `cost` or `minutes` of nothing (LR528).
    """
    if not says(policy, what):
        raise ArgumentError([problem("LR528", None, name=policy.name, what=what)])


@dataclass(frozen=True)
class _Prices:
    """The prices of a policy; figures are those of the day on which an action is due."""

    policy: Policy
    known: dict[tuple[str, str, date | None], Decimal | None] = field(default_factory=dict)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns on which prices depend: of most policies neither amounts nor days."""
        symbols = {name for each in self._nodes() for name in symbols_in(each)}
        figures = (self.policy.parameters[n] for n in symbols - {OWN_VALUE, TODAY})
        dated = TODAY in symbols or any(len(each.values) > 1 for each in figures)
        return Done._fields[: 6 if dated else 5 if OWN_VALUE in symbols else 4]

    def _nodes(self) -> Iterator[Node]:
        for each in self.policy.costs.values():
            yield from (node for node in (each.cost, each.minutes) if node is not None)

    def of(self, done: Done) -> Spent:
        """What an action costs: the sum of what fits it."""
        if done.status not in DONE:
            return Spent(Decimal(0), Decimal(0))
        found = fitting(self.policy.costs.values(), done.kind, done.channel, done.gift)
        return Spent(*(_sum(self._amounts(found, what, done)) for what in SPENT))

    def _amounts(self, prices: Iterable[Price], what: str, done: Done) -> Iterator[Decimal | None]:
        for each in prices:
            node: Node | None = getattr(each, what)
            if node is not None:
                own = isinstance(node, tree.Symbol) and node.name == OWN_VALUE
                yield _number(done.value) if own else self._on(each, what, node, done.due_on)

    def _on(self, price: Price, what: str, node: Node, day: date | None) -> Decimal | None:
        """A price on a day; where an action has none, the latest."""
        key = price.name, what, day
        if key not in self.known:
            on = day or date.max
            figures: dict[str, Node] = {
                name: tree.Literal(each.on(on), each.type)
                for name, each in self.policy.parameters.items()
            }
            folded = fold(node, {**figures, TODAY: tree.Literal(on, DATE)}, self.policy.functions)
            value = evaluator(folded, self.policy.functions)({})
            self.known[key] = None if value is None else Decimal(value)
        return self.known[key]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """All amounts together; None where there is none, or one is unknown."""
    listed = [*amounts]
    known = [each for each in listed if each is not None]
    return sum(known, Decimal(0)) if listed and len(known) == len(listed) else None


def _number(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None
