# SPDX-License-Identifier: Apache-2.0
"""Measure loyaltyrules beside what is written by hand and beside its peers.

`python -m benchmarks.bench [--write] [--quick] [--only SECTION] [--largest CUSTOMERS]`
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import (
    caps,
    explaining,
    growth,
    loading,
    menswear,
    one_customer,
    tables,
    what_if,
    year_of_work,
)
from benchmarks.report import Scale, environment

RESULTS = Path(__file__).parent / "RESULTS.md"
SECTIONS = {
    "one_customer": one_customer.section, "explaining": explaining.section,
    "tables": tables.section, "menswear": menswear.section,
    "growth": growth.section, "loading": loading.section, "what_if": what_if.section,
    "year_of_work": year_of_work.section, "caps": caps.section,
}  # fmt: skip
HEAD = """\
# Results

Medians of interleaved rounds (A B C A B C …), written by `python -m benchmarks.bench {options}`.
A ratio says how many times as long as the other took: below 1 is faster."""


def report(wanted: argparse.Namespace) -> Iterator[str]:
    """The report, part by part, so that the terminal shows each when it is done."""
    given = {"--quick": wanted.quick, f"--largest {wanted.largest}": wanted.largest}
    yield HEAD.format(options=" ".join(["--write", *(name for name in given if given[name])]))
    yield environment()
    scale = Scale(wanted.quick, wanted.largest or (10_000 if wanted.quick else 10_000_000))
    for name, section in SECTIONS.items():
        if wanted.only in (None, name):
            yield from section(scale)


def replaced(known: str, parts: Sequence[str]) -> str:
    """The report with these sections in place of those of the same heading; without any, the parts.

    Raises:
        SystemExit: it was written on another machine, or with other versions.
    """
    head, machine, *sections = _split(known) if known else parts
    if machine.strip() != parts[1].strip():
        raise SystemExit("another machine or other versions: write the whole report")
    whole = {each.partition("\n")[0]: each for each in (*sections, *parts[2:])}
    return "\n\n".join(part.strip("\n") for part in (head, machine, *whole.values())) + "\n"


def _split(report: str) -> list[str]:
    """The head, the environment and the sections of a report."""
    head, *sections = report.split("\n## ")
    title, _, machine = head.partition("\n\nCPython")
    return [title, f"CPython{machine}", *(f"## {each}" for each in sections)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write",
        action="store_true",
        help="also write benchmarks/RESULTS.md, or that section of it",
    )
    parser.add_argument("--quick", action="store_true", help="few rounds, small tables")
    parser.add_argument("--only", choices=SECTIONS, help="one section")
    parser.add_argument("--largest", type=int, help="no table of more customers than this")
    wanted = parser.parse_args()
    parts = []
    for part in report(wanted):
        print(part, end="\n\n", flush=True)
        parts.append(part)
    if wanted.write:
        known = RESULTS.read_text(encoding="utf-8") if wanted.only else ""
        RESULTS.write_text(replaced(known, parts), encoding="utf-8")


if __name__ == "__main__":
    main()
