# SPDX-License-Identifier: Apache-2.0
"""A comparison as charts: who went from which word to which, and the actions that come and go."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.base.costs import COST
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.comparison import spending
from loyaltyrules.simulation.comparison.kinds import Kind, differing
from loyaltyrules.simulation.comparison.matching import BOTH, GAINED, LOST
from loyaltyrules.simulation.comparison.moves import Moves
from loyaltyrules.simulation.shown.charts import Bar, Cell, Said, bars, heat, nothing, together
from loyaltyrules.simulation.shown.charts.look import AFTER, BEFORE, LESS, MORE
from loyaltyrules.simulation.shown.titles import Titles

if TYPE_CHECKING:
    from loyaltyrules.simulation.comparison.delta import Delta

OLD_WORD, NEW_WORD = mark("Before"), mark("After")
SIDE_WORDS = {LOST: mark("Lost"), GAINED: mark("Gained"), BOTH: mark("Stay")}
BY_KIND, NUMBER = mark("Actions lost and gained, by kind"), mark("Number of actions")
HOW_MANY, WHO_WENT = mark("{label}: how many before and after"), mark("{label}: who went where")
LESS_COST, MORE_COST = mark("Costs less"), mark("Costs more")
COST_BY_KIND = mark("What costs less and more, by kind")
NOTHING = mark("Nobody moves, and no action is lost or gained.")


def chart(delta: "Delta", language: str) -> Any:
    """All that changes, in one chart."""
    titles = Titles(delta.new.policy, language)
    drawn = [matrix(each, titles) for each in delta.moving]
    rows = differing(delta)
    drawn += [actions(rows, titles)] if rows else []
    if COST in delta.measured and (differing_costs := spending.by_kind(delta)):
        drawn.append(costs(differing_costs, titles))
    return together(drawn) if drawn else nothing(titles.say(NOTHING))


def matrix(moves: Moves, titles: Titles) -> Any:
    """Who went from which word to which; those who stayed are muted."""
    said = Said(
        titles.say(WHO_WENT, label=titles.label(moves.label)),
        titles.say(NEW_WORD), titles.say(OLD_WORD),
    )  # fmt: skip
    return heat(
        (Cell(titles.word(o), titles.word(n), count) for o, n, count in counted(moves)), said
    )


def counted(moves: Moves) -> Iterator[tuple[str, str, int]]:
    """The numbers of the matrix with both words, row by row."""
    names, rows = cells(moves.matrix())
    for old, *counts in rows:
        for new, count in zip(names[1:], counts, strict=True):
            yield str(old), new, int(count)


def before_and_after(moves: Moves, titles: Titles) -> Any:
    """How many have which word under both policies."""
    said = Said(titles.say(HOW_MANY, label=titles.label(moves.label)), x=_records(moves, titles))
    numbers: dict[tuple[str, str], int] = {}
    for old, new, count in counted(moves):
        for word, series in ((old, OLD_WORD), (new, NEW_WORD)):
            numbers[word, series] = numbers.get((word, series), 0) + count
    words = [*dict.fromkeys((*moves.words["new"], *moves.words["old"], *(w for w, _ in numbers)))]
    rows = (
        Bar(titles.word(word), titles.say(series), numbers.get((word, series), 0))
        for word in words
        for series in (OLD_WORD, NEW_WORD)
    )
    return bars(rows, said, (BEFORE, AFTER))


def _records(moves: Moves, titles: Titles) -> str:
    return titles.say("Number of {records}", records=titles.records(moves.label.subject))


def costs(differing: Mapping[str, Decimal], titles: Titles) -> Any:
    """What costs less now to the left, what costs more to the right."""
    sides = [titles.say(LESS_COST), titles.say(MORE_COST)]
    listed = (
        Bar(titles.kind(kind), side, float(round(number, 2)))
        for kind, by in differing.items()
        for side, number in zip(sides, (min(by, Decimal(0)), max(by, Decimal(0))), strict=True)
    )
    said = Said(titles.say(COST_BY_KIND), x=titles.spending(COST))
    return bars(listed, said, (LESS, MORE), sides=True)


def actions(kinds: Iterable[Kind], titles: Titles) -> Any:
    """What is lost to the left, what is gained to the right."""
    sides = [titles.say(SIDE_WORDS[each]) for each in (LOST, GAINED)]
    listed = (
        Bar(titles.kind(each.name), side, number)
        for each in kinds
        for side, number in zip(sides, (-each.lost, each.gained), strict=True)
    )
    return bars(listed, Said(titles.say(BY_KIND), x=titles.say(NUMBER)), (LESS, MORE), sides=True)
