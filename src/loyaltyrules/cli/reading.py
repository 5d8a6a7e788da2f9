# SPDX-License-Identifier: Apache-2.0
"""Tables from files: CSV (UTF-8 or GB18030), JSON lines, Parquet; one file or a folder of them."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl

from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem


def read_tables(path: Path, policy: Policy) -> dict[str, pl.DataFrame]:
    """The tables in a file of customers, or in a folder of files named by subject or table.

    Raises:
        FrameError: files are missing (LR100), of an unknown kind (LR411) or unreadable (LR409).
    """
    if not path.exists():
        raise FrameError([problem("LR100", None, file=path, why="not found")])
    if path.is_file():
        return {"customer": read_table(path)}
    known = {*policy.vocabulary.subjects, *policy.tables}
    files = [
        each for each in sorted(path.iterdir()) if each.stem in known and each.suffix in READERS
    ]
    if not files:
        raise FrameError([problem("LR409", None, file=path)])
    return {each.stem: read_table(each) for each in files}


def read_table(path: Path) -> pl.DataFrame:
    """One table; all cells of text formats stay text, the facts' types decide what they are."""
    reader = READERS.get(path.suffix)
    if reader is None:
        raise FrameError([problem("LR411", None, file=path)])
    try:
        table = reader(path)
    except OSError as fault:
        raise FrameError([problem("LR100", None, file=path, why=fault.strerror)]) from fault
    except (pl.exceptions.PolarsError, ValueError) as fault:
        raise FrameError([problem("LR409", None, file=path)]) from fault
    if not table.width or not table.height:
        raise FrameError([problem("LR409", None, file=path)])
    return table


def _csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(_utf8(path)), infer_schema=False)


def _utf8(path: Path) -> bytes:
    """The bytes of a text file as UTF-8; what is not UTF-8 is read as GB18030."""
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030").encode("utf-8")
    return raw


def _json_lines(path: Path) -> pl.DataFrame:
    return pl.read_ndjson(io.BytesIO(_utf8(path)), infer_schema_length=None)


READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines, ".parquet": pl.read_parquet,
}  # fmt: skip


def split_tables(
    tables: dict[str, pl.DataFrame], policy: Policy
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Tables of subjects, and reference tables; the table of stores is both."""
    parents = {each.parent for each in policy.vocabulary.subjects.values()}
    subjects = {n: t for n, t in tables.items() if n in policy.vocabulary.subjects}
    reference = {n: t for n, t in tables.items() if n in policy.tables or _is_reference(n, parents)}
    return subjects, reference


def _is_reference(name: str, parents: Iterable[str | None]) -> bool:
    return name in parents and name != "customer"
