# SPDX-License-Identifier: Apache-2.0
"""Bars: numbers of names, by series beside each other, or to both sides of zero."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from loyaltyrules.simulation.shown.charts import look
from loyaltyrules.simulation.shown.charts.look import APART, Said

THICK, THIN = 26, 15  # of the only bar of a name, and of each where there are several
NUMBER = "format(abs(datum.number), ',')"


class Bar(NamedTuple):
    """The number of a name in a series; below zero it goes to the left."""

    name: str
    series: str
    number: float


def bars(
    rows: Iterable[Bar], said: Said, colours: Sequence[str] = APART, *, sides: bool = False
) -> Any:
    """Bars with their numbers, the names below each other in the order in which they come.

    Where some numbers are below zero, or could be (`sides`), the bars of a name grow to both sides,
    and the axis counts up to both; else the series of a name stand beside each other.
    """
    listed, alt = list(rows), look.library()
    names, series = (look.in_order(map(attrgetter(name), listed)) for name in ("name", "series"))
    both = sides or any(each.number < 0 for each in listed)
    base = alt.Chart(alt.Data(values=[each._asdict() for each in listed])).encode(
        y=look.named(
            alt,
            "name",
            said.y,
            names,
            "Y",
            axis=alt.Axis(ticks=False, domain=False, labelPadding=6),
        ),
        x=alt.X("number:Q", title=said.x or None, axis=_axis(alt, both), scale=_scale(alt, listed)),
    )
    if not both and len(series) > 1:
        base = base.encode(yOffset=look.named(alt, "series", "", series, "YOffset"))
    scale = alt.Scale(domain=series, range=list(colours[: len(series)]))
    legend = None if len(series) < 2 else alt.Legend(title=said.legend or None)
    coloured = look.named(alt, "series", "", series, "Color", scale=scale, legend=legend)
    drawn = base.mark_bar(cornerRadiusEnd=2).encode(color=coloured)
    height = alt.Step(THICK if both or len(series) < 2 else THIN)
    whole = alt.layer(drawn, *_numbers(alt, base)).properties(width=look.WIDTH, height=height)
    return look.dressed(whole, said)


def _axis(alt: Any, both: bool) -> Any:
    shown = "format(abs(datum.value), ',')" if both else "format(datum.value, ',')"
    return alt.Axis(labelExpr=shown, tickMinStep=1, domain=False)


def _scale(alt: Any, rows: Sequence[Bar]) -> Any:
    """Room for the numbers beside the longest bars."""
    least = min([0.0, *(each.number for each in rows)])
    most = max([0.0, *(each.number for each in rows)])
    room = (most - least) * 0.08 or 1.0
    return alt.Scale(domain=[least - room if least else 0, most + room], nice=False)


def _numbers(alt: Any, base: Any) -> list[Any]:
    """The numbers at the ends of the bars; nothing is said of nothing."""
    text = base.transform_calculate(shown=NUMBER).encode(text="shown:N")
    right = text.transform_filter("datum.number > 0").mark_text(
        align="left", dx=4, fontSize=11, color=look.INK
    )
    left = text.transform_filter("datum.number < 0").mark_text(
        align="right", dx=-4, fontSize=11, color=look.INK
    )
    return [right, left]
