# SPDX-License-Identifier: Apache-2.0
"""Measure loyaltyrules beside hand-written Python: `python -m benchmarks.bench [--write] [--quick]`."""

import argparse
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import equality, growth
from benchmarks.eight_rules import by_hand
from benchmarks.eight_rules.customers import customers
from benchmarks.measure import Side, Sides, import_times, interleaved, median_of
from loyaltyrules import Action, DayPlan, compile_day, evaluate, load_policy

RESULTS = Path(__file__).parent / "RESULTS.md"
MENSWEAR = Path(__file__).parent.parent / "policies" / "menswear"
TIMED = ("Spring Festival eve", "ordinary day")
PACKAGES = ("loyaltyrules", "pydantic", "pydantic-core", "PyYAML", "lunardate", "narwhals")
IMPORTS = ("pass", "import pydantic", "from pydantic import BaseModel", "import loyaltyrules")

Row = Sequence[str]


def read_library(plan: DayPlan, records: Sequence[Any]) -> None:
    """Evaluate and read every field that matters, as a host does that sends the actions."""
    for record in records:
        decision = evaluate(plan, record)
        _ = decision.labels["tier"]
        for action in decision.actions:
            _read(action)
        for action in decision.suppressed:
            _read(action)


def _read(a: Action) -> None:
    _ = (a.action_id, a.rule, a.kind, a.channel, a.template, a.gift, a.to_value, a.status,
         a.due_on, a.reason)  # fmt: skip


def read_by_hand(decide: Any, day: by_hand.Prepared, records: Sequence[Any]) -> None:
    """The same reading of the tuples by hand."""
    for record in records:
        _, acts = decide(record, day)
        for act in acts:
            _unpack(act)


def _unpack(act: by_hand.Act) -> None:
    _, _, _, _, _, _, _, _, _, _ = act


def contests(on: date, count: int) -> dict[str, Sides]:
    """Who is timed beside whom on one day; every round has customers of its own."""
    plan, day = compile_day(load_policy(equality.POLICY), on), by_hand.prepare(on)

    def raw(number: int) -> list[Any]:
        return customers(count, on, seed=number)

    return {
        "validated snapshot": {
            "library": Side(
                lambda n: [plan.snapshot(each) for each in raw(n)], partial(read_library, plan)
            ),
            "by hand": Side(
                lambda n: [by_hand.read(each) for each in raw(n)],
                partial(read_by_hand, by_hand.decide, day),
            ),
        },
        "raw mapping": {
            "library": Side(raw, partial(read_library, plan)),
            "by hand": Side(raw, partial(read_by_hand, by_hand.decide_raw, day)),
        },
    }


def one_customer(count: int, rounds: int) -> Iterator[Row]:
    """µs a customer, beside the code by hand."""
    for name in TIMED:
        for given, sides in contests(equality.DAYS[name], count).items():
            found = interleaved(sides, rounds)
            ratio = found["library"] / found["by hand"]
            bar = "1.5" if given == "validated snapshot" else "6"
            yield (name, given, f"{found['library']:.2f}", f"{found['by hand']:.2f}",
                   f"{ratio:.1f} ×", f"≤ {bar} ×")  # fmt: skip


def loading() -> Iterator[Row]:
    """Load and check, and compile a day, of the two small policies."""
    for name, path in (("eight_rules", equality.POLICY), ("menswear", MENSWEAR)):
        policy = load_policy(path)

        def ready(policy: Any = policy) -> None:
            evaluate(compile_day(policy, equality.DAYS["Spring Festival eve"]), {"id": "1"})

        load = median_of(partial(load_policy, path), 9)
        yield name, f"{load * 1e3:.1f}", f"{median_of(ready, 9) * 1e3:.1f}"


def importing(rounds: int) -> Iterator[Row]:
    """Wall time of fresh interpreters, and what each costs beyond a bare start."""
    found = import_times(IMPORTS, rounds)
    for statement, seconds in found.items():
        yield f"`{statement}`", f"{seconds * 1e3:.0f}", f"{(seconds - found['pass']) * 1e3:.0f}"


def growing(sizes: Sequence[int], rounds: int) -> Iterator[Row]:
    """Hits and misses as rules become many; the ratio is to the smallest policy of the family."""
    first: dict[str, growth.Grown] = {}
    for each in growth.grown(sizes, rounds):
        base = first.setdefault(each.family, each)
        yield (each.family, f"{each.rules:,}", f"{each.hit:.2f}", f"{each.hit / base.hit:.2f} ×",
               f"{each.miss:.1f}", f"{each.load:.3f}", f"{each.compile * 1e3:.1f}")  # fmt: skip


def table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table that is also readable on a terminal."""
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
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{python} on {os.cpu_count()} cores; {packages}."


def sections(quick: bool) -> Iterator[str]:
    """The whole report, part by part, so that the terminal shows each when it is done."""
    yield "# Results\n\nMedians of interleaved rounds, written by `python -m benchmarks.bench --write`."
    yield environment()
    compared = equality.prove(500 if quick else 5000)
    yield (
        f"Proved equal first: {compared:,} actions of the eight rules, "
        f"on {len(equality.DAYS)} days, from snapshots and from mappings."
    )
    yield "## One customer, eight rules (µs)\n\n" + table(
        ("day", "input", "library", "by hand", "ratio", "bar"),
        one_customer(500 if quick else 2000, 5 if quick else 15),
    )
    yield "## Load and check, compile a day (ms)\n\n" + table(
        ("policy", "load and check", "compile"), loading()
    )
    yield "## Import (ms, fresh interpreter)\n\n" + table(
        ("statement", "wall", "beyond a bare start"), importing(3 if quick else 9)
    )
    yield "## Growth with rules\n\n" + table(
        ("told apart by", "rules", "hit µs", "to smallest", "miss µs", "load s", "compile ms"),
        growing(growth.SIZES[:2] if quick else growth.SIZES, 5 if quick else 11),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write benchmarks/RESULTS.md")
    parser.add_argument("--quick", action="store_true", help="few rounds, no 10,000 rules")
    wanted = parser.parse_args()
    parts = []
    for part in sections(wanted.quick):
        print(part, end="\n\n", flush=True)
        parts.append(part)
    if wanted.write:
        RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
