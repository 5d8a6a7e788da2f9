# SPDX-License-Identifier: Apache-2.0
"""CDNOW's customers at the eve of the Spring Festival of 1998, and frames of every kind."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest

from effort import each
from loyaltyrules import Policy, load_policy
from loyaltyrules.history import facts_as_of

ROOT = Path(__file__).parents[2]
CDNOW = ROOT / "examples" / "cdnow"
KINDS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}
SOME_KINDS = each([*KINDS], 3, 2)  # all of them, or with less effort that of pandas


class Shop(NamedTuple):
    policy: Policy
    customers: pl.DataFrame
    stores: dict[str, Any]
    on: date


def read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


@pytest.fixture(scope="session")
def cdnow() -> Shop:
    on = date(1998, 1, 27)
    raw = {"purchase": read(CDNOW / "purchase.csv"), "customer": read(CDNOW / "customer.csv")}
    customers = facts_as_of(raw, on=on, points_per_amount=20)
    stores = {"store": read(CDNOW / "store.csv")}
    return Shop(load_policy(CDNOW / "policy", root=ROOT), customers, stores, on)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame of any kind; missing values as None."""
    if isinstance(frame, pl.LazyFrame):
        return frame.collect().to_dicts()
    if isinstance(frame, pl.DataFrame):
        return frame.to_dicts()
    if hasattr(frame, "to_pylist"):
        return frame.to_pylist()
    return pl.from_pandas(frame).to_dicts()
