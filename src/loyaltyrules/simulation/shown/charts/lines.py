# SPDX-License-Identifier: Apache-2.0
"""Lines: shares and counts by a figure, by day, and the wanted value across."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from loyaltyrules.simulation.shown.charts import look
from loyaltyrules.simulation.shown.charts.look import Said

HEIGHT, PART = 280, 250  # of one chart; the width of each where there are several beside each other
BESIDE = 3
FEW_TICKS = 7
FEW_POINTS = 40  # up to these each point is marked


class Point(NamedTuple):
    """A value at a place: a number, a day, or a text. `part` names the chart beside others that it is in,
    `manner` how its line is drawn."""

    x: float | date | str
    y: float
    series: str = ""
    part: str = ""
    manner: str = ""


def lines(
    points: Iterable[Point], said: Said, *, percent: bool = False, ordered: bool = True
) -> Any:
    """A line for each series in the order in which they come; of several parts, charts beside each other.

    Args:
        points: The points.
        said: What is written at the chart.
        percent: Whether the values are shares.
        ordered: Whether the series have an order, best first, as words of a label do.
    """
    listed, alt = list(points), look.library()
    parts = look.in_order([each.part for each in listed])
    whole = _drawn(alt, listed, said, percent, ordered)
    if len(parts) > 1:
        header = alt.Header(labelAnchor="start", labelFontWeight="bold")
        facet = look.named(alt, "part", "", parts, "Facet", header=header)
        whole = whole.properties(width=PART, height=PART * 0.7)
        whole = whole.facet(facet=facet, columns=BESIDE)
    return look.dressed(whole, said)


def curve(points: Iterable[Point], wanted: float, said: Said, mark: str) -> Any:
    """Shares by a value, step by step, with a line across at the share that is wanted, named by `mark`."""
    listed, alt = list(points), look.library()
    base = _base(alt, listed, said, True)
    steps = base.mark_line(interpolate="step-after", color=look.AFTER, strokeWidth=2)
    across = alt.Chart(alt.Data(values=[{"y": wanted, "text": mark}]))
    rule = across.mark_rule(color=look.LESS, strokeDash=[6, 4], strokeWidth=1.5).encode(y="y:Q")
    text = across.mark_text(align="left", dx=6, color=look.LESS).encode(
        y="y:Q", x=alt.value(look.WIDTH), text="text:N"
    )
    return look.dressed(alt.layer(steps, rule, text), said)


def course(points: Iterable[Point], said: Said, *, percent: bool = False) -> Any:
    """Words by day: a colour for each word (`series`), for each policy (`manner`) another kind of line."""
    return lines(points, said, percent=percent)


def _drawn(alt: Any, points: Sequence[Point], said: Said, percent: bool, ordered: bool) -> Any:
    base = _base(alt, points, said, percent)
    series, manners = (look.in_order(map(attrgetter(n), points)) for n in ("series", "manner"))
    if len(series) > 1 or series != [""]:
        colours = look.ramp(series) if ordered else [*look.APART]
        scale = alt.Scale(domain=series, range=colours)
        legend = alt.Legend(title=said.legend or None, symbolType="stroke", symbolStrokeWidth=3)
        base = base.encode(
            color=look.named(alt, "series", "", series, "Color", scale=scale, legend=legend)
        )
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
    dot = base.encode(strokeDash=alt.Undefined).mark_point(filled=True, size=38, opacity=1, **one)
    return alt.layer(line, dot)


def _base(alt: Any, points: Sequence[Point], said: Said, percent: bool) -> Any:
    values = [{**each._asdict(), "x": _written(each.x)} for each in points]
    chart = alt.Chart(alt.Data(values=values), width=look.WIDTH, height=HEIGHT)
    axis = alt.Axis(format="~%" if percent else ",~f", domain=False, tickCount=6)
    return chart.encode(
        x=_across(alt, points, said), y=alt.Y("y:Q", title=said.y or None, axis=axis)
    )


def _written(value: float | date | str) -> float | str:
    return value.isoformat() if isinstance(value, date) else value


def _across(alt: Any, points: Sequence[Point], said: Said) -> Any:
    """The axis of what the points stand at: numbers, days, or texts in the order in which they come."""
    title = said.x or None
    if all(isinstance(each.x, date) for each in points):
        return alt.X("x:T", title=title, axis=alt.Axis(format="%Y-%m-%d", labelOverlap=True))
    numbers = [float(each.x) for each in points if isinstance(each.x, int | float)]
    if len(numbers) == len(points):
        scale = alt.Scale(zero=False, nice=False, padding=12)
        places = sorted(set(numbers))
        ticks = {"values": places} if len(places) <= FEW_TICKS else {"tickCount": FEW_TICKS}
        axis = alt.Axis(format=",~f", grid=False, **ticks)
        return alt.X("x:Q", title=title, scale=scale, axis=axis)
    order = look.in_order([str(each.x) for each in points])
    return look.named(alt, "x", said.x, order, "X", axis=alt.Axis(labelAngle=0, grid=False))
