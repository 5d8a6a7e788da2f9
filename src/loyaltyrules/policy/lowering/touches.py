# SPDX-License-Identifier: Apache-2.0
"""The history of a cap: child records of the period become one derived count, as `already` is one number."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import FactRef, Node, type_of
from loyaltyrules.expression.types import COUNTED, DATE, DATED, PERIOD, WHOLE, Type
from loyaltyrules.fact.declaration import Texts
from loyaltyrules.policy.gate_words import compared
from loyaltyrules.policy.lowering.world import World, parted
from loyaltyrules.policy.model import ONE_DAY, Aggregate, Derived, Window
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest, problem

CUSTOMER, ACTION = "customer", "action."
DAY, MONTH = "day", "month"
LONGEST = 3660  # days of a period: what is longer ago says nothing of how somebody is disturbed
TODAY = tree.Symbol("today", DATE)
TEXTUAL = frozenset({"text", "word"})


def window_of(world: World, text: str | None, path: Path) -> Window:
    """The period that a cap names: `day`, `month` or so many days."""
    if text in (None, DAY):
        return ONE_DAY
    if text == MONTH:
        return Window(None)
    days = days_in(world, str(text), path)
    if days is None:
        world.fault("LR181", path, found=text)
    return Window(days or 1)


def days_in(world: World, text: str, path: Path) -> int | None:
    """A number of whole days; None where a text says none."""
    match world.expression(text, path, "policy", PERIOD):
        case tree.Literal(None):  # a fault that was told
            return 1
        case tree.Literal(Period(months=0, days=days)) if 0 < days <= LONGEST:
            return days
    return None


@dataclass(frozen=True, slots=True)
class History:
    """A history as it is written: where it stands, and what of it the cap counts."""

    world: World
    path: Path  # of the step of the gate
    which: Node
    window: Window

    def counted(self, text: str) -> FactRef | None:
        """The fact that counts the child records; None where they cannot be counted, which is told."""
        child, named = parted(text)
        at = self._day(child, named)
        which = None if at is None else self._which(child)
        if at is None or which is None:
            return None
        origin = Aggregate("count", child, None, tree.all_of(self._within(at), which))
        name = self._name()
        place = self.world.document.place((*self.path, "history"))
        titles = _titles(self.window)
        fact = Derived(CUSTOMER, name, WHOLE, origin, titles, place=place)
        self.world.derived[CUSTOMER][name] = fact
        return FactRef(name, WHOLE)

    def _name(self) -> str:
        """A name that no expression can write, and that no fact has."""
        known = {*self.world.given[CUSTOMER], *self.world.derived[CUSTOMER]}
        name = f"gate {self.path[-1]} touches"
        while name in known:
            name += "'"
        return name

    # ---- the day of a record

    def _day(self, child: str, named: str) -> Node | None:
        world, path = self.world, (*self.path, "history")
        children = [name for name, each in world.subjects.items() if each.parent == CUSTOMER]
        if child not in children:
            world.fault("LR182", path, name=child, near=nearest(child, children))
            return None
        given = world.given[child].items()
        dates = [name for name, each in given if each.type.kind in DATED]
        if not named and len(dates) != 1:
            world.fault("LR183", path, name=child, found=", ".join(dates) or "–")
            return None
        fact = world.reference(child, named or dates[0])
        if fact is None or fact.type.kind not in DATED:
            world.fault("LR183", path, name=child, found=", ".join(dates) or "–")
            return None
        return fact

    def _within(self, at: Node) -> Node:
        """That the day lies in the period; one that is unknown may."""
        day = at if type_of(at).kind == "date" else tree.Call("date", (at,), DATE)
        parts = (self._begun(day), tree.Compare("<=", day, TODAY))
        if isinstance(at, FactRef) and at.event:  # what has not happened is no touch
            return tree.all_of(*parts)
        return tree.Or((tree.all_of(*parts), tree.Missing(at)))

    def _begun(self, day: Node) -> Node:
        if self.window.days is None:
            return tree.Compare("=", _month_end(day), _month_end(TODAY))
        before = tree.Literal(Period(days=self.window.days), PERIOD)
        return tree.Compare(">", day, tree.Arithmetic("-", TODAY, before, DATE))

    # ---- of which records the cap speaks

    def _which(self, child: str) -> Node | None:
        """The condition of the cap, asked of a child record: it counts unless it is known not to."""
        parts = self.which.items if isinstance(self.which, tree.And) else (self.which,)
        own = [part for part in parts if any(_fields(part))]  # of the rest it is the same for all
        place = self.world.document.place((*self.path, "which"))
        told = [problem(code, place, **details) for code, details in self._faults(child, own)]
        self.world.faults += told
        if told:
            return None
        asked = tree.all_of(*(self._asked(child, part) for part in own))
        return asked if asked == tree.YES else tree.Or((asked, tree.Missing(asked)))

    def _asked(self, child: str, node: Node) -> Node:
        match node:
            case tree.Symbol(name, _) if name.startswith(ACTION):
                return self.world.reference(child, name.removeprefix(ACTION)) or node
            case FactRef(owner=""):
                return replace(node, owner=CUSTOMER)
        return tree.rebuilt(node, lambda part: self._asked(child, part))

    def _faults(self, child: str, parts: list[Node]) -> Iterator[tuple[str, dict[str, object]]]:
        for part in parts:
            derived = self.world.derived[CUSTOMER]
            mixed = [e.name for e in tree.references_in(part) if not e.owner and e.name in derived]
            if mixed:
                yield "LR298", {"name": mixed[0], "field": next(_fields(part))}
            for field, kind in dict.fromkeys((e, _kind(part, e)) for e in _fields(part)):
                fact = self.world.reference(child, field)
                if fact is None:
                    yield "LR184", {"field": field, "name": child}
                elif not _alike(fact.type, kind):
                    yield "LR297", {"field": field, "name": child, "found": fact.type}
            for field, word in dict.fromkeys(compared(part)):
                fact = self.world.reference(child, field)
                if fact is not None and fact.type.words and word not in fact.type.words:
                    yield "LR297", {"field": field, "name": child, "found": f"{fact.type}: {word}"}


def _month_end(day: Node) -> Node:
    return tree.Call("month_end", (day,), DATE)


def _fields(node: Node) -> Iterator[str]:
    """The fields of actions that a condition reads."""
    symbols = (each.name for each in tree.walk(node) if isinstance(each, tree.Symbol))
    return (name.removeprefix(ACTION) for name in symbols if name.startswith(ACTION))


def _kind(node: Node, field: str) -> Type:
    symbols = (each for each in tree.walk(node) if isinstance(each, tree.Symbol))
    return next(each.type for each in symbols if each.name == f"{ACTION}{field}")


def _alike(fact: Type, field: Type) -> bool:
    kinds = {fact.kind, field.kind}
    return kinds <= TEXTUAL or kinds <= COUNTED


def _titles(window: Window) -> Texts:
    if window.days is None:
        return (("en", "contacts of the month"), ("zh", "本月触达次数"))
    return (("en", f"contacts in {window.days} days"), ("zh", f"{window.days} 天内触达次数"))


def added(one: Node | None, other: Node | None) -> Node | None:
    """The sum of two numbers, of which each may be left out."""
    if one is None or other is None:
        return one or other
    return tree.Arithmetic("+", one, other, WHOLE)
