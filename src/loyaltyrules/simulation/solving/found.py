# SPDX-License-Identifier: Apache-2.0
"""What solve found: the threshold, what stands beside it, and every step; for all records or by group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loyaltyrules.expression.types import Value
from loyaltyrules.host.html import Preformatted, section
from loyaltyrules.host.html import table as html_table
from loyaltyrules.problem.language import called, mark, say
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import message
from loyaltyrules.simulation.base.framed import Framed
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.shown.showing import Showing
from loyaltyrules.simulation.solving import found_charts, found_page
from loyaltyrules.simulation.solving.question import ASIDE, Question

SOLVED = mark("{figure} {value}: {measure} is {share} ({count} of {known})")
BESIDE = mark("{figure} {value}: {measure} is {share}; {ties} change at this step")
NEVER = mark("{measure} is never {sign} {bound}; the nearest is {share}, at {value}")
SAME = mark("{measure} is {share} at every value")
NOBODY = mark("no record has a word of {label}")
FORBIDDEN = mark("the policy allows no value at which {measure} is {sign} {bound}")
REFUSED = mark("{value} is refused: {why}")


@dataclass(frozen=True, eq=False, repr=False)
class Found(Showing):
    """The least value of a figure at which what is wanted holds.

    `share` and `count` are those at `value`, of `known` records that have a word. `next_value` is the
    nearest value at which it does not hold: below, or above where it holds at all values below;
    `next_share` and `next_count` are those there, and `ties` says how many records change between the
    two. Where it holds at no value that the policy allows, `value` is None, `why` says why, and
    `next_value` comes nearest.
    """

    question: Question
    value: Value | None
    share: float | None
    count: int | None
    known: int | None
    next_value: Value | None
    next_share: float | None
    next_count: int | None
    ties: int
    curve: Any
    reason: str = ""  # of having no value: a sentence of the catalogue
    refused_value: Value | None = None
    refusals: Sequence[Problem] = field(default=())
    set_aside: int = 0  # faulty records, which count nowhere

    @property
    def why(self) -> str | None:
        """Why there is no value."""
        return self._why("en")

    @property
    def refused(self) -> str | None:
        """Why the policy refuses the least value at which it would hold."""
        return self._refused("en")

    def explain(self, language: str = "en") -> str:
        """What was found, in words.

        Raises:
            ValueError: there is no such language.
        """
        asked = self.question
        head = {"figure": asked.title(language), "measure": asked.measure(language)}
        lines = [self._why(language), self._refused(language)]
        if self.value is not None:
            shown = asked.shown(self.share, self.count)
            told = {"share": shown, "count": self.count, "known": self.known}
            value = asked.valued(self.value, language)
            lines.insert(0, say(language, SOLVED, value=value, **told, **head))
        if self.value is not None and self.next_value is not None:
            shown = asked.shown(self.next_share, self.next_count)
            value = asked.valued(self.next_value, language)
            details = {"value": value, "share": shown, "ties": self.ties}
            lines.insert(1, say(language, BESIDE, **details, **head))
        if self.set_aside:
            lines.append(say(language, ASIDE, count=self.set_aside))
        return Preformatted("\n".join(filter(None, lines)))

    def _why(self, language: str) -> str | None:
        asked = self.question
        if not self.reason:
            return None
        shown = asked.shown(self.next_share, self.next_count)
        return say(
            language, self.reason, measure=asked.measure(language), sign=asked.goal.sign,
            bound=asked.bound, share=shown, value=asked.valued(self.next_value, language),
            label=called(asked.label.titles, language, asked.label.name),
        )  # fmt: skip

    def _refused(self, language: str) -> str | None:
        if not self.refusals:
            return None
        why = "; ".join(message(each, language) for each in self.refusals)
        value = self.question.valued(self.refused_value, language)
        return say(language, REFUSED, value=value, why=why)

    def __repr__(self) -> str:
        name = self.question.figure.name
        if self.value is None:
            return f"Found({name}: none, {self.why})"
        asked, at = self.question, self.question.valued(self.value, "en")
        head = f"{name} {at}: {asked.shown(self.share, self.count)}"
        if self.next_value is None:
            return f"Found({head})"
        beside = asked.shown(self.next_share, self.next_count)
        nearest = asked.valued(self.next_value, "en")
        return f"Found({head}; {nearest}: {beside}, ties {self.ties})"

    def _repr_html_(self) -> str:
        lines = [(each,) for each in self.explain().split("\n")]
        return section(repr(self), html_table(("",), lines), html_table(*cells(self.curve)))

    def whys(self, language: str) -> tuple[str | None, str | None]:
        """Why there is no value, and why the policy refuses the least one, in one language."""
        return self._why(language), self._refused(language)

    def _chart(self, language: str) -> Any:
        return found_charts.chart(self, language)

    def _page(self, language: str) -> str:
        return found_page.found_page(self, language)


@dataclass(frozen=True, eq=False, repr=False)
class FoundBy(Framed, Showing):
    """What was found for each group: `frame`, which it behaves as too; `curve` holds the steps of each.

    `refused` holds the groups whose least value the policy forbids, with why.
    """

    curve: Any
    question: Question
    founds: Sequence[tuple[Any, Found]]  # by group
    set_aside: int = 0

    def _chart(self, language: str) -> Any:
        return found_charts.by_group(self, language)

    def _page(self, language: str) -> str:
        return found_page.by_group_page(self, language)

    def __repr__(self) -> str:
        return f"FoundBy({len(self)} groups, {len(cells(self.refused)[1])} refused)"

    def _repr_html_(self) -> str:
        return section(repr(self), *(html_table(*cells(e)) for e in (self.frame, self.refused)))
