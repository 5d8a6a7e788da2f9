# SPDX-License-Identifier: Apache-2.0
"""Where output may go: to new files and over old ones, never over inputs, devices or pipes."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.problem.problem import problem

KINDS = (".csv", ".jsonl", ".parquet", ".json", "")
PAGES = (".html", ".htm")
TABLES = (".csv", ".jsonl", ".ndjson", ".parquet", "")
NO_FILES = ("/dev", "/proc")
FILES_ALL_THE_SAME = ("/dev/shm",)  # a file system in memory
LONGEST_CHAIN = 40  # links, one to the next


class Inputs(NamedTuple):
    """What a run reads: files and folders of parts, and names that make a file of a folder an input."""

    files: Sequence[Path]
    folder: Path | None = None
    names: frozenset[str] = frozenset()


def target(path: Path) -> Path:
    """What is written where a path is a link: what the link leads to."""
    return Path(os.path.realpath(path))


def check_paths(paths: Sequence[Path]) -> None:
    """Refuse what cannot be written: file endings, places, things that are no files, one file for two.

    Raises:
        MisuseError: LR411 or LR450.
    """
    for path in paths:
        if path.suffix not in KINDS:
            raise MisuseError([problem("LR411", None, file=path)])
    _check_places(paths)


def check_page(path: Path, others: Sequence[Path]) -> None:
    """Refuse a page that cannot be written: its ending, its place, a file that is one of the others.

    Raises:
        MisuseError: LR531 or LR450.
    """
    if path.suffix not in PAGES:
        raise MisuseError([problem("LR531", None, file=path)])
    _check_places([*others, path])


def _check_places(paths: Sequence[Path]) -> None:
    targets = [target(path) for path in paths]
    for path in paths:
        why = _hindrance(path)
        if why is None and targets.count(target(path)) > 1:
            why = "given twice"
        if why is not None:
            raise MisuseError([problem("LR450", None, file=path, why=why)])


def refuse_inputs(paths: Sequence[Path], inputs: Inputs) -> None:
    """Refuse to write over what is read, whatever name or link leads there.

    Raises:
        MisuseError: LR450.
    """
    for path in paths:
        if _is_input(path, inputs):
            why = "it is an input of this command"
            raise MisuseError([problem("LR450", None, file=path, why=why)])


def _is_input(path: Path, inputs: Inputs) -> bool:
    named = path.stem in inputs.names and path.suffix in TABLES
    if named and inputs.folder is not None and _same(target(path).parent, inputs.folder):
        return True
    parts = path.suffix == ".parquet"  # one more file of a folder of parts
    return any(
        _same(path, each) or (parts and each.is_dir() and _same(target(path).parent, each))
        for each in inputs.files
    )


def _same(path: Path, other: Path) -> bool:
    return os.path.exists(path) and os.path.exists(other) and os.path.samefile(path, other)


def _hindrance(path: Path) -> str | None:
    """Why a path cannot be written, if it cannot."""
    if any(_no_file(each) for each in _chain(path)):
        return "a device or a pipe"
    place = target(path)
    try:
        if not place.parent.is_dir():
            return "no such folder"
        mode = place.stat().st_mode
        if stat.S_ISDIR(mode):
            return "a folder" if path.suffix or any(place.iterdir()) else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        return getattr(fault, "strerror", None) or str(fault)
    return None if stat.S_ISREG(mode) else "a device or a pipe"


def _chain(path: Path) -> Iterator[Path]:
    """The path, and what it leads to link by link, the last one too."""
    for _ in range(LONGEST_CHAIN):
        yield path
        if not os.path.islink(path):
            break
        path = path.parent / path.readlink()
    yield target(path)


def _no_file(path: Path) -> bool:
    """True of paths in the folders where systems keep devices and what processes have open."""
    named = Path(os.path.abspath(path))
    within = named.is_relative_to
    return any(map(within, NO_FILES)) and not any(map(within, FILES_ALL_THE_SAME))
