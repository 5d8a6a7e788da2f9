# SPDX-License-Identifier: Apache-2.0
"""The command line of the hand-written tables: files in, files out, the seconds of the work told."""

import argparse
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any


def main(run: Callable[..., None]) -> None:
    """Run what the command line names, and print the seconds without interpreter and imports."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path, help="Parquet file of customers")
    parser.add_argument("day", type=Path, help="the day's small tables, as JSON")
    parser.add_argument("out", type=Path, help="Parquet file of actions")
    parser.add_argument("held", type=Path, help="Parquet file of the actions held back")
    parser.add_argument("--ordered", action="store_true", help="sort by action_id")
    given: Any = parser.parse_args()
    start = perf_counter()
    run(given.source, given.day, given.out, given.held, given.ordered)
    print(perf_counter() - start)
