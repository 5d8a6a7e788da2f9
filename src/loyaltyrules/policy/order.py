# SPDX-License-Identifier: Apache-2.0
"""Things in the order in which they need each other, however long the chains: nothing here recurses."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def needed_first(
    wanted: Iterable[Key],
    needs: Callable[[Key], Iterable[Key]],
    circle: Callable[[Key], object] = lambda key: None,
) -> list[Key]:
    """All that is wanted, and what it needs in the end, each once and after what it needs.

    `circle` hears of each that is needed again while what it needs is looked for.
    """
    done: dict[Key, None] = {}
    for start in wanted:
        open_: dict[Key, Iterator[Key]] = {} if start in done else {start: iter(needs(start))}
        while open_:
            key = next(reversed(open_))
            below = next((each for each in open_[key] if each not in done), None)
            if below is None:
                open_.pop(key)
                done[key] = None
            elif below in open_:
                circle(below)
            else:
                open_[below] = iter(needs(below))
    return list(done)
