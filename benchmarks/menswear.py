# SPDX-License-Identifier: Apache-2.0
"""The whole handbook over a table of customers: the library alone, for nobody wrote it by hand."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from benchmarks import equality
from benchmarks.eight_rules import population
from benchmarks.fresh import costs
from benchmarks.loading import MENSWEAR
from benchmarks.report import Row, Scale, part

SIZES = (10_000, 100_000, 1_000_000)
DAYS = ("Spring Festival eve", "ordinary day")
HEAD = (
    "day",
    "customers",
    "whole s",
    "work s",
    "customers a second",
    "peak MiB",
    "actions",
    "held",
)
NOTE = """\
`loyaltyrules run policies/menswear`, in a fresh process, Parquet to Parquet; the facts of each
customer that the policy reads, no tables of purchases or contacts."""


def section(scale: Scale) -> Iterator[str]:
    """The table."""
    yield part("Tables, menswear", "--only menswear", NOTE, HEAD, _rows(scale))


def _rows(scale: Scale) -> Iterator[Row]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        source, out, held = (folder / f"{each}.parquet" for each in ("in", "out", "held"))
        for day in DAYS:
            for size in scale.sizes(*SIZES):
                on = equality.DAYS[day]
                write_members(source, size, on, seed=4)
                run = ("benchmarks.library_run", "run", MENSWEAR, source, "--on", on,
                       "--out", out, "--suppressed", held)  # fmt: skip
                spent = costs({"": run}, scale.rounds(3, 1))[""]
                counts = [
                    pl.scan_parquet(each).select(pl.len()).collect().item() for each in (out, held)
                ]
                yield (day, f"{size:,}", f"{spent.seconds:.1f}", f"{spent.work:.1f}",
                       f"{size / spent.work:,.0f}", f"{spent.mib:,.0f}",
                       *(f"{each:,}" for each in counts))  # fmt: skip


def write_members(file: Path, count: int, on: date, seed: int) -> None:
    """Customers of the eight rules with what menswear asks beside."""
    population.write_chunks(file, (members(at, count, on, seed) for at in population.starts(count)))


def members(start: int, total: int, on: date, seed: int) -> pl.DataFrame:
    """Customers `start` + 1 and those that follow, up to a chunk of them."""
    frame = population.chunk(start, min(population.CHUNK, total - start), on, seed)
    random = np.random.default_rng([seed, on.toordinal(), start, 1])
    more = {name: make(random, on, frame.height) for name, make in FACTS.items()}
    gaps = [
        pl.when(pl.Series(random.random(frame.height) < KNOWN.get(name, 0.95)))
        .then(name)
        .alias(name)
        for name in more
    ]
    return frame.with_columns(**more).with_columns(gaps)


def _one_of(*words: str) -> Any:
    return lambda random, on, count: pl.Series(random.choice(words, count))


def _days_ago(low: int, high: int) -> Any:
    return lambda random, on, count: np.datetime64(on) - random.integers(low, high, count)


def _whole(high: int) -> Any:
    return lambda random, on, count: random.integers(0, high, count)


def _yes(share: float) -> Any:
    return lambda random, on, count: random.random(count) < share


KNOWN = {
    "last_downgrade_on": 0.05, "tier_override_tier": 0.01, "tier_override_expires_on": 0.01,
    "redeem_item": 0.01, "redeem_asked_on": 0.01, "card_asked_on": 0.02, "email": 0.4,
    "address_work": 0.3, "cashback_granted_on": 0.3,
}  # fmt: skip
FACTS = {
    "surname": _one_of("李", "王", "张", "刘", "陈"),
    "title": _one_of("先生", "女士"),
    "birthday_calendar": _one_of("solar", "solar", "solar", "lunar"),
    "email": _one_of("a@example.com", "b@example.com"),
    "address_home": _one_of("一号", "二号", "三号"),
    "address_work": _one_of("四号", "五号"),
    "do_not_contact": _yes(0.02),
    "contacts_7d": _whole(4),
    "contacts_30d": _whole(8),
    "visits_without_growth": _whole(4),
    "member_status": _one_of("formal", "formal", "formal", "temporary", "visitor"),
    "last_downgrade_on": _days_ago(1, 700),
    "tier_override_tier": _one_of("A", "B"),
    "tier_override_expires_on": _days_ago(-300, 100),
    "responsible_employee_id": _one_of(*(f"E{number:03d}" for number in range(120))),
    "declines_visits": _yes(0.05),
    "card_asked_on": _days_ago(0, 400),
    "points_balance": _whole(6000),
    "cashback_granted": _whole(800),
    "cashback_granted_on": _days_ago(0, 500),
    "cashback_available": _whole(300),
    "redeem_item": _one_of("tie", "belt", "shirt"),
    "redeem_asked_on": _days_ago(0, 10),
    "first_purchase_on": _days_ago(0, 3000),
    "amount_12m": _whole(20000),
    "amount_prev_12m": _whole(20000),
    "margin_12m": _whole(6000),
    "loyalty_score": _whole(100),
}
