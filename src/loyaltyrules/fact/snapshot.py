# SPDX-License-Identifier: Apache-2.0
"""A snapshot is what is known of one record: its facts, validated once, and its child records."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from types import NoneType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from loyaltyrules.expression.types import TEXT
from loyaltyrules.fact.coerce import FactFault, coerce, is_brought, is_missing, is_several
from loyaltyrules.fact.declaration import Declaration, Subject, titled
from loyaltyrules.fact.frozen import NOTHING, Frozen
from loyaltyrules.fact.looks import looks_personal
from loyaltyrules.fact.reading import Read, reader
from loyaltyrules.fact.returns import with_returned
from loyaltyrules.host.record import Record, mapping_of
from loyaltyrules.host.text import text_of
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.near import unread_near
from loyaltyrules.problem.problem import Problem, nearest, problem

LONGEST_SHOWN = 60  # characters of a faulty value
NONE: frozenset[str] = frozenset()
# Types of ordinary values: a record that has only these holds no maps to unfold.
ORDINARY = frozenset({str, int, float, bool, NoneType, date, datetime, Decimal, list, tuple})


@dataclass(frozen=True, slots=True)
class Unread:
    """Names of a record that the policy does not declare, and the names that it knows.

    Which of these is near is worked out when somebody asks: records are read more often than that.
    """

    names: tuple[str, ...] = ()
    known: frozenset[str] = field(default=NONE, compare=False)
    titled: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)  # title, name

    @property
    def near(self) -> Mapping[str, str]:
        """Each name with the known one that is near, or an empty text."""
        return Frozen({shown(e): _near(e, self.known, self.titled) for e in self.names})

    def __reduce__(self) -> tuple[Any, ...]:
        """Of the known names those that are near travel."""
        return Unread, (self.names, NONE, frozenset(self.near.items()))


@lru_cache(maxsize=1024)
def _near(name: str, known: frozenset[str], titles: frozenset[tuple[str, str]]) -> str:
    """The near name: the records of a source have the same names, again and again."""
    return unread_near(name, known, dict(titles))


ALL_READ = Unread()


@dataclass(frozen=True, slots=True, repr=False, weakref_slot=True)
class Snapshot:
    """Facts of one record by name, defaults filled in: a value, equal to any that says the same.

    `unread` are names of the record that the policy does not declare.
    """

    subject: str
    id: str
    facts: Mapping[str, Any]
    children: Mapping[str, tuple["Snapshot", ...]] = NOTHING
    by_default: frozenset[str] = NONE
    unread: Unread = ALL_READ

    @property
    def ignored(self) -> Mapping[str, str]:
        """The names that the policy does not declare, each with the near name that it does, if any."""
        return self.unread.near

    def below(self) -> Iterator["Snapshot"]:
        """The child records, and those below them."""
        for records in self.children.values():
            for each in records:
                yield each
                yield from each.below()

    def __hash__(self) -> int:
        return hash((self.subject, self.id))

    def __repr__(self) -> str:
        return f"Snapshot({self.subject} {self.id!r}, {len(self.facts)} facts)"


class Reading(NamedTuple):
    """How records of one kind are read: their facts in declared order, and all names they know."""

    facts: tuple[tuple[str, Read, Any], ...]  # name, reader, default
    lists: Mapping[str, Subject]  # child records by the name of their list
    known: frozenset[str]
    titled: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Vocabulary:
    """The declared subjects and facts, ready to read records."""

    subjects: Mapping[str, Subject]
    declarations: Mapping[str, Mapping[str, Declaration]]  # subject → fact → declaration
    timezone: ZoneInfo

    def __reduce__(self) -> tuple[Any, ...]:
        return Vocabulary, (self.subjects, self.declarations, self.timezone)

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """How each kind of record is read, made once."""
        return {subject: self._reading(subject) for subject in self.declarations}

    def _reading(self, subject: str) -> Reading:
        declared = self.declarations[subject]
        lists = {child.listed_as: child for child in self.children_of(subject)}
        facts = tuple(
            (name, reader(each.type, self.timezone), each.default)
            for name, each in declared.items()
        )
        known = NONE.union(declared, lists, ("id", *self.subjects[subject].links.values()))
        return Reading(facts, lists, known, frozenset(titled(declared.values()).items()))

    def children_of(self, subject: str) -> tuple[Subject, ...]:
        """The subjects whose records are lists inside a record of `subject`."""
        return tuple(each for each in self.subjects.values() if subject in each.links)

    def snapshot(self, record: Record, subject: str) -> Snapshot:
        """Read one record.

        Args:
            record: Facts by name, child records as lists of records under the name of their list.
            subject: The kind of record.

        Raises:
            SnapshotError: facts with a wrong type or an impossible value (LR4xx), all at once.
        """
        known = record if type(record) is dict else mapping_of(record)
        if known is None:
            raise SnapshotError([problem("LR421", None, found=type(record).__name__)])
        if subject not in self.declarations:
            near = nearest(subject, self.declarations)
            raise SnapshotError([problem("LR414", None, name=subject, near=near)])
        faults: list[Problem] = []
        found = self._read(known, subject, "", faults)
        if faults:
            raise SnapshotError(faults)
        return found

    def _read(
        self, record: Mapping[str, Any], subject: str, own_id: str, faults: list[Problem]
    ) -> Snapshot:
        reading = self.readings[subject]
        unread = ALL_READ
        if not reading.known.issuperset(record):
            record = self._flat(record, subject)
            if others := set(record) - reading.known:
                unread = Unread(tuple(sorted(others)), reading.known, reading.titled)
        identity = self._identity(record.get("id"), subject, own_id, faults)
        facts, defaulted = self.facts(record, subject, identity, faults)
        facts["id"] = identity
        children: Mapping[str, tuple[Snapshot, ...]] = NOTHING
        if not reading.lists.keys().isdisjoint(record):
            children = Frozen({
                child.name: self._children(
                    record[name], child, child.links[subject], identity, faults
                )
                for name, child in reading.lists.items()
                if is_brought(record.get(name))
            })  # fmt: skip
        by_default = frozenset(defaulted) if defaulted else NONE
        return Snapshot(subject, identity, Frozen(facts), children, by_default, unread)

    def _flat(self, record: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """The record with names as text and maps unfolded."""
        if ORDINARY.issuperset(map(type, record.values())):
            return {_named(name): each for name, each in record.items()}
        return flat(record, self.readings[subject].lists.keys() | self.declarations[subject].keys())

    def _identity(self, value: object, subject: str, otherwise: str, faults: list[Problem]) -> str:
        if type(value) is str and value.isascii() and (text := value.strip()):
            return text
        try:
            found = str(coerce(value, TEXT, self.timezone) or otherwise)
        except FactFault as fault:
            details = {
                "id": "?",
                "field": "id",
                "value": shown(value),
                "expected": TEXT,
            }
            faults.append(problem(fault.code, None, **details))
            return "?"
        if not found:
            faults.append(problem("LR401", None, subject=subject))
        return found

    def whole(self, record: Any, subject: str, parent_id: str) -> Any:
        """A child record; a bare value stands for one whose only fact it is: a day on duty."""
        links = self.subjects[subject].links.values()
        names = [name for name in self.declarations[subject] if name not in links]
        record = record if type(record) is dict else mapping_of(record) or record
        if isinstance(record, Mapping) or is_missing(record) or len(names) != 1:
            return record
        return {"id": f"{parent_id}-{text_of(record)}", names[0]: record}

    def facts(
        self, record: Mapping[str, Any], subject: str, identity: str, faults: list[Problem]
    ) -> tuple[dict[str, Any], list[str]]:
        """The declared facts of a record that are known, and the names of those known by default."""
        facts: dict[str, Any] = {}
        defaulted = []
        get = record.get
        for name, read, default in self.readings[subject].facts:
            value = get(name)
            if value is not None:
                try:
                    value = read(value)
                except FactFault as fault:
                    declared = self.declarations[subject][name]
                    faults.append(fact_problem(fault.code, declared, identity, record[name]))
                    continue
            if value is not None:
                facts[name] = value
            elif default is not None:
                defaulted.append(name)
                facts[name] = default
        return facts, defaulted

    def _children(
        self, records: Any, child: Subject, link: str, parent_id: str, faults: list[Problem]
    ) -> tuple[Snapshot, ...]:
        if not is_several(records):
            faults.append(problem("LR407", None, id=parent_id, field=child.listed_as))
            return ()
        found: dict[str, Snapshot] = {}
        for number, each in enumerate(records, 1):
            record = self.whole(each, child.name, parent_id)
            if not isinstance(record, Mapping):
                faults.append(problem("LR407", None, id=parent_id, field=child.listed_as))
                return ()
            own = {**record, link: parent_id}
            read = self._read(own, child.name, f"{parent_id}-{number}", faults)
            if found.setdefault(read.id, read) != read:  # identical records count once
                faults.append(problem("LR408", None, id=read.id))
        return with_returned(found.values(), self.declarations[child.name])


def _named(name: object) -> str:
    return name if isinstance(name, str) else text_of(name)


def fact_problem(code: str, declared: Declaration, identity: str, value: object) -> Problem:
    """The data fault of one field of one record, the value masked when it is personal."""
    from_words = ", ".join(declared.type.words)
    told = masked(text_of(value)) if declared.personal else shown(value)
    details = {"id": identity, "field": declared.name, "value": told}
    return problem(code, None, **details, expected=declared.type, words=from_words)


def shown(value: object) -> str:
    """A value as a fault may show it: short, and masked where it looks like somebody's number or address."""
    text = text_of(value)
    return masked(text) if looks_personal(text) else _shortened(text)


def masked(text: str) -> str:
    """A personal value with its middle hidden: `138****0001`."""
    if len(text) < 11:
        return text[:1] + "*" * max(1, len(text) - 1)
    return f"{text[:3]}****{text[-4:]}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def flat(record: Mapping[str, Any], whole: Collection[str] = ()) -> dict[str, Any]:
    """The record with maps unfolded: `tier_override: {tier: A}` becomes `tier_override_tier: A`.

    What stands under the long name itself counts more; names in `whole` are left as they are.
    """
    unfolded: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and name not in whole:
            unfolded |= {f"{_named(name)}_{_named(key)}": each for key, each in value.items()}
        else:
            facts[_named(name)] = value
    return unfolded | {n: v for n, v in facts.items() if n not in unfolded or not is_missing(v)}
