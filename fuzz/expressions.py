# SPDX-License-Identifier: Apache-2.0
"""An expression with tokens that are doubled, swapped, taken from elsewhere, or far too many."""

import re
from collections.abc import Callable, Sequence
from random import Random

from loyaltyrules.expression.functions import FUNCTIONS

TOKEN = re.compile(r'"[^"]*"|\d+(?:\.\d+)?|[\w.]+|\s+|[<>!]=|.', re.DOTALL)
PLAIN = (
    "and", "or", "not", "in", "is", "missing", "known", "unknown", "changed", "today", "occasion", "yes",
    "no", "none", "rest", "otherwise", "between", "since", "from", "to", "of", "months", "days", "day",
    "years", "year", "weeks", "hours", "minutes", "workdays", "1 month", "12 months", "0 days", "1 day",
    "99999 years", "36 hours", "+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "(", ")", ",", "0",
    "1", "-1", "0.5", "20%", "100%", "0%", "1000000%", "99999999999999", "999999999999999", "0.0001",
    "0.00001", "1e5", "9" * 50, "2027-02-05", "2027-02-30", "1900-01-01", "9999-12-31", "2024-02-29",
    '"golf"', '"', "''", "“golf”", "，", "（", "≥", "＝", "[", "]", "{", "}", "#", ":", ";", "customer",
    "customer.id", "id", "store.id", "proposed.tier", "customer.tier", "tier", "A", "B", "茶", "积分",
    "\\", ".", "..", "_", "__class__", "lambda", "import", "None", "True", "x" * 300,
)  # fmt: skip
FUNCTION = tuple(sorted(FUNCTIONS))


def tokens(text: str) -> list[str]:
    return TOKEN.findall(text) or [""]


def picked(chance: Random, text: str) -> str:
    """Another token: of the language, or one of the same expression."""
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(tokens(text))
    if kind < 0.5:
        given = ", ".join(chance.choice(tokens(text)) for _ in range(chance.randrange(4)))
        return f"{chance.choice(FUNCTION)}({given})"
    return chance.choice(PLAIN)


def one_other(chance: Random, text: str) -> str:
    parts = tokens(text)
    parts[chance.randrange(len(parts))] = picked(chance, text)
    return "".join(parts)


def one_more(chance: Random, text: str) -> str:
    parts = tokens(text)
    parts.insert(chance.randrange(len(parts) + 1), f" {picked(chance, text)} ")
    return "".join(parts)


def one_less(chance: Random, text: str) -> str:
    parts = tokens(text)
    del parts[chance.randrange(len(parts))]
    return "".join(parts)


def two_swapped(chance: Random, text: str) -> str:
    parts = tokens(text)
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return "".join(parts)


def within(chance: Random, text: str) -> str:
    """The same inside of something."""
    before, after = chance.choice(
        (("not (", ")"), ("(", ")"), ("-(", ")"), ("abs(", ")"), ("if(", ", 1, 2)"), ("or_else(", ", 0)"),
         ("1 + ", ""), ("", " + 1 day"), ("today - ", ""), ("", " and "), ("", " = yes"), ("max(", ")"),
         ("", " / 0"))
    )  # fmt: skip
    return before + text + after


def many(chance: Random, text: str) -> str:
    """The same again and again."""
    sign = chance.choice((" + ", " and ", " or ", ", ", " * ", " - ", " / ", " = ", " "))
    return sign.join([text] * chance.choice((2, 3, 30, 300)))


def deep(chance: Random, text: str) -> str:
    before, after = chance.choice(
        (("(", ")"), ("not ", ""), ("abs(", ")"), ("-", ""), ("max(1, ", ")"))
    )
    times = chance.choice((3, 15, 40, 400))
    return before * times + text + after * chance.choice((times, times, times - 1))


def squared(chance: Random, text: str) -> str:
    """A product of itself, and of that: figures that grow fast."""
    for _ in range(chance.randrange(1, 6)):
        text = f"({text} * {text})"
    return text


CHANGES: Sequence[Callable[[Random, str], str]] = (
    one_other, one_other, one_other, one_other, one_more, one_more, one_less, two_swapped, within, within,
    within, many, deep, squared,
)  # fmt: skip


def mutated(chance: Random, text: str) -> str:
    """The expression after one or two changes."""
    for _ in range(chance.choice((1, 1, 2))):
        text = chance.choice(CHANGES)(chance, text)[:60_000]
    return text
