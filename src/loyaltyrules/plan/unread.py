# SPDX-License-Identifier: Apache-2.0
"""Names in reference data that nobody reads: tables that there are not, columns that are not declared."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from loyaltyrules.fact.coerce import is_several
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.fact.snapshot import Unread as Unknown
from loyaltyrules.host.record import mapping_of
from loyaltyrules.plan.above import counted_children
from loyaltyrules.plan.moments import Tables
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import nearest, problem

Names = dict[str, set[str]]  # of columns, by table
Unread: TypeAlias = Mapping[str, Mapping[str, str]]  # by table its columns, each with the near name


def refuse_unknown_tables(policy: Policy, given: object) -> None:
    """Tables are called as a kind of record or as a table of `reference`.

    Raises:
        SnapshotError: there is no such table (LR269).
    """
    known = {*policy.vocabulary.subjects, *policy.tables}
    faults = [
        problem("LR269", None, name=name, near=nearest(str(name), known))
        for name in (
            given if isinstance(given, Mapping) else ()
        )  # what else it is, is told elsewhere
        if name not in known
    ]
    if faults:
        raise SnapshotError(faults)


def unread(policy: Policy, tables: Tables) -> Unread:
    """By table the columns that the policy does not declare, each with the near name that it does."""
    found: Names = {}
    for name, rows in tables.items():
        _note(policy, name, rows, found)
    every = {
        name: Unknown(tuple(sorted(names)), _known(policy, name)) for name, names in found.items()
    }
    return Frozen({name: each.near for name, each in every.items() if each.names})


def unread_of(records: Iterable[Snapshot]) -> Unread:
    """The same of records that were read, and of those below them."""
    found: dict[str, dict[str, str]] = {}
    for record in records:
        for each in (record, *record.below()):
            if each.unread.names:
                found.setdefault(each.subject, {}).update(each.ignored)
    return Frozen({name: Frozen(near) for name, near in found.items()})


def _known(policy: Policy, name: str) -> frozenset[str]:
    table, reading = policy.tables.get(name), policy.vocabulary.readings.get(name)
    columns = frozenset(dict(table.columns)) if table else frozenset[str]()
    own = reading.known - _parents_below(policy, name) if reading else frozenset[str]()
    return columns | own | {"id"}


def _parents_below(policy: Policy, name: str) -> frozenset[str]:
    """Lists of child records that are parents of others, who look for them in a table of their own."""
    above = {each for one in policy.vocabulary.subjects.values() for each in one.links}
    counted = {each.name for each in counted_children(policy, name)}
    children = policy.vocabulary.children_of(name)
    return frozenset(e.listed_as for e in children if e.name in above and e.name not in counted)


def _note(policy: Policy, name: str, rows: Iterable[Mapping[str, Any]], found: Names) -> None:
    """Note the unread names of rows, and of the child records in their lists."""
    known, own = _known(policy, name), found.setdefault(name, set())
    lists = {child.listed_as: child.name for child in policy.vocabulary.children_of(name)}
    for row in rows:
        if not known.issuperset(row):
            own.update(each for each in _flat(row) if each not in known)
        for listed in lists.keys() & row.keys():
            if is_several(row[listed]):
                below = _rows(policy, lists[listed], row[listed])
                _note(policy, lists[listed], below, found)


def _rows(policy: Policy, child: str, listed: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """Child records in a list; a bare value stands for one whose only fact it is."""
    rows = (mapping_of(policy.vocabulary.whole(each, child, "")) for each in listed)
    return (row for row in rows if row is not None)


def _flat(row: Mapping[str, Any]) -> Iterator[str]:
    """The names of a row, those of a map in it as records have them: `owner_name`."""
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from (f"{name}_{key}" for key in value)
        else:
            yield str(name)
