# SPDX-License-Identifier: Apache-2.0
"""The signature of a record as one column, computed where the records lie: in a warehouse, as SQL.

Records of one signature receive the same actions, but for their ids, days and amounts. So one record
of each tells what a day brings for all of them, and which need to leave the warehouse at all.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.decision.decider import decider_of
from loyaltyrules.expression.buckets import Identity, RowPredicate, facts_of
from loyaltyrules.expression.types import TEXT, Type
from loyaltyrules.fact.coerce import LARGEST
from loyaltyrules.fact.declaration import Declaration
from loyaltyrules.fact.tolerance import TOLD_APART
from loyaltyrules.fact.tolerance_columns import scaled, widened
from loyaltyrules.frame.input.canonical import BLANKS, DTYPES, UNIT, stored
from loyaltyrules.frame.input.formats import recognised
from loyaltyrules.frame.keys.columns import Keys, key_columns
from loyaltyrules.frame.keys.session_free import session_free
from loyaltyrules.plan.classes import EquivalenceClasses
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.signature import told_apart
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

SIGNATURE = "signature"
GIVEN = "__given_"  # stands before the names of columns while others take their place
Asked: TypeAlias = Identity | RowPredicate | EquivalenceClasses


def with_signature(plan: DayPlan, frame: Any, subject: str = "customer") -> Any:
    """A table with one more column, `signature`: a text of all that the plan asks of a record.

    Of a lazy frame or a relation (DuckDB, Spark, Polars) the result is lazy too, of a relation SQL;
    nothing is computed but the largest figures of columns that are compared with each other.

    Args:
        plan: A compiled day or span.
        frame: A relation of DuckDB, a frame of Spark or Polars, of one row a record. Its columns are
            of the types of their facts: texts, whole numbers, decimals, floats, yes/no, days. Rows
            are not checked. What a session of DuckDB sets (time zone, calendar, collation) does
            not count.
        subject: The kind of record, whose child records are not looked at.

    Returns:
        The same kind of frame. For all records of one signature the same rules act and the gate
        does the same; what their actions state of ids, days and amounts may differ.

    Raises:
        FrameError: a column is not of its fact's type (LR424), or shares and ranks of the record
            among others count (LR428).
    """
    given = recognised(frame)
    timezone = plan.policy.vocabulary.timezone.key
    told = [each for day in map(plan.day, plan.dates) for each in _told(plan, day, subject)]
    asked = dict.fromkeys(name for each in told for name in _facts(each))
    declared = {
        "id": Declaration(subject, "id", TEXT),
        **plan.policy.vocabulary.declarations[subject],
    }
    schema = given.collect_schema()
    there = [name for name in asked if name in schema]
    kept = _with(given, {f"{GIVEN}{name}": nw.col(name) for name in there})
    plain = session_free(kept, there, timezone)
    known = plain.collect_schema()
    rows = _with(plain, {name: _typed(declared[name], known) for name in asked})
    types = {name: declared[name].type for name in asked}
    keys = list(_as_texts(key_columns(told, types, rows), types))
    whole = nw.concat_str(*keys, separator=" ") if keys else nw.lit("")
    back = {name: nw.col(f"{GIVEN}{name}") for name in there}
    signed = _with(rows.with_columns(whole.alias(SIGNATURE)), back)
    return signed.select(*schema.names(), SIGNATURE).to_native()


def _with(frame: Any, columns: Mapping[str, nw.Expr]) -> Any:
    """The frame with more columns, if there are any: a day may ask nothing of records."""
    return frame.with_columns(**columns) if columns else frame


def _as_texts(keys: Keys, types: Mapping[str, Type]) -> Iterator[nw.Expr]:
    """The parts of a signature as texts that are alike in every session: days and instants as numbers."""
    for each, fact in zip(keys.columns.values(), keys.facts, strict=True):
        steps = _STEPS.get(types[fact].kind, ()) if fact is not None else ()
        number = each
        for place, step in enumerate(steps):
            part = step(each).cast(nw.Int64)
            number = part if place == 0 else number * nw.lit(100, nw.Int64) + part
        text = number.cast(nw.String)
        if fact is not None and types[fact].kind == "datetime":
            text = nw.concat_str(text, each.dt.microsecond().cast(nw.String), separator=".")
        yield text


_DAY: tuple[Callable[[nw.Expr], nw.Expr], ...] = (
    lambda each: each.dt.year(), lambda each: each.dt.month(), lambda each: each.dt.day(),
)  # fmt: skip
_STEPS = {
    "date": _DAY,
    "datetime": (
        *_DAY, lambda each: each.dt.hour(), lambda each: each.dt.minute(), lambda each: each.dt.second(),
    ),
}  # fmt: skip


def _told(plan: DayPlan, day: Day, subject: str) -> Iterator[Asked]:
    """What a day asks of a record; the facts of its parent follow from the parent's id."""
    compiled = day.subjects[subject]
    ranked = [each.name for each in compiled.deriving if (subject, each.name) in plan.siblings]
    if ranked:
        details = {"subject": subject, "names": ", ".join(ranked)}
        raise FrameError([problem("LR428", None, **details)])
    recipes = [recipe for instance in compiled.instances for recipe in instance.recipes]
    gate = decider_of(plan).passage(plan, day.day).gate
    asked = [*gate.conditions(recipes), *gate.due_days(recipes)]
    told, above = told_apart(compiled, asked, plan.policy.functions)
    yield from told
    for link in plan.policy.vocabulary.subjects[subject].links.values() if above else ():
        yield Identity(link, TEXT)


def _facts(asked: Asked) -> tuple[str, ...]:
    return (asked.fact,) if isinstance(asked, EquivalenceClasses) else facts_of(asked)


def _typed(declared: Declaration, schema: Mapping[str, Any]) -> nw.Expr:
    """A column as facts of its type are stored, without blanks, its default filled in."""
    kind, default = declared.type.kind, stored(declared.default, declared.type)
    filling = nw.lit(default, DTYPES[kind])
    dtype = schema.get(declared.name)
    if dtype is None:
        return filling
    for fits, read in READ[kind]:
        if fits(dtype):
            column = read(nw.col(declared.name))
            return column if default is None else column.fill_null(filling)
    details = {"name": declared.name, "subject": declared.subject, "found": dtype}
    raise FrameError([problem("LR424", None, **details, expected=declared.type)])


def _stripped(column: nw.Expr) -> nw.Expr:
    text = column.str.strip_chars(BLANKS)
    return nw.when(text != "").then(text)


def _number(column: nw.Expr) -> nw.Expr:
    """A float as the number that it means; one so large that floats blur it, as the nearest."""
    large = nw.when((column.abs() >= TOLD_APART) & (column.abs() < LARGEST)).then(column * UNIT)
    return nw.coalesce(scaled(column), large.round(0).cast(nw.Int64))


def _whole(column: nw.Expr) -> nw.Expr:
    return _number(column) // nw.lit(UNIT, nw.Int64)


def _of(*kinds: Any) -> Callable[[Any], bool]:
    return lambda dtype: isinstance(dtype, kinds)


READ: Mapping[str, tuple[tuple[Callable[[Any], bool], Callable[[nw.Expr], nw.Expr]], ...]] = {
    "text": (
        (_of(nw.String), _stripped),
        (lambda dtype: dtype.is_integer(), lambda column: column.cast(nw.String)),
    ),
    "word": ((_of(nw.String), _stripped),),
    "list": ((_of(nw.String), _stripped),),
    "whole": (
        (lambda dtype: dtype.is_integer(), lambda column: column.cast(nw.Int64)),
        (_of(nw.Float64), _whole),
        (_of(nw.Float32), lambda column: _whole(widened(column))),
    ),
    **dict.fromkeys(
        ("number", "share"),
        (
            (lambda dtype: dtype.is_integer(), lambda column: column.cast(nw.Int64) * UNIT),
            (_of(nw.Float64), _number),
            (_of(nw.Float32), lambda column: _number(widened(column))),
            (
                lambda dtype: dtype.is_numeric(),
                lambda column: (column * UNIT).round(0).cast(nw.Int64),
            ),
        ),
    ),
    "yes/no": ((_of(nw.Boolean), lambda column: column),),
    "date": ((_of(nw.Date), lambda column: column),),
    "datetime": ((_of(nw.Datetime), lambda column: column),),
}
