# SPDX-License-Identifier: Apache-2.0
"""Charts of plain rows and what is written at them. Altair is loaded when one is drawn."""

from loyaltyrules.simulation.shown.charts.bars import Bar, bars
from loyaltyrules.simulation.shown.charts.heat import Cell, heat
from loyaltyrules.simulation.shown.charts.lines import Point, course, curve, lines
from loyaltyrules.simulation.shown.charts.look import Chart, Said, nothing, together
from loyaltyrules.simulation.shown.charts.work import Work, work

__all__ = [
    "Bar", "Cell", "Chart", "Point", "Said", "Work",
    "bars", "course", "curve", "heat", "lines", "nothing", "together", "work",
]  # fmt: skip
