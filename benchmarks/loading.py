# SPDX-License-Identifier: Apache-2.0
"""What stands before the first decision: import, load and check, compile a day."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks import equality
from benchmarks.fresh import environment
from benchmarks.measure import median_of
from benchmarks.report import Row, Scale, part
from loyaltyrules import compile_day, evaluate, load_policy

MENSWEAR = Path(__file__).parent.parent / "policies" / "menswear"
IMPORTS = (
    "pass", "import pydantic", "from pydantic import BaseModel", "import loyaltyrules",
    "from loyaltyrules import load_policy, compile_day, evaluate",
)  # fmt: skip
NOTE = "Milliseconds of a fresh interpreter, compiled files kept, one start of each not counted."
LOADED = """\
Time of the processor, the collector off where the head does not say that it is on: a host that
leaves it on sees the last column. Compiling counts the first decision too, so that nothing is left
to compile."""


def section(scale: Scale) -> Iterator[str]:
    """Import, then load and compile."""
    head = ("statement", "whole ms", "beyond `pass`", "beyond `import pydantic`")
    rows = _imported(scale.rounds(15, 3))
    yield part("Import", "--only loading", NOTE, head, rows)
    head = ("policy", "load and check ms", "compile a day ms", "compile a day ms, collector on")
    rows = _loaded(scale.rounds(9, 3))
    yield part("Load and check, compile a day", "--only loading", LOADED, head, rows)


def _imported(rounds: int) -> Iterator[Row]:
    found = import_times(IMPORTS, rounds)
    for statement, seconds in found.items():
        beyond = (seconds - found[each] for each in ("pass", "import pydantic"))
        figures = (f"{each * 1e3:.0f}" for each in (seconds, *beyond))
        yield f"`{statement}`", *figures


def import_times(statements: Sequence[str], rounds: int) -> dict[str, float]:
    """The median seconds that a fresh interpreter takes for each statement, start included."""
    found: dict[str, list[float]] = {each: [] for each in statements}
    for number in range(rounds + 1):
        for each in statements:
            start = perf_counter()
            subprocess.run([sys.executable, "-c", each], env=environment(), check=True)
            if number:
                found[each].append(perf_counter() - start)
    return {each: median(values) for each, values in found.items()}


def _loaded(rounds: int) -> Iterator[Row]:
    for name, path in (("eight_rules", equality.POLICY), ("menswear", MENSWEAR)):
        policy = load_policy(path)

        def ready(policy: Any = policy) -> None:
            evaluate(compile_day(policy, equality.DAYS["Spring Festival eve"]), {"id": "1"})

        found = (
            median_of(partial(load_policy, path), rounds),
            median_of(ready, rounds), median_of(ready, rounds, collector=True),
        )  # fmt: skip
        yield name, *(f"{each.cpu * 1e3:.1f}" for each in found)
