# SPDX-License-Identifier: Apache-2.0
"""Measure loyaltyrules beside what is written by hand and beside its peers.

`python -m benchmarks.bench [--write] [--quick] [--only SECTION] [--largest CUSTOMERS]`
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks import growth, loading, menswear, one_customer, tables
from benchmarks.report import Scale, environment

RESULTS = Path(__file__).parent / "RESULTS.md"
SECTIONS = {
    "one_customer": one_customer.section, "tables": tables.section, "menswear": menswear.section,
    "growth": growth.section, "loading": loading.section,
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write benchmarks/RESULTS.md")
    parser.add_argument("--quick", action="store_true", help="few rounds, small tables")
    parser.add_argument("--only", choices=SECTIONS, help="one section")
    parser.add_argument("--largest", type=int, help="no table of more customers than this")
    wanted = parser.parse_args()
    if wanted.write and wanted.only:
        parser.error("--write is for the whole report; leave out --only")
    parts = []
    for part in report(wanted):
        print(part, end="\n\n", flush=True)
        parts.append(part)
    if wanted.write:
        RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
