# SPDX-License-Identifier: Apache-2.0
"""A walk as charts: how many customers have each word, step by step, under each policy."""

from typing import Any

from loyaltyrules.policy.model import Label
from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.base.ordered import UNKNOWN
from loyaltyrules.simulation.replaying.story_told import Told
from loyaltyrules.simulation.shown.charts import Point, Said, course, nothing, together

COURSE = mark("{label}: number of {records} by word over time")
NUMBER, NOBODY = mark("Number of {records}"), mark("Nobody was a customer on these days.")


def chart(told: Told) -> Any:
    """The labels on file, one below the other."""
    drawn = [of_label(told, each) for each in told.on_file]
    return together(drawn) if drawn else nothing(told.general.say(NOBODY))


def of_label(told: Told, label: Label) -> Any:
    """One label: words in their order, from dark to light, the unknown grey."""
    titles = told.titles(label)
    number = titles.say(NUMBER, records=titles.records(label.subject))
    said = Said(label_title(told, label), "", number, titles.label(label))
    several = len(told.policies) > 1
    points = (
        Point(
            each.on, each.number, titles.word(each.word), "",
            told.name(each.policy) if several else "",
        )
        for each in sorted(told.of_label(label), key=lambda each: _place(label, each.word))
    )  # fmt: skip
    return course(points, said, unknown=titles.word(UNKNOWN))


def label_title(told: Told, label: Label) -> str:
    """What the chart of a label shows."""
    titles = told.titles(label)
    records = titles.records(label.subject)
    return titles.say(COURSE, label=titles.label(label), records=records)


def _place(label: Label, word: str) -> int:
    """Words as the label has them; others behind."""
    return label.words.index(word) if word in label.words else len(label.words)
