# SPDX-License-Identifier: Apache-2.0
"""`python -m fuzz`: draw cases and run them; what breaks a law is told, and written to a file."""

import argparse
import gc
import multiprocessing as mp
import sys
import tempfile
import warnings
from collections import Counter
from datetime import datetime
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from time import monotonic
from traceback import extract_tb, format_exception_only
from typing import TypeAlias

from polars.exceptions import PanicException

from fuzz.case import Case, drawn
from fuzz.drive import drive
from fuzz.laws import DONE, MEGABYTES, SOURCE, TooLong, limit_growth, peak, watched

OUT = Path("build/fuzz")
EACH_MINUTE = 60.0
SCRATCH = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a folder in memory, if there is one
FOUND = 1  # how a process ends that has found something
Counting: TypeAlias = "Synchronized[int]"  # the case that a process is at
WARM = 2_000  # cases after which a process has loaded what it keeps


def broken(case: Case) -> str | None:
    """What a case breaks, in a line that is the same for all cases of its kind; None where all is well."""
    before = peak()
    try:
        watched(lambda: drive(case))
    except (Exception, TooLong, PanicException) as error:
        return _kind(error)
    grown = peak() - before
    return f"grew by more than {MEGABYTES} MB" if grown > MEGABYTES else None


def _kind(error: BaseException) -> str:
    """The class of an exception and where it came up, in the library if it did."""
    lines = extract_tb(error.__traceback__)
    own = [each for each in lines if each.filename.startswith(SOURCE)] or lines
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno} {own[-1].name}"
    text = "".join(format_exception_only(error)).strip()
    return f"{where}: {text if type(error).__name__ == 'Broken' else type(error).__name__}"


class Running:
    """Cases of one process, one after the other."""

    def __init__(self, first: int, stride: int, log: Path | None, at: Counting) -> None:
        self.first, self.stride, self.log, self.at = first, stride, log, at
        self.found: Counter[str] = Counter()
        self.done = 0
        self.start = self.told = monotonic()
        self.base = 0

    def run(self, cases: int, seconds: float) -> None:
        """Run so many cases, or for so long."""
        while self.done < cases and monotonic() - self.start < seconds:
            number = self.first + self.done * self.stride
            self.one(number)
            self.done += 1
            if self.done == WARM:
                gc.collect()
                self.base = peak()
            if monotonic() - self.told > EACH_MINUTE:
                self.tell(number)
        self.tell(self.first + (self.done - 1) * self.stride)

    def one(self, number: int) -> None:
        self.at.value = number
        case = drawn(number)
        kind = broken(case)
        if self.base and peak() - self.base > MEGABYTES:
            self.base, kind = peak(), kind or f"the process has grown by {MEGABYTES} MB"
        if kind is None:
            return
        self.found[kind] += 1
        if self.found[kind] == 1:
            OUT.mkdir(parents=True, exist_ok=True)
            (OUT / f"{number}.json").write_text(case.written())
            self.say(f"case {number}: {kind}")

    def tell(self, number: int) -> None:
        """How far it is."""
        self.told = monotonic()
        rate = self.done / (self.told - self.start)
        refused = sum(count for name, count in DONE.items() if name.endswith(" refused"))
        self.say(
            f"{self.done} cases up to {number}, {rate:.0f} a second, {refused} refusals, "
            f"{sum(self.found.values())} finds of {len(self.found)} kinds, {peak()} MB"
        )

    def say(self, line: str) -> None:
        line = f"{datetime.now():%H:%M:%S} {line}"
        print(line, flush=True)
        if self.log:
            with self.log.open("a") as file:
                file.write(line + "\n")


def work(given: argparse.Namespace, place: int, at: Counting) -> None:
    """One of the processes; ends with 1 where something was found."""
    warnings.simplefilter("ignore")
    tempfile.tempdir = given.scratch
    limit_growth()
    running = Running(given.seed + place, given.processes, given.log, at)
    running.run(-(-given.cases // given.processes), given.seconds)
    for name, count in sorted(DONE.items()) if given.processes == 1 else ():
        running.say(f"  {name} {count}")
    for kind, count in running.found.most_common():
        running.say(f"  {count} times: {kind}")
    sys.exit(FOUND if running.found else 0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--cases", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=0, help="the number of the first case")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=SCRATCH) as given.scratch:
        return _all_of(given)


def _all_of(given: argparse.Namespace) -> int:
    at = [mp.Value("q", 0) for _ in range(given.processes)]
    workers = [mp.Process(target=work, args=(given, n, at[n])) for n in range(given.processes)]
    for each in workers:
        each.start()
    for each, number in zip(workers, at, strict=True):
        each.join()
        if each.exitcode not in (0, FOUND):
            print(f"case {number.value}: the process ended with {each.exitcode}", flush=True)
    return int(any(each.exitcode for each in workers))


if __name__ == "__main__":
    sys.exit(main())
