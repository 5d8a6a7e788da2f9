# SPDX-License-Identifier: Apache-2.0
"""Stamps: outcomes as projections of records, read one record at a time."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from loyaltyrules.action.action import OWN, Action
from loyaltyrules.decision.passing import SUPPRESSED, Fate
from loyaltyrules.expression.evaluator import Evaluated, Facts
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.recipe import (
    Cell,
    Computed,
    Occurrence,
    Reading,
    Recipe,
    escaped,
    occurrence_of,
    readings,
    said,
)

REST = Action._fields[len(OWN) :]
OCCURRENCE = REST.index("occurrence")
Read: TypeAlias = tuple[int, Evaluated]  # the place of a field, and what reads it


# What is a record's own in its actions: its id as it stands in theirs, its id, customer and store.
Own: TypeAlias = tuple[str, str, str | None, str | None]


class Stamp(NamedTuple):
    """An action but for what is the record's own: constants, and what is read of each record.

    `tail` follows the record's id in the action's; an occurrence that is `read` stands before it.
    `into` is the stamp of the action of the same record into which this one was merged, today's or not.
    """

    head: str
    tail: str
    policy: str
    rule: str
    subject: str
    rest: tuple[Any, ...]
    read: tuple[Read, ...] = ()
    occurrence: Occurrence | None = None
    reads: frozenset[str] = frozenset()
    into: "Stamp | None" = None


def own_of(subject: str, identity: str, facts: Facts, root: Record | None = None) -> Own:
    """The ids that the actions of a record state; `root` is the customer, or what else it is below."""
    customer = facts.get("customer_id") if subject != "customer" else identity
    store = facts.get("store_id") if subject != "store" else identity
    if root is not None:
        customer = root.id if root.subject == "customer" else customer
        store = store or root.facts.get("store_id")
    name = identity if identity.isalnum() else escaped(identity)
    if type(store) is not str and store is not None:
        store = str(store)
    if type(customer) is not str and customer is not None:
        customer = str(customer)
    return name, identity, customer, store


def stamp_of(fate: Fate, common: frozenset[str] = frozenset(), facts: Facts | None = None) -> Stamp:
    """The projection of an outcome.

    Args:
        fate: What becomes of an action. What it was merged into is added by `stamps_of`.
        common: Facts that are the same for all records: what reads only them is a constant.
        facts: Those of one of the records.
    """
    recipe = fate.recipe
    cells: Mapping[str, Cell] = {**fate.columns, **recipe.changes, "occurrence": recipe.occurrence}
    known = [_known(cells[name], common, facts or {}) for name in REST]
    rest = tuple(None if isinstance(each, Reading) else each for each in known)
    read = tuple(
        (len(OWN) + place, each.of)
        for place, each in enumerate(known)
        if isinstance(each, Reading) and place != OCCURRENCE
    )
    reads = frozenset[str]().union(*(each.reads for each in readings(known)))
    before = recipe.policy, recipe.rule, recipe.subject
    occurrence, key = known[OCCURRENCE], f"/{escaped(recipe.key)}"
    if isinstance(occurrence, Occurrence):
        return Stamp(recipe.head, key, *before, rest, read, occurrence, reads)
    return Stamp(recipe.head, f"/{escaped(str(occurrence))}{key}", *before, rest, read, None, reads)


def stamps_of(
    fates: tuple[Fate, ...], common: frozenset[str] = frozenset(), facts: Facts | None = None
) -> tuple[Stamp, ...]:
    """The stamps of all actions of one record."""
    alone = [stamp_of(each, common, facts) for each in fates]
    found = []
    for fate, stamp in zip(fates, alone, strict=True):
        into = fate.merged_into
        if into is None or isinstance(into, str):
            found.append(stamp)
            continue
        other = alone[into] if isinstance(into, int) else _named(into, common, facts)
        found.append(stamp._replace(into=other, reads=stamp.reads | other.reads))
    return tuple(found)


def _named(recipe: Recipe, common: frozenset[str], facts: Facts | None) -> Stamp:
    """The stamp of an action that is only named: nothing but its occurrence is read."""
    stamp = stamp_of(Fate(recipe, SUPPRESSED), common, facts)
    reads = frozenset[str]() if stamp.occurrence is None else stamp.occurrence.reads
    return stamp._replace(read=(), reads=reads)


def _known(cell: Cell, common: frozenset[str], facts: Facts) -> Cell:
    """A cell, as a constant where it reads nothing but common facts."""
    if not isinstance(cell, Reading):
        return cell
    if cell.reads <= common:
        return cell.of(facts)
    if isinstance(cell, Occurrence):
        parts = (
            said(part.of, facts) if isinstance(part, Computed) and part.reads <= common else part
            for part in cell.parts
        )
        return occurrence_of(parts, cell.sign)
    return cell


def named(recipe: Recipe, own: Own, facts: Facts) -> str:
    """The id of the action of one record by a recipe."""
    occurrence = recipe.occurrence
    text = occurrence if isinstance(occurrence, str) else occurrence.of(facts)
    return f"{recipe.head}{own[0]}/{escaped(text)}/{escaped(recipe.key)}"


def name_of(stamp: Stamp, own: Own, facts: Facts) -> str:
    """The id of the action of one record."""
    occurrence = stamp.occurrence
    if occurrence is None:
        return f"{stamp.head}{own[0]}{stamp.tail}"
    text = occurrence.of(facts)
    return f"{stamp.head}{own[0]}/{text if occurrence.plain else escaped(text)}{stamp.tail}"


def actions_of(stamps: Iterable[Stamp], own: Own, facts: Facts) -> tuple[Action, ...]:
    """The actions of one record, made at one go: this runs for every action."""
    name, identity, customer, store = own
    found = []
    for stamp in stamps:
        head, tail, policy, rule, subject, rest, read, occurrence, _, into = stamp
        if occurrence is None and not read and into is None:
            ids = f"{head}{name}{tail}", policy, rule, subject, identity, customer, store
            found.append(new(Action, ids + rest))
            continue
        fields = ["", policy, rule, subject, identity, customer, store, *rest]
        for place, of in read:
            fields[place] = of(facts)
        if occurrence is not None:
            text = fields[AT_OCCURRENCE] = occurrence.of(facts)
            tail = f"/{text if occurrence.plain else escaped(text)}{tail}"
        if into is not None:
            fields[AT_MERGED] = name_of(into, own, facts)
        fields[0] = f"{head}{name}{tail}"
        found.append(new(Action, fields))
    return tuple(found)


AT_OCCURRENCE, AT_MERGED = map(Action._fields.index, ("occurrence", "merged_into"))
new = tuple.__new__
