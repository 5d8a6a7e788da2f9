# SPDX-License-Identifier: Apache-2.0
"""What solve found as charts: the curve with the values that are told, and a bar for each group."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loyaltyrules.calendar import Period
from loyaltyrules.problem.language import mark
from loyaltyrules.report.naming import value_name
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.shown.charts import Bar, Point, Said, bars, curve, nothing
from loyaltyrules.simulation.shown.titles import Titles, first_large, number_text
from loyaltyrules.simulation.solving.grain import unit_of
from loyaltyrules.simulation.solving.question import Question

if TYPE_CHECKING:
    from loyaltyrules.simulation.solving.found import Found, FoundBy

BY, BY_GROUP = mark("{measure} by {figure}"), mark("{figure} by group")
FIRST = mark("{figure}: the first {count} of {all} groups")
FOUND, BESIDE, NEAREST, NOW = (
    mark("found: {value}, {share}"), mark("beside it: {value}, {share}"),
    mark("nearest: {value}, {share}"), mark("now: {value}, {share}"),
)  # fmt: skip
NO_CURVE, NO_BARS = (
    mark("No record has a word of the label."), mark("No group has a value that a bar can show."),
)  # fmt: skip
WRITTEN = {"<=": "≤", ">=": "≥"}
BEYOND = 3  # how often the greatest value that is marked fits into the chart
SHOWN = 40  # groups of one chart
UNITS = {"days": mark("days"), "months": mark("months"), "minutes": mark("minutes")}


def chart(found: "Found", language: str) -> Any:
    """The share, or the number, of the word by the values of the figure."""
    asked, titles = found.question, Titles(found.question.policy, language)
    points = [Point(_place(asked, v), _height(asked, *s)) for v, *s in _known(found)]
    if not points:
        return nothing(titles.say(NO_CURVE))
    spots = [*_spots(found, titles)]
    said = Said(title(asked, titles), axis(asked, titles), asked.measure(language))
    bound = f"{WRITTEN.get(asked.goal.sign, asked.goal.sign)} {asked.bound}"
    return curve(
        _near(points, spots), float(asked.goal.bound), said, bound,
        spots=spots, percent=not asked.goal.counted,
    )  # fmt: skip


def title(asked: Question, titles: Titles) -> str:
    """What the curve shows."""
    figure = asked.title(titles.language)
    return first_large(titles.say(BY, measure=asked.measure(titles.language), figure=figure))


def axis(asked: Question, titles: Titles) -> str:
    """The figure with its unit."""
    figure = asked.figure
    unit = value_name(asked.policy, figure.type.unit, titles.language)
    if figure.type.kind == "share":
        unit = "%"
    elif isinstance(figure.values[-1][1], Period):
        unit = titles.say(UNITS[_unit(asked)])
    name = asked.title(titles.language)
    return titles.say("{title} ({unit})", title=name, unit=unit) if unit else name


def by_group(found: "FoundBy", language: str) -> Any:
    """The value of each group as a bar."""
    known = [(group, each) for group, each in found.founds if each.value is not None]
    drawn = [(g, e, place) for g, e in known if isinstance(place := _place_of(e), float)]
    asked, titles = found.question, Titles(found.question.policy, language)
    if not drawn:
        return nothing(titles.say(NO_BARS))
    rows = [Bar(group_text(group, titles), "", place) for group, _, place in drawn[:SHOWN]]
    return bars(rows, Said(group_title(found, titles), axis(asked, titles)))


def group_title(found: "FoundBy", titles: Titles) -> str:
    """What the bars show."""
    known = [each for _, each in found.founds if each.value is not None]
    figure = found.question.title(titles.language)
    if len(known) <= SHOWN:
        return titles.say(BY_GROUP, figure=figure)
    counts = {"count": SHOWN, "all": number_text(len(known))}
    return titles.say(FIRST, figure=figure, **counts)


def group_text(group: Any, titles: Titles) -> str:
    """A group as it is read: a word of the policy by its title."""
    return "–" if group is None else value_name(titles.policy, group, titles.language)


def present(found: "Found") -> tuple[Any, Any, Any] | None:
    """The value that the policy has now, and the share and number there; None where it has one for each
    span of days."""
    asked = found.question
    if len(asked.figure.values) > 1:
        return None
    value = asked.figure.values[0][1]
    own, known = _order(_place(asked, value)), _known(found)
    above = (row for row in known if _order(_place(asked, row[0])) >= own)
    row = next(above, known[-1] if known else None)
    return None if row is None else (value, row[1], row[2])


def _known(found: "Found") -> list[tuple[Any, ...]]:
    """The steps of the curve that have a share."""
    return [row for row in cells(found.curve)[1] if row[1] is not None]


def _spots(found: "Found", titles: Titles) -> Iterator[Point]:
    beside = found.next_value, found.next_share, found.next_count
    told = [(FOUND, (found.value, found.share, found.count))]
    told += [(NEAREST if found.value is None else BESIDE, beside)]
    if today := present(found):
        told += [(NOW, today)]
    asked = found.question
    for sentence, (value, share, count) in told:
        if value is not None and share is not None:
            shown = asked.shown(share, count)
            name = titles.say(sentence, value=asked.valued(value, titles.language), share=shown)
            yield Point(_place(asked, value), _height(asked, share, count), name)


def _near(points: list[Point], spots: list[Point]) -> list[Point]:
    """The steps around what is marked: a few records far above would press all others together."""
    numbers = [each.x for each in spots if isinstance(each.x, float)]
    if not numbers or max(numbers) <= 0:
        return points
    edge = BEYOND * max(numbers)
    kept = [each for each in points if not isinstance(each.x, float) or each.x <= edge]
    if len(kept) == len(points):
        return points
    following = points[len(kept)]
    return [*kept, following._replace(x=edge)]


def _order(place: float | date) -> float:
    return float(place.toordinal()) if isinstance(place, date) else place


def _height(asked: Question, share: float, count: int | None) -> float:
    return float(count or 0) if asked.goal.counted else float(share)


def _place_of(found: "Found") -> float | date | None:
    return None if found.value is None else _place(found.question, found.value)


def _place(asked: Question, value: Any) -> float | date:
    """Where a value stands: a day, or a number; of periods and their texts that of days or months."""
    match value:
        case date():
            return date(value.year, value.month, value.day)
        case Period():
            return float(getattr(value, _unit(asked)))
        case str():
            return float(value.split(" ")[0])
    number = Decimal(str(value))
    return float(number * 100 if asked.figure.type.kind == "share" else number)


def _unit(asked: Question) -> str:
    values = (value for _, value in asked.figure.values if isinstance(value, Period))
    return unit_of(values) or "months"
