# SPDX-License-Identifier: Apache-2.0
"""A problem says what went wrong, where, and how to mend it; it is data, worded only when shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from loyaltyrules.host.text import text_of
from loyaltyrules.problem.opposites import opposed

AMONG = 5  # names that are close, of which the closest that may be meant is taken
SHORT = 6  # signs of a Chinese name


class Place(NamedTuple):
    """A spot in a text: lines and columns count from 1; `excerpt` is the whole line."""

    file: str
    line: int
    column: int
    length: int = 1
    excerpt: str = ""

    def inside(self, start: int, end: int) -> "Place":
        """The part of this place from character `start` to `end` (both count from 0)."""
        return Place(self.file, self.line, self.column + start, max(1, end - start), self.excerpt)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: its code, the details that its sentences need, and where it was found."""

    code: str
    details: tuple[tuple[str, str], ...] = ()
    place: Place | None = None

    @property
    def file(self) -> str | None:
        """The file it was found in, if it was found in one."""
        return self.place.file if self.place else None

    @property
    def line(self) -> int | None:
        """The line, from 1."""
        return self.place.line if self.place else None

    @property
    def column(self) -> int | None:
        """The column, from 1."""
        return self.place.column if self.place else None

    @property
    def doubtful(self) -> bool:
        """True of findings that `check` reports but that do not keep a policy from loading."""
        return self.code.startswith("LR6")

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """The problem as plain data, which JSON takes as it is, its sentences in a language.

        Raises:
            ValueError: the language is neither `en` nor `zh`.
        """
        from loyaltyrules.problem.render import as_record  # which is made of problems

        return {**as_record(self, language), "details": dict(self.details)}


def problem(code: str, place: Place | None = None, **details: object) -> Problem:
    """Make a problem; `details` fill the placeholders of the sentences of `code`."""
    return Problem(code, tuple((name, text_of(value)) for name, value in details.items()), place)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=_position))


def _position(item: Problem) -> tuple[str, int, int, str]:
    place = item.place or Place("", 0, 0)
    return place.file, place.line, place.column, item.code


def near_miss(name: str, known: Iterable[str]) -> str:
    """The known name that is one letter away, or two where it is long; an empty text where none is.

    Capitals are no other letters.
    """
    others = {each.casefold(): each for each in known if each != name}
    letters = 0 if len(name) < 3 else 1 if len(name) < 7 else 2
    near = (each for each in others if abs(len(each) - len(name)) <= letters)
    alike = [each for each in near if not opposed(name, each)]
    least = 1 - (letters + 0.01) / len(name) if letters else 1.0
    close = get_close_matches(name.casefold(), alike, 1, least)
    return others[close[0]] if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or an empty text when none is near."""
    candidates = sorted(set(known))
    same = [each for each in candidates if each.casefold() == name.casefold()]
    if same:
        return same[0]
    close = get_close_matches(name, candidates, AMONG, _least(name))
    return next((each for each in close if not opposed(name, each)), "")


def _least(name: str) -> float:
    """How alike a known name must be: of the few signs of a Chinese name each says much."""
    return 0.55 if name.isascii() or len(name) > SHORT else 0.65
