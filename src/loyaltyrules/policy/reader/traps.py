# SPDX-License-Identifier: Apache-2.0
"""What people who do not program write by mistake in YAML, told so that they can mend it."""

import re
from typing import TYPE_CHECKING

import yaml

from loyaltyrules.problem.problem import Place, Problem, problem

if TYPE_CHECKING:
    from loyaltyrules.policy.reader.document import Document

FULL_WIDTH = {"：": ":", "，": ",", "｛": "{", "｝": "}", "【": "[", "】": "]", "［": "[", "］": "]",
              "“": '"', "”": '"', "＃": "#", "－": "-", "　": " "}  # fmt: skip
STRUCTURE = re.compile(r"^\s*(?:- )?[^\s:#\"'{}\[\]][^:#\"'{}\[\]]*?(：)(?:\s|$|\S)")


def broken_yaml(fault: yaml.YAMLError, file: str, lines: list[str]) -> Problem:
    """What is wrong with a text that is no YAML: the trap people fell into, or the parser's word."""
    mark = getattr(fault, "problem_mark", None)
    number = min(mark.line, len(lines) - 1) if mark else 0
    column = mark.column if mark else 0
    for index in (number, number - 1):
        trap = _trap(file, lines, index) if 0 <= index < len(lines) else None
        if trap:
            return trap
    place = Place(file, number + 1, column + 1, 1, lines[number])
    return problem("LR101", place, found=getattr(fault, "problem", None) or str(fault))


def _trap(file: str, lines: list[str], index: int) -> Problem | None:
    line = lines[index]
    tab = line.find("\t")
    if tab >= 0 and not line[:tab].strip():
        return problem("LR108", Place(file, index + 1, tab + 1, 1, line))
    wide = next((at for at, character in enumerate(line) if character in FULL_WIDTH), -1)
    if wide >= 0:
        place = Place(file, index + 1, wide + 1, 1, line)
        return problem("LR102", place, found=line[wide], near=FULL_WIDTH[line[wide]])
    second = re.match(r"^\s*(?:- )?[^\s\"'#{\[][^\"'#{\[]*?: +[^\"'#{\[][^\"'#{\[]*?(: )", line)
    if second:
        return problem("LR115", Place(file, index + 1, second.start(1) + 1, 1, line))
    return None


def odd_characters(document: "Document", file: str, lines: list[str]) -> list[Problem]:
    """Full-width punctuation in the place of YAML's own, and commas that cut a flow cell in two."""
    found = []
    for path, key in document.keys.items():
        cut = _cut_by_comma(document, path, key)
        if cut:
            found.append(cut)
    if isinstance(document.data, str) or document.data is None:
        found += _wide_colons(file, lines)
    for path, place in document.places.items():
        value = _at(document.data, path)
        if isinstance(value, str) and "\n" not in value:
            found += _wide_colon_in(value, place)
    return found


def _cut_by_comma(document: "Document", path: tuple[str | int, ...], key: Place) -> Problem | None:
    """A key without a value in a flow mapping, straight after a comma: `{title: 积分, 售后}`."""
    before = key.excerpt[: key.column - 1].rstrip()
    after = key.excerpt[key.column - 1 + key.length :].lstrip()
    empty = document.places[path].length == 1 and _at(document.data, path) == ""
    if empty and before.endswith(",") and after[:1] in (",", "}"):
        return problem("LR109", key, found=str(path[-1]))
    return None


def _wide_colons(file: str, lines: list[str]) -> list[Problem]:
    found = []
    for number, line in enumerate(lines, 1):
        match = STRUCTURE.match(line)
        if match:
            place = Place(file, number, match.start(1) + 1, 1, line)
            found.append(problem("LR102", place, found="：", near=":"))
    return found


def _wide_colon_in(value: str, place: Place) -> list[Problem]:
    """A plain text that swallowed the next key: `A： [x]` inside a mapping of cells."""
    match = re.match(r"^[\w\s]{1,20}：\s*[\[{]|^【.*】$", value)
    if not match or place.excerpt[place.column - 2 : place.column - 1] in "\"'":
        return []
    at = next(i for i, character in enumerate(value) if character in FULL_WIDTH)
    found = problem("LR102", place.inside(at, at + 1), found=value[at], near=FULL_WIDTH[value[at]])
    return [found]


def _at(data: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        data = data[step]  # type: ignore[index]
    return data
