# SPDX-License-Identifier: Apache-2.0
"""Expressions need no quotes: before YAML reads a file, the values of expression keys are quoted.

So `if: tier in [A, B] and note = "a: b"` is text for us, in blocks and in flow mappings alike.
Line and column of everything stay as written but for the quoted values, whose shift is told.
"""

import re

KEYS = (
    "if", "unless", "which", "where", "is", "value", "to", "at", "from", "already", "since",
    "until", "within", "rule", "when",
)  # fmt: skip
KEY = re.compile(rf"(?:(?<=[\s{{,-])|^)(?:{'|'.join(KEYS)}): +(?=\S)")
BLOCK_SCALAR = re.compile(r"(?:^|\s)[|>][+-]?\d*\s*(?:#.*)?$")
OPENING, CLOSING = "{[(", "}])"


def quote_expressions(text: str) -> tuple[str, frozenset[int]]:
    """The text with plain expression values in single quotes, and the numbers of lines changed."""
    lines, changed = text.split("\n"), set()
    depth, block_indent = 0, -1
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block_indent >= 0 and (not line.strip() or indent > block_indent):
            continue
        block_indent = -1
        new = _line(line, depth)
        if new != line:
            lines[number] = new
            changed.add(number + 1)
        depth = _depth(lines[number], depth)
        if depth == 0 and BLOCK_SCALAR.search(_uncommented(line)):
            block_indent = indent
    return "\n".join(lines), frozenset(changed)


def _line(line: str, depth: int) -> str:
    """One line with its expression values quoted, from the left."""
    position = 0
    while match := KEY.search(line, position):
        start = match.end()
        outside = not _inside_quotes(line[: match.start()]) and "#" not in _code(line, start)
        if not outside or line[start] in "|>&*!" or _quoted(line, start):
            position = start
            continue
        flow = _depth(line[:start], depth) > 0
        if not flow and line[start] in "{":
            position = start
            continue
        end = _end(line, start, flow)
        if flow and line[start] in "{[" and end - start and line[end - 1] in "}]":
            position = start
            continue
        value = "'" + line[start:end].replace("'", "''") + "'"
        line = line[:start] + value + line[end:]
        position = start + len(value)
    return line


def _code(line: str, end: int) -> str:
    """What stands before `end` with quoted parts taken out, from a comment sign on."""
    plain = re.sub(r"\"[^\"]*\"|'[^']*'", "", line[:end])
    return "#" if re.search(r"(?:^|\s)#", plain) else ""


def _inside_quotes(before: str) -> bool:
    plain = re.sub(r"\"[^\"]*\"|'[^']*'", "", before)
    return '"' in plain or bool(re.search(r"(?:^|[\s\[{,])'", plain))


def _quoted(line: str, start: int) -> bool:
    """True when the whole value stands in quotes already."""
    match = re.match(r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')\s*(?:[,}\]]|#|$)", line[start:])
    return bool(match)


def _end(line: str, start: int, flow: bool) -> int:
    """Where the value ends: at a comment, and in flow at a comma or bracket that is not its own."""
    depth, quoted, end = 0, False, len(line)
    for position in range(start, len(line)):
        character = line[position]
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character == "#" and line[position - 1] == " ":
            end = position
            break
        elif character in OPENING:
            depth += 1
        elif flow and ((character == "," and not depth) or (character in CLOSING and not depth)):
            end = position
            break
        elif character in CLOSING:
            depth -= 1
    return start + len(line[start:end].rstrip())


def _uncommented(line: str) -> str:
    return line[: _end(line, 0, False)]


def _depth(line: str, depth: int) -> int:
    """How deep in flow brackets the text is after `line`."""
    plain = re.sub(r"\"[^\"]*\"|'(?:[^']|'')*'", "", line)
    plain = re.split(r"(?:^|\s)#", plain)[0]
    if depth == 0 and not re.search(r"(?:^|[:\-]\s+|\s)[{\[]", plain):
        return 0
    return max(0, depth + sum((c in "{[") - (c in "}]") for c in plain))
