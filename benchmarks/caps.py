# SPDX-License-Identifier: Apache-2.0
"""Caps over thirty days of contacts, beside the same rules without caps."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl

from benchmarks import equality
from benchmarks.eight_rules.customers import customers
from benchmarks.eight_rules.population import typed
from benchmarks.measure import Side, interleaved, middle, timed
from benchmarks.reading import read_library
from benchmarks.report import Row, Scale, part
from loyaltyrules import DayPlan, compile_day, evaluate, evaluate_frame, load_policy

WITH, WITHOUT = "with caps", "without caps"
FILES = {WITHOUT: "without.yaml", WITH: "with_caps.yaml"}
FOLDER, ON = Path(__file__).parent / "capped", equality.DAYS["Spring Festival eve"]
SIZE, EACH, DAYS, PROVED = 1_000_000, 5, 30, 1_000
BY_CAP = "gate.frequency_cap"
CHANNELS = ("sms", "phone", "wechat")
HEAD = ("what", "by", "CPU", "wall", f"to {WITHOUT}", "bar")
NOTE = """\
Eight rules on Spring Festival eve, with a cap of one text in 7 days and four contacts in 30; both sides
are given the contacts. Tables: {size:,} customers with {each} contacts on average, in memory, actions and
those held back as frames, seconds. One customer: ten contacts, a raw mapping, microseconds. Equal first:
{proved:,} actions with caps in rows and in tables, and those that no cap held are those without caps."""


def section(scale: Scale) -> Iterator[str]:
    """Proof of equality, then the table."""
    note = NOTE.format(size=min(SIZE, scale.largest), each=EACH, proved=_prove(PROVED))
    yield part("Caps over 30 days of history", "--only caps", note, HEAD, rows(scale))


def rows(scale: Scale) -> Iterator[Row]:
    """What tables and single customers take with caps and without."""
    found = _tables(min(SIZE, scale.largest), scale.rounds(5, 2))
    for name, (cpu, wall) in found.items():
        yield _row(
            "tables", name, cpu / found[WITHOUT][0], f"{cpu:.2f} s", f"{wall:.2f} s", "≤ 2 ×"
        )
    alone = interleaved(_one_by_one(scale.rounds(1000, 100)), scale.rounds(9, 3))
    for name, (cpu, wall) in alone.items():
        told = f"{cpu:.1f} µs", f"{wall:.1f} µs"
        yield _row("one customer", name, cpu / alone[WITHOUT].cpu, *told, "≤ 1.5 ×")


def _row(what: str, name: str, ratio: float, cpu: str, wall: str, bar: str) -> Row:
    return what, name, cpu, wall, f"{ratio:.2f} ×", bar if name == WITH else ""


def plan_of(name: str) -> DayPlan:
    return compile_day(load_policy(FOLDER / FILES[name]), ON)


def _tables(count: int, rounds: int) -> Mapping[str, tuple[float, float]]:
    tables, found = population(count), {name: [] for name in FILES}
    plans = {name: plan_of(name) for name in FILES}
    for number in range(rounds + 1):
        for name, plan in plans.items():
            spent = timed(_decided, plan, tables)
            if number:
                found[name].append(spent)
    return {name: middle(each) for name, each in found.items()}


def _decided(plan: DayPlan, tables: Mapping[str, pl.DataFrame]) -> None:
    result = evaluate_frame(plan, tables)
    assert len(result.actions) + len(result.suppressed) > 0


def population(count: int) -> dict[str, pl.DataFrame]:
    """Customers as often as there are different ones, and contacts of thirty days and some before."""
    some = typed(customers(min(count, 10_000), ON, seed=7))
    times = -(-count // len(some))
    whole = pl.concat([some] * times).head(count).with_columns(_ids("C", count).alias("id"))
    random, many = np.random.default_rng(7), count * EACH
    days = np.datetime64(ON) - random.integers(0, DAYS + 10, many).astype("timedelta64[D]")
    contacts = pl.DataFrame({
        "id": _ids("K", many), "customer_id": whole["id"].gather(random.integers(0, count, many)),
        "at": pl.Series(days).cast(pl.Date), "channel": np.array(CHANNELS)[random.integers(0, 3, many)],
    })  # fmt: skip
    return {"customer": whole, "contact": contacts}


def _ids(sign: str, count: int) -> pl.Series:
    numbers = pl.int_range(1, count + 1, eager=True).cast(pl.String).str.zfill(9)
    return (pl.Series([sign]) + numbers).alias("id")


def _one_by_one(count: int) -> Mapping[str, Side]:
    return {
        name: Side(partial(_records, count), partial(read_library, plan_of(name))) for name in FILES
    }


def _records(count: int, number: int) -> Sequence[dict[str, Any]]:
    random = Random(number)
    return [
        {**each, "contacts": [_contact(random, ON, n) for n in range(10)]}
        for each in customers(count, ON, seed=number)
    ]


def _contact(random: Random, on: date, number: int) -> dict[str, Any]:
    day = on - timedelta(days=random.randrange(DAYS + 10))
    return {"id": f"K{number}", "at": day.isoformat(), "channel": random.choice(CHANNELS)}


def _prove(count: int) -> int:
    """The number of actions, once rows and tables, and both policies where no cap holds, say the same."""
    tables, ids = population(count), {}
    rows_ = {name: [] for name in tables["customer"]["id"]}
    for each in tables["contact"].iter_rows(named=True):
        rows_[each["customer_id"]].append(each)
    for name in FILES:
        plan, found = plan_of(name), dict[str, tuple[str, str | None]]()
        for each in tables["customer"].iter_rows(named=True):
            decision = evaluate(plan, {**each, "contacts": rows_[each["id"]]})
            for action in (*decision.actions, *decision.suppressed):
                found[action.action_id] = action.status, action.suppressed_by
        result = evaluate_frame(plan, tables)
        frames = (result.actions, result.suppressed)
        columns = ("action_id", "status", "suppressed_by")
        assert found == {a: (b, c) for f in frames for a, b, c in f.select(columns).iter_rows()}
        ids[name] = found
    capped = {name for name, (_, sieve) in ids[WITH].items() if sieve == BY_CAP}
    assert capped and all(ids[WITHOUT][n] == of for n, of in ids[WITH].items() if n not in capped)
    assert ids[WITH].keys() == ids[WITHOUT].keys()
    return len(ids[WITH])
