# SPDX-License-Identifier: Apache-2.0
"""Texts that would go out with what only stood around them: quotes, and brackets that fill in nothing."""

import re
from collections.abc import Iterator
from typing import Any

from loyaltyrules.policy.found import Found
from loyaltyrules.policy.lowering.roles import SAYING
from loyaltyrules.policy.lowering.templates import filled_by
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.language import LANGUAGES
from loyaltyrules.problem.problem import problem

PAIRED = {"“": "”", "「": "」", "『": "』", "‘": "’", "〝": "〞", "«": "»"}
ALIKE = '"＂'  # one sign opens and closes
BRACKETS = re.compile(
    r"｛[^｛｝]*｝?|｝|[【〖〔［\[<〈《]([^【】〖〗〔〕［］\[\]<>〈〉《》]*)[】〗〕］\]>〉》]"
)


def in_quotes(world: World, rules: list[Rule]) -> Found:
    """Texts in quotes as a word processor writes them: they would be sent."""
    for path, text in (*_texts(world), *_gifts(world), *_titles(world)):
        if _quoted(text.strip()):
            yield problem("LR614", world.document.place(path), name=path[1]), _named(path)


def _quoted(text: str) -> bool:
    """True of a text in quotes as a whole, but for placeholders behind it, and of one not closed."""
    own = re.sub(r"(\s*\{[^{}]*\})+$", "", text)
    if own[:1] in PAIRED:
        return _closes_at(own, PAIRED[own[0]]) in (len(own) - 1, None)
    return own[:1] != "" and own[0] in ALIKE and own.find(own[0], 1) in (len(own) - 1, -1)


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
    for path, text in _texts(world):
        for match in BRACKETS.finditer(text):
            name = match[0].strip("｛｝") if match[1] is None else match[1]
            if match[1] is None or _fills(world, name.strip()):
                place = world.document.place(path)
                details = {"found": match[0], "near": "{" + name.strip() + "}"}
                yield (
                    problem("LR618", place and place.inside(*match.span()), **details),
                    _named(path),
                )


def _fills(world: World, name: str) -> bool:
    return name in world.shape.blocks or any(
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
        elif path[-1] == "gift" and isinstance(part, str):
            yield path, part


def _titles(world: World) -> Iterator[tuple[Path, str]]:
    for section in ("names", "roles", "channels"):
        for name, said in getattr(world.shape, section).items():
            if isinstance(said, str):
                yield (section, name), said
            else:
                texts = ((key, said[key]) for key in LANGUAGES if key in said)
                yield from (((section, name, key), text) for key, text in texts)


def _named(path: Path) -> str:
    return ".".join(map(str, path))
