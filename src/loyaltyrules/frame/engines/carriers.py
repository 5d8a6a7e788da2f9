# SPDX-License-Identifier: Apache-2.0
"""Carriers bring tables to the kernel part by part, inside of the caller's own Spark, Dask or DuckDB."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.frame.engines.on_dask import on_dask
from loyaltyrules.frame.engines.on_duckdb import on_duckdb
from loyaltyrules.frame.engines.on_spark import on_spark
from loyaltyrules.frame.engines.parts import Kernel
from loyaltyrules.frame.input.formats import kind_of, recognised
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

Carry: TypeAlias = Callable[[DayPlan, Mapping[str, Any], str, Kernel], FrameResult]


class Carrier(NamedTuple):
    """How tables of one kind are carried, and the packages that it takes, with their first version."""

    carry: Carry
    extra: str
    needs: Mapping[str, int]


SPARK = Carrier(on_spark, "spark", {"pyspark": 4, "pandas": 2, "pyarrow": 17})
CARRIERS: Mapping[str, Carrier] = {
    "pyspark": SPARK,
    "pyspark[connect]": SPARK,
    "dask": Carrier(on_dask, "dask", {"dask": 2025, "pandas": 2, "pyarrow": 17}),
    "duckdb": Carrier(on_duckdb, "duckdb", {"duckdb": 2, "pyarrow": 17}),
}


def carrier_of(given: Mapping[str, Any]) -> Carrier | None:
    """The carrier of these tables; none for tables that lie in memory.

    Raises:
        FrameError: no tables, or of several kinds (LR413); a package is missing (LR423).
    """
    kinds = {_kind(table): kind_of(table) for table in given.values()}
    if len(kinds) > 1:
        raise FrameError([problem("LR413", None, found=" + ".join(sorted(kinds.values())))])
    carrier = CARRIERS.get(next(iter(kinds), ""))
    if carrier is not None:
        require(carrier)
    return carrier


def require(carrier: Carrier) -> None:
    """Refuse to work without the packages that a carrier takes.

    Raises:
        FrameError: a package is missing, or too old (LR423).
    """
    for package, first in carrier.needs.items():
        if _version(package) < first:
            details = {"package": f"{package}>={first}", "extra": carrier.extra}
            raise FrameError([problem("LR423", None, **details)])


def _kind(table: Any) -> str:
    if nw.dependencies.is_dask_dataframe(table):  # which Narwhals gives up
        return "dask"
    return str(recognised(table).implementation.value)


def _version(package: str) -> int:
    """The first number of the version that is installed; 0 where none is."""
    from importlib import metadata  # takes time that tables in memory need not spend

    try:
        return int(metadata.version(package).partition(".")[0])
    except metadata.PackageNotFoundError:
        return 0
