# SPDX-License-Identifier: Apache-2.0
"""A case driven through all that a host does: load, compile, evaluate, tell, approve, carry out."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, ParamSpec, TypeVar
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from fuzz.case import PLAIN_DAYS, Case, on_disk
from fuzz.laws import Refused, hold, step
from fuzz.odd import SHAPES, value_of
from fuzz.seeds import Files, sound
from loyaltyrules import (
    Action,
    DayPlan,
    Decision,
    Policy,
    apply,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    load_policy,
    render,
)
from loyaltyrules.cli.reading import read_tables
from loyaltyrules.history import facts_as_of

P = ParamSpec("P")
Value = TypeVar("Value")


def drive(case: Case) -> None:
    """Do all of it; what the library refuses ends a part.

    Raises:
        Exception: whatever else than a refusal comes up, among it a broken law.
    """
    try:
        plan = _plan(case)
    except Refused:
        return
    for part in (_one, _rows, _raw, _file):
        try:
            part(case, plan)
        except Refused:
            continue


def _plan(case: Case) -> DayPlan:
    """The plan; of plain days and policies that are not changed it is shared by many cases."""
    name = next((n for n, each in sound().items() if each.files == case.files), "")
    if name and case.on in PLAIN_DAYS and case.since is None and not case.tables:
        return _known_plan(name, case.on)
    policy = _loaded(name) if name else _read(case.files)
    if "doubts" in case.also:
        step("doubts", lambda: (policy.doubts, policy.fingerprint, repr(policy)))
    on, since, tables = value_of(case.on), value_of(case.since), value_of(dict(case.tables))
    plan = step("compile", compile_day, policy, on, since, tables)
    return (
        plan
        if "population" not in case.also
        else step("population", plan.with_population, [{"id": "2"}])
    )


@cache
def _loaded(name: str) -> Policy:
    return _read(sound()[name].files)


@cache
def _known_plan(name: str, on: str) -> DayPlan:
    return compile_day(_loaded(name), on)


def _read(files: Files) -> Policy:
    return step("load", load_policy, on_disk(files, _room("-".join(files))))


@cache
def _room(name: str) -> Path:
    """A folder for files of these names, which the next case writes anew."""
    return Path(mkdtemp(prefix="fuzz-"))


def _one(case: Case, plan: DayPlan) -> None:
    """The record by itself."""
    record = value_of(case.record)
    if isinstance(case.record, dict) and "id" in case.record:
        record = SHAPES[case.shape](record)
    if "strict" in case.also:
        step("snapshot", lambda: plan.snapshot(record, case.subject, strict=True))
    decision = step("evaluate", evaluate, plan, record, case.subject)
    if "explain" in case.also:
        for language in ("en", "zh"):
            step("explain", explain, decision, language)
    if "data" in case.also:
        step("data", _through_json, decision)
    for action in (*decision.actions[:2], *decision.suppressed[:1]):
        if "act" in case.also:
            _acted(case, plan, record, action)
        if "render" in case.also and action.template:
            _may("render", render, action, plan, record, "zh")


def _through_json(decision: Decision) -> None:
    json.dumps(decision.to_dict())
    for each in (*decision.actions, *decision.suppressed):
        back = Action.from_dict(json.loads(json.dumps(each.to_dict())))
        hold(back == each, "an action is another one after a way through JSON")


def _acted(case: Case, plan: DayPlan, record: Any, action: Action) -> None:
    """The action comes back, changed on its way, is approved and carried out."""
    fields = {**action.to_dict(), **value_of(dict(case.action))}
    back = _may("from_dict", Action.from_dict, fields)
    if back is None:
        return
    role = back.approver_role or "lead"
    approved = _may("approve", approve, back, role, plan, record)
    for each in filter(None, (back, approved)):
        _may("apply", apply, record, each)
        _may("apply", apply, record, each, [], policy=plan.policy)


def _may(name: str, call: Callable[P, Value], *given: P.args, **named: P.kwargs) -> Value | None:
    """What a step gives; None where it is refused, and the case goes on."""
    try:
        return step(name, call, *given, **named)
    except Refused:
        return None


def _rows(case: Case, plan: DayPlan) -> None:
    """A table of records."""
    if case.rows:
        rows = [value_of(each) for each in case.rows]
        _decided(plan, {case.subject: step("make", _frame, rows, case.frame)})


def _raw(case: Case, plan: DayPlan) -> None:
    """A raw table of purchases."""
    if case.raw:
        table = step("make", _frame, [value_of(each) for each in case.raw], case.frame)
        with catch_warnings():
            simplefilter("ignore")  # facts are given, with what a reader must know
            step("facts", lambda: facts_as_of({"purchase": table}, on=plan.on))


def _frame(rows: list[dict[str, Any]], kind: str) -> Any:
    """A table of rows; what cannot be one of a kind is one of objects."""
    names = dict.fromkeys(name for row in rows for name in row if name.isprintable())
    try:
        if kind == "polars":
            return pl.DataFrame([_polars(n, [row.get(n) for row in rows]) for n in names])
        if kind == "arrow":
            return pa.table({n: [row.get(n) for row in rows] for n in names})
        if kind == "pandas":
            return pd.DataFrame(rows)
    except Exception:  # whatever makes frames refuses this; it is no matter of the library
        pass
    return pd.DataFrame({name: _objects([row.get(name) for row in rows]) for name in names})


def _polars(name: str, values: list[Any]) -> pl.Series:
    """A column; of values that Polars does not know, one of objects."""
    plain = {type(each) for each in values} <= {str, float, bool, type(None), date, datetime}
    return pl.Series(name, values, dtype=None if plain else pl.Object, strict=False)


def _objects(values: list[Any]) -> Any:
    column = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        column[place] = value
    return pd.Series(column, dtype=object)


def _decided(plan: DayPlan, tables: Mapping[str, Any]) -> None:
    result = step("frame", evaluate_frame, plan, tables)
    step("changes", lambda: len(result.changes))


def _file(case: Case, plan: DayPlan) -> None:
    """A file of records."""
    if case.file:
        name, text = case.file
        folder = on_disk({name: text}, _room(name)).parent
        tables = step("read", read_tables, folder, plan.policy)
        _decided(plan, {n: t for n, t in tables.items() if n in plan.policy.vocabulary.subjects})
