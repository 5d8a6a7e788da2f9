# SPDX-License-Identifier: Apache-2.0
"""The derived facts of a record and its children, in the order in which they need each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from loyaltyrules.expression.evaluator import Evaluated, Facts
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.fact.coerce import LARGEST, LONGEST_ID, SCALE
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.day import Counting, Day, Deriving, Ordering
from loyaltyrules.plan.folding import AS_OF
from loyaltyrules.plan.population import Falling, Siblings
from loyaltyrules.plan.recipe import text
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import Problem, problem

DerivedOf: TypeAlias = Callable[[str], Iterable[Deriving]]  # what is derived of a kind of record
Links: TypeAlias = Mapping[str, Mapping[str, str]]  # subject → its parents → the fact with the id
# Of subjects with several parents: what is above → the parent that leads to it.
Ways: TypeAlias = Mapping[str, Mapping[str, str]]
NOWHERE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Record:
    """A record while it is decided: its facts, given and derived, and its child records.

    `counted` are kinds of child records that stand below it to be counted, and are decided elsewhere.
    """

    subject: str
    id: str
    facts: dict[str, Any]
    children: dict[str, list["Record"]] = field(default_factory=dict)
    counted: frozenset[str] = NOWHERE

    def below(self) -> "Iterator[Record]":
        """The records below that are decided with this one.

        Customers are always decided on their own, also where a store lists them.
        """
        for subject, records in self.children.items():
            decided = subject != "customer" and subject not in self.counted
            for record in records if decided else ():
                yield record
                yield from record.below()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What records are derived from beside themselves: reference records and siblings."""

    parents: Mapping[tuple[str, str], Facts]  # of reference records, by subject and id
    siblings: Mapping[tuple[str, str], Siblings]  # by subject and derived fact
    links: Links
    ways: Ways = field(default_factory=dict)
    remember: bool = True


def derived(around: Surroundings, day: Day, snapshot: Snapshot) -> Record:
    """The record of a snapshot with all that the policy derives on the day."""
    record = _opened(around, day, snapshot, reference(around, snapshot))
    _handed_down(around, day.deriving, record, 1)
    _further(around, day.deriving, record, day.stages)
    return record


def _opened(around: Surroundings, day: Day, snapshot: Snapshot, above: Facts) -> Record:
    """From below: what children derive from facts that are given, then what is counted of them."""
    record = Record(snapshot.subject, snapshot.id, {**snapshot.facts, **above})
    known = _as_parent(record) if snapshot.children else above
    for subject, each_child in snapshot.children.items():
        if subject in around.ways:
            record.children[subject] = [
                _opened(around, day, child, _seen(around, child, snapshot.subject, known))
                for child in each_child
            ]
            if next(iter(around.links[subject])) != snapshot.subject:
                record.counted |= {subject}
            continue
        record.children[subject] = [_opened(around, day, child, known) for child in each_child]
    for each in day.subjects[snapshot.subject].deriving:
        if not each.stage:
            derive(around, each, record)
    return record


def derive_all(around: Surroundings, of: DerivedOf, record: Record, stages: int) -> None:
    """Derive of a record and its children what `of` says of each kind, in the stages of a day."""
    _risen(around, of, record, 0)
    _handed_down(around, of, record, 1)
    _further(around, of, record, stages)


def _further(around: Surroundings, of: DerivedOf, record: Record, stages: int) -> None:
    """What is counted by what was handed down, and so on."""
    for stage in range(2, stages, 2):
        _risen(around, of, record, stage)
        _handed_down(around, of, record, stage + 1)


def _handed_down(around: Surroundings, of: DerivedOf, record: Record, stage: int) -> None:
    """From above: what waits for the facts of the parent."""
    _in_stage(around, of, record, stage)
    for records in record.children.values():
        for child in records:
            known = _as_parent(record)
            if child.subject in around.ways:
                known = _by(around.ways[child.subject], record.subject, known)
            child.facts.update(known)
            _handed_down(around, of, child, stage)


def _risen(around: Surroundings, of: DerivedOf, record: Record, stage: int) -> None:
    """From below: what is counted of children, after what these count themselves."""
    for records in record.children.values():
        for child in records:
            _risen(around, of, child, stage)
    _in_stage(around, of, record, stage)


def _in_stage(around: Surroundings, of: DerivedOf, record: Record, stage: int) -> None:
    for each in of(record.subject):
        if each.stage == stage:
            derive(around, each, record)


def _as_parent(record: Record) -> dict[str, Any]:
    """The facts of a record as its children know them: `customer.tier`; what is above stays."""
    above = {name: value for name, value in record.facts.items() if "." in name}
    own = {f"{record.subject}.{name}": value for name, value in record.facts.items()}
    return own | above


def reference(around: Surroundings, snapshot: Snapshot) -> Facts:
    """The facts of the record's parents, where they came as reference data."""
    return above_of(around.parents, around.links, around.ways, snapshot)


def above_of(
    parents: Mapping[tuple[str, str], Facts], links: Links, ways: Ways, record: Snapshot
) -> Facts:
    """What is known of reference records above a record; each fact comes by the way that is its own."""
    found: Facts = {}
    for parent, link in links.get(record.subject, {}).items():
        known = parents.get((parent, str(record.facts.get(link))), {})
        if record.subject not in ways:
            return known
        found = {**found, **_by(ways[record.subject], parent, known)}
    return found


def _by(ways: Mapping[str, str], parent: str, known: Facts) -> dict[str, Any]:
    """Of what a parent knows, what its child reads by it: other things it reads by another parent."""
    return {key: of for key, of in known.items() if ways.get(key.partition(".")[0]) == parent}


def _seen(around: Surroundings, child: Snapshot, parent: str, known: Facts) -> Facts:
    """What a child below one of its parents knows of all of them."""
    return {
        **reference(around, child),
        **_by(around.ways[child.subject], parent, known),
    }


def derive(around: Surroundings, each: Deriving, record: Record) -> None:
    """Compute one derived fact and put it with the record's facts; unknown ones stay out.

    Raises:
        SnapshotError: a figure that is too large for a fact (LR406).
    """
    if each.memo is not None:
        decide = each.memo.of if around.remember else each.memo.decide
        value = decide(record.facts)
        if each.shared and too_large(value):
            raise SnapshotError([figure_problem(each.name, record.id, value)])
    elif each.counting is not None:
        counting = each.counting
        children = record.children.get(counting.over)
        _hand_down(counting, record, children or ())
        value = (
            counting.default if children is None else count(counting, (c.facts for c in children))
        )
        if too_large(value):
            raise SnapshotError([figure_problem(counting.name, record.id, value)])
    else:
        assert each.ranking is not None
        value = each.ranking.of(around.siblings.get((record.subject, each.name)), record.facts)
    if value is not None:
        record.facts[each.name] = value


def _hand_down(counting: Counting, record: Record, children: Iterable[Record]) -> None:
    """Child records know what they are asked by of what their parent derives."""
    if counting.handed:
        pairs = counting.handed
        told = {there: record.facts[name] for name, there in pairs if name in record.facts}
        for child in children:
            child.facts.update(told)


def too_large(figure: Any) -> bool:
    """True of a figure that no fact may have, so that no table would hold it either."""
    return isinstance(figure, int | Decimal) and not -LARGEST < figure < LARGEST


def figure_problem(name: str, identity: str, figure: Any) -> Problem:
    """The fault of a record whose figure no fact may have, however many digits that has."""
    value = str(figure) if abs(figure) < LONGEST_ID else f"{Decimal(figure):.3e}"
    return problem("LR406", None, field=name.partition(AS_OF)[0], id=identity, value=value)


def count(counting: Counting, children: Iterable[Facts]) -> Any:
    """An aggregate over child records, those for which its condition holds."""
    return figure(counting, [facts for facts in children if counting.where(facts) is True])


def figure(counting: Counting, among: Sequence[Facts]) -> Any:
    """The figure of the children that count; one finer than numbers are is rounded, once and at the end."""
    values = _values(counting, among)
    found: Any = counting.reduce(values) if values else counting.empty
    if counting.take is not None and found:
        return found[: counting.take] or counting.empty
    if isinstance(found, Decimal) and not too_large(found):  # which no decimals could be cut of
        return round(found, SCALE) + 0  # nothing is told as less than nothing
    return found


def _values(counting: Counting, among: Sequence[Facts]) -> list[Any]:
    """What the figure is made of: the children themselves, or those of their values that are there."""
    if counting.value is None:
        return [*among]
    if counting.function.picks:
        return [counting.value(max(among, key=partial(_last_key, counting.order)))] if among else []
    if counting.function.texts:
        return [*_texts(counting, counting.value, among)]
    values = (counting.value(facts) for facts in among)
    return [value for value in values if value is not None and value is not NOT_HAPPENED]


def _texts(counting: Counting, read: Evaluated, among: Sequence[Facts]) -> Iterator[str]:
    """The values of children in their order, as texts."""
    ordered = counting.function.ordered
    for facts in sorted(among, key=partial(_sort_key, counting.order)) if ordered else among:
        said = text(read(facts))
        yield from said.split(";") if said else ()


def _sort_key(order: Iterable[Ordering], facts: Facts) -> tuple[Any, ...]:
    """Where a child stands in a list; ids decide between equals.

    Those that lack what orders them are first, in falling order last.
    """
    return (*(_placed(each, facts, each.falling) for each in order), str(facts["id"]))


def _last_key(order: Iterable[Ordering], facts: Facts) -> tuple[Any, ...]:
    """The same where the last counts: those that lack what orders them are before all others."""
    return (*(_placed(each, facts, False) for each in order), str(facts["id"]))


def _placed(each: Ordering, facts: Facts, lacking_last: bool) -> tuple[bool, Any]:
    value = each.of(facts)
    if value is None or value is NOT_HAPPENED:
        return lacking_last, 0
    return not lacking_last, Falling(value) if each.falling else value
