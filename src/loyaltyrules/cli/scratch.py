# SPDX-License-Identifier: Apache-2.0
"""Folders of a run's own: named anew each time, gone at its end; what killed runs left is swept."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from loyaltyrules.cli.ending import unbroken

if sys.platform != "win32":
    import fcntl

ENDING = ".part"
CHOSEN = "[a-z0-9_]{8}"  # what `mkdtemp` puts between the beginning and the ending of a name


@contextmanager
def scratch(parent: Path, name: str) -> Iterator[Path]:
    """A new folder whose name begins with `name`; it is gone afterwards, however that comes.

    Folders that began so and that no living run holds are removed first.
    """
    with suppress(OSError):  # what another run or user has left is no reason to stop
        _sweep(parent, name)
    own: tuple[Path, int | None] | None = None
    try:
        with unbroken():
            own = _own(parent, name)
        yield own[0]
    finally:
        if own is not None:
            with unbroken():
                _remove(*own)


def _own(parent: Path, name: str) -> tuple[Path, int | None]:
    """A new folder, held; made again where another run swept it before it was held."""
    while True:
        folder = Path(mkdtemp(ENDING, name, parent))
        lock = _held(folder, wait=True)
        if folder.is_dir():
            return folder, lock
        _let_go(lock)


def _sweep(parent: Path, name: str) -> None:
    left = re.compile(re.escape(name) + CHOSEN + re.escape(ENDING))
    for entry in os.scandir(parent):
        if left.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
            lock = _held(Path(entry.path), wait=False)
            if lock is not None:
                rmtree(entry.path, ignore_errors=True)
                _let_go(lock)


def _held(folder: Path, wait: bool) -> int | None:
    """The folder, locked until the process ends; None where another holds it, or nothing can be locked."""
    if sys.platform == "win32":
        return None
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(opened)
        return None
    return opened


def _remove(folder: Path, lock: int | None) -> None:
    with suppress(FileNotFoundError):
        rmtree(folder)
    _let_go(lock)


def _let_go(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
