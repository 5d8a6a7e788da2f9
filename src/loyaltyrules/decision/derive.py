# SPDX-License-Identifier: Apache-2.0
"""The derived facts of a record and its children, in the order in which they need each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.day import Counting, Day, Deriving
from loyaltyrules.plan.plan import DayPlan


@dataclass(slots=True)
class Record:
    """A record while it is decided: its facts, given and derived, and its child records."""

    subject: str
    id: str
    facts: dict[str, Any]
    children: dict[str, list["Record"]] = field(default_factory=dict)

    def everyone(self) -> "Iterator[Record]":
        """The record and all records below it."""
        yield self
        for records in self.children.values():
            for record in records:
                yield from record.everyone()


def derived(plan: DayPlan, day: Day, snapshot: Snapshot, remember: bool = True) -> Record:
    """The record of a snapshot with all that the policy derives on the day."""
    record = _opened(plan, day, snapshot, remember)
    _attach(record, _reference(plan, snapshot))
    _finish(plan, day, record, remember)
    return record


def _opened(plan: DayPlan, day: Day, snapshot: Snapshot, remember: bool) -> Record:
    """From below: what children derive by themselves, then what the record counts of them."""
    children = {
        subject: [_opened(plan, day, child, remember) for child in each]
        for subject, each in snapshot.children.items()
    }
    record = Record(snapshot.subject, snapshot.id, dict(snapshot.facts), children)
    for each in day.subjects[snapshot.subject].deriving:
        if not each.of_parent:
            derive(plan, each, record, remember)
    return record


def _finish(plan: DayPlan, day: Day, record: Record, remember: bool) -> None:
    """From above: what waits for the facts of the parent."""
    for each in day.subjects[record.subject].deriving:
        if each.of_parent:
            derive(plan, each, record, remember)
    for records in record.children.values():
        for child in records:
            _attach(child, _as_parent(record))
            _finish(plan, day, child, remember)


def _attach(record: Record, parent_facts: Facts) -> None:
    record.facts.update(parent_facts)


def _as_parent(record: Record) -> dict[str, Any]:
    """The facts of a record as its children know them: `customer.tier`, and what it knows so."""
    own = {
        f"{record.subject}.{name}": value
        for name, value in record.facts.items()
        if not name.startswith(f"{record.subject}.")
    }
    above = {name: value for name, value in record.facts.items() if "." in name}
    return own | above


def _reference(plan: DayPlan, snapshot: Snapshot) -> Facts:
    subject = plan.policy.vocabulary.subjects[snapshot.subject]
    if not subject.parent:
        return {}
    return plan.parents.get((subject.parent, str(snapshot.facts.get(subject.link))), {})


def derive(plan: DayPlan, each: Deriving, record: Record, remember: bool) -> None:
    """Compute one derived fact and put it with the record's facts; unknown ones stay out."""
    if each.stage is not None:
        value = each.stage.of(record.facts) if remember else each.stage.decide(record.facts)
    elif each.counting is not None:
        children = record.children.get(each.counting.over)
        value = None if children is None else count(each.counting, (c.facts for c in children))
    else:
        assert each.ranking is not None
        value = each.ranking.of(plan.siblings.get((record.subject, each.name)), record.facts)
    if value is not None:
        record.facts[each.name] = value
    else:
        record.facts.pop(each.name, None)


def count(counting: Counting, children: Iterable[Facts]) -> Any:
    """An aggregate over child records; values that are missing are left out."""
    among = [facts for facts in children if counting.where(facts) is True]
    if counting.function == "count":
        return len(among)
    if counting.function == "any":
        return bool(among)
    assert counting.value is not None
    values = [
        value
        for facts in among
        if (value := counting.value(facts)) is not None and value is not NOT_HAPPENED
    ]
    return _REDUCED[counting.function](values)


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
