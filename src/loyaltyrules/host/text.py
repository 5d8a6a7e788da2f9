# SPDX-License-Identifier: Apache-2.0
"""What a caller hands in, as text for a message: whatever it is, it can be written and stays short."""

import re
from collections.abc import Callable

LONGEST = 200  # signs of a value
# What a terminal would obey, what turns the line around, and halves of signs; a line end is none.
UNSEEN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def text_of(value: object, way: Callable[[object], str] = str) -> str:
    """A value as text that every encoding takes."""
    try:
        return way(value).encode("utf-8", "backslashreplace").decode()
    except ValueError:  # a number of thousands of digits
        return "1…"
    except RecursionError:  # lists or maps that hold more of them than can be written
        return f"{type(value).__name__}…"


def quoted(value: object) -> str:
    """A value as Python writes it, short enough for a message."""
    return visible(text_of(value, repr))


def visible(text: str, longest: int = LONGEST) -> str:
    """A text in a message: its end cut off where it is long, and what is unseen in it written out."""
    short = text if len(text) <= longest else f"{text[:longest]}…"
    return UNSEEN.sub(lambda sign: ascii(sign[0])[1:-1], short)
