# SPDX-License-Identifier: Apache-2.0
"""What a what-if measures: how many records have which word of a label, how many actions
there are, and what they cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NoReturn

import narwhals.stable.v2 as nw

from loyaltyrules.policy.model import Label
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import nearest, problem
from loyaltyrules.simulation.base.costs import COST, MINUTES, require_costs
from loyaltyrules.simulation.base.side import Side

NO_TRUTH = mark("a condition is neither yes nor no before solve was asked; write one comparison")
NO_MEASURE = mark("it is a condition, and no measure")


@dataclass(frozen=True, slots=True)
class Words:
    """The records by the words of a label: how many, and which share of those that have a word.

    With a `word` only its own. Compared with a number it is what `solve` wants.
    """

    label: str
    word: str | None = None
    counted: bool = False  # as said: a number of records, and no share

    def __str__(self) -> str:
        named = (self.label,) if self.word is None else (self.label, self.word)
        return f"{'count' if self.counted else 'share'}({', '.join(map(repr, named))})"

    def __lt__(self, bound: object) -> "Want":
        return Want.of(self, "<", bound)

    def __le__(self, bound: object) -> "Want":
        return Want.of(self, "<=", bound)

    def __gt__(self, bound: object) -> "Want":
        return Want.of(self, ">", bound)

    def __ge__(self, bound: object) -> "Want":
        return Want.of(self, ">=", bound)


@dataclass(frozen=True, slots=True)
class Want:
    """A share or a number of records as it is wanted: `share("tier", "A") <= 0.20`."""

    measure: Words
    sign: str
    bound: object

    @classmethod
    def of(cls, measure: Words, sign: str, bound: object) -> "Want":
        """Compare a measure.

        Raises:
            ArgumentError: which word counts is not said (LR517).
        """
        if measure.word is None:
            raise ArgumentError([problem("LR517", None, name=measure, label=measure.label)])
        return cls(measure, sign, bound)

    def __str__(self) -> str:
        return f"{self.measure} {self.sign} {self.bound}"

    def __bool__(self) -> NoReturn:
        """Python asks for this in `0.1 <= share(…) <= 0.2`, and would forget the first half.

        Raises:
            ArgumentError: always (LR518).
        """
        raise ArgumentError([problem("LR518", None, name=self, why=NO_TRUTH)])


@dataclass(frozen=True, slots=True)
class Actions:
    """How many actions of some kinds there are; what is held back is none."""

    kinds: str

    @property
    def name(self) -> str:
        return f"actions {self.kinds}"

    def rows(self, side: Side) -> Iterator[tuple[str, float | None]]:
        """The number under one policy."""
        counts = side.run.tally(False).items()
        yield self.name, sum(n for (kind, *_), n in counts if fnmatchcase(kind, self.kinds))


@dataclass(frozen=True, slots=True)
class Spending:
    """What the actions of some kinds cost in all, in money (`cost`) or `minutes`."""

    what: str
    kinds: str

    @property
    def name(self) -> str:
        return f"{self.what} {self.kinds}"

    def rows(self, side: Side) -> Iterator[tuple[str, float | None]]:
        """The sum of what is known, and of how many actions it is not, if there are any."""
        require_costs(side.policy, self.what)
        fitting = [e for e in set(side.priced["kind"].to_list()) if fnmatchcase(e, self.kinds)]
        own = side.priced.filter(nw.col("kind").is_in(fitting))
        known = own[self.what].drop_nulls()
        yield self.name, float(known.sum() or 0) if len(known) or not len(own) else None
        if len(known) < len(own):
            yield f"no {self.name}", len(own) - len(known)


def cost(kinds: str = "*") -> Spending:
    """What the actions of the kinds that fit a pattern cost, as the section `costs` of the policy says."""
    return Spending(COST, kinds)


def minutes(kinds: str = "*") -> Spending:
    """How many minutes of work the actions of the kinds that fit a pattern take."""
    return Spending(MINUTES, kinds)


def count(label: str, word: str | None = None) -> Words:
    """How many records have each word of a label, or one of its words."""
    return Words(label, word, counted=True)


def share(label: str, word: str | None = None) -> Words:
    """The share of the records that have each word of a label, or one, among all that have any."""
    return Words(label, word)


def actions(kinds: str = "*") -> Actions:
    """How many actions there are of the kinds that fit a pattern, such as `gift.*`."""
    return Actions(kinds)


def require_measure(given: object) -> None:
    """A condition is no measure.

    Raises:
        ArgumentError: it is one (LR518).
    """
    if isinstance(given, Want):
        raise ArgumentError([problem("LR518", None, name=given, why=NO_MEASURE)])


def word_of(label: Label, word: str) -> str:
    """A word of a label.

    Raises:
        ArgumentError: it has no such word (LR519).
    """
    if word not in label.words:
        details = {"names": ", ".join(label.words), "near": nearest(str(word), label.words)}
        raise ArgumentError([problem("LR519", None, name=word, label=label.name, **details)])
    return word
