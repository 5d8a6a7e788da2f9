# SPDX-License-Identifier: Apache-2.0
"""The derived facts of a record and its children, in the order in which they need each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from loyaltyrules.expression.evaluate import Evaluated, Facts
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.fact.coerce import LARGEST, SCALE
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.day import Counting, Day, Deriving
from loyaltyrules.plan.population import Siblings
from loyaltyrules.plan.recipe import text
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import problem


@dataclass(slots=True)
class Record:
    """A record while it is decided: its facts, given and derived, and its child records."""

    subject: str
    id: str
    facts: dict[str, Any]
    children: dict[str, list["Record"]] = field(default_factory=dict)

    def below(self) -> "Iterator[Record]":
        """The records below that are decided with this one.

        Customers are always decided on their own, also where a store lists them.
        """
        for subject, records in self.children.items():
            for record in records if subject != "customer" else ():
                yield record
                yield from record.below()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What records are derived from beside themselves: reference records and siblings."""

    parents: Mapping[tuple[str, str], Facts]  # of reference records, by subject and id
    siblings: Mapping[tuple[str, str], Siblings]  # by subject and derived fact
    links: Mapping[str, tuple[str, str]]  # subject → its parent and the fact with the parent's id
    remember: bool = True


def derived(around: Surroundings, day: Day, snapshot: Snapshot) -> Record:
    """The record of a snapshot with all that the policy derives on the day."""
    record = _opened(around, day, snapshot, reference(around, snapshot))
    _finish(around, day, record)
    return record


def _opened(around: Surroundings, day: Day, snapshot: Snapshot, above: Facts) -> Record:
    """From below: what children derive from facts that are given, then what is counted of them."""
    record = Record(snapshot.subject, snapshot.id, {**snapshot.facts, **above})
    known = _as_parent(record) if snapshot.children else above
    for subject, each_child in snapshot.children.items():
        record.children[subject] = [_opened(around, day, child, known) for child in each_child]
    for each in day.subjects[snapshot.subject].deriving:
        if not each.of_parent:
            derive(around, each, record)
    return record


def _finish(around: Surroundings, day: Day, record: Record) -> None:
    """From above: what waits for the facts of the parent."""
    for each in day.subjects[record.subject].deriving:
        if each.of_parent:
            derive(around, each, record)
    for records in record.children.values():
        for child in records:
            child.facts.update(_as_parent(record))
            _finish(around, day, child)


def _as_parent(record: Record) -> dict[str, Any]:
    """The facts of a record as its children know them: `customer.tier`; what is above stays."""
    above = {name: value for name, value in record.facts.items() if "." in name}
    own = {f"{record.subject}.{name}": value for name, value in record.facts.items()}
    return own | above


def reference(around: Surroundings, snapshot: Snapshot) -> Facts:
    """The facts of the record's parent, where it came as reference data."""
    parent, link = around.links.get(snapshot.subject, ("", ""))
    return around.parents.get((parent, str(snapshot.facts.get(link))), {})


def derive(around: Surroundings, each: Deriving, record: Record) -> None:
    """Compute one derived fact and put it with the record's facts; unknown ones stay out.

    Raises:
        SnapshotError: a figure over child records that is too large for a fact (LR406).
    """
    if each.stage is not None:
        decide = each.stage.of if around.remember else each.stage.decide
        value = decide(record.facts)
    elif each.counting is not None:
        counting = each.counting
        children = record.children.get(counting.over)
        value = (
            counting.default if children is None else count(counting, (c.facts for c in children))
        )
        if too_large(value):
            details = {"field": counting.name, "id": record.id, "value": str(value)}
            raise SnapshotError([problem("LR406", None, **details)])
    else:
        assert each.ranking is not None
        value = each.ranking.of(around.siblings.get((record.subject, each.name)), record.facts)
    if value is not None:
        record.facts[each.name] = value


def too_large(figure: Any) -> bool:
    """True of a figure that no fact may have, so that no table would hold it either."""
    return isinstance(figure, int | Decimal) and not -LARGEST < figure < LARGEST


def count(counting: Counting, children: Iterable[Facts]) -> Any:
    """An aggregate over child records; values that are missing are left out."""
    among = [facts for facts in children if counting.where(facts) is True]
    if counting.function == "count":
        return len(among)
    if counting.function == "any":
        return bool(among)
    return listed(counting, among) if counting.function == "list" else reduced(counting, among)


def reduced(counting: Counting, among: Iterable[Facts]) -> Any:
    """The figure of the children that count; one finer than numbers are is rounded, once and at the end."""
    assert counting.value is not None
    values = [
        value
        for facts in among
        if (value := counting.value(facts)) is not None and value is not NOT_HAPPENED
    ]
    found = _REDUCED[counting.function](values)
    return round(found, SCALE) if isinstance(found, Decimal) else found


def listed(counting: Counting, among: Iterable[Facts]) -> tuple[str, ...] | None:
    """The values of children in their order, each once; first those that lack what orders them."""
    assert counting.value is not None
    values = (counting.value(facts) for facts in sorted(among, key=partial(_place, counting.order)))
    parts = (part for value in values if (said := text(value)) for part in said.split(";"))
    return tuple(dict.fromkeys(parts))[: counting.take] or None


def _place(order: Iterable[Evaluated], facts: Facts) -> tuple[Any, ...]:
    """Where a child stands in a list; ids decide between equals."""
    parts = [part(facts) for part in order]
    missing = [part is None or part is NOT_HAPPENED for part in parts]
    known = [(not gap, 0 if gap else part) for gap, part in zip(missing, parts, strict=True)]
    return (*known, str(facts["id"]))


def _mean(values: list[Any]) -> Any:
    return Decimal(sum(values)) / len(values) if values else None


_REDUCED: Mapping[str, Any] = {
    "sum": sum,
    "mean": _mean,
    "latest": lambda values: max(values, default=NOT_HAPPENED),
    "earliest": lambda values: min(values, default=NOT_HAPPENED),
    "max": lambda values: max(values, default=None),
    "min": lambda values: min(values, default=None),
}
