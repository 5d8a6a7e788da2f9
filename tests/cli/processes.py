# SPDX-License-Identifier: Apache-2.0
"""The command line in a process of its own, so that it can be told to end and its disk can be full."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from loyaltyrules.cli import scratch

COMMAND = [sys.executable, "-m", "loyaltyrules"]
PATIENCE = 120  # seconds until something that should happen counts as not happening


def environment(temporary: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(temporary), "LC_ALL": "C"}


@contextmanager
def running(temporary: Path, *arguments: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A command at work; what it says is kept."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], env=environment(temporary),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for a state of a process that has not ended."""
    end = time.monotonic() + PATIENCE
    while not reached():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.002)


def hidden(folder: Path) -> list[Path]:
    """What runs have put beside their outputs, or into the temporary folder."""
    return sorted(folder.glob(f".*{scratch.ENDING}")) + sorted(
        folder.glob(f"[!.]*{scratch.ENDING}")
    )


def many_customers(path: Path, count: int) -> None:
    """A table of customers, each with an action and labels."""
    ids = [f"c{number:07d}" for number in range(count)]
    table = pl.DataFrame({"id": ids, "tier": "C", "points": 5000, "phone": "1", "consent": True})
    table.write_parquet(path)
