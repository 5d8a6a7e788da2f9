# SPDX-License-Identifier: Apache-2.0
"""A sweep as a page that somebody reads and prints."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from loyaltyrules.host import page
from loyaltyrules.host.page import Number
from loyaltyrules.problem.language import called, mark
from loyaltyrules.problem.render import message
from loyaltyrules.simulation.shown import pages
from loyaltyrules.simulation.shown.charts.look import svg
from loyaltyrules.simulation.shown.titles import number_text, share_text
from loyaltyrules.simulation.sweeping import grid_charts as charts
from loyaltyrules.simulation.sweeping.swept import Row, Told, tried

TITLE = mark("What comes of several values: {title}")
BETWEEN = mark("{label}: {words}.")
OF_WORD = mark("{word} from {least} to {most}")
ALWAYS = mark("{word} always {most}")
RANGE = mark("{measure}: from {least} to {most}.")
STEADY = mark("{measure}: always {most}.")
COUNTS = mark("Number of {records} and their share")
VALUES = mark("Values by combination")
REFUSED, WHY = mark("Combinations that the policy forbids"), mark("Why")
REFUSED_COUNT = mark("{count} combinations were refused.")
POLICY = mark("Policy")


def grid_page(told: Told) -> str:
    """The page, in one language."""
    titles, policy = told.titles, told.about.policy
    title = titles.say(TITLE, title=called(policy.titles, titles.language, policy.name))
    day = titles.say(pages.ONE_DAY, day=told.about.on)
    parts = (
        page.head(title, day),
        page.points([*told.changes(), *_headline(told)], "lead"),
        *(_label(told, name) for name in told.labels),
        *(_measure(told, name) for name in told.measures),
        _refused(told),
        pages.foot([pages.identity(titles.say(POLICY), policy, titles), day]),
    )
    return page.page(title, titles.language, parts)


def _headline(told: Told) -> Iterator[str]:
    """How far each word and measure reaches."""
    titles = told.titles
    for name, rows in told.labels.items():
        words = titles.say(", ").join(_of_word(told, word, rows) for word in _words(rows))
        yield titles.say(BETWEEN, label=titles.label(told.label(name)), words=words)
    for name, rows in told.measures.items():
        values = [row["value"] for row in rows]
        ends = {"least": number_text(min(values)), "most": number_text(max(values))}
        said = STEADY if min(values) == max(values) else RANGE
        yield titles.say(said, measure=told.measure(name), **ends)
    if count := len(told.about.refused):
        yield titles.say(REFUSED_COUNT, count=number_text(count))


def _words(rows: Sequence[Row]) -> list[str]:
    return [*dict.fromkeys(str(row["word"]) for row in rows)]


def _of_word(told: Told, word: str, rows: Sequence[Row]) -> str:
    own = [row for row in rows if str(row["word"]) == word]
    least, most = (how(own, key=lambda row: row["count"]) for how in (min, max))
    ends = {"least": _count(least).text, "most": _count(most).text}
    said = ALWAYS if least["count"] == most["count"] else OF_WORD
    return told.titles.say(said, word=told.titles.word(word), **ends)


def _count(row: Row) -> Number:
    """How many, and which share: `173 (7.3%)`."""
    share = f" ({share_text(row['share'], 1)})" if row["share"] is not None else ""
    return Number(f"{number_text(row['count'])}{share}")


def _label(told: Told, name: str) -> str:
    """The chart of a label, and a row for each combination."""
    titles, rows, label = told.titles, told.labels[name], told.label(name)
    words = _words(rows)
    by: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in rows:
        by.setdefault(_combination(told, row), {})[str(row["word"])] = row
    listed = [
        (*_named(values), *(_count(own[w]) if w in own else Number("") for w in words))
        for values, own in by.items()
    ]
    caption = titles.say(COUNTS, records=titles.records(label.subject))
    heads = [*map(told.axis, told.figures), *map(titles.word, words)]
    return page.section(
        page.heading(titles.label(label)),
        page.figure(svg(charts.of_label(told, name)), charts.label_title(told, name)),
        page.table(caption, heads, listed),
    )


def _measure(told: Told, name: str) -> str:
    """The chart of a measure, and a row for each combination."""
    rows = [
        (*_named(_combination(told, row)), pages.number(row["value"]))
        for row in told.measures[name]
    ]
    heads = [*map(told.axis, told.figures), told.measure(name)]
    return page.section(
        page.heading(told.measure(name)),
        page.figure(svg(charts.of_measure(told, name)), charts.measure_title(told, name)),
        page.table(told.titles.say(VALUES), heads, rows),
    )


def _refused(told: Told) -> str:
    if not told.about.refused:
        return ""
    heading = told.titles.say(REFUSED)
    why = partial(message, language=told.language)
    listed = [
        (*_named(values), "; ".join(map(why, problems))) for values, problems in told.about.refused
    ]
    heads = [*map(told.axis, told.figures), told.titles.say(WHY)]
    return page.section(page.heading(heading), page.table(heading, heads, listed, "full"))


def _combination(told: Told, row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in told.figures)


def _named(values: Sequence[Any]) -> list[page.Cell]:
    """The values of a combination; numbers are set to the right."""
    return [Number(tried(v)) if isinstance(v, int | float) else tried(v) for v in values]
