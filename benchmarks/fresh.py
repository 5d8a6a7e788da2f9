# SPDX-License-Identifier: Apache-2.0
"""Programs in fresh processes: what each costs from its start to its end."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
LAUNCH = Path(__file__).with_name("launch.py")


class Cost(NamedTuple):
    """Seconds of the whole process, of the work alone as it tells, of all cores; peak memory."""

    seconds: float
    work: float
    cpu: float
    mib: float


def environment() -> dict[str, str]:
    """The environment of a user: Python may keep what it compiled."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def cost(module: str, *arguments: object) -> Cost:
    """Run `python -m module` once; the last thing that it prints is the seconds of its work.

    Raises:
        RuntimeError: it failed; with all that it told.
    """
    program = [sys.executable, "-m", module, *map(str, arguments)]
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCH), *program],
        env=environment(), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    *told, last = ran.stdout.split("\n")[:-1]
    seconds, cpu, kib, code = last.split()
    if code != "0":
        raise RuntimeError(f"{module} ended with {code}:\n{ran.stdout}\n{ran.stderr}")
    work = next(line for line in reversed(told) if line)
    return Cost(float(seconds), float(work), float(cpu), int(kib) / 1024)


def costs(programs: Mapping[str, Sequence[object]], rounds: int) -> dict[str, Cost]:
    """The medians of interleaved rounds (A B C A B C …)."""
    found: dict[str, list[Cost]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, (module, *arguments) in programs.items():
            found[name].append(cost(str(module), *arguments))
    return {name: Cost(*map(median, zip(*each, strict=True))) for name, each in found.items()}
