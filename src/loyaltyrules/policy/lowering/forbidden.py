# SPDX-License-Identifier: Apache-2.0
"""Words that no text may contain, and where one does."""

import re
from collections.abc import Iterator

from loyaltyrules.policy.lowering.templates import PLACEHOLDER
from loyaltyrules.policy.lowering.world import World, titles
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import MustShape
from loyaltyrules.problem.language import LANGUAGES, choose
from loyaltyrules.problem.problem import nearest, problem

ALL = "all"
LATIN = "[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]"  # signs that make words by standing together
HALF_WIDTH = {sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)}


def refuse_words(world: World, shape: MustShape, path: Path) -> None:
    """Note a fault at each place where a text, or a block of it, has a word that it must not have."""
    asked = [each for each in shape.never or () if each.strip()]
    if shape.texts is None or not asked:
        world.fault("LR141", path, name="never" if shape.texts else "texts")
        return
    pattern = re.compile("|".join(_pattern(each.strip()) for each in asked), re.IGNORECASE)
    language = world.shape.language
    say = choose(titles(shape.say, language), language, "")
    for text, said in _texts(world, shape.texts, (*path, "texts")):
        place = world.document.place(text)
        for match in pattern.finditer(_told(said)):
            inside = place.inside(*match.span()) if place else None
            found = said[slice(*match.span())]
            world.faults.append(problem("LR293", inside, name=text[1], found=found, say=say))


def _pattern(word: str) -> str:
    """A word of letters stands for itself alone, other signs wherever they stand."""
    plain = word.translate(HALF_WIDTH)
    before = f"(?<!{LATIN})" if re.match(LATIN, plain) else ""
    behind = f"(?!{LATIN})" if re.search(f"{LATIN}$", plain) else ""
    parts = r"\s+".join(map(re.escape, plain.split()))  # a text may break its lines anywhere
    return f"{before}{parts}{behind}"


def _told(text: str) -> str:
    """A text as people read it, each sign in its place: what fills it in is not looked at."""
    bare = PLACEHOLDER.sub(lambda match: "\0" * len(match[0]), text)
    return bare.translate(HALF_WIDTH)


def _texts(world: World, names: list[str], path: Path) -> Iterator[tuple[Path, str]]:
    """The texts that are meant, with where they stand: those of templates, then those of blocks."""
    templates, blocks = world.shape.templates, world.shape.blocks
    meant = [*templates] if names == [ALL] else [*_known(world, names, path)]
    for name in meant:
        yield from _in_each_language(("templates", name), templates[name])
    within = [*blocks] if names == [ALL] else _blocks_of(world, meant)
    for name in within:
        yield from _in_each_language(("blocks", name), blocks[name])


def _known(world: World, names: list[str], path: Path) -> Iterator[str]:
    for name in names:
        if name in world.shape.templates:
            yield name
        else:
            world.fault("LR292", path, name=name, near=nearest(name, world.shape.templates))


def _in_each_language(path: Path, shape: object) -> Iterator[tuple[Path, str]]:
    for language in LANGUAGES:
        if said := getattr(shape, language):
            yield (*path, language), said


def _blocks_of(world: World, templates: list[str]) -> list[str]:
    """The blocks that stand in texts, and those of which one is taken in their place."""
    found = dict[str, None]()
    for name in templates:
        for _, said in _in_each_language((), world.shape.templates[name]):
            found |= dict.fromkeys(PLACEHOLDER.findall(said))
    known = [name for name in found if name in world.shape.blocks]
    first = (each for name in known for each in world.shape.blocks[name].first or ())
    return list(dict.fromkeys((*known, *(each for each in first if each in world.shape.blocks))))
