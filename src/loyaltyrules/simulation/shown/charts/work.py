# SPDX-License-Identifier: Apache-2.0
"""Work by month or day and by who does it, with the line of what can be done."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from loyaltyrules.simulation.shown.charts import look
from loyaltyrules.simulation.shown.charts.look import APART, Said

HEIGHT = 280
LEGEND = 3  # names beside each other


class Work(NamedTuple):
    """How much there is to do in a month (or on a day) for a role, store or kind."""

    when: str
    who: str
    number: float


def work(
    rows: Iterable[Work], said: Said, *, capacity: float | None = None, mark: str = "",
    colours: Sequence[str] = APART,
) -> Any:  # fmt: skip
    """Columns by month, stacked by who does the work, and a line across at what can be done.

    Args:
        rows: The work.
        said: What is written at the chart.
        capacity: How much can be done in one column.
        mark: What the line across is called.
        colours: The colours of who, in the order in which they come.
    """
    listed, alt = list(rows), look.library()
    times, who = (look.in_order(map(attrgetter(name), listed)) for name in ("when", "who"))
    values = [{**each._asdict(), "order": who.index(each.who)} for each in listed]
    scale = alt.Scale(domain=who, range=[colours[at % len(colours)] for at in range(len(who))])
    legend = None if len(who) < 2 else alt.Legend(title=said.legend or None, columns=LEGEND)
    axis = alt.Axis(labelAngle=0 if len(times) <= 12 else -45, grid=False, ticks=False)
    drawn = (
        alt.Chart(alt.Data(values=values), width=look.WIDTH, height=HEIGHT)
        .mark_bar()
        .encode(
            x=look.named(alt, "when", said.x, times, "X", axis=axis),
            y=alt.Y("number:Q", title=said.y or None, axis=alt.Axis(format=",~f", domain=False)),
            color=look.named(alt, "who", "", who, "Color", scale=scale, legend=legend),
            order=alt.Order("order:Q"),
        )
    )
    return look.dressed(alt.layer(drawn, *_across(alt, capacity, mark)), said)


def _across(alt: Any, capacity: float | None, mark: str) -> list[Any]:
    if capacity is None:
        return []
    base = alt.Chart(alt.Data(values=[{"y": capacity, "text": mark}])).encode(y="y:Q")
    rule = base.mark_rule(color=look.INK, strokeDash=[6, 4], strokeWidth=1.5)
    text = base.mark_text(align="left", dx=6, color=look.INK).encode(
        x=alt.value(look.WIDTH), text="text:N"
    )
    return [rule, text]
