# SPDX-License-Identifier: Apache-2.0
"""Rows that wait to be stated: in memory while there is room, then in files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl

from loyaltyrules.frame.actions.assignments import Frame, InMemory, Rows

ROOM = 512 * 2**20  # bytes of rows that wait in memory


@dataclass(frozen=True, slots=True, eq=False)
class OnDisk:
    """Rows in a file."""

    path: Path

    def open(self) -> Frame:
        return nw.from_native(pl.read_ipc(self.path), eager_only=True)


@dataclass(slots=True)
class Shelf:
    """Where rows wait."""

    folder: Path
    room: int = ROOM
    files: Iterator[int] = field(default_factory=count)

    def keep(self, rows: Frame) -> Rows:
        """Put rows away until they are asked for."""
        size = int(rows.estimated_size())
        if size <= self.room:
            self.room -= size
            return InMemory(rows)
        path = self.folder / f"rows-{next(self.files)}.ipc"
        rows.to_native().write_ipc(path)
        return OnDisk(path)
