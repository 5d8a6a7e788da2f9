# SPDX-License-Identifier: Apache-2.0
"""Tables of customers, Parquet to Parquet: the library beside Polars and DuckDB by hand."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks import equality
from benchmarks.eight_rules import small_tables
from benchmarks.eight_rules.population import write_population
from benchmarks.fresh import Cost, cost, costs
from benchmarks.report import Row, Scale, part
from loyaltyrules.action.action import COLUMNS

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
DAYS = ("Spring Festival eve", "ordinary day")
LIBRARY, POLARS, DUCKDB = "library", "Polars by hand", "DuckDB by hand"
ORDERED = " (ordered)"
NOTE = """\
Fresh processes, Parquet of customers to Parquet of actions and of those held back, all {columns} columns,
zstd. The library writes them sorted by action_id, so its like is *ordered*. `work` leaves out the
interpreter's start and the imports; `cores` adds up the seconds of all cores. Ratios are of `whole`.
Five rounds, three of 1,000,000 customers, one of 10,000,000.
Bars for the library, of 1,000,000 customers: ≤ 1.5 × Polars by hand (ordered) on an ordinary day and
≤ 0.9 × on the eve; < 2 GiB at any size.
Equal first, in every cell: {proved:,} rows of {size:,} customers on two days; then by count and
checksum at each size."""
HEAD = ("day", "customers", "by", "whole s", "work s", "cores s", "peak MiB", f"to {POLARS}{ORDERED}",
        f"to {POLARS}", "to the like DuckDB")  # fmt: skip


def section(scale: Scale) -> Iterator[str]:
    """Proof of equality, then the table."""
    with TemporaryDirectory() as folder:
        size = min(10_000 if scale.quick else 100_000, scale.largest)
        proved = sum(prove(equality.DAYS[name], size, Path(folder)) for name in DAYS)
        note = NOTE.format(columns=len(COLUMNS), proved=proved, size=size)
        rows = _rows(scale, Path(folder))
        yield part("Tables, eight rules", "--only tables", note, HEAD, rows)


def programs(source: Path, on: date, folder: Path) -> dict[str, Sequence[object]]:
    """Who is run: module and arguments; each writes `actions` and `held` in a folder of its own."""
    day = small_tables.written(on, folder)
    found: dict[str, Sequence[object]] = {
        LIBRARY: ("benchmarks.library_run", "run", equality.POLICY, source, "--on", on, "--out",
                  outputs(folder, LIBRARY)[0], "--suppressed", outputs(folder, LIBRARY)[1]),
    }  # fmt: skip
    for name, module in ((POLARS, "in_polars"), (DUCKDB, "in_duckdb")):
        for order, flags in ((ORDERED, ["--ordered"]), ("", [])):
            files = outputs(folder, name + order)
            found[name + order] = (f"benchmarks.eight_rules.{module}", source, day, *files, *flags)
    return found


def outputs(folder: Path, name: str) -> tuple[Path, Path]:
    """Where a program writes the actions, and those held back."""
    (folder / name).mkdir(exist_ok=True)
    return folder / name / "actions.parquet", folder / name / "held.parquet"


def assert_equal(folder: Path, names: Sequence[str]) -> int:
    """The same rows in every output; where ordered, in the same order. The number of rows."""
    count = 0
    for place in (0, 1):
        expected = pl.read_parquet(outputs(folder, names[0])[place])
        count += expected.height
        for name in names[1:]:
            found = pl.read_parquet(outputs(folder, name)[place])
            ordered = name == LIBRARY or name.endswith(ORDERED)
            assert_frame_equal(found if ordered else found.sort("action_id"), expected)
    return count


def prove(on: date, size: int, folder: Path) -> int:
    """Run everyone once, and compare all that they wrote; the number of rows."""
    source = folder / "customers.parquet"
    write_population(source, size, on, seed=2)
    found = programs(source, on, folder)
    for module, *arguments in found.values():
        cost(str(module), *arguments)
    return assert_equal(folder, [*found])


def _rows(scale: Scale, folder: Path) -> Iterator[Row]:
    for name in DAYS:
        for size in scale.sizes(*SIZES):
            on, source = equality.DAYS[name], folder / "customers.parquet"
            write_population(source, size, on, seed=3)
            found = programs(source, on, folder)
            taken = costs(found, scale.rounds(_rounds_of(size), 1))
            _assert_same_sums(folder, [*found])
            for side, spent in taken.items():
                yield name, f"{size:,}", side, *_told(side, spent, taken)


def _rounds_of(size: int) -> int:
    return 5 if size < 10**6 else 3 if size < 10**7 else 1


def _told(side: str, spent: Cost, taken: dict[str, Cost]) -> Iterator[str]:
    yield from (
        f"{spent.seconds:.2f}",
        f"{spent.work:.2f}",
        f"{spent.cpu:.2f}",
        f"{spent.mib:,.0f}",
    )
    like = DUCKDB + (ORDERED if side == LIBRARY or side.endswith(ORDERED) else "")
    for other in (POLARS + ORDERED, POLARS, like):
        yield f"{spent.seconds / taken[other].seconds:.2f} ×"


def _assert_same_sums(folder: Path, names: Sequence[str]) -> None:
    sums = {name: [_sum(file) for file in outputs(folder, name)] for name in names}
    assert len({str(each) for each in sums.values()}) == 1, f"outputs differ: {sums}"


def _sum(file: Path) -> tuple[int, ...]:
    """Rows, and a sum over all cells that does not depend on their order."""
    hashed = pl.struct(pl.all()).hash() % 2**32
    rows = pl.scan_parquet(file).select(count=pl.len(), sum=hashed.sum())
    return rows.collect(engine="streaming").row(0)
