# SPDX-License-Identifier: Apache-2.0
"""Made-up customers by the million, straight to Parquet: the shares and gaps of `customers`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from benchmarks.eight_rules.customers import BOUNDARY, DAYS_AGO, OCCUPATIONS, PHONES, POINTS

CHUNK = 250_000  # customers made and written at a time, a row group
SCHEMA = {
    "id": pl.String, "store_id": pl.String, "occupation": pl.String, "date_of_birth": pl.Date,
    "mobile_phone": pl.String, "phone_status": pl.String, "consent_marketing": pl.Boolean,
    "joined_on": pl.Date, "tier": pl.String, "tier_since": pl.Date, "points_accumulated": pl.Int64,
    "last_purchase_on": pl.Date, "purchases_12m": pl.Int64, "purchases_prev_12m": pl.Int64,
}  # fmt: skip
KNOWN = {
    "store_id": 0.95, "occupation": 0.7, "date_of_birth": 0.85, "mobile_phone": 0.92,
    "phone_status": 0.8, "consent_marketing": 0.9, "joined_on": 0.97, "tier": 0.96,
    "tier_since": 0.9, "points_accumulated": 0.97, "last_purchase_on": 0.93,
    "purchases_12m": 0.95, "purchases_prev_12m": 0.95,
}  # fmt: skip


def write_population(file: Path, count: int, on: date, seed: int) -> None:
    """The same customers for the same count, day and seed; memory does not grow with the count."""
    write_chunks(file, (chunk(at, min(CHUNK, count - at), on, seed) for at in starts(count)))


def starts(count: int) -> range:
    """Where the chunks of so many customers begin."""
    return range(0, count, CHUNK)


def write_chunks(file: Path, chunks: Iterable[pl.DataFrame]) -> None:
    """Frames of one schema as the row groups of one file."""
    writer = None
    for frame in chunks:
        table = frame.to_arrow()
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


def typed(records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Records of `customers` as such a table: dates are dates, what is empty is null."""
    dates = [name for name, kind in SCHEMA.items() if kind == pl.Date]
    rows = [{k: None if v == "" else v for k, v in each.items()} for each in records]
    text = pl.DataFrame(rows, SCHEMA | dict.fromkeys(dates, pl.String))
    return text.with_columns(pl.col(dates).str.to_date())


def chunk(start: int, count: int, on: date, seed: int) -> pl.DataFrame:
    """Customers `start` + 1 and those that follow."""
    random = np.random.default_rng([seed, on.toordinal(), start])
    points, before = _points(random, count), random.choice([0, 1, 2, 3, 4, 4, 5, 6, 8, 12], count)
    frame = pl.DataFrame(
        {
            "id": np.arange(start + 1, start + count + 1),
            "store_id": random.integers(1, 40, count),
            "occupation": _drawn(random, OCCUPATIONS, count),
            "date_of_birth": _born(random, count, on),
            "mobile_phone": random.integers(0, 10**8, count),
            "phone_status": _drawn(random, PHONES, count),
            "consent_marketing": random.random(count) < 0.88,
            "joined_on": _before(on, random.integers(30, 4000, count)),
            "tier": _tier(random, points),
            "tier_since": _before(on, random.integers(1, 1500, count)),
            "points_accumulated": points,
            "last_purchase_on": _before(on, _days_ago(random, count)),
            "purchases_12m": _now(random, before),
            "purchases_prev_12m": before,
        }
    )
    known = [
        pl.when(pl.Series(random.random(count) < share)).then(_cell(name)).alias(name)
        for name, share in KNOWN.items()
    ]
    return frame.select(_cell("id"), *known).cast(SCHEMA)


def _cell(name: str) -> pl.Expr:
    """Numbers that name something are text of a fixed width."""
    digits = pl.col(name).cast(pl.String)
    ways = {
        "id": digits.str.zfill(8),
        "store_id": "S" + digits.str.zfill(2),
        "mobile_phone": "138" + digits.str.zfill(8),
    }
    return ways.get(name, pl.col(name))


def _drawn(random: np.random.Generator, weights: Mapping[str, int], count: int) -> pl.Series:
    shares = np.array([*weights.values()]) / sum(weights.values())
    drawn = pl.Series(random.choice(len(weights), count, p=shares))
    return drawn.replace_strict([*range(len(weights))], [*weights], return_dtype=pl.String)


def _points(random: np.random.Generator, count: int) -> Any:
    usual = random.exponential(1800, count).astype(np.int64)
    return np.where(random.random(count) < BOUNDARY, random.choice(POINTS, count), usual)


def _tier(random: np.random.Generator, points: Any) -> pl.Series:
    deserved = (points < 5000).astype(int) + (points < 2000)
    other = random.random(len(points)) < 0.06
    place = np.where(other, random.integers(0, 3, len(points)), deserved)
    return pl.Series(place).replace_strict([0, 1, 2], [*"ABC"], return_dtype=pl.String)


def _days_ago(random: np.random.Generator, count: int) -> Any:
    usual = random.exponential(150, count).astype(np.int64)
    return np.where(random.random(count) < BOUNDARY, random.choice(DAYS_AGO, count), usual)


def _now(random: np.random.Generator, before: Any) -> Any:
    count = len(before)
    halved = before // 2 + random.integers(0, 2, count)
    usual = np.maximum(0, before + random.choice([-1, 0, 0, 1, 2], count))
    return np.where(random.random(count) < 0.3, halved, usual)


def _born(random: np.random.Generator, count: int, on: date) -> Any:
    born = np.datetime64("1950-01-01") + random.integers(0, 55 * 365, count)
    if (on.month, on.day) != (2, 29):
        years = born.astype("datetime64[Y]").astype(int) + 1970
        today = [np.datetime64(on.replace(year=year)) for year in range(1950, 2006)]
        born = np.where(random.random(count) < 0.01, np.array(today)[years - 1950], born)
    leap = np.array([np.datetime64(f"{year}-02-29") for year in (1960, 1976, 1988, 2000)])
    return np.where(random.random(count) < 0.01, random.choice(leap, count), born)


def _before(on: date, days: Any) -> Any:
    return np.datetime64(on) - days
