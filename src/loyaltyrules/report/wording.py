# SPDX-License-Identifier: Apache-2.0
"""The words of a plan in one language: each rule and each part of its condition, worded once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated
from loyaltyrules.expression.tree import YES, And, Literal, Not, Or
from loyaltyrules.expression.written import Writing, shown
from loyaltyrules.fact.snapshot import masked
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Policy, Rule
from loyaltyrules.problem.language import mark, require_language, say
from loyaltyrules.report.evidence import Clause, Named
from loyaltyrules.report.naming import is_personal, part_name, rule_name, value_name

VALUES: Mapping[bool | None, str] = {True: mark("yes"), False: mark("no"), None: mark("unknown")}
JOINED: dict[type, str] = {And: mark("all of"), Or: mark("one of"), Not: mark("not that")}
OPERATORS = tuple(
    map(
        mark,
        ("and", "or", "not", "in", "not in", "is missing", "is not missing", "{value} if {test}"),
    )
)
STATES = {
    "acts": mark("acts"),
    "undecided": mark("cannot be decided"),
    "no": mark("does not act"),
}


MOST_TOLD = 4_096  # findings whose lines are kept
Telling: TypeAlias = Callable[[], tuple[str, ...]]


class Read(NamedTuple):
    """A fact or figure of a line: what it is called, and how its value is read and shown.

    `owner` is the kind of record that a fact belongs to.
    """

    named: Named
    owner: str
    title: str
    of: Evaluated
    personal: bool


class Worded(NamedTuple):
    """A part of a condition in words; `joined` says how its parts are held together.

    Of a part that is `plain` the value is all that it read; one that is `silent` says nothing.
    """

    clause: Clause
    text: str
    joined: str
    parts: tuple["Worded", ...]
    reads: tuple[Read, ...]
    plain: bool
    silent: bool

    @property
    def personal(self) -> bool:
        """True where it or a part of it reads what is personal."""
        mine = any(each.personal for each in self.reads)
        return mine or any(each.personal for each in self.parts)


@dataclass(slots=True, eq=False)
class Wording:
    """What has been worded so far in one language.

    `told` are lines by clause and the facts that it is worked out from; `public` says of which clauses
    lines are kept.
    """

    policy: Policy
    language: str
    known: dict[Clause, Worded] = field(default_factory=dict)
    heads: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    told: dict[Any, tuple[str, ...]] = field(default_factory=dict)
    public: dict[Clause, bool] = field(default_factory=dict)
    values: Mapping[bool | None, str] = field(init=False)

    def __post_init__(self) -> None:
        self.values = {value: self.say(said) for value, said in VALUES.items()}

    def say(self, sentence: str, **details: object) -> str:
        return say(self.language, sentence, **details)

    def head(self, rule: Rule, state: str) -> tuple[str, str]:
        """What a rule is called, and what became of it; the grounds of one that acts."""
        found = self.heads.get((rule.id, state))
        if found is None:
            source = "; ".join(rule.grounds.source)
            ground = f" ({source})" if source and state == "acts" else ""
            said = f"{self.say(STATES[state])}{ground}"
            found = self.heads[rule.id, state] = rule_name(rule, self.language), said
        return found

    def of(self, clause: Clause, subject: str) -> Worded:
        """A condition about a subject in words."""
        found = self.known.get(clause)
        if found is None:
            found = self.known[clause] = self._worded(clause, subject)
        return found

    def remembered(self, key: Any, clause: Clause, subject: str, tell: Telling) -> tuple[str, ...]:
        """Lines about a clause that were told before, of whatever record; nothing personal is kept."""
        if key in self.told:
            return self.told[key]
        lines = tell()
        if clause not in self.public:
            self.public[clause] = not self.of(clause, subject).personal
        if self.public[clause]:
            if len(self.told) >= MOST_TOLD:
                self.told.clear()
            self.told[key] = lines
        return lines

    def _worded(self, clause: Clause, subject: str) -> Worded:
        node = clause.node
        alone = node.item if isinstance(node, Not) else node
        return Worded(
            clause,
            Writing(partial(self._name, subject), self.say, self.value).of(node),
            self.say(JOINED[type(node)]) if clause.parts else "",
            tuple(self._worded(each, subject) for each in clause.parts),
            tuple(self._read(named, of, subject) for named, of in _told(clause)),
            isinstance(alone, Literal | tree.FactRef),
            node == YES,
        )  # fmt: skip

    def _read(self, named: Named, of: Evaluated, subject: str) -> Read:
        owner = named.owner if isinstance(named, tree.FactRef) else ""
        personal = is_personal(self.policy, subject, named)
        return Read(named, owner or subject, self._name(subject, named), of, personal)

    def _name(self, subject: str, part: Any) -> str:
        return part_name(self.policy, subject, part, self.language)

    def value(self, value: Any) -> str:
        """A value as it is told."""
        return value_name(self.policy, value, self.language)

    def shown(self, read: Read, facts: Mapping[str, Any]) -> str:
        """What a fact or figure of a line is, masked where it is personal."""
        value = read.of(facts)
        if read.personal and value is not None and not isinstance(value, bool):
            return masked(shown(value))
        return self.value(value)


def _told(clause: Clause) -> Iterable[tuple[Named, Evaluated]]:
    """What is read by a part that is told in one line."""
    return clause.reads if isinstance(clause.node, Not) or not clause.parts else ()


@dataclass(slots=True, eq=False)
class Wordings:
    """The wordings of a plan, by language. They belong to the plan's memory."""

    known: dict[str, Wording] = field(default_factory=dict)


def wording(plan: DayPlan, language: str) -> Wording:
    """The words of a plan in a language.

    Raises:
        ValueError: there is no such language.
    """
    require_language(language)
    wordings = plan.memory.of(Wordings, Wordings)
    found = wordings.known.get(language)
    if found is None:
        found = wordings.known[language] = Wording(plan.policy, language)
    return found
