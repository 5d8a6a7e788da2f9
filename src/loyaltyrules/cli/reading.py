# SPDX-License-Identifier: Apache-2.0
"""Tables from files: CSV (UTF-8 or GB18030), JSON lines, Parquet; one file or a folder of them."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import polars as pl

from loyaltyrules.cli.beside import no_table
from loyaltyrules.cli.nested import child_rows, flat_rows, frame_of
from loyaltyrules.cli.outputs import Inputs
from loyaltyrules.cli.parquet import parquet_table
from loyaltyrules.cli.policy_at import files_of
from loyaltyrules.cli.text import csv_table, json_records
from loyaltyrules.fact.looks import looks_like_a_value
from loyaltyrules.plan.above import counted_children
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

Tables = dict[str, pl.DataFrame]
Table = TypeVar("Table", pl.DataFrame, pl.LazyFrame)


class Source(NamedTuple):
    """A table, and the file or the folder of Parquet files that it lies in."""

    table: pl.LazyFrame
    file: Path

    @property
    def parquet(self) -> list[Path]:
        """The Parquet files of the table; none where it came as text."""
        if self.file.is_dir():
            return sorted(self.file.glob("*.parquet"))
        return [self.file] if self.file.suffix == ".parquet" else []

    def read(self) -> pl.DataFrame:
        """The rows; a file that breaks off is told (LR409)."""
        return collected(self.table, self.file)


def read_tables(path: Path, policy: Policy) -> Tables:
    """The tables of `sources`, read into memory."""
    return {name: source.read() for name, source in sources(path, policy).items()}


@contextmanager
def read_to_the_end(path: Path, policy: Policy) -> Iterator[None]:
    """Where scanned tables fail while they are evaluated, tell the file that breaks off.

    Raises:
        FrameError: a file cannot be read to its end (LR409).
    """
    try:
        yield
    except pl.exceptions.PolarsError:
        for source in sources(path, policy).values():
            collected(source.table.null_count(), source.file)  # reads all, holds little
        raise


def collected(table: pl.LazyFrame, file: Path) -> pl.DataFrame:
    """The rows of a file's table.

    Raises:
        FrameError: the file breaks off, or is not what it began as (LR409).
    """
    try:
        return table.collect()
    except pl.exceptions.PolarsError as fault:
        raise FrameError([problem("LR409", None, file=file)]) from fault


def sources(path: Path, policy: Policy) -> dict[str, Source]:
    """The tables in a file of customers, or in a folder of files named by subject or table.

    Where none is named so, the Parquet files of a folder are parts of one table of customers;
    a folder in the place of a file holds its parts.

    Raises:
        FrameError: files are missing (LR100), of an unknown kind (LR411) or unreadable (LR409,
            LR419, LR425, LR452 to LR456, LR490).
    """
    if not os.path.exists(path):
        raise FrameError([problem("LR100", None, file=path, why="not found")])
    if not path.is_dir():
        return _opened("customer", path, policy)
    names = names_of(policy)
    files = [
        each
        for each in _entries(path)
        if each.stem in names and (each.suffix in READERS or each.is_dir())
    ]
    found: dict[str, Source] = {}
    for file in files:
        found = {**_opened(file.stem, file, policy, may_be_empty=True), **found}
    if not files and any(path.glob("*.parquet")):
        found = {"customer": Source(read_table(path), path)}
    if not found:
        raise FrameError([no_table(policy, path)])
    if not any(has_rows(source.table) for source in found.values()):
        raise FrameError([problem("LR409", None, file=path)])
    return found


def names_of(policy: Policy) -> frozenset[str]:
    """How files of a folder are named that are read."""
    return frozenset([*policy.vocabulary.subjects, *policy.tables])


def inputs(path: Path, opened: Mapping[str, Source], policy: Policy) -> Inputs:
    """All that is read where these tables are opened, and how files beside them would be read."""
    files = [source.file for source in opened.values()]
    return Inputs([*files, *files_of(policy)], path if path.is_dir() else None, names_of(policy))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as fault:
        raise FrameError([problem("LR100", None, file=folder, why=fault.strerror)]) from fault


def _opened(
    subject: str, path: Path, policy: Policy, may_be_empty: bool = False
) -> dict[str, Source]:
    """One file's table, and the child tables that the records of a JSON file hold as lists."""
    if path.suffix not in JSON:
        table = read_table(path, may_be_empty)
        _require_heading(table.collect_schema().names(), subject, path, policy)
        return {subject: Source(table, path)}
    rows = json_records(path)
    below = child_rows(rows, subject, policy.vocabulary)
    own = flat_rows(rows, subject, policy.vocabulary)
    link = f"{subject}_id"
    children = {name: frame_of(each, ("id", link)) for name, each in below.items()}
    tables = {subject: frame_of(own)} | children
    return {name: Source(table.lazy(), path) for name, table in tables.items()}


def _require_heading(columns: list[str], subject: str, path: Path, policy: Policy) -> None:
    """Where the first line holds a record, its values are in the place of names: none is repeated.

    Raises:
        FrameError: no column is known, and some are named like values (LR455).
    """
    facts = policy.vocabulary.declarations.get(subject, {})
    table = policy.tables.get(subject)
    known = {"id", *facts, *(dict(table.columns) if table else ())}
    if known.isdisjoint(columns) and any(map(looks_like_a_value, columns)):
        raise FrameError([problem("LR455", None, file=path)])


def read_table(path: Path, may_be_empty: bool = False) -> pl.LazyFrame:
    """One table; all cells of CSV stay text, the facts' types decide what they are."""
    reader = parquet_table if path.is_dir() else READERS.get(path.suffix)
    if reader is None:
        raise FrameError([problem("LR411", None, file=path)])
    try:
        table = reader(path)
        empty = not table.collect_schema() or not (may_be_empty or has_rows(table))
    except OSError as fault:
        raise FrameError([problem("LR100", None, file=path, why=fault.strerror)]) from fault
    except (pl.exceptions.PolarsError, ValueError) as fault:
        raise FrameError([problem("LR409", None, file=path)]) from fault
    if empty:
        raise FrameError([problem("LR409", None, file=path)])
    return table


def sheets(opened: Mapping[str, Source]) -> frozenset[str]:
    """The tables whose rows a spreadsheet counts, with the heading as the first."""
    return frozenset(name for name, source in opened.items() if source.file.suffix == ".csv")


def has_rows(table: pl.LazyFrame) -> bool:
    return table.head(1).collect().height > 0


def _json_lines(path: Path) -> pl.LazyFrame:
    return frame_of(json_records(path)).lazy()


JSON = (".jsonl", ".ndjson")
READERS: dict[str, Callable[[Path], pl.LazyFrame]] = {
    ".csv": csv_table, ".jsonl": _json_lines, ".ndjson": _json_lines, ".parquet": parquet_table,
}  # fmt: skip


def split_tables(
    tables: Mapping[str, Table], policy: Policy
) -> tuple[dict[str, Table], dict[str, Table]]:
    """Tables of subjects, and reference tables; the table of stores is both, and that of their staff."""
    subjects = {n: t for n, t in tables.items() if n in policy.vocabulary.subjects}
    known = _parents(policy)
    reference = {n: t for n, t in tables.items() if n in policy.tables or n in known}
    return subjects, reference


def _parents(policy: Policy) -> frozenset[str]:
    """Kinds of record that customers and others read, and those that are counted of them."""
    parents = {each for one in policy.vocabulary.subjects.values() for each in one.links}
    open_, found = [*(parents - {"customer"})], set[str]()
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += [child.name for child in counted_children(policy, name)]
    return frozenset(found)
