# SPDX-License-Identifier: Apache-2.0
"""A run that is told to end: a signal becomes an exception, and what must be finished is finished."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

_heard: list[int] = []  # of this process, which ends by the first of them


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Where a signal would end the process at once, leave by SystemExit with its code instead.

    SIGINT is a KeyboardInterrupt already; what whoever started us has ignored stays ignored (nohup).
    """
    _heard.clear()
    told = [each for each in SIGNALS if signal.getsignal(each) is signal.SIG_DFL]
    for each in told:
        signal.signal(each, _leave)
    try:
        yield
    finally:
        for each in told:
            signal.signal(each, signal.SIG_DFL)


def _leave(number: int, _: FrameType | None) -> None:
    _heard.append(number)
    leave()


def leave() -> NoReturn:
    """End with the code of the signal that was heard; of SIGINT where an engine has swallowed it."""
    raise SystemExit(told_to_end() or 128 + signal.SIGINT)


def told_to_end() -> int | None:
    """The exit code of the signal that was heard; what it raised may have come up as another fault."""
    return 128 + _heard[-1] if _heard else None


@contextmanager
def unbroken() -> Iterator[None]:
    """Signals that come meanwhile are heard afterwards: cleaning up and renaming are not left half done."""
    heard: list[int] = []
    before = {each: signal.getsignal(each) for each in SIGNALS}
    for each, handler in before.items():
        if handler not in (None, signal.SIG_IGN):
            signal.signal(each, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        for each, handler in before.items():
            if handler is not None:
                signal.signal(each, handler)
        for number in heard[:1]:
            signal.raise_signal(number)


def hear_alone() -> None:
    """Hear SIGINT in Python only: Polars listens too, and returns while its writers go on writing."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is not None:
        signal.signal(signal.SIGINT, handler)
