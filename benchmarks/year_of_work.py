# SPDX-License-Identifier: Apache-2.0
"""A year of menswear as work, beside one ordinary day of the same customers."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks import equality
from benchmarks.fresh import Cost, cost
from benchmarks.loading import MENSWEAR
from benchmarks.menswear import write_members
from benchmarks.report import Row, Scale, part
from loyaltyrules import compile_day, evaluate_frame, load_policy, workload

SIZE, YEAR, PROVED, DAYS = 100_000, 2027, 2_000, 20
HEAD = ("what", "customers", "work s", "cores s", "to a day", "peak MiB", "bar")
NOTE = """\
Fresh processes: `evaluate_frame` of one ordinary day, its actions as a frame; `workload` of the {days} days
of {year}, counted by month, role and kind. `cores` adds up the seconds of all cores of the whole
process, and is what is compared. Equal first: {proved:,} actions of {some:,} customers in {few} days are
those of daily runs, by id and due day."""


def section(scale: Scale) -> Iterator[str]:
    """Proof of equality, then the table."""
    with TemporaryDirectory() as name:
        file, size = Path(name) / "members.parquet", min(SIZE, scale.largest)
        on = equality.DAYS["ordinary day"]
        write_members(file, size, on, seed=4)
        proved = _prove(pl.read_parquet(file).head(PROVED))
        note = NOTE.format(days=365, year=YEAR, proved=proved, some=PROVED, few=DAYS)
        day = cost("benchmarks.work_run", MENSWEAR, file, on)
        whole = cost("benchmarks.work_run", MENSWEAR, file, date(YEAR, 1, 1), date(YEAR, 12, 31))
        rows = [_row("an ordinary day", size, day, day), _row("a year as work", size, whole, day)]
        yield part("A year of work, menswear", "--only year_of_work", note, HEAD, iter(rows))


def _row(what: str, size: int, own: Cost, day: Cost) -> Row:
    bar = "" if own is day else "≤ 30 ×, < 2,048 MiB"
    ratio = f"{own.cpu / day.cpu:.1f} ×"
    return what, f"{size:,}", f"{own.work:.1f}", f"{own.cpu:.1f}", ratio, f"{own.mib:,.0f}", bar


def _prove(customers: pl.DataFrame) -> int:
    """The number of actions, once daily runs and the work of the same days say the same."""
    policy, first = load_policy(MENSWEAR), date(YEAR, 1, 25)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    expected: dict[str, date] = {}
    for day in days:
        plan = compile_day(policy, day).with_population(customers)
        for name, due in (
            evaluate_frame(plan, customers).actions.select("action_id", "due_on").iter_rows()
        ):
            expected.setdefault(name, due)
    load = workload(policy, customers, start=first, end=days[-1])
    assert dict(load.actions.select("action_id", "due_on").iter_rows()) == expected
    return len(expected)
