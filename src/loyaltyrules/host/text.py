# SPDX-License-Identifier: Apache-2.0
"""What a caller hands in, as text for a message: whatever it is, it can be written and stays short."""

from collections.abc import Callable

LONGEST = 200  # signs of a value in quotes


def text_of(value: object, way: Callable[[object], str] = str) -> str:
    """A value as text that every encoding takes."""
    try:
        return way(value).encode("utf-8", "backslashreplace").decode()
    except ValueError:  # a number of thousands of digits
        return "1…"
    except RecursionError:  # lists or maps that hold more of them than can be written
        return f"{type(value).__name__}…"


def quoted(value: object) -> str:
    """A value as Python writes it, its end cut off where it is long."""
    text = text_of(value, repr)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
