# SPDX-License-Identifier: Apache-2.0
"""A sweep as charts: a line for each word or measure along a figure; of further figures charts beside each
other."""

from functools import partial
from typing import Any

from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.shown.charts import Point, Said, lines, nothing, together
from loyaltyrules.simulation.sweeping.swept import Row, Told

SHARES = mark("{label}: shares by {figure}")
BY = mark("{measure} by {figure}")
SHARE = mark("Share of {records}")
NONE = mark("Every combination was refused.")


def chart(told: Told) -> Any:
    """All that was asked, in one chart."""
    drawn = [of_label(told, name) for name in told.labels]
    drawn += [of_measure(told, name) for name in told.measures]
    return together(drawn) if drawn else nothing(told.titles.say(NONE))


def of_label(told: Told, name: str) -> Any:
    """The share of each word."""
    label, titles = told.label(name), told.titles
    said = Said(
        label_title(told, name), told.axis(told.across),
        titles.say(SHARE, records=titles.records(label.subject)), titles.label(label),
    )  # fmt: skip
    rows = (row for row in told.labels[name] if row["share"] is not None)
    point = partial(_point, told)
    return lines(
        (point(row, row["share"], titles.word(str(row["word"]))) for row in rows),
        said,
        percent=True,
    )


def of_measure(told: Told, name: str) -> Any:
    """The values of one measure."""
    said = Said(measure_title(told, name), told.axis(told.across), told.measure(name))
    return lines((_point(told, row, row["value"], "") for row in told.measures[name]), said)


def label_title(told: Told, name: str) -> str:
    """What the chart of a label shows."""
    label, figure = told.titles.label(told.label(name)), told.titles.figure(told.across)
    return told.titles.say(SHARES, label=label, figure=figure)


def measure_title(told: Told, name: str) -> str:
    """What the chart of a measure shows."""
    figure = told.titles.figure(told.across)
    return told.titles.say(BY, measure=told.measure(name), figure=figure)


def _point(told: Told, row: Row, value: Any, series: str) -> Point:
    return Point(row[told.across], float(value), series, told.others(row))
