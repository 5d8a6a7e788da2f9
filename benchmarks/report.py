# SPDX-License-Identifier: Apache-2.0
"""How results are told: Markdown tables that are also readable on a terminal."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

PACKAGES = (
    "loyaltyrules", "pydantic", "pydantic-core", "PyYAML", "lunardate", "python-dateutil",
    "narwhals", "polars", "duckdb", "numpy", "pyarrow", "zen-engine", "common-expression-language",
    "rule-engine", "business-rules", "json-logic-qubit",
)  # fmt: skip
Row = Sequence[str]


class Scale(NamedTuple):
    """How much is measured: few rounds when quick, and no table larger than `largest`."""

    quick: bool
    largest: int

    def rounds(self, usual: int, quick: int) -> int:
        return quick if self.quick else usual

    def sizes(self, *usual: int) -> list[int]:
        return [size for size in usual if size <= self.largest]


def part(title: str, command: str, note: str, head: Row, rows: Iterable[Row]) -> str:
    """One section: what was measured, by which command, and the table."""
    return f"## {title}\n\n`python -m benchmarks.bench {command}`\n\n{note}\n\n{table(head, rows)}"


def table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]

    def line(cells: Row) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([line(head), rule, *map(line, lines[1:])])


def environment() -> str:
    """What the figures depend on; nothing that names a machine."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return f"{python} on {os.cpu_count()} cores, {memory:.0f} GiB of memory.\n\n{packages}."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
