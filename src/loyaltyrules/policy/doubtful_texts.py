# SPDX-License-Identifier: Apache-2.0
"""Texts that would go out with what only stood around them: quotes, and brackets that fill in nothing."""

import re
from collections.abc import Iterator
from typing import Any

from loyaltyrules.policy.found import Found
from loyaltyrules.policy.languages import titles_in
from loyaltyrules.policy.lowering.roles import SAYING
from loyaltyrules.policy.lowering.templates import filled_by
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import CALLED
from loyaltyrules.problem.language import LANGUAGES
from loyaltyrules.problem.problem import Problem, problem

PAIRED = {"“": "”", "「": "」", "『": "』", "‘": "’", "〝": "〞", "«": "»"}
OPENS = {closing: opening for opening, closing in PAIRED.items() if closing != "’"}  # in `it’s` too
ALIKE = '"＂'  # one sign opens and closes
GIFT = "gift"
FILLED = ("occasion", "row", "column", "channel")  # what the name of a gift may hold in braces
BRACKETS = re.compile(
    r"｛[^｛｝]*｝?|｝|[【〖〔［\[<〈《]([^【】〖〗〔〕［］\[\]<>〈〉《》]*)[】〗〕］\]>〉》]"
)


def in_quotes(world: World, rules: list[Rule]) -> Found:
    """Texts in quotes as a word processor writes them: they would be sent."""
    for path, text in (*_texts(world), *_gifts(world), *_titles(world)):
        if _quoted(text.strip()):
            yield problem("LR614", world.document.place(path), name=_whose(path)), _named(path)


def _whose(path: Path) -> str:
    """The name of the thing that a text belongs to."""
    own = path[2:3] if path[0] == "facts" else path[1:2]
    names = [each for each in own if isinstance(each, str) and each not in LANGUAGES]
    return names[0] if names else str(path[0])


def _quoted(text: str) -> bool:
    """True of a text in quotes as a whole, but for placeholders behind it, and of one with a half of them."""
    own = re.sub(r"(\s*\{[^{}]*\})+$", "", text)
    if own[:1] in PAIRED:
        return _closes_at(own, PAIRED[own[0]]) in (len(own) - 1, None)
    if own[:1] != "" and own[0] in ALIKE:
        return own.find(own[0], 1) in (len(own) - 1, -1)
    single = len(own) > 1 and own[0] == own[-1] == "'" and own.count("'") == 2
    return single or _only_closed(own)


def _only_closed(text: str) -> bool:
    """True where a text ends in a quote that nothing opens; `5"` is a length."""
    last = text[-1:]
    if last in OPENS:
        return text.count(last) > text.count(OPENS[last])
    return last != "" and last in ALIKE and text.count(last) % 2 == 1 and not text[-2:-1].isdigit()


def _closes_at(text: str, end: str) -> int | None:
    """Where the quote that a text begins with is closed; quotes of the same kind may stand inside."""
    depth = 0
    for index, sign in enumerate(text):
        depth += (sign == text[0]) - (sign == end)
        if depth == 0:
            return index
    return None


def like_placeholders(world: World, rules: list[Rule]) -> Found:
    """Names of facts in brackets that fill in nothing: `【姓名】` would be sent as it stands."""
    for path, text in (*_texts(world), *_gifts(world)):
        for match in BRACKETS.finditer(text):
            name = match[0].strip("｛｝") if match[1] is None else match[1]
            if match[1] is None or _fills(world, name.strip()):
                yield _bracketed(world, path, match, name.strip()), _named(path)


def _bracketed(world: World, path: Path, match: re.Match[str], name: str) -> Problem:
    place = world.document.place(path)
    here = place and place.inside(*match.span())
    if path[-1] == GIFT and name not in FILLED:
        known = ", ".join(f"{{{each}}}" for each in FILLED)
        return problem("LR625", here, found=match[0], known=known)
    return problem("LR618", here, found=match[0], near="{" + name + "}")


def _fills(world: World, name: str) -> bool:
    return name in (*world.shape.blocks, *FILLED) or any(
        filled_by(world, each, name) for each in world.subjects
    )


def _texts(world: World) -> Iterator[tuple[Path, str]]:
    for section in ("templates", "blocks"):
        for name, each in getattr(world.shape, section).items():
            for language in ("zh", "en"):
                yield (section, name, language), getattr(each, language)


def _gifts(world: World) -> Iterator[tuple[Path, str]]:
    """What gifts are called, under words and wherever an action is written in its long form."""
    open_: list[tuple[Path, Any]] = [((name,), world.document.data.get(name)) for name in SAYING]
    while open_:
        path, part = open_.pop()
        if isinstance(part, dict | list):
            below = part.items() if isinstance(part, dict) else enumerate(part)
            open_ += [((*path, key), each) for key, each in below]
        elif path[-1] == GIFT and isinstance(part, str):
            yield path, part


def _titles(world: World) -> Iterator[tuple[Path, str]]:
    """What things are called."""
    names = (
        ((section, name), said)
        for section in CALLED
        for name, said in getattr(world.shape, section).items()
    )
    for path, said in (*names, *titles_in(world.shape)):
        if isinstance(said, str):
            yield path, said
        else:
            yield from (((*path, key), said[key]) for key in LANGUAGES if key in said)


def _named(path: Path) -> str:
    return ".".join(map(str, path))
