# SPDX-License-Identifier: Apache-2.0
"""The summary of a comparison in the reader's words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loyaltyrules.problem.language import mark
from loyaltyrules.report.naming import status_name
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.shown.titles import SPENDING, Titles

if TYPE_CHECKING:
    from loyaltyrules.simulation.comparison.delta import Delta

RECORDS, ACTIONS, HELD = "records", "actions", "held back"
NAMES = {
    RECORDS: mark("Records"), "set aside": mark("Rows set aside"),
    ACTIONS: mark("Actions"), HELD: mark("Actions held back"),
}  # fmt: skip
ALWAYS = (RECORDS, ACTIONS, HELD)
OF_WHICH = mark("of these: {what}")
Row = tuple[str, Any, Any, Any]


def summed_up(delta: "Delta", titles: Titles) -> Iterator[Row]:
    """The rows of `summary` but for labels, which are told in full elsewhere, and for what is nothing."""
    told, labels = _called(delta, titles), _of_labels(delta)
    told |= {name: titles.spending(name) for name in SPENDING}
    for name, old, new, change in cells(delta.summary)[1]:
        if name not in labels and (old or new or change or name in ALWAYS):
            yield told.get(name) or titles.say(NAMES.get(name, name)), old, new, change


def _called(delta: "Delta", titles: Titles) -> dict[str, str]:
    """What measures are called that are made of a name and a status or reason."""
    found = {}
    for held, what in ((False, ACTIONS), (True, HELD)):
        said = {key[-1] for side in (delta.old, delta.new) for key in side.run.tally(held)}
        for each in said:
            name = titles.reason(each) if held else status_name(each, titles.language)
            found[f"{what}: {each}"] = titles.say(OF_WHICH, what=name)
    return found


def _of_labels(delta: "Delta") -> set[str]:
    """The measures of labels."""
    found = set()
    for name, moves in delta.moves.items():
        words = {*moves.words["new"], *moves.pairs["old"].to_list(), *moves.pairs["new"].to_list()}
        found |= {f"{name} = {word}" for word in words} | {f"movers of {name}"}
    return found
