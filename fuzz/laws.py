# SPDX-License-Identifier: Apache-2.0
"""What every case keeps: only the library's faults, each told in both languages, no step too long."""

import resource
import signal
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from time import thread_time
from traceback import extract_tb
from typing import ParamSpec, TypeVar

import loyaltyrules
from loyaltyrules import (
    ApprovalError,
    ArgumentError,
    FrameError,
    PolicyError,
    Problem,
    SnapshotError,
)
from loyaltyrules.problem.codes import CODES
from loyaltyrules.problem.render import message, remedy, render

P = ParamSpec("P")
Value = TypeVar("Value")
OWN = (PolicyError, SnapshotError, FrameError, ApprovalError)
ARGUMENTS = ("compile",)  # steps that may raise ArgumentError: the day is no day
MISUSED = ("from_dict", "apply", "render")  # a ValueError: no action, or not one of this record
SOURCE = str(Path(loyaltyrules.__file__).parent)
SHOWN = 20  # problems of one refusal that are told one by one
SECONDS = 2.0  # of processor time, a step
STUCK = 20.0  # after so many a step is broken off
MEGABYTES = 500  # that a process may grow
LONGEST = 20_000  # characters of one problem as it is told
UNSEEN = frozenset(map(chr, range(32))) - {"\n", "\t"}
DONE: Counter[str] = Counter()  # steps and refusals of this process, by name


class Broken(Exception):
    """A law that does not hold."""


class TooLong(BaseException):
    """A step that is broken off; nothing on the way may catch it."""


class Refused(Exception):
    """The library refused what it was given, as it may; the rest of the case has no ground."""


def step(name: str, call: Callable[P, Value], *given: P.args, **named: P.kwargs) -> Value:
    """Do one step; what it refuses is told in both languages.

    Raises:
        Refused: the library refused.
        Broken: the step took too long, or a problem cannot be told.
    """
    DONE[name] += 1
    start = thread_time()
    try:
        return call(*given, **named)
    except OWN as error:
        all_told(error.problems)
        hold(bool(str(error).encode()), "a fault without a text")
        raise _refused(name) from error
    except ValueError as error:
        if not _documented(name, error):
            raise
        hold(bool(str(error).encode()), "a fault without a text")
        raise _refused(name) from error
    finally:
        spent = thread_time() - start
        hold(spent < SECONDS, f"{name} took more than {SECONDS} s of processor time")


def _refused(name: str) -> "Refused":
    DONE[f"{name} refused"] += 1
    return Refused()


def _documented(name: str, error: ValueError) -> bool:
    """True of a refusal of what a call is given, where `docs/reference/python.md` has one.

    It is raised by the library itself: one of Python that slips through is of another file or class.
    """
    if isinstance(error, ArgumentError):
        return name in ARGUMENTS
    return name in MISUSED and type(error) is ValueError and _raised_by_us(error)


def _raised_by_us(error: BaseException) -> bool:
    """True where the library says `raise`."""
    last = extract_tb(error.__traceback__)[-1]
    return last.filename.startswith(SOURCE) and (last.line or "").startswith("raise ")


def hold(fine: bool, law: str) -> None:
    """Raise Broken where something is not so."""
    if not fine:
        raise Broken(law)


def all_told(problems: Iterable[Problem]) -> None:
    """Each problem has a code, a text in both languages, and nothing that a terminal would obey."""
    for each in islice(problems, SHOWN):
        hold(each.code in CODES, f"no code {each.code}")
        texts = {language: render(each, language) for language in ("en", "zh")}
        for text in texts.values():
            hold(len(text.encode()) < LONGEST, f"{each.code} is told in {len(text)} characters")
            hold(UNSEEN.isdisjoint(text), f"{each.code} is told with control characters")
        said = (message(each, "zh"), remedy(each, "zh"))
        hold(said != (message(each), remedy(each)), f"{each.code} is not told in Chinese")


def limit_growth() -> None:
    """Break off steps that do not end, and whatever would take all of the memory."""

    def broken_off(*_: object) -> None:
        raise TooLong(f"a step was broken off after {STUCK} s")

    signal.signal(signal.SIGPROF, broken_off)
    most = (_data() + 8 * MEGABYTES) * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))


def watched(run: Callable[[], None]) -> None:
    """Run something that is broken off where it does not end."""
    signal.setitimer(signal.ITIMER_PROF, STUCK)
    try:
        run()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def peak() -> int:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _data() -> int:
    """The memory of its own that this process may write to, in MB."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[5]) * resource.getpagesize() // 2**20
