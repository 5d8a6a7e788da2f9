# SPDX-License-Identifier: Apache-2.0
"""The part of a page that tells who moves in one label: the matrix, a chart, and some of those who move."""

from collections.abc import Iterator, Sequence
from typing import Any

from loyaltyrules.host import page
from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.comparison import delta_charts as charts
from loyaltyrules.simulation.comparison.delta_charts import NEW_WORD, OLD_WORD
from loyaltyrules.simulation.comparison.moves import Moves
from loyaltyrules.simulation.shown import pages
from loyaltyrules.simulation.shown.charts.look import svg
from loyaltyrules.simulation.shown.titles import Titles, number_text

SHOWN = 20  # movers of one label that a page lists
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


def label_section(moves: Moves, others: Sequence[Moves], movers: Any, titles: Titles) -> str:
    """Who moves in one label; the others are labels in which the same records move in the same way."""
    name = titles.label(moves.label)
    drawn = svg(charts.before_and_after(moves, titles))
    same = titles.say(", ").join(titles.label(each.label) for each in others)
    return page.section(
        page.heading(titles.say(IN_LABEL, label=name)),
        _matrix(moves, titles),
        page.figure(drawn, titles.say(charts.HOW_MANY, label=name)),
        *_movers(movers, titles),
        page.paragraph(titles.say(LIKEWISE, labels=same)) if others else "",
    )


def _matrix(moves: Moves, titles: Titles) -> str:
    """The matrix with its sums; those who stayed are muted, those who moved the darker the more."""
    (_, *words), rows = cells(moves.matrix())
    most = max(n for o, *counts in rows for w, n in zip(words, counts, strict=True) if o != w)
    listed: list[list[page.Cell]] = [
        [titles.word(old), *_shaded(old, words, counts, most), pages.number(sum(counts))]
        for old, *counts in rows
    ]
    sums = _sums(rows)
    listed.append([titles.say(TOTAL), *map(pages.number, sums), pages.number(sum(sums))])
    caption = titles.say(MATRIX, records=titles.records(moves.label.subject))
    heads = [titles.label(moves.label), *map(titles.word, words), titles.say(TOTAL)]
    return page.table(caption, heads, listed, "matrix total")


def _shaded(
    old: str, words: Sequence[str], counts: Sequence[int], most: int
) -> Iterator[page.Cell]:
    for word, count in zip(words, counts, strict=True):
        stayed = old == word
        yield pages.number(count, muted=stayed or not count, shade=0 if stayed else count / most)


def _sums(rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """The sums of the columns behind the first."""
    return [sum(column) for column in [*zip(*rows, strict=True)][1:]]


def _movers(movers: Any, titles: Titles) -> Iterator[str]:
    """Some of those who move, without what the record holds."""
    names, rows = cells(movers)
    identity, old, new, because = (names.index(n) for n in ("subject_id", "old", "new", "because"))
    listed = [
        (str(row[identity]), titles.word(row[old]), titles.word(row[new]), str(row[because]))
        for row in rows[:SHOWN]
    ]
    more = len(rows) - len(listed)
    counts = {"count": number_text(len(listed)), "all": number_text(len(rows))}
    caption = titles.say(MOVERS if more else ALL_MOVERS, **counts)
    yield page.table(caption, [titles.say(each) for each in OF_MOVERS], listed, "full")
    if more:
        yield page.paragraph(titles.say(MORE, count=number_text(more)), "note")
