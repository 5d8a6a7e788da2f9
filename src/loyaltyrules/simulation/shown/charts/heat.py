# SPDX-License-Identifier: Apache-2.0
"""A table of numbers as colours: who went from which word to which."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, NamedTuple

from loyaltyrules.simulation.shown.charts import look
from loyaltyrules.simulation.shown.charts.look import Said

SIZE = 64
STAYED, NONE = "#eef1f4", "#ffffff"


class Cell(NamedTuple):
    """The number of a row and a column."""

    row: str
    column: str
    number: int


def heat(cells: Iterable[Cell], said: Said) -> Any:
    """A table with rows and columns in the order in which they come; equal names, who stayed, are muted."""
    listed, alt = list(cells), look.library()
    rows, columns = (look.in_order(map(attrgetter(name), listed)) for name in ("row", "column"))
    values = [{**each._asdict(), "stayed": each.row == each.column} for each in listed]
    most = max([1, *(each.number for each in listed if each.row != each.column)])
    axis = {"ticks": False, "domain": False}
    base = alt.Chart(
        alt.Data(values=values), width=alt.Step(SIZE * 1.5), height=alt.Step(SIZE * 0.7)
    ).encode(
        y=look.named(alt, "row", said.y, rows, "Y", axis=alt.Axis(**axis)),
        x=look.named(
            alt, "column", said.x, columns, "X",
            axis=alt.Axis(orient="top", labelAngle=0, **axis),
        ),
    )  # fmt: skip
    shade = alt.Scale(domain=[0, most], range=["#cfe1f3", "#0f4c8a"])
    muted = alt.condition("datum.stayed", alt.value(STAYED), alt.value(NONE))
    still = base.transform_filter("datum.stayed || datum.number == 0").mark_rect(
        stroke="white", strokeWidth=2
    )
    moved = base.transform_filter("!datum.stayed && datum.number > 0").mark_rect(
        stroke="white", strokeWidth=2
    )
    coloured = alt.Color("number:Q", scale=shade, legend=None)
    whole = alt.layer(
        still.encode(color=muted), moved.encode(color=coloured), *_numbers(alt, base, most)
    )
    return look.dressed(whole, said)


def _numbers(alt: Any, base: Any, most: int) -> list[Any]:
    """The numbers, light on dark; those who stayed are grey, and what is nothing is paler still."""
    colours = {
        "datum.number == 0": "#c3ccd4",
        "datum.number > 0 && datum.stayed": look.PALE,
        f"!datum.stayed && datum.number > {most / 2}": "white",
        f"!datum.stayed && datum.number > 0 && datum.number <= {most / 2}": look.INK,
    }
    return [
        base.transform_filter(when)
        .mark_text(fontSize=13, color=colour)
        .encode(text=alt.Text("number:Q", format=","))
        for when, colour in colours.items()
    ]
