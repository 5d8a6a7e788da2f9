# SPDX-License-Identifier: Apache-2.0
"""What the lowering of one section must know of the others: names, types, places, faults found."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from loyaltyrules.expression import tree
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.parser import ExpressionFault, parse
from loyaltyrules.expression.resolve import resolve
from loyaltyrules.expression.tokens import UnreadableText, tokens
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import DATE, DATED, KINDS, Type
from loyaltyrules.fact.declaration import Declaration, Subject, Texts, ways_up
from loyaltyrules.host.day import zone_of
from loyaltyrules.policy.lowering.figures import Figures
from loyaltyrules.policy.model import (
    ActionForm,
    Derived,
    Grounds,
    Label,
    Occasion,
    Parameter,
    ReferenceTable,
    Sieve,
)
from loyaltyrules.policy.order import needed_first
from loyaltyrules.policy.reader.model import Document, Path
from loyaltyrules.policy.shape import FactShape, Grounded, PolicyShape
from loyaltyrules.policy.written import Relation
from loyaltyrules.problem.language import LANGUAGES
from loyaltyrules.problem.problem import Place, Problem, nearest, problem

NOWHERE = Place("", 1, 1)
FIGURES = ""  # whose the figures are
ROUND = 24  # facts that may wait for each other beyond what their texts say


class Meaning(NamedTuple):
    """A fact, by whose it is and its name, or a figure."""

    owner: str
    name: str

    def __str__(self) -> str:
        return f"facts.{self.owner}.{self.name}" if self.owner else f"parameters.{self.name}"


@dataclass
class World:
    """The names of a policy while it is lowered, and the faults found so far.

    `told` says which templates are used for which subjects, each time with the columns at hand.
    `written` says where expressions stand, by their identity; `formed` the same of actions. `relations`
    are all that was asked of figures.
    """

    shape: PolicyShape
    document: Document
    functions: Mapping[str, Function]
    dates: Mapping[str, Callable[[int], Iterable[date]]] = field(default_factory=dict)
    faults: list[Problem] = field(default_factory=list)
    subjects: dict[str, Subject] = field(default_factory=dict)
    given: dict[str, dict[str, Declaration]] = field(default_factory=dict)
    derived: dict[str, dict[str, Derived]] = field(default_factory=dict)
    pending: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    occasions: dict[str, Occasion] = field(default_factory=dict)  # by name, id and title
    tables: dict[str, ReferenceTable] = field(default_factory=dict)
    titled: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # subject → title → names
    told: dict[str, dict[str, list[Mapping[str, Node]]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)  # "section.name" of all that is read somewhere
    written: dict[int, tuple[Node, Path]] = field(default_factory=dict)
    formed: dict[int, tuple[ActionForm, Path]] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    relations: list[Relation] = field(default_factory=list)
    gate: tuple[Sieve, ...] = ()
    circling: set[tuple[str, str]] = field(default_factory=set)  # facts that need themselves
    deriving: int = 0  # facts that are being derived, each for the one before

    def fault(self, code: str, path: Path, key: bool = False, **details: object) -> None:
        """Note a fault at the value (or key) at `path`."""
        place = self.document.key_place(path) if key else self.document.place(path)
        self.faults.append(problem(code, place, **details))

    def expression(
        self,
        text: str,
        path: Path,
        subject: str,
        want: Type | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Node:
        """Read one expression of the policy; a fault is noted and a stand-in given back."""
        place = self.document.place(path) or NOWHERE
        scope = SubjectScope(self, subject, symbols or {})
        node: Node | None = None
        try:
            node = parse(str(text), place)
            found = resolve(node, scope, place, want)
        except ExpressionFault as fault:
            named = () if node is None else self._figures(node, place)
            self.faults += self.figures.others(fault.problems, named)
            return tree.Literal(None, want or Type("unknown"))
        self.faults += self._unclear(node, found, scope, place)
        self.figures.read(tree.symbols_in(found) & self.parameters.keys(), tree.facts_in(found))
        return self.written_at(path, found)

    def _unclear(
        self, node: Node, found: Node, scope: "SubjectScope", place: Place
    ) -> list[Problem]:
        """A fault for each name that was read as a fact or a figure, and may mean another one."""
        kinds = tree.FactRef | tree.Symbol
        read = {each.span for each in tree.walk(found) if isinstance(each, kinds)}
        called = (each for each in tree.walk(node) if isinstance(each, tree.Name))
        several = {each: scope.several(each.text) for each in called if each.span in read}
        return [
            problem("LR264", place.inside(*name.span), name=name.text, names=", ".join(meanings))
            for name, meanings in several.items()
            if meanings
        ]

    def _figures(self, node: Node, place: Place) -> tuple[tuple[str, Place], ...]:
        """The figures that an expression names, each with where it does."""
        parts = (part for part in tree.walk(node) if isinstance(part, tree.Name))
        named = ((self.named(FIGURES, p.text), place.inside(*p.span)) for p in parts)
        return tuple(each for each in named if each[0] in self.parameters)

    def written_at(self, path: Path, node: Node) -> Node:
        """The expression itself; where it is written is known from now on."""
        self.written[id(node)] = node, path
        return node

    def place_of(self, form: ActionForm) -> Place | None:
        """Where an action is written: its cell, its line under `late`, its word's `instead`."""
        _, path = self.formed.get(id(form), (form, ()))
        return self.document.place(path)

    def path_of(self, node: Node) -> Path:
        """Where an expression is written, or the first part of it of which that is known."""
        known = (self.written[id(each)] for each in tree.walk(node) if id(each) in self.written)
        return next((path for _, path in known), ())

    def type_named(self, text: str | list[str], path: Path, unit: str = "") -> Type:
        """The type that a declaration names: a kind, a label or a list of words."""
        if isinstance(text, list):
            return Type("word", words=tuple(text))
        if text in self.shape.labels:
            return Type("word", words=tuple(self.shape.labels[text].values))
        if text == "money":
            return Type("number", unit or "CNY")
        if text == "datetime":
            zone = zone_of(self.shape.timezone)
            return Type(text, zone=zone.key if zone else "")
        if text in KINDS and text not in ("word", "period"):
            return Type(text, unit)
        known = [*sorted({*KINDS} - {"word", "period"}), "money", *self.shape.labels]
        self.fault("LR213", path, name=text, near=nearest(text, known))
        return Type("unknown")

    def ancestors(self, subject: str) -> Iterable[str]:
        """The parents of a subject and theirs, the nearest first."""
        return ways_up(subject, self.subjects)

    def reference(self, subject: str, name: str) -> tree.FactRef | None:
        """A fact of the subject itself, given or derived, by its name or else by its title."""
        known = self.named(subject, name)
        if (subject, known) in self.pending:
            self.derive(subject, known)
        derived = self.derived.get(subject, {}).get(known)
        if derived:
            self.used.add(f"facts.{subject}.{known}")
            return tree.FactRef(known, derived.type)
        if (subject, known) in self.circling:  # told already
            return tree.FactRef(known, Type("unknown"))
        found = self.given.get(subject, {}).get(known)
        if found is None and known == "id" and subject in self.subjects:
            return tree.FactRef("id", Type("text"))
        return tree.FactRef(known, found.type, found.event) if found else None

    def has(self, subject: str, name: str) -> bool:
        """True of the name of a fact of a subject, or of a figure."""
        if subject == FIGURES:
            return name in self.parameters
        known = self.given.get(subject, {}), self.derived.get(subject, {})
        own = (subject, name) in self.pending.keys() | self.circling
        own = own or any(name in each for each in known)
        return own or (name == "id" and subject in self.subjects)

    def entitle(self, subject: str, name: str, title: Texts) -> None:
        """Note by which titles a fact or a figure may be called."""
        known = self.titled.setdefault(subject, {})
        for text in dict.fromkeys(text for _, text in title):
            known.setdefault(text, []).append(name)

    def named(self, subject: str, text: str) -> str:
        """The name of the fact or figure that a text calls by its name, or else by its title."""
        titled = () if self.has(subject, text) else self.titled.get(subject, {}).get(text, ())
        return next(iter(titled), text)

    def meanings(self, subject: str, text: str) -> tuple[Meaning, ...]:
        """What a text may mean for the records of a subject; names go before titles."""
        head, rest = parted(text)
        above = [Meaning(head, rest)] if head in self.ancestors(subject) else []
        places = [Meaning(subject, text), *above, Meaning(FIGURES, text)]
        called = [each for each in places if self.has(*each)]
        return tuple(called) or tuple(
            Meaning(owner, name)
            for owner, title in places
            for name in self.titled.get(owner, {}).get(title, ())
        )

    def refuse_several(self, subject: str, text: str, path: Path) -> None:
        """Note a fault where the name of a fact may mean one of several."""
        found = [each for each in self.meanings(subject, text) if each.owner != FIGURES]
        if len(found) > 1:
            self.fault("LR264", path, name=text, names=", ".join(map(str, found)))

    def derive(self, subject: str, name: str) -> None:
        """Derive a fact that is read, first all that it reads in turn: chains may be long.

        One that is asked for again meanwhile is part of a circle, and says so itself.
        """
        keys = [(subject, name)]
        if self.deriving > ROUND:  # so far only a circle leads
            self.pending.pop(keys[0])
            self.circle(subject, name)
            return
        self.deriving += 1
        for key in keys if self.deriving > 1 else needed_first(keys, self._named_by):
            if key in self.pending:
                self.pending.pop(key)()
        self.deriving -= 1

    def circle(self, subject: str, name: str) -> None:
        """Note that a fact needs itself."""
        self.circling.add((subject, name))
        self.fault("LR212", ("facts", subject, name), key=True, name=name)

    def _named_by(self, key: tuple[str, str]) -> Iterator[tuple[str, str]]:
        """What still waits to be derived of that which the texts of a waiting fact name."""
        subject, shape = key[0], self.shape.facts.get(key[0], {}).get(key[1])
        for name in () if shape is None else names_in(shape):
            for owner, known in ((subject, name), parted(name)):
                each = owner, self.named(owner, known)
                if each in self.pending:
                    yield each

    def own(self, subject: str, names: Iterable[str], path: Path) -> tuple[tree.FactRef, ...]:
        """The facts of the record itself that a list names; whatever is none is a fault."""
        found = {name: self.reference(subject, name) for name in names}
        for name in (name for name, fact in found.items() if fact is None):
            near = nearest(name, self.given.get(subject, {}))
            self.fault("LR201", path, name=name, near=near)
        for name in found:
            self.refuse_several(subject, name, path)
        return tuple(fact for fact in found.values() if fact is not None)

    def inherited(self, subject: str, owner: str, name: str) -> tree.FactRef | None:
        """A fact of a parent, as the records of a subject read it."""
        ways = ways_up(subject, self.subjects)
        found = self.reference(owner, name) if owner in ways else None
        if found and self.subjects[subject].also:
            self._refuse_crossing(subject, owner, found.name, ways)
        return replace(found, owner=owner) if found else None

    def _refuse_crossing(
        self, subject: str, owner: str, name: str, ways: Mapping[str, str]
    ) -> None:
        """Note a fault where what a parent derives asks of its own store, and the record has another."""
        derived = self.derived.get(owner, {}).get(name)
        for above in sorted(self._above_of(owner, name)):
            if derived and ways.get(above) != ways[owner]:
                key = f"{owner}.{name}"
                fault = problem("LR460", derived.place, name=key, above=above, subject=subject)
                self.faults += [] if fault in self.faults else [fault]

    def _above_of(self, owner: str, name: str) -> set[str]:
        """The kinds of record above a parent that one of its derived facts reads."""
        found, open_, seen = set[str](), [(owner, name)], set[tuple[str, str]]()
        while open_:
            whose, fact = open_.pop()
            derived = self.derived.get(whose, {}).get(fact)
            if derived is None or (whose, fact) in seen:
                continue
            seen.add((whose, fact))
            for each in (e for node in derived.nodes for e in tree.references_in(node)):
                found |= {each.owner} if each.owner else set()
                open_.append((each.owner or whose, each.name))
        return found

    def holds(self, subject: str, fact: tree.FactRef) -> bool:
        """True where the records of a subject have a fact that those of another read."""
        if fact.owner:
            return self.inherited(subject, fact.owner, fact.name) is not None
        return self.reference(subject, fact.name) is not None

    def seen(self, subject: str, text: str) -> tree.FactRef | None:
        """The fact that a text names for the records of a subject: `tier`, `customer.tier`."""
        found = (each for each in self.meanings(subject, text) if each.owner != FIGURES)
        return next((self.fact(subject, each) for each in found), None)

    def fact(self, subject: str, meant: Meaning) -> tree.FactRef | None:
        """A fact as the records of a subject read it: their own, or a parent's."""
        if meant.owner == subject:
            return self.reference(subject, meant.name)
        return self.inherited(subject, meant.owner, meant.name)


def parted(text: str) -> tuple[str, str]:
    """A name as policies write it, taken apart: whose, and what of it; `purchase` has no second part.

    No name is taken apart elsewhere: a reference knows whose fact it is.
    """
    head, _, rest = text.partition(".")
    return head, rest


def names_in(shape: FactShape) -> Iterator[str]:
    """What the texts of a fact may name; what no text can be read of names nothing."""
    texts = (each for _, value in shape for each in (value if isinstance(value, list) else [value]))
    for text in texts:
        yield from names_of(str(text))


def names_of(text: str) -> Iterator[str]:
    """The names in a text."""
    with suppress(UnreadableText):
        yield from (each.text for each in tokens(text) if each.kind == "name")


@dataclass(frozen=True)
class SubjectScope:
    """The names that an expression about one kind of record may use."""

    world: World
    subject: str
    symbols: Mapping[str, Node]

    @property
    def functions(self) -> Mapping[str, Function]:
        return self.world.functions

    def find(self, name: str) -> Any:
        if name in self.symbols:
            return self.symbols[name]
        if name == "today":
            return tree.Symbol("today", DATE)
        meant = next(iter(self.world.meanings(self.subject, name)), None)
        if meant is None or meant.owner != FIGURES:
            return meant and self.world.fact(self.subject, meant)
        self.world.used.add(f"parameters.{meant.name}")
        return tree.Symbol(meant.name, self.world.parameters[meant.name].type)

    def several(self, name: str) -> tuple[str, ...]:
        """What a name may mean, where that is not one thing alone."""
        if name in self.symbols or name == "today":
            return ()
        found = self.world.meanings(self.subject, name)
        return tuple(map(str, found)) if len(found) > 1 else ()

    def names(self) -> Iterable[str]:
        world = self.world
        yield from self.symbols
        yield "today"
        yield from world.given.get(self.subject, {})
        yield from world.derived.get(self.subject, {})
        yield from (name for subject, name in world.pending if subject == self.subject)
        yield from world.parameters
        yield from (*world.titled.get(self.subject, {}), *world.titled.get(FIGURES, {}))
        for parent in world.ancestors(self.subject):
            known = (*world.given.get(parent, {}), *world.titled.get(parent, {}))
            yield from (f"{parent}.{name}" for name in known)


def titles(value: dict[str, str] | str, language: str) -> Texts:
    """Titles by language; a bare text is in the policy's own language."""
    if isinstance(value, dict):
        return tuple(sorted(each for each in value.items() if each[0] in LANGUAGES))
    return ((language, value),) if value else ()


def grounds(shape: Grounded, outer: Grounds | None = None) -> Grounds:
    """The ground of a thing, or that of what it stands in."""
    if not shape.source and outer:
        return Grounds(outer.source, shape.origin if shape.origin != "source" else outer.origin)
    return Grounds(tuple(shape.source), shape.origin)


def is_event(kind: Type, absent: str | None) -> bool:
    """True where a missing value means that something has not happened."""
    return kind.kind in DATED and absent != "unknown"
