# SPDX-License-Identifier: Apache-2.0
"""Reference records as those below them read them: what is given, what is above, what is counted.

A store that comes as reference data is decided nowhere, and still it has staff. Its child records stand
in lists inside of its row, or come as a table of their own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.types import TEXT
from loyaltyrules.fact.coerce import coerce, is_brought, is_missing
from loyaltyrules.fact.declaration import Subject, parents_first
from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.fact.snapshot import Snapshot, shown
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Links, Surroundings, Ways, above_of, derived
from loyaltyrules.plan.moments import Tables
from loyaltyrules.policy.model import Aggregate, Policy, Rank
from loyaltyrules.problem.problem import Problem, problem

Key: TypeAlias = tuple[str, str]  # the kind of record and its id
Row: TypeAlias = Mapping[str, Any]
UTC = ZoneInfo("UTC")


def counted_of(policy: Policy, subject: str) -> frozenset[str]:
    """The facts of a kind of record that are counted over its child records, or tell where it stands."""
    own = policy.derived.get(subject, {}).items()
    return frozenset(name for name, each in own if isinstance(each.origin, Aggregate | Rank))


def counted_children(policy: Policy, subject: str) -> list[Subject]:
    """The kinds of child records that a kind of record counts."""
    origins = [each.origin for each in policy.derived.get(subject, {}).values()]
    over = {each.over for each in origins if isinstance(each, Aggregate)}
    return [each for each in policy.vocabulary.children_of(subject) if each.name in over]


def counts(policy: Policy, tables: Tables, siblings: Iterable[Key]) -> bool:
    """True where something is known of reference records that is counted, or tells where they stand."""
    given = [name for name in tables if name in policy.vocabulary.subjects]
    return any(name in given for name, _ in siblings) or any(
        origin.default is not None or _brought(policy, tables, subject, origin.over)
        for subject in given
        for each in policy.derived.get(subject, {}).values()
        if isinstance(origin := each.origin, Aggregate)
    )


def _brought(policy: Policy, tables: Tables, subject: str, child: str) -> bool:
    """True where child records of reference records are among reference data."""
    name = policy.vocabulary.subjects[child].listed_as
    return child in tables or any(is_brought(row.get(name)) for row in tables[subject])


def reference_records(policy: Policy, tables: Tables) -> dict[Key, Snapshot]:
    """The records among reference data, each with the child records that it counts."""
    below, found = _Below(policy, tables), dict[Key, Snapshot]()
    for subject in _subjects(policy, tables):
        for row in tables[subject]:
            read = policy.vocabulary.snapshot(below.whole(row, subject), subject)
            found[subject, read.id] = read
    return found


@dataclass(frozen=True, slots=True)
class Above(Mapping[Key, Facts]):
    """The facts of reference records as those below them know them, up to the top: `store.brand`.

    What is counted of a record is counted when somebody first asks for it: `count` gives it.
    """

    records: Mapping[Key, Snapshot]
    links: Links
    ways: Ways
    count: Callable[[Snapshot], Facts] = lambda record: NOTHING
    known: dict[Key, Facts] = field(default_factory=dict)

    def __getitem__(self, key: Key) -> Facts:
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._read(self.records[key])
        return found

    def __iter__(self) -> Iterator[Key]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def _read(self, record: Snapshot) -> Facts:
        above = above_of(self, self.links, self.ways, record)
        own = {**record.facts, **self.count(record)}
        return {**above, **{f"{record.subject}.{name}": value for name, value in own.items()}}


def counted(around: Surroundings, day: Day, policy: Policy) -> Callable[[Snapshot], Facts]:
    """Counts what a policy counts of a record on a day, and tells where it stands among its siblings.

    Raises:
        SnapshotError: a figure is too large for a fact (LR406).
    """
    names = {subject: counted_of(policy, subject) for subject in policy.vocabulary.subjects}

    def count(record: Snapshot) -> Facts:
        if not names[record.subject]:
            return NOTHING
        facts = derived(around, day, record).facts
        return {name: facts[name] for name in names[record.subject] if name in facts}

    return count


class _Below:
    """The rows of child records that come as tables of their own, by their parents."""

    def __init__(self, policy: Policy, tables: Tables) -> None:
        self._policy, self._tables = policy, tables
        self._known: dict[tuple[str, str], dict[str, list[Row]]] = {}

    def whole(self, row: Row, subject: str) -> Row:
        """A row with the child records that are counted of it."""
        children = [c for c in counted_children(self._policy, subject) if c.name in self._tables]
        lists = {e.listed_as: self._of(e, e.links[subject], _id_in(row, "id")) for e in children}
        return {**row, **lists} if lists else row

    def _of(self, child: Subject, link: str, parent: str) -> list[Row]:
        if (child.name, link) not in self._known:
            found = self._known[child.name, link] = {}
            for row in self._tables[child.name]:
                found.setdefault(_id_in(row, link), []).append(row)
        own = self._known[child.name, link].get(parent, ())
        return [self.whole(row, child.name) for row in own]


def _id_in(row: Row, name: str) -> str:
    """An id as records have it; an empty text where there is none."""
    return str(coerce(row.get(name), TEXT, UTC) or "")


def _subjects(policy: Policy, tables: Iterable[str]) -> list[str]:
    known = policy.vocabulary.subjects
    return parents_first((name for name in tables if name in known), known)


# ---- what is wrong with child records among reference data


def without_lost(
    policy: Policy, tables: Mapping[str, list[Row]], faults: list[Problem]
) -> dict[str, list[Row]]:
    """The tables without rows whose children cannot be counted; what is wrong with them is added to `faults`.

    Only where they are counted: a record of which nobody knows whose it is may be a parent all the same.
    """
    found = dict(tables)
    for subject in _subjects(policy, tables):
        for child in counted_children(policy, subject):
            if child.name in tables:
                found[subject] = [*_once(found[subject], subject, child, faults)]
                found[child.name] = [*_owned(found, subject, child, faults)]
    return found


def _once(
    rows: Iterable[Row], subject: str, child: Subject, faults: list[Problem]
) -> Iterator[Row]:
    """Child records that come as a table do not stand in lists, too."""
    for row in rows:
        if is_missing(row.get(child.listed_as)):
            yield row
            continue
        details = {"id": _id_in(row, "id"), "field": child.listed_as, "subject": subject}
        faults.append(problem("LR485", None, **details, table=child.name))


def _owned(
    tables: Mapping[str, list[Row]], subject: str, child: Subject, faults: list[Problem]
) -> Iterator[Row]:
    """Child records that are counted name a parent that is there; customers may be without a store."""
    known = {_id_in(row, "id") for row in tables[subject]}
    for row in tables[child.name]:
        link, others = _id_in(row, child.link), [*child.links.values()][1:]
        own = not link and any(_id_in(row, each) for each in others)
        if child.name == "customer" or subject in child.also or own or link in known:
            yield row
            continue
        details = {"id": _id_in(row, "id"), "field": child.link, "value": shown(link)}
        faults.append(problem("LR415", None, **details, subject=subject))
