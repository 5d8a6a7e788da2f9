# SPDX-License-Identifier: Apache-2.0
"""Lines: shares and counts by a figure, by day, and the wanted value across."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from loyaltyrules.simulation.shown.charts import look
from loyaltyrules.simulation.shown.charts.look import Said

HEIGHT, PART = 280, 250  # of one chart; the width of each where there are several beside each other
BESIDE = 3
FEW_TICKS = 7
FEW_POINTS = 40  # up to these each point is marked
SHAPES = ("circle", "triangle-up", "diamond")
SIZES = (170, 55)  # of the first point that is marked, and of the others, which may lie on it
LONG = 100  # days of an axis that tells months


class Point(NamedTuple):
    """A value at a place: a number, a day, or a text. `part` names the chart beside others that it is in,
    `manner` how its line is drawn."""

    x: float | date | str
    y: float
    series: str = ""
    part: str = ""
    manner: str = ""


def lines(
    points: Iterable[Point], said: Said, *, percent: bool = False, ordered: bool = True,
    unknown: str = "?",
) -> Any:  # fmt: skip
    """A line for each series in the order in which they come; of several parts, charts beside each other.

    Args:
        points: The points.
        said: What is written at the chart.
        percent: Whether the values are shares.
        ordered: Whether the series have an order, best first, as words of a label do.
        unknown: The series that has no place in the order.
    """
    listed, alt = list(points), look.library()
    parts = look.in_order([each.part for each in listed])
    whole = _drawn(alt, listed, said, percent, (unknown,) if ordered else None)
    if len(parts) > 1:
        header = alt.Header(labelAnchor="start", labelFontWeight="bold")
        facet = look.named(alt, "part", "", parts, "Facet", header=header)
        whole = whole.properties(width=PART, height=PART * 0.7)
        whole = whole.facet(facet=facet, columns=BESIDE)
    return look.dressed(whole, said)


def curve(
    points: Iterable[Point], wanted: float, said: Said, mark: str, *,
    spots: Iterable[Point] = (), percent: bool = True,
) -> Any:  # fmt: skip
    """Shares or counts by a value, step by step, with a line across at what is wanted, named by `mark`.

    Args:
        points: The steps; each is the highest value before the next change.
        wanted: Where the line across lies.
        said: What is written at the chart.
        mark: What the line across is called.
        spots: Points that are marked, each told by its series.
        percent: Whether the values are shares.
    """
    listed, alt = list(points), look.library()
    base = _base(alt, listed, said, percent)
    steps = base.mark_line(interpolate="step-before", color=look.AFTER, strokeWidth=2)
    across = alt.Chart(alt.Data(values=[{"y": wanted, "text": mark}]))
    rule = across.mark_rule(color=look.LESS, strokeDash=[6, 4], strokeWidth=1.5).encode(y="y:Q")
    text = across.mark_text(align="left", dx=6, color=look.LESS).encode(
        y="y:Q", x=alt.value(look.WIDTH), text="text:N"
    )
    marked = [*_spots(alt, base, list(spots), said)]
    return look.dressed(alt.layer(steps, rule, text, *marked), said)


def _spots(alt: Any, base: Any, spots: Sequence[Point], said: Said) -> Iterator[Any]:
    """Points that are marked, told in the legend: they may lie too close to be written at."""
    if not spots:
        return
    names = look.in_order([each.series for each in spots])
    legend = alt.Legend(title=said.legend or None, columns=1, symbolSize=80)
    ranges = {"Color": look.SPOTS, "Shape": SHAPES}
    colour, shape = (
        look.named(alt, "series", "", names, channel, legend=legend,
                   scale=alt.Scale(domain=names, range=list(range_[: len(names)])))
        for channel, range_ in ranges.items()
    )  # fmt: skip
    sizes = [{**each._asdict(), "x": _written(each.x), "size": SIZES[at > 0]}
             for at, each in enumerate(spots)]  # fmt: skip
    yield (
        base.properties(data=alt.Data(values=sizes))
        .mark_point(filled=True, opacity=1)
        .encode(color=colour, shape=shape, size=alt.Size("size:Q", scale=None, legend=None))
    )


def course(
    points: Iterable[Point], said: Said, *, percent: bool = False, unknown: str = "?"
) -> Any:
    """Words by day: a colour for each word (`series`), for each policy (`manner`) another kind of line.

    `unknown` is the series of those of whom no word is known; it is grey.
    """
    return lines(points, said, percent=percent, unknown=unknown)


def _drawn(
    alt: Any, points: Sequence[Point], said: Said, percent: bool, ordered: Sequence[str] | None
) -> Any:
    base = _base(alt, points, said, percent)
    series, manners = (look.in_order(map(attrgetter(n), points)) for n in ("series", "manner"))
    if len(series) > 1 or series != [""]:
        colours = [*look.APART] if ordered is None else look.ramp(series, *ordered)
        scale = alt.Scale(domain=series, range=colours)
        legend = alt.Legend(title=said.legend or None, symbolType="stroke", symbolStrokeWidth=3)
        base = base.encode(
            color=look.named(alt, "series", "", series, "Color", scale=scale, legend=legend)
        )
    plain = base  # dots are not drawn in dashes
    if len(manners) > 1:
        legend = alt.Legend(
            title=None, symbolType="stroke", symbolStrokeWidth=2, symbolStrokeColor=look.INK
        )
        base = base.encode(
            strokeDash=look.named(alt, "manner", "", manners, "StrokeDash", legend=legend)
        )
    one = {} if len(series) > 1 or series != [""] else {"color": look.AFTER}
    line = base.mark_line(strokeWidth=2.2, **one)
    if len(points) > FEW_POINTS * max(1, len(series)):
        return line
    dot = plain.mark_point(filled=True, size=38, opacity=1, **one)
    return alt.layer(line, dot)


def _base(alt: Any, points: Sequence[Point], said: Said, percent: bool) -> Any:
    values = [{**each._asdict(), "x": _written(each.x)} for each in points]
    chart = alt.Chart(alt.Data(values=values), width=look.WIDTH, height=HEIGHT)
    axis = alt.Axis(format="~%" if percent else ",~f", domain=False, tickCount=6)
    return chart.encode(
        x=_across(alt, points, said), y=alt.Y("y:Q", title=said.y or None, axis=axis)
    )


def _days(alt: Any, days: Sequence[Any]) -> Any:
    """The axis of days: of a long time months."""
    long = bool(days) and (max(days) - min(days)).days > LONG
    written = "%Y-%m" if long else "%Y-%m-%d"
    return alt.Axis(
        format=written, labelOverlap=True, labelSeparation=8, tickCount=FEW_TICKS, grid=False
    )


def _written(value: float | date | str) -> float | str:
    return value.isoformat() if isinstance(value, date) else value


def _across(alt: Any, points: Sequence[Point], said: Said) -> Any:
    """The axis of what the points stand at: numbers, days, or texts in the order in which they come."""
    title = said.x or None
    if all(isinstance(each.x, date) for each in points):
        return alt.X("x:T", title=title, axis=_days(alt, [each.x for each in points]))
    numbers = [float(each.x) for each in points if isinstance(each.x, int | float)]
    if len(numbers) == len(points):
        scale = alt.Scale(zero=False, nice=False, padding=12)
        places = sorted(set(numbers))
        ticks = {"values": places} if len(places) <= FEW_TICKS else {"tickCount": FEW_TICKS}
        axis = alt.Axis(format=",~f", grid=False, **ticks)
        return alt.X("x:Q", title=title, scale=scale, axis=axis)
    order = look.in_order([str(each.x) for each in points])
    return look.named(alt, "x", said.x, order, "X", axis=alt.Axis(labelAngle=0, grid=False))
