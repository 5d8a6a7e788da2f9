# SPDX-License-Identifier: Apache-2.0
"""A text with something wrong in its signs or lines, as hands, editors and chat programs make it."""

from collections.abc import Callable, Sequence
from random import Random

SIGNS = (
    "，", "：", "；", "（", "）", "“", "”", "‘", "’", "「", "【", "、", "％", "＝", "＞", "≥", "≤", "≠",
    "×", "÷", "—", "–", "－", "…", "\u00a0", "\u3000", "\u2009", "\u200b", "\ufeff", "\u2028", "\u0085",
    "\x0c", "\t", "\r", "\x00", "\x1b", "\x7f", "\u202e", "\ud800", "\udcff", "\udc80", "🎁", "\u0301",
    "０", "٣", "A", "a", "0", "9", " ", "  ", "\n", "\n\n", ":", ": ", "- ", "? ", "#", " #", "&a ",
    "*a", "!x ", "|", ">", "%", "@", "`", "'", '"', "{", "}", "[", "]", "(", ")", ",", ", ", ".", "..",
    "=", "==", "<", ">", "<=", "!=", "+", "-", "*", "/", "\\", "<<: ", "---\n", "...\n", "~", "null",
    "yes", "no", "none", "rest", "true", "0x1F", "1e9", "1_000", "$", ";",
)  # fmt: skip
Change = Callable[[Random, str], str]


def spot(chance: Random, text: str) -> int:
    return chance.randrange(len(text) + 1)


def deleted(chance: Random, text: str) -> str:
    at = spot(chance, text)
    return text[:at] + text[at + chance.choice((1, 1, 1, 2, 5, 20)) :]


def doubled(chance: Random, text: str) -> str:
    at, length = spot(chance, text), chance.choice((1, 1, 2, 8, 40))
    return text[: at + length] + text[at:]


def swapped(chance: Random, text: str) -> str:
    at = spot(chance, text)
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def inserted(chance: Random, text: str) -> str:
    at = spot(chance, text)
    return text[:at] + chance.choice(SIGNS) + text[at:]


def replaced(chance: Random, text: str) -> str:
    at = spot(chance, text)
    return text[:at] + chance.choice(SIGNS) + text[at + 1 :]


def widened(chance: Random, text: str) -> str:
    """A stretch in full-width signs, as an input method leaves it."""
    at, length = spot(chance, text), chance.choice((1, 3, 10))
    wide = "".join(
        chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text[at : at + length]
    )
    return text[:at] + wide + text[at + length :]


def other_quotes(chance: Random, text: str) -> str:
    sign = chance.choice("'\"")
    return text.replace(sign, chance.choice("‘’“”'\"`"), chance.choice((1, -1)))


def long_stretch(chance: Random, text: str) -> str:
    at = spot(chance, text)
    return text[:at] + chance.choice(SIGNS) * chance.choice((50, 500, 5000)) + text[at:]


def cut(chance: Random, text: str) -> str:
    return text[: spot(chance, text)]


def other_breaks(chance: Random, text: str) -> str:
    return text.replace(
        "\n", chance.choice(("\r\n", "\r", "\u2028", "\n\n", "\x85", "\n\t", " \n"))
    )


def headed(chance: Random, text: str) -> str:
    return (
        chance.choice(("\ufeff", "\ufeff\ufeff", "%YAML 1.2\n---\n", "\n", "\x00", "#!\n", "- "))
        + text
    )


def of_lines(change: Callable[[Random, list[str]], Sequence[str]]) -> Change:
    """A change of lines as one of texts."""
    return lambda chance, text: "\n".join(change(chance, text.split("\n")))


def line_away(chance: Random, lines: list[str]) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + chance.choice((1, 1, 2, 5)) :]


def line_twice(chance: Random, lines: list[str]) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[: at + 1] + lines[at:]


def line_elsewhere(chance: Random, lines: list[str]) -> list[str]:
    line = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines) + 1), line)
    return lines


def line_shifted(chance: Random, lines: list[str]) -> list[str]:
    at = chance.randrange(len(lines))
    lines[at] = (
        chance.choice((" ", "  ", "    ", "\t")) + lines[at]
        if chance.random() < 0.6
        else lines[at][1:]
    )
    return lines


def line_commented(chance: Random, lines: list[str]) -> list[str]:
    at = chance.randrange(len(lines))
    lines[at] = chance.choice(("# ", "#", "  #")) + lines[at]
    return lines


def lines_joined(chance: Random, lines: list[str]) -> list[str]:
    at = chance.randrange(len(lines))
    return [*lines[:at], " ".join(lines[at : at + 2]), *lines[at + 2 :]]


CHANGES: tuple[Change, ...] = (
    deleted, deleted, doubled, swapped, inserted, inserted, replaced, replaced, widened, other_quotes,
    long_stretch, cut, other_breaks, headed, *map(of_lines, (
        line_away, line_away, line_twice, line_elsewhere, line_shifted, line_commented, lines_joined,
    )),
)  # fmt: skip


def mutated(chance: Random, text: str, times: int) -> str:
    """The text after so many changes."""
    for _ in range(times):
        text = chance.choice(CHANGES)(chance, text)
    return text
