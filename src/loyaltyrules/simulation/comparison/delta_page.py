# SPDX-License-Identifier: Apache-2.0
"""A comparison as a page that somebody reads and prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from loyaltyrules.host import page
from loyaltyrules.problem.language import called, mark
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import message
from loyaltyrules.simulation.base import figures
from loyaltyrules.simulation.base.costs import COST
from loyaltyrules.simulation.comparison import delta_charts as charts
from loyaltyrules.simulation.comparison import kinds, spending
from loyaltyrules.simulation.comparison.delta_charts import NEW_WORD, OLD_WORD, SIDE_WORDS
from loyaltyrules.simulation.comparison.headline import Headline
from loyaltyrules.simulation.comparison.label_section import TOTAL, label_section
from loyaltyrules.simulation.comparison.moves import Moves
from loyaltyrules.simulation.comparison.summing_up import summed_up
from loyaltyrules.simulation.shown import pages
from loyaltyrules.simulation.shown.charts.look import svg
from loyaltyrules.simulation.shown.titles import Titles, number_text

if TYPE_CHECKING:
    from loyaltyrules.simulation.comparison.delta import Delta

TITLE = mark("What a change does: {title}")
SPAN = mark("compared from {first} to {last}")
WHAT = mark("What was changed")
FIGURES = mark("The figures that differ")
OF_FIGURES = (mark("Figure"), OLD_WORD, NEW_WORD, mark("Source"))
ACTIONS, KINDS = mark("Actions"), mark("Actions by kind")
OF_KINDS = (mark("Kind"), *SIDE_WORDS.values(), mark("Change"))
NO_ACTIONS = mark("No action is lost or gained.")
COSTS, OF_COSTS = (
    mark("Costs"), (mark("Kind"), mark("Gift"), OLD_WORD, NEW_WORD, mark("Change"))
)  # fmt: skip
NO_PRICE = mark("Without the actions that have no price: {before} before, {after} after.")
WHOLE, OF_WHOLE = mark("Summary"), (mark("Counted"), OLD_WORD, NEW_WORD, mark("Change"))
COUNTS = mark("Counts under both policies")
APART = mark("What could not be compared")


def delta_page(delta: "Delta", language: str) -> str:
    """The page, in one language."""
    return _Page(delta, Headline.of(delta, language)).text


@dataclass(frozen=True)
class _Page:
    """The parts of the page in their order."""

    delta: "Delta"
    headline: Headline

    @property
    def titles(self) -> Titles:
        return self.headline.titles

    @property
    def language(self) -> str:
        return self.titles.language

    def say(self, sentence: str, **details: object) -> str:
        return self.titles.say(sentence, **details)

    @property
    def text(self) -> str:
        policy = self.delta.policies[0]
        title = self.say(TITLE, title=called(policy.titles, self.language, policy.name))
        parts = (
            page.head(title, days(self.delta, self.headline)),
            page.points(self.headline.sentences, "lead"),
            self.changed(), *self.labels(), self.actions(), self.costs(), self.whole(),
            self.apart(self.delta.incomparable), self.foot(),
        )  # fmt: skip
        return page.page(title, self.language, parts)

    def names(self, sentences: Sequence[str]) -> list[str]:
        return [self.say(each) for each in sentences]

    def changed(self) -> str:
        """The figures that differ."""
        old, new = self.delta.policies
        columns = figures.table(old, new, self.language)
        rows = zip(*(columns[each] for each in ("title", "old", "new", "source")), strict=True)
        listed = page.table(self.say(FIGURES), self.names(OF_FIGURES), rows, "full")
        return page.section(page.heading(self.say(WHAT)), listed) if listed else ""

    def labels(self) -> Iterator[str]:
        """The labels that move; those that move in the same way are told with the first of them."""
        groups: dict[object, list[Moves]] = {}
        for each in self.delta.moving:
            key = each.label.subject, tuple(each.moved.iter_rows())
            groups.setdefault(key, []).append(each)
        for first, *others in groups.values():
            movers = self.delta.movers(first.label.name, self.language)
            yield label_section(first, others, movers, self.titles)

    def actions(self) -> str:
        """The kinds of action with what is lost and gained."""
        differing = kinds.differing(self.delta)
        rows: list[tuple[page.Cell, ...]] = [
            (name, *map(pages.number, counts), pages.change(counts[1] - counts[0]))
            for name, *counts in kinds.told(self.delta, self.titles)
        ]
        sums = [self.headline.sides[each] for each in SIDE_WORDS]
        rows.append((self.say(TOTAL), *map(pages.number, sums), pages.change(sums[1] - sums[0])))
        drawn = ""
        if differing:
            chart = svg(charts.actions(differing, self.titles))
            drawn = page.figure(chart, self.say(charts.BY_KIND))
        return page.section(
            page.heading(self.say(ACTIONS)),
            "" if differing else page.paragraph(self.say(NO_ACTIONS)),
            drawn,
            page.table(self.say(KINDS), self.names(OF_KINDS), rows, "total"),
        )

    def costs(self) -> str:
        """What work costs by kind and gift, where a policy says it."""
        if COST not in self.delta.measured:
            return ""
        lines, by_kind = spending.lines(self.delta), spending.by_kind(self.delta)
        rows: list[tuple[page.Cell, ...]] = [
            (self.titles.kind(each.kind), self._gift(each.gift), *_amounts(each.old, each.new))
            for each in lines
        ]
        old, new, *lacking = spending.sums(self.delta, COST)
        rows.append((self.say(TOTAL), "", *_amounts(old, new)))
        counts = dict(zip(("before", "after"), map(number_text, lacking), strict=True))
        drawn = svg(charts.costs(by_kind, self.titles)) if by_kind else ""
        return page.section(
            page.heading(self.say(COSTS)),
            page.figure(drawn, self.say(charts.COST_BY_KIND)) if drawn else "",
            page.table(self.titles.spending(COST), self.names(OF_COSTS), rows, "total"),
            page.paragraph(self.say(NO_PRICE, **counts), "note") if any(lacking) else "",
        )

    def _gift(self, name: str | None) -> str:
        return "" if name is None else self.titles.gift(name)

    def whole(self) -> str:
        """What was counted under both policies."""
        rows = [
            (name, pages.number(old), pages.number(new), pages.change(by))
            for name, old, new, by in summed_up(self.delta, self.titles)
        ]
        return page.section(
            page.heading(self.say(WHOLE)),
            page.table(self.say(COUNTS), self.names(OF_WHOLE), rows),
        )

    def apart(self, problems: Sequence[Problem]) -> str:
        """What is compared on one side only."""
        if not problems:
            return ""
        told = (message(each, self.language) for each in problems)
        return page.section(page.heading(self.say(APART)), page.points(told))

    def foot(self) -> str:
        lines = [
            pages.identity(self.say(role), policy, self.titles)
            for role, policy in zip((OLD_WORD, NEW_WORD), self.delta.policies, strict=True)
        ]
        return pages.foot([*lines, days(self.delta, self.headline)])


def _amounts(old: Decimal, new: Decimal) -> tuple[page.Cell, ...]:
    """Both amounts, and the change."""
    return pages.number(old), pages.number(new), pages.change(new - old)


def days(delta: "Delta", headline: Headline) -> str:
    """The day, or the first and the last, of a comparison."""
    dates = delta.new.plan.dates
    if len(dates) == 1:
        return headline.titles.say(pages.ONE_DAY, day=dates[0])
    return headline.titles.say(SPAN, first=dates[0], last=dates[-1])
