# SPDX-License-Identifier: Apache-2.0
"""Words that stand together in one text, joined by commas; and what was meant by those that do not."""

from collections.abc import Iterable, Mapping

from loyaltyrules.policy.lowering.world import titles
from loyaltyrules.policy.shape import Called
from loyaltyrules.problem.near import items_in
from loyaltyrules.problem.problem import nearest


def parts_of(text: str) -> list[str]:
    """The words of a text; both commas part them."""
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


def near_words(text: str, known: Iterable[str]) -> str:
    """The known word most like a text, or all of its words where only `、` stood between them."""
    words = [*known]
    return items_in(text, words) or nearest(text, words)


def titled(text: str, known: Mapping[str, Called]) -> str:
    """The name whose title is a text: people write what they call a thing."""
    named = (name for name, said in known.items() if text in dict(titles(said, "")).values())
    return next(named, "")
