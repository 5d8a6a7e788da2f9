# SPDX-License-Identifier: Apache-2.0
"""Tables of every kind, and what the evaluation of rows one by one says of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from conformance.backends import read_by_narwhals
from conformance.oracle import one_by_one, told
from loyaltyrules import DayPlan, FrameResult, compile_day, evaluate_frame, load_policy
from loyaltyrules.frame.input import canonical
from loyaltyrules.frame.keys import by_signature

FEW = by_signature.FEW
KINDS = ("polars", "lazy", "pandas", "pandas_arrow", "pandas_numpy")
HERE = Path(__file__).parent
PLACES = {
    "menswear": HERE.parents[1] / "policies" / "menswear",
    "shop": HERE / "policies" / "shop.yaml",
    "rivals": HERE / "policies" / "rivals.yaml",
}

LINKS = {
    "store": ["id"], "customer": ["id"],
    **dict.fromkeys(("purchase", "card", "special_date", "visit"), ["id", "customer_id"]),
    **dict.fromkeys(("plan", "employee"), ["id", "store_id"]),
    **dict.fromkeys(("assigned", "memory", "duty_day"), ["id", "employee_id"]),
}  # fmt: skip
Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


@pytest.fixture(autouse=True)
def by_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables too go through the columns of large ones."""
    monkeypatch.setattr(by_signature, "FEW", 0)
    monkeypatch.setattr(canonical, "FEW", 0)


@pytest.fixture(scope="session")
def plan() -> Callable[..., DayPlan]:
    """The plan of a policy of these tests for a day, or for the days after `since`."""
    policy = cache(lambda name: load_policy(PLACES[name]))

    @cache
    def compiled(name: str, on: str, since: str = "") -> DayPlan:
        start = date.fromisoformat(since) if since else None
        return compile_day(policy(name), date.fromisoformat(on), start)

    return compiled


@pytest.fixture(scope="session")
def frame() -> Callable[..., Any]:
    """Rows as a frame of a kind."""
    return frame_of


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., list[dict[str, Any]]]:
    """The rows of a result's frame, whatever its kind."""
    return read_by_narwhals


@pytest.fixture(scope="session")
def same() -> Callable[..., FrameResult]:
    """Check that tables of all kinds say what their rows say one by one; gives the last result."""

    def checked(plan: DayPlan, tables: Tables, kinds: Iterable[str] = KINDS) -> FrameResult:
        expected = one_by_one(plan, tables)
        listed = tuple(kinds)
        for kind, few in [(listed[0], FEW), *((kind, 0) for kind in listed)]:
            given = {name: frame_of(kind, rows, LINKS[name]) for name, rows in tables.items()}
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(by_signature, "FEW", few)  # row by row, and by columns
                patch.setattr(canonical, "FEW", few)
                result = evaluate_frame(plan, given)
            found = told(result, read_by_narwhals)
            for part, rows in expected.items():
                as_it_is = set if part == "undecided" else lambda each: each
                assert as_it_is(found[part]) == as_it_is(rows), (kind, few, part)
        return result

    return checked


# ---- rows as frames


def frame_of(kind: str, rows: Sequence[Row], names: Sequence[str] = ("id",)) -> Any:
    """Rows as a frame; columns of mixed types are columns of Python's objects."""
    columns = {name: [row.get(name) for row in rows] for row in rows for name in row}
    columns = columns or {name: [] for name in names}
    if kind in ("polars", "lazy"):
        made = pl.DataFrame([_series(name, values) for name, values in columns.items()])
        return made.lazy() if kind == "lazy" else made
    if kind == "pandas_numpy":
        return pd.DataFrame(columns)
    objects = pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in columns.items()})
    return objects.convert_dtypes(dtype_backend="pyarrow") if kind == "pandas_arrow" else objects


def _series(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) > 1 and kinds != {int, float}:
        return pl.Series(name, values, dtype=pl.Object)
    return pl.Series(name, values, strict=False)
