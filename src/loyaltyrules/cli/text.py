# SPDX-License-Identifier: Apache-2.0
"""Tables that come as text: their encoding, their line ends and separators, and what a row must be."""

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import polars as pl

from loyaltyrules.fact.looks import looks_personal
from loyaltyrules.host.encoding import is_utf16, mostly_utf8
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem
from loyaltyrules.problem.render import SEPARATORS


class Twice(ValueError):
    """A record of JSON says a name twice."""


def csv_table(path: Path) -> pl.LazyFrame:
    """A table of text cells.

    Raises:
        FrameError: the encoding (LR452), line ends (LR453) or separator (LR454) is another one, two
            columns have one name (LR425), or a row has more or fewer cells (LR419).
    """
    text = utf8(path)
    if b"\r" in text.rstrip() and b"\n" not in text:
        raise FrameError([problem("LR453", None, file=path)])
    _check_rows(path, text)
    return pl.read_csv(io.BytesIO(text), infer_schema=False).lazy()


def _check_rows(path: Path, text: bytes) -> None:
    """A row with a cell too many or too few has its values in the wrong columns."""
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline=""))
    try:
        heading = next(rows, [])
        _check_heading(path, heading)
        width = len(heading)
        ragged = next((len(row), rows.line_num) for row in rows if row and len(row) != width)
    except StopIteration:
        return
    except csv.Error as fault:
        raise unreadable(path, rows.line_num, "no CSV") from fault
    cells, line = ragged
    more = "more" if cells > width else "fewer"
    raise unreadable(path, line, f"{more} cells than in the heading")


def _check_heading(path: Path, names: list[str]) -> None:
    """Commas part the cells, and each column has a name of its own."""
    found = next((each for each in SEPARATORS if len(names) == 1 and each in names[0]), None)
    if found is not None:
        raise FrameError([problem("LR454", None, file=path, why=SEPARATORS[found])])
    twice = [name for name, count in Counter(names).items() if count > 1 and name.strip()]
    if twice:
        listed = "; ".join(f"{_shown(name)} ({', '.join(_cells(names, name))})" for name in twice)
        raise FrameError([problem("LR425", None, names=f"{path}: {listed}")])


def _shown(name: str) -> str:
    return "…" if looks_personal(name) else name


def _cells(names: list[str], name: str) -> Iterable[str]:
    """Where a name stands in the heading, as spreadsheets call the cells: B1, AA1."""
    for place, each in enumerate(names):
        if each == name:
            more, last = divmod(place, len(ascii_uppercase))
            yield f"{ascii_uppercase[more - 1] if more else ''}{ascii_uppercase[last]}1"


def unreadable(path: Path, line: int, why: str) -> FrameError:
    return FrameError([problem("LR419", None, file=path, line=line, why=why)])


def utf8(path: Path) -> bytes:
    """The bytes of a text file as UTF-8; what is not UTF-8 is read as GB18030.

    Raises:
        FrameError: it is neither (LR452).
    """
    raw = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    if is_utf16(raw):
        raise _encoded(path, 1, "UTF-16")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        if mostly_utf8(raw):
            raise _encoded(path, line, "most lines are UTF-8, this one is not") from fault
        return _from_gb18030(path, raw, line)
    return raw


def _from_gb18030(path: Path, raw: bytes, line: int) -> bytes:
    try:
        return raw.decode("gb18030").encode("utf-8")
    except UnicodeDecodeError as fault:
        raise _encoded(path, line, "neither UTF-8 nor GB18030") from fault


def _encoded(path: Path, line: int, why: str) -> FrameError:
    return FrameError([problem("LR452", None, file=path, line=line, why=why)])


def json_records(path: Path) -> list[dict[str, Any]]:
    """The records of a file of JSON lines.

    Raises:
        FrameError: the file cannot be read (LR100, LR452), has no records (LR409) or others (LR419).
    """
    try:
        text = utf8(path).decode("utf-8")
    except OSError as fault:
        raise FrameError([problem("LR100", None, file=path, why=fault.strerror)]) from fault
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise FrameError([problem("LR409", None, file=path)])
    return [_record(path, number, line) for number, line in lines]


def _record(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(line, object_pairs_hook=_once)
        if "\\u" in line:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except Twice as fault:
        raise unreadable(path, number, "a name stands twice in one record") from fault
    except UnicodeEncodeError as fault:
        raise unreadable(path, number, "half of a sign, which no text can hold") from fault
    except (ValueError, RecursionError) as fault:
        raise unreadable(path, number, "no JSON record") from fault
    if not isinstance(found, dict):
        raise unreadable(path, number, "no JSON record")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Twice
    return found
