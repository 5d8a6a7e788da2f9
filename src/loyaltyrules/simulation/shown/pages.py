# SPDX-License-Identifier: Apache-2.0
"""What the pages of results share: cells of numbers, the foot, and the way into a file."""

import os
from collections.abc import Iterable

from loyaltyrules.host import page
from loyaltyrules.host.page import Number
from loyaltyrules.host.whole import write_whole
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.language import called, mark
from loyaltyrules.problem.problem import problem
from loyaltyrules.simulation.shown.titles import Titles, change_text, number_text

ONE_DAY = mark("compared on {day}")
POLICY = mark("{role}: {title} ({name}), version {version}, fingerprint {mark}")


def write(path: str | os.PathLike[str], text: str) -> None:
    """Write a page whole, or leave what is there.

    Raises:
        FrameError: it cannot be written (LR100).
    """
    try:
        write_whole(path, text)
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        raise FrameError([problem("LR100", None, file=os.fspath(path), why=why)]) from fault


def number(value: object, *, muted: bool = False, shade: float = 0.0) -> Number:
    return Number(number_text(value), shade, muted)


def change(value: object) -> Number:
    """A change with its sign."""
    return Number(change_text(value))


def identity(role: str, policy: Policy, titles: Titles) -> str:
    """Which policy it was, so that it can be found again."""
    title = called(policy.titles, titles.language, policy.name)
    told = {"name": policy.name, "version": policy.version or "–", "mark": policy.fingerprint}
    return titles.say(POLICY, role=role, title=title, **told)


def foot(lines: Iterable[str]) -> str:
    return page.foot(page.paragraph(each) for each in lines)
