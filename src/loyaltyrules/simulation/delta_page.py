# SPDX-License-Identifier: Apache-2.0
"""A comparison as a page that somebody reads and prints."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from loyaltyrules.host import page
from loyaltyrules.problem.language import called, mark
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import message
from loyaltyrules.simulation import delta_charts as charts
from loyaltyrules.simulation import figures, kinds, pages
from loyaltyrules.simulation.charts.look import svg
from loyaltyrules.simulation.delta_charts import NEW_WORD, OLD_WORD, SIDE_WORDS
from loyaltyrules.simulation.headline import Headline
from loyaltyrules.simulation.moves import Moves
from loyaltyrules.simulation.ordered import cells
from loyaltyrules.simulation.summing_up import summed_up
from loyaltyrules.simulation.titles import number_text

if TYPE_CHECKING:
    from loyaltyrules.simulation.delta import Delta

SHOWN = 20  # movers of one label that a page lists
TITLE = mark("What a change does: {title}")
ONE_DAY, SPAN = mark("compared on {day}"), mark("compared from {first} to {last}")
WHAT = mark("What was changed")
FIGURES = mark("The figures that differ")
OF_FIGURES = (mark("Figure"), OLD_WORD, NEW_WORD, mark("Source"))
IN_LABEL = mark("{label}: who moves")
MATRIX = mark("Number of {records}: before (rows), after (columns)")
TOTAL = mark("Total")
MOVERS, ALL_MOVERS = (
    mark("The first {count} of {all} that move, and why"),
    mark("All {all} that move, and why"),
)
OF_MOVERS = (mark("Id"), OLD_WORD, NEW_WORD, mark("Because"))
MORE = mark("{count} more are not listed here.")
LIKEWISE = mark("The same records move in the same way in: {labels}.")
ACTIONS, KINDS = mark("Actions"), mark("Actions by kind")
OF_KINDS = (mark("Kind"), *SIDE_WORDS.values(), mark("Change"))
NO_ACTIONS = mark("No action is lost or gained.")
WHOLE, OF_WHOLE = mark("Summary"), (mark("Counted"), OLD_WORD, NEW_WORD, mark("Change"))
COUNTS = mark("Counts under both policies")
APART = mark("What could not be compared")


def delta_page(delta: "Delta", language: str) -> str:
    """The page, in one language."""
    return _Page(delta, Headline.of(delta, language)).text


class _Page:
    """The parts of the page in their order."""

    def __init__(self, delta: "Delta", headline: Headline) -> None:
        self.delta, self.headline, self.titles = delta, headline, headline.titles
        self.say, self.language = self.titles.say, self.titles.language

    @property
    def text(self) -> str:
        policy = self.delta.policies[0]
        title = self.say(TITLE, title=called(policy.titles, self.language, policy.name))
        parts = (
            page.head(title, days(self.delta, self.headline)),
            page.points(self.headline.sentences, "lead"),
            self.changed(), *self.labels(), self.actions(), self.whole(),
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
            yield self.label(first, others)

    def label(self, moves: Moves, others: Sequence[Moves]) -> str:
        name = self.titles.label(moves.label)
        drawn = svg(charts.before_and_after(moves, self.titles))
        same = self.say(", ").join(self.titles.label(each.label) for each in others)
        return page.section(
            page.heading(self.say(IN_LABEL, label=name)),
            self.matrix(moves),
            page.figure(drawn, self.say(charts.HOW_MANY, label=name)),
            *self.movers(moves),
            page.paragraph(self.say(LIKEWISE, labels=same)) if others else "",
        )

    def matrix(self, moves: Moves) -> str:
        """The matrix with its sums; those who stayed are muted, those who moved the darker the more."""
        names, rows = cells(moves.matrix())
        words, total = names[1:], self.say(TOTAL)
        most = max(n for o, *counts in rows for w, n in zip(words, counts, strict=True) if o != w)
        listed: list[tuple[page.Cell, ...]] = [
            (
                self.titles.word(old),
                *(
                    pages.number(n, muted=old == w or not n, shade=n / most if old != w else 0)
                    for w, n in zip(words, counts, strict=True)
                ),
                pages.number(sum(counts)),
            )
            for old, *counts in rows
        ]
        sums = [sum(row[at] for row in rows) for at in range(1, len(names))]
        listed.append((total, *map(pages.number, sums), pages.number(sum(sums))))
        records = self.titles.records(moves.label.subject)
        caption = self.say(MATRIX, records=records)
        heads = [self.titles.label(moves.label), *map(self.titles.word, words), total]
        return page.table(caption, heads, listed, "matrix total")

    def movers(self, moves: Moves) -> Iterator[str]:
        """Some of those who move, without what the record holds."""
        names, rows = cells(self.delta.movers(moves.label.name, self.language))
        place = [names.index(each) for each in ("subject_id", "old", "new", "because")]
        listed = [
            (str(row[place[0]]), *(self.titles.word(row[at]) for at in place[1:3]), row[place[3]])
            for row in rows[:SHOWN]
        ]
        more = len(rows) - len(listed)
        count, whole = number_text(len(listed)), number_text(len(rows))
        caption = (
            self.say(MOVERS, count=count, all=whole) if more else self.say(ALL_MOVERS, all=whole)
        )
        yield page.table(caption, self.names(OF_MOVERS), listed, "full")
        if more:
            yield page.paragraph(self.say(MORE, count=number_text(more)), "note")

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


def days(delta: "Delta", headline: Headline) -> str:
    """The day, or the first and the last, of a comparison."""
    dates = delta.new.plan.dates
    if len(dates) == 1:
        return headline.titles.say(ONE_DAY, day=dates[0])
    return headline.titles.say(SPAN, first=dates[0], last=dates[-1])
