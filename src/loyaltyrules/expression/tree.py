# SPDX-License-Identifier: Apache-2.0
"""The tree of an expression. Every node knows the span of its text; spans never count in equality."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf
from typing import TypeAlias

from loyaltyrules.expression.types import Type

Span: TypeAlias = tuple[int, int]
Form: TypeAlias = OneOf[  # how columns compute a call: of numbers, missing where one is
    "floor", "absolute", "least", "greatest",
    "first there", "latest there", "earliest there",  # of those that are there
]  # fmt: skip


def _span() -> Span:
    return field(default=(0, 0), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value; `type` is unset until the expression is resolved."""

    value: object
    type: Type = Type("")
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Name:
    """A word as written, not yet known to be a fact, a parameter or a word of a vocabulary."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit as written: `3 days`, `5000 points`."""

    amount: "Node"
    unit: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FactRef:
    """A fact of the record itself, or of the parent that `owner` names.

    A pattern matches the key, which is what most who take a tree apart want to know.
    """

    __match_args__ = ("key", "type", "event")

    name: str
    type: Type
    event: bool = False  # absent means "has not happened" instead of "unknown"
    owner: str = ""
    span: Span = _span()

    @property
    def key(self) -> str:
        """The name under which a record holds it: `tier`, `customer.tier`."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


@dataclass(frozen=True, slots=True)
class Symbol:
    """A value known when the day is compiled or an action is made: a parameter, `today`, a column."""

    name: str
    type: Type
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    item: "Node"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class And:
    items: "tuple[Node, ...]"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Or:
    items: "tuple[Node, ...]"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Missing:
    item: "Node"
    span: Span = _span()


OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}  # of signs


@dataclass(frozen=True, slots=True)
class Compare:
    sign: str  # = != < <= > >=
    left: "Node"
    right: "Node"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class In:
    item: "Node"
    options: "Node"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ListOf:
    items: "tuple[Node, ...]"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    sign: str  # + - * /
    left: "Node"
    right: "Node"
    type: Type = Type("")
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Falling:
    """What records are put in order by, from the greatest down; words from the worst up."""

    item: "Node"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first row whose condition holds; stops, unknown, at an unknown row."""

    rows: "tuple[tuple[Node, Node], ...]"
    type: Type = Type("")
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A column of the first row of a reference table for which `where` holds.

    The rows are in the order of columns, each with whether it falls. What `where` asks of a row are
    symbols. It is a `Case` once the rows are known.
    """

    table: str
    column: str
    where: "Node"
    order: tuple[tuple[str, bool], ...] = ()
    type: Type = Type("")
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    """A function of arguments. What stages and columns must know of it is said here once resolved:
    whether it `selects` one of them, and the `form` in which columns compute it, if there is one."""

    function: str
    arguments: "tuple[Node, ...]"
    type: Type = Type("")
    selects: bool = False
    form: Form | None = None
    span: Span = _span()


Node: TypeAlias = (
    Literal | Name | Quantity | FactRef | Symbol | Not | And | Or | Missing
    | Compare | In | ListOf | Arithmetic | Falling | Case | Lookup | Call
)  # fmt: skip

YES = Literal(True, Type("yes/no"))
NO = Literal(False, Type("yes/no"))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the text."""
    match node:
        case Not(item) | Missing(item) | Falling(item):
            return (item,)
        case Lookup():
            return (node.where,)
        case Quantity(amount):
            return (amount,)
        case And(items) | Or(items) | ListOf(items) | Call(_, items):
            return items
        case Compare(_, left, right) | Arithmetic(_, left, right) | In(left, right):
            return (left, right)
        case Case(rows):
            return tuple(part for row in rows for part in row)
    return ()


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node over changed children; the node itself when nothing changed."""
    below = children(node)
    if not below:
        return node
    new = tuple(map(change, below))
    if all(one is other for one, other in zip(new, below, strict=True)):
        return node
    return _over(node, new)


def _over(node: Node, new: tuple[Node, ...]) -> Node:
    match node:
        case Case():
            return replace(node, rows=tuple(zip(new[::2], new[1::2], strict=True)))
        case And() | Or() | ListOf():
            return replace(node, items=new)
        case Call():
            return replace(node, arguments=new)
        case Compare() | Arithmetic():
            return replace(node, left=new[0], right=new[1])
        case In():
            return replace(node, item=new[0], options=new[1])
        case Not() | Missing() | Falling():
            return replace(node, item=new[0])
        case Lookup():
            return replace(node, where=new[0])
        case Quantity():
            return replace(node, amount=new[0])
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes below it."""
    open_ = [node]
    while open_:
        part = open_.pop()
        yield part
        open_ += children(part)[::-1]


def references_in(node: Node) -> tuple[FactRef, ...]:
    """The facts that the expression reads, in the order of the text, each once."""
    return tuple(dict.fromkeys(each for each in walk(node) if isinstance(each, FactRef)))


def facts_in(node: Node) -> tuple[str, ...]:
    """The keys of the facts that the expression reads, in the order of the text, each once."""
    return tuple(dict.fromkeys(each.key for each in walk(node) if isinstance(each, FactRef)))


def from_below(node: Node, owner: str) -> Node:
    """An expression of a parent as its children read it: what is above the parent stays as it is."""
    if isinstance(node, FactRef):
        return node if node.owner else replace(node, owner=owner)
    return rebuilt(node, lambda part: from_below(part, owner))


def symbols_in(node: Node) -> frozenset[str]:
    """Names of the symbols that the expression reads."""
    return frozenset(each.name for each in walk(node) if isinstance(each, Symbol))


def type_of(node: Node) -> Type:
    """The type of a resolved node."""
    match node:
        case Literal(_, kind) | FactRef(_, kind) | Symbol(_, kind):
            return kind
        case Arithmetic(_, _, _, kind) | Case(_, kind) | Call(_, _, kind):
            return kind
        case Falling(item):
            return type_of(item)
        case Lookup():
            return node.type
        case ListOf(items):
            return Type("list", words=type_of(items[0]).words if items else ())
    return Type("yes/no")


def all_of(*items: Node) -> Node:
    """All conditions joined by `and`, the trivial ones left out."""
    flat = [part for item in items for part in (item.items if isinstance(item, And) else (item,))]
    kept = tuple(item for item in flat if item != YES)
    if NO in kept:
        return NO
    return kept[0] if len(kept) == 1 else And(kept) if kept else YES
