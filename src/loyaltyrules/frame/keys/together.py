# SPDX-License-Identifier: Apache-2.0
"""Derived facts and rules of a table decided together: one key and one join, not one a stage.

All that they ask of a row is one signature; each distinct one is decided by the stages' own evaluators,
in the order in which they need each other. Where too few rows share a signature (many independent
facts), each stage has a key of its own again, and the plan remembers that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.expression.buckets import Identity, RowPredicate, facts_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.frame.input.canonical import DTYPES, ROW, Fault, stored
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys import by_signature
from loyaltyrules.frame.keys.by_signature import RowOutcomes, by_row, decide_rows, records, signed
from loyaltyrules.frame.keys.table import Table
from loyaltyrules.frame.result import StageNote
from loyaltyrules.plan.classes import EquivalenceClasses
from loyaltyrules.plan.day import Day, Deriving, Fired
from loyaltyrules.plan.derive import figure_problem, too_large
from loyaltyrules.plan.memo import Memo
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.signature import told_apart_together

FIRED, REFUSED = "__fired", "__refused"
MANY, SHARED = 4_096, 16  # signatures are too many beyond so many, where fewer rows share each
Groups: TypeAlias = Sequence[Memo[Fired]]
Refused: TypeAlias = tuple[tuple[str, Any], ...]  # facts that came to more than facts may be
# Of derived facts, of all rule groups, and what is refused.
Values: TypeAlias = tuple[tuple[Any, ...], Fired, Refused]
# Day, kind of record, names of the facts that are pending, with rules or without.
Key: TypeAlias = tuple[date, str, tuple[str, ...], bool]


class Together(NamedTuple):
    """A table with what was derived, and columns of places in lists: what rule groups came to."""

    frame: nw.DataFrame[Any]
    fired: Mapping[str, list[Fired]]
    notes: Mapping[str, StageNote]
    refused: list[Fault]


@dataclass(slots=True, eq=False)
class Asked:
    """What is asked of the rows of a table together, and what is known of signatures that were met."""

    buckets: list[Identity | RowPredicate | EquivalenceClasses]
    known: dict[Any, Values] = field(default_factory=dict)
    helps: bool = True  # false once too few rows of a table shared a signature


class AskedOfTables(dict[Key, Asked]):
    """What a plan asks of tables, by day and kind of record; it belongs to the plan's memory."""


def decide_together(
    plan: DayPlan, day: Day, table: Table, groups: Groups, kind: FrameFormat
) -> Together:
    """Derive what is pending of a table, and decide its rules.

    Args:
        plan: The plan, which remembers what tables are asked.
        day: One of its days.
        table: Rows with all that is not pending as columns.
        groups: The rule groups; none where only facts are to be derived.
        kind: The kind of frame the work is done in.
    """
    if len(table.frame) <= by_signature.FEW:
        return _spread(_few(table, groups, kind), table, groups)
    known = plan.memory.of(AskedOfTables, AskedOfTables)
    pending = tuple(each.name for each in table.pending)
    key = day.day, table.subject, pending, bool(groups)
    if key not in known:
        instances = day.subjects[table.subject].instances if groups else ()
        known[key] = Asked(told_apart_together(instances, table.pending, plan.policy.functions))
    asked = known[key]
    found = _by_one_key(asked, table, groups, kind) if asked.helps else None
    if found is None:
        asked.helps = False
        return _stage_by_stage(table, groups, kind)
    return _spread(found, table, groups)


def _few(table: Table, groups: Groups, kind: FrameFormat) -> RowOutcomes[Values]:
    """Decide few rows one by one."""
    memos: list[Memo[Any]] = [each.memo for each in table.pending if each.memo is not None]
    buckets = (bucket for memo in (*memos, *groups) for bucket in memo.buckets)
    names = {name for bucket in buckets for name in facts_of(bucket)} & {*table.frame.columns}
    rows = records(table.frame, sorted(names), table.columns)
    keys = [_values(table.pending, groups, facts) for facts in rows]
    return by_row(table.frame, keys, {key: key for key in keys}, kind)


def _by_one_key(
    asked: Asked, table: Table, groups: Groups, kind: FrameFormat
) -> RowOutcomes[Values] | None:
    """Decide every distinct signature of the rows; None where too few rows share one."""
    pending = tuple(table.pending)

    def decide(facts: Facts) -> Values:
        return _values(pending, groups, facts)

    found = signed(asked.buckets, table.frame, table.columns)
    if len(found.once) > max(MANY, len(found.rows) // SHARED):
        return None
    return found.remembered(decide, asked.known, table.columns, kind)


def _values(pending: Sequence[Deriving], groups: Groups, facts: Facts) -> Values:
    """What is derived of one record, and what its rules come to."""
    known, values, refused = dict(facts), [], list[tuple[str, Any]]()
    for each in pending:
        assert each.memo is not None  # only such facts are pending
        value = each.memo.of(known)
        if each.shared and too_large(value):
            refused.append((each.name, value))
            value = None
        values.append(value)
        if value is not None:
            known[each.name] = value
    fired = [group.of(known) for group in groups]
    acting = tuple(instance for each in fired for instance in each.acting)
    undecided = tuple(u for each in fired for u in each.undecided)
    return tuple(values), Fired(acting, undecided), tuple(refused)


def _refused(subject: str, found: RowOutcomes[Any], refused: Sequence[Refused]) -> list[Fault]:
    """The faults of rows that come to figures which no fact may be."""
    if not any(refused):
        return []
    rows = found.spread({REFUSED: list(range(len(refused)))}, {REFUSED: nw.Int64})
    kept = rows.filter(nw.col(REFUSED).is_in([n for n, each in enumerate(refused) if each]))
    places = zip(kept[ROW].to_list(), kept["id"].to_list(), kept[REFUSED].to_list(), strict=True)
    return [
        Fault(subject, row, identity, figure_problem(name, identity, figure))
        for row, identity, place in places
        for name, figure in refused[place]
    ]


def _spread(found: RowOutcomes[Values], table: Table, groups: Groups) -> Together:
    """The rows with the derived facts, and with what the rules come to."""
    notes = {f"{'rules' if groups else 'facts'} of {table.subject}": found.note}
    columns: dict[str, list[Any]] = {}
    schema: dict[str, Any] = {}
    for number, each in enumerate(table.pending):
        known = table.types[each.name]
        columns[each.name] = [stored(each[0][number], known) for each in found.outcomes]
        schema[each.name] = DTYPES[known.kind]
    refused = _refused(table.subject, found, [each[2] for each in found.outcomes])
    if not groups:
        return Together(found.spread(columns, schema), {}, notes, refused)
    places, listed = by_signature.distinct(each[1] for each in found.outcomes)
    frame = found.spread({**columns, FIRED: places}, {**schema, FIRED: nw.Int64})
    return Together(frame, {FIRED: listed}, notes, refused)


def _stage_by_stage(table: Table, groups: Groups, kind: FrameFormat) -> Together:
    """The same with a key a stage."""
    notes: dict[str, StageNote] = {}
    frame, columns, refused = table.frame, table.columns, list[Fault]()
    for deriving in table.pending:
        assert deriving.memo is not None  # only such facts are pending
        one = decide_rows(deriving.memo, frame, columns, kind)
        notes[deriving.memo.name] = one.note
        known = table.types[deriving.name]
        large = [deriving.shared and too_large(value) for value in one.outcomes]
        told = zip(large, one.outcomes, strict=True)
        figures = [((deriving.name, value),) if past else () for past, value in told]
        refused += _refused(table.subject, one, figures)
        told = zip(large, one.outcomes, strict=True)
        values = [None if past else stored(value, known) for past, value in told]
        frame = one.spread({deriving.name: values}, {deriving.name: DTYPES[known.kind]})
    fired: dict[str, list[Fired]] = {}
    for number, group in enumerate(groups):
        name = f"{FIRED}{number}"
        each = decide_rows(group, frame, columns, kind)
        notes[group.name] = each.note
        frame, fired[name] = each.placed(name)
    return Together(frame, fired, notes, refused)
