# SPDX-License-Identifier: Apache-2.0
"""What a what-if takes beside one evaluation of the same customers."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from benchmarks.measure import Side, interleaved
from benchmarks.report import Row, Scale, part
from loyaltyrules import (
    Found,
    Policy,
    compare,
    compile_day,
    evaluate_frame,
    load_policy,
    solve,
    sweep,
)
from loyaltyrules.history import facts_as_of
from loyaltyrules.simulation import count, share

ROOT = Path(__file__).parents[1]
CDNOW = ROOT / "examples" / "cdnow"
ON = date(1998, 1, 27)
ONE = "evaluate_frame"
THRESHOLDS = range(3000, 9001, 500)
SOLVE = "solve, share of tier A"
BARS = {"compare": "≤ 2.2 ×", f"sweep, {len(THRESHOLDS)} thresholds": "≤ 2 ×", SOLVE: "≤ 1.5 ×"}
HEAD = ("by", "CPU ms", "wall ms", f"to {ONE}", "bar")
NOTE = """\
Milliseconds for the {count:,} customers of CDNOW on the eve of the Spring Festival of 1998. `evaluate_frame`
has its plan compiled and the population known before the clock starts; `compare` (two thresholds of
tier A, with matrix and movers), `sweep` (the words of the tier) and `solve` (a fifth of all in tier A)
do both inside. The collector is off."""


class Shop(NamedTuple):
    """The policy, the customers and the stores."""

    policy: Policy
    customers: pl.DataFrame
    tables: dict[str, Any]


def section(scale: Scale) -> Iterator[str]:
    """The table; before it what compare says is held to what a sweep counts."""
    shop = _shop()
    moved = compare(shop.policy, _raised(shop), shop.customers, on=ON, tables=shop.tables)
    swept = sweep(
        shop.policy, {"tier_a_points": [6000]}, shop.customers, on=ON, tables=shop.tables,
        measure=[count("tier")],
    )  # fmt: skip
    assert [sum(column) for column in moved.matrix("tier").drop("old")] == swept["count"].to_list()
    reached = _solved(shop).curve.filter(pl.col("value") >= 6000)  # nobody stands on 6000 itself
    assert reached["count"].to_list()[0] == swept["count"].to_list()[0]
    note = NOTE.format(count=len(shop.customers))
    found = rows(shop, scale.rounds(9, 3))
    yield part("What if, CDNOW", "--only what_if", note, HEAD, found)


def rows(shop: Shop, rounds: int) -> Iterator[Row]:
    """What everything takes."""
    found = interleaved(_sides(shop), rounds)
    for name, (cpu, wall) in found.items():
        ratio = f"{cpu / found[ONE].cpu:.1f} ×"
        yield name, f"{cpu / 1000:.0f}", f"{wall / 1000:.0f}", ratio, BARS.get(name, "")


def _sides(shop: Shop) -> dict[str, Side]:
    given = {"on": ON, "tables": shop.tables}

    def plan(_: int) -> Sequence[Any]:
        return [compile_day(shop.policy, ON, tables=shop.tables).with_population(shop.customers)]

    def compared(_: Sequence[Any]) -> None:
        delta = compare(shop.policy, _raised(shop), shop.customers, **given)
        delta.matrix("tier")
        delta.movers("tier")

    def swept(_: Sequence[Any]) -> None:
        figures = {"tier_a_points": THRESHOLDS}
        sweep(shop.policy, figures, shop.customers, measure=[count("tier")], **given)

    names = list(BARS)
    return {
        ONE: Side(plan, lambda plans: evaluate_frame(plans[0], shop.customers) and None),
        names[0]: Side(lambda _: [None], compared),
        names[1]: Side(lambda _: [None], swept),
        SOLVE: Side(lambda _: [None], lambda _: _solved(shop) and None),
    }


def _solved(shop: Shop) -> Found:
    want = share("tier", "A") <= 0.20
    return solve(shop.policy, "tier_a_points", shop.customers, on=ON, tables=shop.tables, want=want)


def _raised(shop: Shop) -> Policy:
    return shop.policy.with_(tier_a_points=6000)


def _shop() -> Shop:
    raw = {n: pl.read_csv(CDNOW / f"{n}.csv", infer_schema=False) for n in ("purchase", "customer")}
    customers = facts_as_of(raw, on=ON, points_per_amount=20)
    stores = pl.read_csv(CDNOW / "store.csv", infer_schema=False)
    return Shop(load_policy(CDNOW / "policy", root=ROOT), customers, {"store": stores})
