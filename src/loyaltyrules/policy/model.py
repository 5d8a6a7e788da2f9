# SPDX-License-Identifier: Apache-2.0
"""The kernel: all that a policy can say once its tables, words, ways and sentences are lowered."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Literal, TypeAlias

from loyaltyrules.action.kinds import ADDRESSED
from loyaltyrules.calendar import DateRule, Hours, Schedule
from loyaltyrules.expression import tree
from loyaltyrules.expression.functions import FUNCTIONS, Function
from loyaltyrules.expression.tree import YES, FactRef, Node
from loyaltyrules.expression.types import Type, Value
from loyaltyrules.fact.declaration import Texts
from loyaltyrules.fact.frozen import NOTHING, Frozen
from loyaltyrules.fact.snapshot import Vocabulary
from loyaltyrules.host.day import NamedDay, day_of
from loyaltyrules.host.html import section, table
from loyaltyrules.policy.fingerprint import fingerprint
from loyaltyrules.policy.written import Written
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import Place, Problem, problem


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where a thing comes from: rows of the handbook's catalogue, and how sure they are."""

    source: tuple[str, ...] = ()
    origin: str = "source"


Was: TypeAlias = tuple[str, ...]  # what an entry was called before; decides nothing
Waived: TypeAlias = frozenset[tuple[str, str]]  # codes, and the names under which they are waived


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure by the day it comes into force, earliest first."""

    name: str
    type: Type
    values: tuple[tuple[date, Value], ...]
    grounds: Grounds
    titles: Texts = ()
    place: Place | None = field(default=None, compare=False)
    was: Was = field(default=(), compare=False)

    def __repr__(self) -> str:
        said = ", ".join(f"{value} from {since}" for since, value in self.values)
        return f"Parameter({self.name!r}: {said})"

    def on(self, day: date) -> Value | None:
        """The figure in force on a day; None before the first."""
        found = [value for since, value in self.values if since <= day]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Anniversary:
    """An occasion every year for each record: the anniversary of a dated fact."""

    born: Node
    calendar: Node


@dataclass(frozen=True, slots=True)
class TableDates:
    """An occasion a row of a reference table, on the date in one of its columns."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class PassedDates:
    """An occasion whose dates a plug-in says, year by year."""

    of_year: Callable[[int], Iterable[date]]


Base: TypeAlias = DateRule | Anniversary | TableDates | PassedDates


@dataclass(frozen=True, slots=True)
class Occasion:
    """A named date. `opens`: how long before it what it occasions is emitted (a period expression)."""

    id: str
    base: Base
    opens: Node | None
    titles: Texts = ()
    grounds: Grounds = Grounds()
    was: Was = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """When: an occasion, a schedule or a dated expression of the record, and an offset from it.

    `opens` says how long before the occasion itself it opens, as the rule's records read it. What is
    late opens the day after a deadline: when the period `then` has passed since, or the day `by` has.
    `instant` is the dated expression to the minute, where it is no mere day.
    """

    occasion: Occasion | None = None
    schedule: Schedule | None = None
    dated: Node | None = None
    offset: Node | None = None
    sign: int = 1
    opens: Node | None = None
    then: Node | None = None
    by: Node | None = None
    instant: Node | None = None


@dataclass(frozen=True, slots=True)
class OfParent:
    """A changed fact that is a parent's: `name` is how changes call it, `customer.points`.

    `link` is the fact that holds the id of the parent.
    """

    name: str
    subject: str
    fact: str
    link: FactRef


@dataclass(frozen=True, slots=True)
class ActionForm:
    """What a word of a cell comes to: the fields of an action, constants or expressions.

    `opens` and `due` are periods before the moment's own opening day and day; `needs` are facts
    without which the action is blocked, and then `instead` is emitted. `figures` are told together, by name;
    `assignee` is the fact with the id of the one person that it is addressed to. Of a word that goes by
    the channel that a fact names there is a form for each, and one without where the fact is missing.
    `above` are those of the changed facts that are a parent's.
    """

    word: str
    kind: str
    channel: str | None = None
    template: str | None = None
    gift: str | None = None
    role: str | None = None
    approver: str | None = None
    purpose: str | None = None
    reason: str | None = None
    priority: int = 50
    needs: tuple[FactRef, ...] = ()
    opens: Node | None = None
    due: str = "opening"
    value: Node | None = None
    from_value: Node | None = None
    to_value: Node | None = None
    figures: tuple[tuple[str, Node], ...] = ()  # in the order written
    assignee: FactRef | None = None
    hours: Hours | None = None
    prefers: FactRef | None = None  # names the channel: this is the form of one of its words
    sets: tuple[tuple[str, Node], ...] = ()
    adds: tuple[tuple[str, Node], ...] = ()
    above: tuple[OfParent, ...] = ()
    instead: "ActionForm | None" = None
    grounds: Grounds = Grounds()


def way_of(form: ActionForm) -> Node:
    """The condition under which an action goes by its channel, and by no other; never unknown."""
    fact = form.prefers
    if fact is None:
        return YES
    if form.channel is None:
        return tree.Missing(fact)
    named = tree.Compare("=", fact, tree.Literal(form.channel, fact.type))
    return tree.And((tree.Not(tree.Missing(fact)), named))


def action_key(form: ActionForm) -> str:
    """What tells the actions of one rule and occurrence apart: kind, channel, gift or template."""
    addressed = form.role if form.kind in ADDRESSED else None
    parts = [form.kind, form.channel, form.gift or form.template or addressed]
    return ":".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Rule:
    """For which records, when, on which condition, what is done.

    `mode` is `at` (once, on the opening day), `from` (from the moment on while the condition
    holds) or `while` (as long as the condition holds, once per `once_per`). `within` is a period and
    `by` a day or an instant until when it is to be done; a rule has one of them at most. `each` names the
    reference table for whose rows it is said, once for each.
    """

    id: str
    subject: str
    mode: str
    condition: Node
    actions: tuple[ActionForm, ...]
    moment: Moment | None = None
    once_per: tuple[Node, ...] = ()
    once_sign: str = ";"
    periods: tuple[str, ...] = ()
    within: Node | None = None
    by: Node | None = None
    grounds: Grounds = Grounds()
    titles: Texts = ()
    place: Place | None = field(default=None, compare=False)
    was: Was = field(default=(), compare=False)
    each: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A fact of a record over its child records: one group-by.

    `default` is the fact of a record that brings no such list. `list` puts the values in the order
    of some facts of the children, each value once, and takes the first so many.
    """

    function: str  # a name of `AGGREGATES`
    over: str
    value: Node | None
    where: Node = YES
    default: Value | None = None
    order: tuple[Node, ...] = ()
    take: Node | None = None

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The expressions over the child records that it is made of."""
        found = (self.where, *self.order, self.value, self.take)
        return tuple(each for each in found if each is not None)


Ties: TypeAlias = Literal["id", "higher", "lower"]
"""Which of equals stands higher: the one of the smaller id, or all of them as the best or the last."""


@dataclass(frozen=True, slots=True)
class Rank:
    """A fact of a record among all records of its group: a rank, a share cut-off or a part."""

    function: str  # rank top part size
    order: tuple[Node, ...]
    within: FactRef | None
    where: Node
    share: Node | None = None
    parts: int = 0
    smallest: Node | None = None
    ties: Ties = "id"


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact that the policy computes: an expression, an aggregate or a standing among siblings.

    `shared`: many values, and too much to be written out where it is read. `shared_above`: the same for
    those whose parent it is a fact of, where that comes as reference data. `dated`: it asks for the
    present day.
    """

    subject: str
    name: str
    type: Type
    origin: Node | Aggregate | Rank
    titles: Texts = ()
    grounds: Grounds = Grounds()
    place: Place | None = field(default=None, compare=False)
    personal: bool = False
    shared: bool = False
    shared_above: bool = False
    dated: bool = False

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The expressions over the record and its parents that it is made of."""
        match self.origin:
            case Aggregate():
                return ()
            case Rank(_, order, within, where, share, _, smallest):
                found = (*order, within, where, share, smallest)
                return tuple(each for each in found if each is not None)
            case node:
                return (node,)


@dataclass(frozen=True, slots=True)
class Label:
    """A classification: its words best first, the fact on file, the derived facts of its ways."""

    name: str
    subject: str
    words: tuple[str, ...]
    standing: str | None
    computed: str
    ways: tuple[tuple[str, str], ...]
    titles: Texts = ()
    was: Was = field(default=(), compare=False)
    states: tuple[tuple[str, Was], ...] = field(default=(), compare=False)  # how words were called


@dataclass(frozen=True, slots=True)
class Step:
    """What every sieve of the gate says: of which actions it speaks, its reason, and its ground."""

    which: Node
    reason: str
    grounds: Grounds

    @property
    def id(self) -> str:
        """Its name in results: `suppressed_by`."""
        return f"gate.{self.reason}"


@dataclass(frozen=True, slots=True)
class Hold(Step):
    """Suppresses the actions that it speaks of, and may emit another in the place of each.

    `unknown` is the reason where the condition is unknown; None lets the action through. With `own` what
    its word says takes the place of an action that lacks data takes that of a held one, too.
    """

    unknown: str | None
    instead: ActionForm | None = None
    own: bool = False
    one_by_one: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Merge(Step):
    """Of actions with the same values of the fields `by` it lets the most urgent through.

    `across` is how far apart the days may be on which they are due, some of which open on other days;
    None looks at those of the day alone.
    """

    by: tuple[str, ...]
    across: Node | None = None
    one_by_one: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Window:
    """The period of a cap, which ends with the day: so many days, or None for the month so far."""

    days: int | None = 1

    def first(self, day: date) -> date:
        """The first day of the period."""
        if self.days is None:
            return day.replace(day=1)
        return day - timedelta(days=min(self.days, day.toordinal()) - 1)


ONE_DAY = Window()


@dataclass(frozen=True, slots=True)
class Cap(Step):
    """Lets no more than `most` touches of a period through, `already` counted in; None: any number.

    `unknown` is the reason where one of the numbers is unknown; None lets all through. `history` is the
    fact that counts child records, which `already` contains.
    """

    most: Node | None
    already: Node | None
    unknown: str | None
    window: Window = ONE_DAY
    history: FactRef | None = None
    one_by_one: ClassVar[bool] = False

    @property
    def carries(self) -> bool:
        """True where the days before count."""
        return self.most is not None and self.window != ONE_DAY


@dataclass(frozen=True, slots=True)
class Reserve(Step):
    """Keeps so many places of the next cap free where something of a purpose is known to come.

    It comes within `ahead` days after the day. `unknown` is the reason where the number of places is
    unknown; None then keeps none.
    """

    places: Node
    purpose: str
    ahead: int
    unknown: str | None
    one_by_one: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Approve(Step):
    """Actions await the approval of `role`; where it is unknown whether, `in_doubt` says."""

    role: str
    in_doubt: bool
    one_by_one: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Move(Step):
    """Puts actions off to the next day that is none of `weekdays` (0 is Monday) and no rest day.

    `unknown` is the reason where it is unknown whether or to which day; None leaves the action on its own.
    """

    weekdays: frozenset[int]
    rest_days: bool  # true where they will not do either
    unknown: str | None
    one_by_one: ClassVar[bool] = True


Sieve: TypeAlias = Hold | Merge | Cap | Reserve | Approve | Move
"""One step of the gate, over the actions of one customer.

Those that look at each action by itself (`one_by_one`) also sift what comes in the place of blocked
actions.
"""


@dataclass(frozen=True, slots=True)
class Template:
    """Texts per language; `missing` says why there is none yet.

    `fields` says, for each subject that the text is for, what its placeholders stand for.
    """

    name: str
    texts: Texts
    missing: str = ""
    grounds: Grounds = Grounds()
    fields: Mapping[str, Mapping[str, Node]] = NOTHING
    was: Was = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of texts that stands in them only when it fits.

    It fits when `condition` holds, of one of the rows of `table` where it names one, from `within`
    before one of the occasions `before` where it names any. `first` names others instead: of them
    the first that fits is taken.
    """

    name: str
    texts: Texts = ()
    condition: Mapping[str, Node] = NOTHING  # by subject
    fields: Mapping[str, Mapping[str, Node]] = NOTHING
    table: str = ""
    before: tuple[Occasion, ...] = ()
    within: Node | None = None
    first: tuple[str, ...] = ()
    grounds: Grounds = Grounds()


Priced: TypeAlias = Literal["gift", "channel", "kind"]


@dataclass(frozen=True, slots=True)
class Price:
    """What an action costs for its gift, its channel or its kind; a kind may be a pattern, `gift.*`.

    Expressions over figures; `OWN_VALUE` is the amount that the action itself states.
    """

    name: str
    of: Priced
    cost: Node | None
    minutes: Node | None
    grounds: Grounds = Grounds()


OWN_VALUE = "value"


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """Rows that are no records: launches, events, stores. May come with the policy or at compile.

    `windows` are columns of which one says when something begins, the other when it ends.
    """

    name: str
    columns: tuple[tuple[str, Type], ...]
    rows: tuple[Mapping[str, Any], ...] = ()
    windows: tuple[tuple[str, str], ...] = ()

    def past(self, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The windows of a row, in the types of its columns, that end before they begin."""
        for begins, ends in self.windows:
            first, last = _day(row.get(begins)), _day(row.get(ends))
            if first is not None and last is not None and last < first:
                yield begins, ends


def _day(value: Any) -> date | None:
    """The day of a cell; an instant counts as its day."""
    return value.date() if isinstance(value, datetime) else value


def _nothing(policy: "Policy", day: date) -> tuple[Problem, ...]:
    return ()


def _unchangeable(policy: "Policy", changes: Any) -> "Policy":
    raise ValueError("only a policy that was loaded can be changed: it is read anew")


@dataclass(frozen=True, repr=False)
class Policy:
    """A validated policy; nothing in it depends on a day or on a record."""

    name: str
    version: str
    timezone: str
    titles: Texts
    in_force: tuple[date | None, date | None]
    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]
    occasions: Mapping[str, Occasion]
    derived: Mapping[str, Mapping[str, Derived]]  # subject → fact → in order of need
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    gate: tuple[Sieve, ...]
    templates: Mapping[str, Template]
    blocks: Mapping[str, Block]
    names: Mapping[str, Texts]
    tables: Mapping[str, ReferenceTable]
    grounded: tuple[tuple[str, Grounds], ...] = ()  # what else says its source: given facts, musts
    costs: Mapping[str, Price] = NOTHING
    functions: Mapping[str, Function] = Frozen(FUNCTIONS)
    told: tuple[Problem, ...] = field(default=(), compare=False)  # doubtful places, as they stand
    prove: "Callable[[Policy, date], tuple[Problem, ...]]" = field(default=_nothing, compare=False)
    waived: Waived = field(default=frozenset(), compare=False)
    written: Written | None = field(default=None, compare=False)
    vary: "Callable[[Policy, Any], Policy]" = field(default=_unchangeable, compare=False)

    def with_(self, changes: Mapping[Any, Any] = NOTHING, /, **figures: Any) -> "Policy":
        """The policy with figures, cells or whole entries changed, as a file that extends it would.

        Everything is checked as in a file: types, units, `must`, near names. A changed figure has the
        origin `override` and keeps its source.

        Args:
            changes: Values by the name or title of a figure, or by the path of a part: `rules.birthday.if`,
                or a tuple of its steps where a new name holds dots. A number is in the figure's own unit,
                that of a share a part of one; anything may be written as in a file: `"20%"`, `"6 months"`.
                A mapping from days gives values from these days on, and leaves what was before. None
                takes a part away.
            figures: The same for figures whose names are names of Python.

        Raises:
            PolicyError: there is no such part (LR510), no policy holds such a value (LR511), or the
                policy would be faulty, with what is wrong where in the changes (`with_`) or in its files.
        """
        return self.vary(self, {**changes, **figures})

    @cached_property
    def doubts(self) -> tuple[Problem, ...]:
        """What the policy says, but probably does not mean, with its figures of this century."""
        return self.doubts_since(date(2000, 1, 1))

    def doubts_since(self, day: NamedDay) -> tuple[Problem, ...]:
        """The same with the figures from a day on; what takes time is proved when it is asked.

        Raises:
            ArgumentError: no day (LR470).
        """
        known = day_of(day, self.vocabulary.timezone)
        if known is None:
            raise ArgumentError([problem("LR470", None, name="day", value=repr(day))])
        return (*self.told, *self.prove(self, known))

    @cached_property
    def fingerprint(self) -> str:
        """A digest of what the policy means: figures, words, texts and rules, not how they are written.

        The same in every process; that of a later version of the library may be another.
        """
        return fingerprint(self)

    def _repr_html_(self) -> str:
        rows = [
            ("version", self.version), ("fingerprint", self.fingerprint), ("rules", len(self.rules)),
            ("figures", len(self.parameters)), ("labels", ", ".join(e.name for e in self.labels)),
            ("doubtful places", len(self.doubts)),
        ]  # fmt: skip
        return section(repr(self), table(("", ""), rows))

    def __repr__(self) -> str:
        return f"Policy({self.name!r}, version={self.version!r}, {len(self.rules)} rules)"

    def __hash__(self) -> int:
        return hash((self.name, self.version))

    def __getstate__(self) -> dict[str, Any]:
        """What travels when pickled: of the functions those that a plug-in added."""
        added = {
            name: each for name, each in self.functions.items() if FUNCTIONS.get(name) is not each
        }
        return {**self.__dict__, "functions": added}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, functions=Frozen({**FUNCTIONS, **state["functions"]}))
