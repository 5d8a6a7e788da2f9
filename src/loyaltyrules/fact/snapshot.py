# SPDX-License-Identifier: Apache-2.0
"""A snapshot is what is known of one record: its facts, validated once, and its child records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.fact.coerce import FactFault, coerce, is_missing
from loyaltyrules.fact.declaration import Declaration, Subject
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import Problem, problem

NO_FACTS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Facts of one record by name, defaults filled in; never change the mapping."""

    subject: str
    id: str
    facts: Mapping[str, Any]
    children: Mapping[str, tuple["Snapshot", ...]] = field(default_factory=lambda: NO_FACTS)
    by_default: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The declared subjects and facts, ready to read records."""

    subjects: Mapping[str, Subject]
    declarations: Mapping[str, Mapping[str, Declaration]]  # subject → fact → declaration
    timezone: ZoneInfo

    def children_of(self, subject: str) -> tuple[Subject, ...]:
        """The subjects whose records are lists inside a record of `subject`."""
        return tuple(each for each in self.subjects.values() if each.parent == subject)

    def snapshot(self, record: Mapping[str, Any], subject: str) -> Snapshot:
        """Read one record.

        Args:
            record: Facts by name, child records as lists of mappings under the name of their list.
            subject: The kind of record.

        Raises:
            SnapshotError: facts with a wrong type or an impossible value (LR4xx), all at once.
        """
        faults: list[Problem] = []
        found = self._read(flat(record), subject, "", faults)
        if faults:
            raise SnapshotError(faults)
        return found

    def _read(
        self, record: Mapping[str, Any], subject: str, own_id: str, faults: list[Problem]
    ) -> Snapshot:
        declared = self.declarations[subject]
        identity = own_id if is_missing(record.get("id")) else str(_id(record["id"]))
        if not identity:
            faults.append(problem("LR401", None, subject=subject))
        facts, defaulted = self.facts(record, declared, identity, faults)
        facts["id"] = identity
        lists = {child.listed_as: child for child in self.children_of(subject)}
        children = {
            child.name: self._children(record[name], child, identity, faults)
            for name, child in lists.items()
            if name in record
        }
        ignored = tuple(sorted(set(record) - set(declared) - set(lists) - {"id"}))
        return Snapshot(subject, identity, facts, children, frozenset(defaulted), ignored)

    def facts(
        self,
        record: Mapping[str, Any],
        declared: Mapping[str, Declaration],
        identity: str,
        faults: list[Problem],
    ) -> tuple[dict[str, Any], list[str]]:
        """The declared facts of a record that are known, and the names of those known by default."""
        facts: dict[str, Any] = {}
        defaulted = []
        for name, each in declared.items():
            try:
                value = coerce(record.get(name), each.type, self.timezone)
            except FactFault as fault:
                faults.append(fact_problem(fault.code, each, identity, record[name]))
                continue
            if value is None and each.default is not None:
                defaulted.append(name)
                value = each.default
            if value is not None:
                facts[name] = value
        return facts, defaulted

    def _children(
        self, records: Any, child: Subject, parent_id: str, faults: list[Problem]
    ) -> tuple[Snapshot, ...]:
        if is_missing(records):
            return ()
        if not isinstance(records, Iterable) or isinstance(records, str | Mapping):
            faults.append(problem("LR407", None, id=parent_id, field=child.listed_as))
            return ()
        found = []
        for number, record in enumerate(records, 1):
            own = {**flat(record), child.link: parent_id}
            found.append(self._read(own, child.name, f"{parent_id}-{number}", faults))
        return tuple(found)


def fact_problem(code: str, declared: Declaration, identity: str, value: object) -> Problem:
    """The data fault of one field of one record, the value masked when it is personal."""
    from_words = ", ".join(declared.type.words)
    shown = masked(str(value)) if declared.personal else str(value)
    details = {"id": identity, "field": declared.name, "value": shown}
    return problem(code, None, **details, expected=declared.type, words=from_words)


def masked(text: str) -> str:
    """A personal value with its middle hidden: `138****0001`."""
    if len(text) < 8:
        return text[:1] + "*" * max(1, len(text) - 1)
    return f"{text[:3]}****{text[-4:]}"


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with maps unfolded: `tier_override: {tier: A}` becomes `tier_override_tier: A`."""
    facts: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            facts |= {f"{name}_{key}": each for key, each in value.items()}
        else:
            facts[str(name)] = value
    return facts


def _id(value: object) -> object:
    return int(value) if isinstance(value, float) and value == int(value) else value
