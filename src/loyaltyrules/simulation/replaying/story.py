# SPDX-License-Identifier: Apache-2.0
"""The story of a walk: labels, moves and who turns to and fro, of the steps walked so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.host.html import section
from loyaltyrules.host.html import table as html_table
from loyaltyrules.problem.problem import Problem
from loyaltyrules.simulation.base.ordered import UNKNOWN, cells, finished
from loyaltyrules.simulation.replaying.story_charts import chart
from loyaltyrules.simulation.replaying.story_page import story_page
from loyaltyrules.simulation.replaying.story_told import Told
from loyaltyrules.simulation.replaying.turns import Turning, turning
from loyaltyrules.simulation.replaying.walk import Progress, Walk
from loyaltyrules.simulation.replaying.walk_notes import notes_of
from loyaltyrules.simulation.shown.showing import Showing

TEXTS = dict.fromkeys(
    ("policy", "label", "word", "subject_id", "kind", "from_value", "to_value", "moves"), nw.String
)
TYPES: Mapping[str, Any] = {**TEXTS, "on": nw.Date, "count": nw.Int64}
LABELS = ("policy", "on", "label", "word", "count")
MOVES = ("policy", "on", "subject_id", "kind", "from_value", "to_value")
OSCILLATING = ("policy", "subject_id", "label", "moves")


@dataclass(eq=False, repr=False)
class Story(Showing):
    """Policies on their walk through the same history. Frames are of the caller's kind.

    Frames tell of the steps walked so far; asked before the first step, they have the walk go to its end.
    A step is taken wholly or not at all, whatever ends it.
    """

    walk: Walk
    _at: Progress = field(init=False)

    def __post_init__(self) -> None:
        self._at = self.walk.begun()

    def steps(self) -> Iterator[date]:
        """Walk on from where the walk is; each day is given when its step is done.

        Whoever leaves may walk on later, with `steps()` again.
        """
        while len(self._at.stands) < len(self.walk.days):
            self._at = self.walk.further(self._at)
            yield self.walk.days[len(self._at.stands) - 1]

    def _walked(self) -> Progress:
        if not self._at.stands:
            for _ in self.steps():
                pass
        return self._at

    # ---- frames

    @property
    def labels(self) -> Any:
        """How many customers have each word on each day: `policy`, `on`, `label`, `word`, `count`.

        Of a label with a fact on file it is the word on file after the step, of others the word that
        was decided on the day; `?` counts those of whom it is unknown, where there are any.
        """
        rows = [*self._counted(self._walked())]
        return self._frame(LABELS, rows, "word")

    @property
    def moves(self) -> Any:
        """The labels on file that became others: `policy`, `on`, `subject_id`, `kind` of the action,
        `from_value`, `to_value`. Where nothing was on file before, `from_value` is missing."""
        rows = [each[:-1] for each in self.walk.moved(self._walked())]
        return self._frame(MOVES, rows, "from_value", "to_value")

    @property
    def oscillating(self) -> Any:
        """Who moved up and down the same label within 12 months: `policy`, `subject_id`, `label`,
        `moves`: in words the moves that have one in the other direction within 12 months."""
        rows = [*turning(self.walk.moved(self._walked()), self._words())]
        return self._frame(OSCILLATING, sorted(rows, key=self._place))

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What a reader must know beside the frames: what was not seen, and what could not be kept."""
        return tuple(notes_of(self.walk, self._walked()))

    # ---- the whole

    def _counted(self, at: Progress) -> Iterator[tuple[Any, ...]]:
        for day, stands in zip(self.walk.days, at.stands, strict=False):
            for walker, stand in zip(self.walk.walkers, stands, strict=True):
                for label, counts in stand.counts.items():
                    for word, number in counts.items():
                        if number or word != UNKNOWN:
                            yield walker.name, day, label, word, number

    def _words(self) -> dict[tuple[str, str], tuple[str, ...]]:
        walkers = self.walk.walkers
        return {(w.name, each.name): each.words for w in walkers for each in w.labels}

    def _place(self, each: Turning) -> tuple[int, str, str]:
        names = [walker.name for walker in self.walk.walkers]
        return names.index(each.policy), each.label, each.id

    def _frame(self, columns: tuple[str, ...], rows: list[Any], *ordered: str) -> Any:
        data = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
        kind = self.walk.kind
        words = [word for own in self._words().values() for word in own]
        named = dict.fromkeys(ordered, (*words, UNKNOWN))
        return finished(kind.frame(data, {name: TYPES[name] for name in columns}), named, kind)

    def __repr__(self) -> str:
        done, days = len(self._at.stands), self.walk.days
        names = ", ".join(walker.name for walker in self.walk.walkers)
        upto = f", up to {days[done - 1]}" if done else ""
        return f"Story({names}: {done} of {len(days)} steps{upto})"

    def _repr_html_(self) -> str:
        if not self._at.stands:
            return section(repr(self))
        names, rows = cells(self.labels)
        last = self.walk.days[len(self._at.stands) - 1]
        kept = [row for row in rows if str(row[1])[:10] == last.isoformat()]
        return section(repr(self), html_table(names, kept), html_table(*cells(self.oscillating)))

    def _chart(self, language: str) -> Any:
        return chart(Told.of(self, language))

    def _page(self, language: str) -> str:
        return story_page(Told.of(self, language))
