# SPDX-License-Identifier: Apache-2.0
"""Where the values of expression keys begin and end in a YAML text, as its author meant them."""

import re

KEYS = frozenset({
    "if", "unless", "which", "where", "is", "value", "to", "at", "from", "already", "since",
    "until", "within", "rule", "when", "cap", "smallest", "opens", "begins", "bands", "top",
    "by", "due_by",
})  # fmt: skip
NAMING = frozenset({"figures", "sets", "adds"})  # in their braces each key has an expression
# of these a list is a list: of a figure, of kinds of days, of what orders
LISTED = frozenset({"value", "unless", "by"})
SPACE = re.compile(r"[ \t]*")
QUOTED = re.compile(r"\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|'[^']*+(?:''[^']*+)*+'", re.DOTALL)
DEEPEST = 100  # brackets, after which nothing is read any more
LONGEST_QUOTED = 2_000  # characters of an expression in quotes, and of a list
BLOCK_DONE = re.compile(r"[ \t]*(?:\n|[ \t]#|\Z)")  # what may stand behind a whole value
FLOW_DONE = re.compile(r"[ \t]*(?:[,}\]\n]|[ \t]#|\Z)")
BLOCK_PLAIN = re.compile(r":(?=\s|\Z)|(?<=[ \t])#|\n|\Z")
FLOW_PLAIN = re.compile(r"[,\[\]{}\n]|:(?=[\s,\[\]{}]|\Z)|(?<=\s)#|\Z")
BLOCK_SCALAR = re.compile(r"[|>][-+0-9]*[ \t]*(?:[ \t]#[^\n]*)?(?:\n|\Z)")
RAW_SIGN = re.compile(r"[\"\n,()\[\]{}]|(?<=\s)#")
SECOND_KEY = re.compile(r":(?:\s|\Z)")
CLOSED_BY = {"{": "}", "[": "]", "(": ")"}


class Scanner:
    """Goes through a YAML text as far as needed to see where values of keys begin and end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[tuple[int, int]] = []  # raw values
        self.comments: list[tuple[int, int]] = []  # comments inside them
        self.position = self.line_start = 0
        self.parent = -1  # column of the key or dash that the next value belongs to
        self.open: list[str] = []  # flow brackets
        self.naming = 0  # how many are open where names have expressions
        self.base = 0  # indent of the line where the outermost of them stands

    def scan(self) -> None:
        while self.position < len(self.text):
            if self.open:
                self._flow()
            else:
                self._block()

    # -- moving

    def _here(self) -> str:
        return self.text[self.position : self.position + 1]

    def _skip_spaces(self) -> None:
        match = SPACE.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def _line_end(self, position: int) -> int:
        end = self.text.find("\n", position)
        return end if end >= 0 else len(self.text)

    def _next_line(self) -> None:
        self.position = self.line_start = self._line_end(self.position) + 1
        self.parent = -1

    def _indent(self, start: int) -> int:
        match = SPACE.match(self.text, start)
        return match.end() - start if match else 0

    def _skip_quoted(self) -> bool:
        match = QUOTED.match(self.text, self.position)
        self.position = match.end() if match else len(self.text)
        last = self.text.rfind("\n", self.line_start, self.position)
        self.line_start = last + 1 if last >= 0 else self.line_start
        return bool(match)

    # -- blocks

    def _block(self) -> None:
        """What begins here, outside of brackets: a dash, a key, a value, the end of the line."""
        self._skip_spaces()
        here, column = self._here(), self.position - self.line_start
        after = self.text[self.position + 1 : self.position + 2]
        if here in ("", "\n", "#"):
            self._next_line()
        elif here in "-?" and (not after or after.isspace()):
            self.parent = column
            self.position += 1
        elif here in "{[":
            self._open(here, self._indent(self.line_start) if self.parent >= 0 else -1)
        elif here in "\"'":
            self._block_quoted(column)
        elif here in "|>" and BLOCK_SCALAR.match(self.text, self.position):
            self._skip_deeper(self.parent)
        elif here in "&!*":
            while self._here() and not self._here().isspace():
                self.position += 1
        else:
            self._block_plain(column)

    def _block_quoted(self, column: int) -> None:
        if self._skip_quoted():
            self._skip_spaces()
            if SECOND_KEY.match(self.text, self.position):
                self.position += 1
                self.parent = column
                return
        self._next_line()

    def _block_plain(self, column: int) -> None:
        match = BLOCK_PLAIN.search(self.text, self.position)
        end = match.start() if match else len(self.text)
        if self.text[end : end + 1] != ":":
            self._skip_deeper(self.parent if self.parent >= 0 else len(self.text))
            return
        key = self.text[self.position : end].rstrip()
        self.position, self.parent = end + 1, column
        self._skip_spaces()
        self._names_begin(key)
        if key in KEYS and self._raw_begins(key):
            self._block_value(column)

    def _skip_deeper(self, parent: int) -> None:
        """To the first line that is indented no deeper than `parent`."""
        self._next_line()
        while self.position < len(self.text):
            end = self._line_end(self.position)
            if self.text[self.position : end].strip() and self._indent(self.position) <= parent:
                return
            if parent >= len(self.text):
                return
            self._next_line()

    def _block_value(self, column: int) -> None:
        """An expression and the deeper lines that it goes on in; comments are no part of it."""
        start = self.position
        end, comments = self._code_end(start)
        pending = list(comments)
        line = self._line_end(start) + 1
        while line < len(self.text):
            first = line + self._indent(line)
            code, comments = self._code_end(first)
            if code > first:
                deeper = first - line > column or self._closes(start, end, first)
                if not deeper or SECOND_KEY.search(_bare(self.text[first:code])):
                    break
                self.comments += pending
                end, pending = code, []
            pending += comments
            line = self._line_end(first) + 1
        self.found.append((start, end))
        self.position = end
        self._next_line()

    def _closes(self, start: int, end: int, position: int) -> bool:
        """True at a bracket that closes one opened in the expression before."""
        code = _bare(self.text[start:end])
        left = sum((sign in "[(") - (sign in "])") for sign in code)
        return left > 0 and self.text[position] in "])"

    def _code_end(self, start: int) -> tuple[int, list[tuple[int, int]]]:
        """Where the code of a line ends, and its comment."""
        stop, position = self._line_end(start), start
        while match := RAW_SIGN.search(self.text, position, stop):
            position = match.end()
            if match[0] == '"':
                close = self.text.find('"', position, stop)
                position = close + 1 if close >= 0 else position
            elif match[0] == "#":
                code = start + len(self.text[start : match.start()].rstrip())
                return code, [(match.start(), stop)]
        if self.text[start : start + 1] == "#":
            return start, [(start, stop)]
        return start + len(self.text[start:stop].rstrip()), []

    def _names_begin(self, key: str) -> None:
        if key in NAMING and self._here() == "{":
            self.naming = len(self.open) + 1

    def _is_named(self) -> bool:
        """True of a key whose author chose it; a list behind it is a list."""
        return len(self.open) == self.naming and self._here() != "["

    def _raw_begins(self, key: str) -> bool:
        """True when an expression without quotes of its own begins here."""
        here = self._here()
        if here in ("", "\n", "#", "{", "&", "*"):
            return False
        if not self.open and BLOCK_SCALAR.match(self.text, self.position):
            return False
        if self.open and here in ",}]":
            return False
        if here == "[" and key in LISTED:
            end = self._list_end()
        else:
            whole = QUOTED.match(self.text, self.position, self.position + LONGEST_QUOTED)
            end = whole.end() if whole else 0
        done = FLOW_DONE if self.open else BLOCK_DONE
        return not (end and done.match(self.text, end))

    def _list_end(self) -> int:
        """Where a list closes that begins here, 0 when it does not."""
        depth, position = 0, self.position
        while match := RAW_SIGN.search(self.text, position, self.position + LONGEST_QUOTED):
            position = match.end()
            depth += (match[0] in CLOSED_BY) - (match[0] in CLOSED_BY.values())
            if not depth:
                return position
        return 0

    # -- flow

    def _open(self, bracket: str, base: int) -> None:
        if not self.open:
            self.base = base
        self.open.append(bracket)
        self.position = self.position + 1 if len(self.open) < DEEPEST else len(self.text)

    def _flow(self) -> None:
        """What begins here, inside brackets."""
        self._skip_spaces()
        here = self._here()
        before = self.text[self.position - 1 : self.position]
        if here == "\n":
            self._flow_break()
        elif here == "#" and before.isspace():
            self.position = self._line_end(self.position)
        elif here in ("{", "["):
            self._open(here, self.base)
        elif here in ("}", "]"):
            self.open.pop()
            self.naming = self.naming if len(self.open) >= self.naming else 0
            self.position += 1
            self._leave()
        elif here in ('"', "'"):
            self._skip_quoted()
        elif here:
            self._flow_plain()

    def _flow_break(self) -> None:
        """A line that is not indented deeper than the brackets' own ends what was left open."""
        self.position += 1
        self.line_start = self.position
        first = self.position + self._indent(self.position)
        here = self.text[first : first + 1]
        if here not in ("", "\n", "#", "}", "]") and first - self.position <= self.base:
            self.open.clear()
            self.naming = 0
            self.parent = -1

    def _leave(self) -> None:
        """Behind the last bracket may stand the colon of a key, else nothing more."""
        if self.open:
            return
        self._skip_spaces()
        if SECOND_KEY.match(self.text, self.position):
            self.position += 1
        else:
            self._next_line()

    def _flow_plain(self) -> None:
        match = FLOW_PLAIN.search(self.text, self.position)
        end = match.start() if match else len(self.text)
        key = self.text[self.position : end].rstrip()
        if self.text[end : end + 1] != ":":
            self.position = end + (self.text[end : end + 1] == ",")
            return
        self.position = end + 1
        self._skip_spaces()
        self._names_begin(key)
        if (key in KEYS or self._is_named()) and self._raw_begins(key):
            self._flow_value()

    def _flow_value(self) -> None:
        """An expression up to the comma or bracket that is not its own."""
        start = position = self.position
        inner: list[str] = []
        comments: list[tuple[int, int]] = []
        while match := RAW_SIGN.search(self.text, position):
            sign, position = match[0], match.end()
            if sign == '"':
                close = self.text.find('"', position, self._line_end(position))
                position = close + 1 if close >= 0 else position
            elif sign == "#":
                position = self._line_end(position)
                comments.append((match.start(), position))
            elif sign == "\n":
                if self._broken_off(position):
                    return
            elif sign in CLOSED_BY:
                inner.append(sign)
            elif sign == "," and inner:
                continue
            elif inner and sign == CLOSED_BY[inner[-1]]:
                inner.pop()
            elif sign != ")":
                self._flow_found(start, match.start(), comments)
                return
        self.position = len(self.text)

    def _flow_found(self, start: int, stop: int, comments: list[tuple[int, int]]) -> None:
        end = self._trimmed(stop)
        while comments and comments[-1][1] >= end:
            end = self._trimmed(comments.pop()[0])
        self.comments += comments
        self.found.append((start, end))
        self.position = end
        last = self.text.rfind("\n", self.line_start, end)
        self.line_start = last + 1 if last >= 0 else self.line_start

    def _trimmed(self, end: int) -> int:
        while self.text[end - 1].isspace():
            end -= 1
        return end

    def _broken_off(self, line: int) -> bool:
        """True when the brackets were never closed: the next line begins something else."""
        first = line + self._indent(line)
        here = self.text[first : first + 1]
        if here in ("\n", "#", "}", "]", ")") or (here and first - line > self.base):
            return False
        self.position = line - 1
        return True


def _bare(code: str) -> str:
    """Code without the texts in quotes."""
    return re.sub(r'"[^"\n]*"', "", code)
