# SPDX-License-Identifier: Apache-2.0
"""Expressions need no quotes: before YAML reads a file, the values of expression keys are quoted.

So `if: tier in [A, B] and note = "a: b"` is text for us, in blocks and in flow mappings alike, and
may go on over several lines. What was put in where is told, so that places stay those written.
"""

import re
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field

from loyaltyrules.policy.reader.scanner import Scanner

LONGEST = 20_000  # characters of an expression
BREAK = re.compile("[\n\x85\u2028\u2029]")


@dataclass
class Quoting:
    """A text whose expressions are quoted, and per line where characters were put in."""

    text: str
    inserted: dict[int, list[int]] = field(default_factory=dict)  # line → columns, all from 0

    def written(self, line: int, column: int, quoted: bool = False) -> int:
        """The column, from 0, at which something of the quoted text stands as written.

        Of what is `quoted` by its author the quote is left out.
        """
        inserted = self.inserted.get(line)
        if inserted is None:
            return column + quoted
        own = quoted and column not in inserted
        return column - bisect_left(inserted, column) + own


def quote_expressions(text: str) -> Quoting:
    """The text with plain values of expression keys in single quotes."""
    scanner = Scanner(text)
    scanner.scan()
    return _quoted(text, scanner.found, scanner.comments)


def _quoted(text: str, found: list[tuple[int, int]], comments: list[tuple[int, int]]) -> Quoting:
    writing = _Writing(text, comments)
    for start, end in found:
        if end - start > LONGEST:
            continue  # no expression
        writing.copy(start)
        writing.insert()
        while (quote := text.find("'", writing.done, end)) >= 0:
            writing.copy(quote)
            writing.insert()
            writing.copy(quote + 1)
        writing.copy(end)
        writing.insert()
    writing.copy(len(text))
    return Quoting("".join(writing.parts), writing.inserted)


class _Writing:
    """Copies a text with quotes put in, and counts lines and columns of the copy."""

    def __init__(self, text: str, comments: list[tuple[int, int]]) -> None:
        self.text, self.comments = text, deque(comments)
        self.parts: list[str] = []
        self.inserted: dict[int, list[int]] = {}
        self.done = self.line = self.column = 0

    def insert(self) -> None:
        self.inserted.setdefault(self.line, []).append(self.column)
        self.parts.append("'")
        self.column += 1

    def copy(self, end: int) -> None:
        """Copy up to `end`; comments inside an expression become blanks."""
        start, self.done = self.done, end
        part = self.text[start:end]
        if self.comments and self.comments[0][0] < end:
            part = self._without_comments(start, end)
        self.parts.append(part)
        breaks = [match.end() for match in BREAK.finditer(part)]
        self.line += len(breaks)
        self.column = len(part) - breaks[-1] if breaks else self.column + len(part)

    def _without_comments(self, start: int, end: int) -> str:
        pieces = []
        while self.comments and self.comments[0][0] < end:
            first, last = self.comments.popleft()
            pieces += [self.text[start:first], " " * (last - first)]
            start = last
        return "".join([*pieces, self.text[start:end]])
