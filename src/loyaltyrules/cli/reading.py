# SPDX-License-Identifier: Apache-2.0
"""Tables from files: CSV (UTF-8 or GB18030), JSON lines, Parquet; one file or a folder of them."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import polars as pl

from loyaltyrules.cli.nested import Row, child_rows, flat_rows, frame_of
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
        FrameError: files are missing (LR100), of an unknown kind (LR411) or unreadable (LR409, LR419).
    """
    if not path.exists():
        raise FrameError([problem("LR100", None, file=path, why="not found")])
    if not path.is_dir():
        return _opened("customer", path, policy)
    known = {*policy.vocabulary.subjects, *policy.tables}
    files = [
        each
        for each in sorted(path.iterdir())
        if each.stem in known and (each.suffix in READERS or each.is_dir())
    ]
    found: dict[str, Source] = {}
    for file in files:
        found = {**_opened(file.stem, file, policy, may_be_empty=True), **found}
    if not files and any(path.glob("*.parquet")):
        found = {"customer": Source(read_table(path), path)}
    if not any(_has_rows(source.table) for source in found.values()):
        raise FrameError([problem("LR409", None, file=path)])
    return found


def _opened(
    subject: str, path: Path, policy: Policy, may_be_empty: bool = False
) -> dict[str, Source]:
    """One file's table, and the child tables that the records of a JSON file hold as lists."""
    if path.suffix not in JSON:
        return {subject: Source(read_table(path, may_be_empty), path)}
    rows = _rows(path)
    below = child_rows(rows, subject, policy.vocabulary)
    own = flat_rows(rows, subject, policy.vocabulary)
    link = f"{subject}_id"
    children = {name: frame_of(each, ("id", link)) for name, each in below.items()}
    tables = {subject: frame_of(own)} | children
    return {name: Source(table.lazy(), path) for name, table in tables.items()}


def read_table(path: Path, may_be_empty: bool = False) -> pl.LazyFrame:
    """One table; all cells of CSV stay text, the facts' types decide what they are."""
    reader = _parquet if path.is_dir() else READERS.get(path.suffix)
    if reader is None:
        raise FrameError([problem("LR411", None, file=path)])
    try:
        table = reader(path)
        empty = not table.collect_schema() or not (may_be_empty or _has_rows(table))
    except OSError as fault:
        raise FrameError([problem("LR100", None, file=path, why=fault.strerror)]) from fault
    except (pl.exceptions.PolarsError, ValueError) as fault:
        raise FrameError([problem("LR409", None, file=path)]) from fault
    if empty:
        raise FrameError([problem("LR409", None, file=path)])
    return table


def _has_rows(table: pl.LazyFrame) -> bool:
    return table.head(1).collect().height > 0


def _parquet(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path / "*.parquet" if path.is_dir() else path)


def _csv(path: Path) -> pl.LazyFrame:
    text = _utf8(path)
    _refuse_ragged(path, text)
    return pl.read_csv(io.BytesIO(text), infer_schema=False).lazy()


def _refuse_ragged(path: Path, text: bytes) -> None:
    """A row with a cell too many or too few has its values in the wrong columns."""
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline=""))
    try:
        width = len(next(rows, []))
        ragged = next((len(row), rows.line_num) for row in rows if row and len(row) != width)
    except StopIteration:
        return
    except csv.Error as fault:
        raise _unreadable(path, rows.line_num, "no CSV") from fault
    cells, line = ragged
    more = "more" if cells > width else "fewer"
    raise _unreadable(path, line, f"{more} cells than in the heading")


def _unreadable(path: Path, line: int, why: str) -> FrameError:
    return FrameError([problem("LR419", None, file=path, line=line, why=why)])


def _utf8(path: Path) -> bytes:
    """The bytes of a text file as UTF-8; what is not UTF-8 is read as GB18030."""
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030").encode("utf-8")
    return raw


def _json_lines(path: Path) -> pl.LazyFrame:
    return frame_of(_rows(path)).lazy()


def _rows(path: Path) -> list[Row]:
    """The records of a file of JSON lines.

    Raises:
        FrameError: the file cannot be read (LR100), has no records (LR409) or others (LR419).
    """
    try:
        text = _utf8(path).decode("utf-8")
    except OSError as fault:
        raise FrameError([problem("LR100", None, file=path, why=fault.strerror)]) from fault
    except ValueError as fault:
        raise FrameError([problem("LR409", None, file=path)]) from fault
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise FrameError([problem("LR409", None, file=path)])
    return [_record(path, number, line) for number, line in lines]


def _record(path: Path, number: int, line: str) -> Row:
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise _unreadable(path, number, "no JSON record") from fault
    if not isinstance(found, dict):
        raise _unreadable(path, number, "no JSON record")
    return found


JSON = (".jsonl", ".ndjson")
READERS: dict[str, Callable[[Path], pl.LazyFrame]] = {
    ".csv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines, ".parquet": _parquet,
}  # fmt: skip


def split_tables(
    tables: Mapping[str, Table], policy: Policy
) -> tuple[dict[str, Table], dict[str, Table]]:
    """Tables of subjects, and reference tables; the table of stores is both."""
    parents = {each.parent for each in policy.vocabulary.subjects.values()}
    subjects = {n: t for n, t in tables.items() if n in policy.vocabulary.subjects}
    reference = {n: t for n, t in tables.items() if n in policy.tables or _is_reference(n, parents)}
    return subjects, reference


def _is_reference(name: str, parents: Iterable[str | None]) -> bool:
    return name in parents and name != "customer"
