# SPDX-License-Identifier: Apache-2.0
"""What people who do not program write by mistake in YAML, told so that they can mend it."""

import re
from typing import Any

import yaml

from loyaltyrules.policy.reader.model import Document
from loyaltyrules.policy.reader.raw import BREAK, Quoting
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Place, Problem, problem

FULL_WIDTH = {"：": ":", "，": ",", "｛": "{", "｝": "}", "【": "[", "】": "]", "［": "[", "］": "]",
              "“": '"', "”": '"', "＃": "#", "－": "-"}  # fmt: skip
BLANKS = (
    "\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"  # none is a space of YAML
)
EDGE = re.compile(f"^[{BLANKS}]|[{BLANKS}]$")
TIED = re.compile(
    f"{EDGE.pattern}|(?<=:)[{BLANKS}]"
)  # `{type: whole}` is one key with such a blank
BLANK_BEFORE = re.compile(rf"^[^\"'#]*?(?:^\s*|[:\-,\[{{]\s*|\w)([{BLANKS}])")
OPENS = re.compile(r"(?:^|[:,\[{-])\s*([\"'])")
FURTHEST = 40  # lines in which a quote that is never closed is looked for
STRUCTURE = re.compile(r"^\s*(?:- )?[^\s:#\"'{}\[\]][^:#\"'{}\[\]]*?(：)")
OPENING = re.compile(r"^[^:\"'{\[]*(?:: +|- +)([“”【［｛])")
TIGHT = re.compile(r"^\s*(?:- )?[^\s:#\"'{}\[\]]+(:)[^\s:]")
SECOND = re.compile(r"^\s*(?:- )?[^\s\"'#{\[][^\"'#{\[:]*: +[^\s\"'#{\[][^\"'#{\[]*?(: )")
UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
IN_QUOTES = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
QUOTED = IN_QUOTES.pattern
BEHIND = (
    re.compile(  # on a line of its own a text goes on to the end, in brackets to the next comma
        rf"^\s*(?:- )?(?:[^\s\"'{{\[#][^\"'{{\[#]*?: +)?(?:{QUOTED})\s*"
        r"(?!,\s*(?:$|[^\s,:]+:(?:\s|$)))(?P<own>[^\s#:：\]}])"
        rf"|[{{,]\s*[^\s\"'{{}}\[\],:]+: +(?:{QUOTED})\s*(?P<within>[^\s#:：,，\]}}】｝］\"'])"
    )
)
LONGEST = 500  # characters of a line that are searched


def unprintable(text: str) -> str:
    """The first character that no text file holds, as `U+0000`, else an empty text."""
    found = UNPRINTABLE.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def refuse_signs(text: str, file: str, lines: list[str]) -> None:
    """Refuse a text with control characters.

    Raises:
        PolicyError: there is one (LR101).
    """
    found = UNPRINTABLE.search(text)
    if found:
        before = BREAK.split(text[: found.start()])
        excerpt = UNPRINTABLE.sub("\ufffd", lines[len(before) - 1])
        place = Place(file, len(before), len(before[-1]) + 1, 1, excerpt)
        raise PolicyError([problem("LR101", place, found=unprintable(found[0]))])


def broken_yaml(fault: yaml.YAMLError, file: str, lines: list[str], quoting: Quoting) -> Problem:
    """What is wrong with a text that is no YAML: the trap people fell into, or the parser's word."""
    mark = _mark(fault, lines)
    number = min(mark.line, len(lines) - 1) if mark else 0
    column = quoting.written(mark.line, mark.column) if mark and mark.line == number else 0
    begun = getattr(fault, "context_mark", None)
    key = begun.line if begun and "simple key" in str(getattr(fault, "context", "")) else number
    open_quote = _open_quote(file, lines, number)
    if open_quote:
        return open_quote
    near = [index for index in dict.fromkeys((key, number, number - 1)) if 0 <= index < len(lines)]
    for trap in _TRAPS:
        for index in near:
            found = trap(Place(file, index + 1, 1, 1, lines[index]), lines[index][:LONGEST])
            if found:
                return found
    place = Place(file, number + 1, column + 1, 1, lines[number])
    return problem("LR101", place, found=getattr(fault, "problem", None) or str(fault))


def _mark(fault: yaml.YAMLError, lines: list[str]) -> Any:
    """Where the fault is: of brackets and quotes that are never closed, where they open."""
    mark, begun = getattr(fault, "problem_mark", None), getattr(fault, "context_mark", None)
    if mark is None or begun is None or mark.line == begun.line:
        return mark
    blank = mark.line >= len(lines) or not lines[mark.line].strip()
    return begun if blank or "flow" in str(getattr(fault, "context", "")) else mark


def _open_quote(file: str, lines: list[str], last: int) -> Problem | None:
    """A quote that is not closed in its line, the nearest above what cannot be read.

    A text may go on over several lines: then one of them has the other quote.
    """
    closed = 0
    for index in range(last, max(-1, last - FURTHEST), -1):
        line = lines[index][:LONGEST]
        plain = IN_QUOTES.sub(lambda found: "_" * len(found[0]), line)
        opened = OPENS.search(plain)
        if opened and not closed:
            place = Place(file, index + 1, 1, 1, line).inside(*opened.span(1))
            return problem("LR161", place, found=opened[1])
        closed = max(0, closed + (plain.count('"') - bool(opened)) % 2)
    return None


def _odd_blank(place: Place, line: str) -> Problem | None:
    match = BLANK_BEFORE.match(line)
    return _blank(place.inside(*match.span(1))) if match else None


def _blank(place: Place) -> Problem:
    sign = place.excerpt[place.column - 1]
    return problem("LR162", place, found=f"U+{ord(sign):04X}")


def _tab(place: Place, line: str) -> Problem | None:
    tab = line.find("\t")
    if tab >= 0 and not line[:tab].strip():
        return problem("LR108", place.inside(tab, tab + 1))
    return None


def _wide_structure(place: Place, line: str) -> Problem | None:
    match = STRUCTURE.match(line)
    return _wide(place.inside(*match.span(1))) if match else None


def _wide_opening(place: Place, line: str) -> Problem | None:
    match = OPENING.match(line)
    return _wide(place.inside(*match.span(1))) if match else None


def _wide_sign(place: Place, line: str) -> Problem | None:
    """A full-width sign that is no part of a text in quotes or of a comment."""
    plain = IN_QUOTES.sub(lambda found: " " * len(found[0]), line)
    plain = re.split(r"(?:^|\s)#", plain)[0]
    at = next((at for at, character in enumerate(plain) if character in FULL_WIDTH), -1)
    return _wide(place.inside(at, at + 1)) if at >= 0 else None


def _behind_quotes(place: Place, line: str) -> Problem | None:
    """A text that goes on behind the word in quotes that it begins with."""
    match = BEHIND.search(line)
    if match is None:
        return None
    name = match.lastgroup or ""
    return problem("LR167", place.inside(*match.span(name)), found=match[name])


def _no_space(place: Place, line: str) -> Problem | None:
    """`A:[电话]`: YAML takes a colon for one only with a space behind it."""
    match = TIGHT.match(line)
    return problem("LR118", place.inside(*match.span(1))) if match else None


def _second_colon(place: Place, line: str) -> Problem | None:
    match = SECOND.match(line)
    if match:
        return problem("LR115", place.inside(match.start(1), match.start(1) + 1))
    return None


def _wide(place: Place) -> Problem:
    sign = place.excerpt[place.column - 1]
    return problem("LR102", place, found=sign, near=FULL_WIDTH[sign])


_TRAPS = (
    _tab, _odd_blank, _behind_quotes, _wide_structure, _wide_opening, _no_space, _second_colon, _wide_sign,
)  # fmt: skip


def odd_characters(document: Document, file: str, lines: list[str]) -> list[Problem]:
    """Full-width punctuation in the place of YAML's own, and commas that cut a flow cell in two."""
    found = []
    for path, key in document.keys.items():
        if document.places[path].length == 1 and _at(document.data, path) == "":
            found += _without_value(path, key)
    if isinstance(document.data, str) or document.data is None:
        found += _wide_colons(file, lines)
    for path, key in document.keys.items():
        found += _blank_in(str(path[-1]), key, TIED)
    for path, place in document.places.items():
        value = _at(document.data, path)
        if isinstance(value, str) and "\n" not in value:
            found += _wide_colon_in(value, place)
            if place.excerpt[: place.column - 1].strip():  # one on lines of its own is a text
                found += _blank_in(value, place)
    return found


def _blank_in(text: str, place: Place, where: re.Pattern[str] = EDGE) -> list[Problem]:
    """A name or plain text that begins or ends with a blank that is none of YAML's.

    In quotes it belongs to the text.
    """
    start = place.column - 1
    odd, quoted = where.search(text), place.excerpt[:start].endswith(('"', "'"))
    if odd is None or quoted or not place.excerpt.startswith(text, start):
        return []
    return [_blank(place.inside(*odd.span()))]


def _without_value(path: tuple[str | int, ...], key: Place) -> list[Problem]:
    """A key in a flow mapping that has no value: `{title: 积分, 售后}`, `{do： 电话}`."""
    before = key.excerpt[: key.column - 1].rstrip()
    after = key.excerpt[key.column - 1 + key.length :].lstrip()
    if after[:1] not in (",", "}") or not before.endswith((",", "{")):
        return []
    if before.endswith((",", "{")) and "：" in str(path[-1]):
        at = str(path[-1]).index("：")
        return [_wide(key.inside(at, at + 1))]
    tight = re.match(r"[^\s:]+(:)\S", str(path[-1]))
    if tight:
        return [problem("LR118", key.inside(*tight.span(1)))]
    if re.fullmatch(r"\d{3}", str(path[-1])) and re.search(r"\d,$", before):
        return [problem("LR119", key)]
    return [problem("LR109", key, found=path[-1])] if before.endswith(",") else []


def _wide_colons(file: str, lines: list[str]) -> list[Problem]:
    found = []
    for number, line in enumerate(lines, 1):
        match = STRUCTURE.match(line[:LONGEST])
        if match:
            found.append(_wide(Place(file, number, match.start(1) + 1, 1, line)))
    return found


def _wide_colon_in(value: str, place: Place) -> list[Problem]:
    """A plain text that swallowed the next key: `A： [x]` inside a mapping of cells."""
    match = re.match(r"^[\w\s]{1,20}：\s*[\[{]|^【.*】$", value)
    if not match or place.excerpt[place.column - 2 : place.column - 1] in "\"'":
        return []
    at = next(i for i, character in enumerate(value) if character in FULL_WIDTH)
    return [_wide(place.inside(at, at + 1))] if place.excerpt else []


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a path; None where a key that is written twice took its place."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data
