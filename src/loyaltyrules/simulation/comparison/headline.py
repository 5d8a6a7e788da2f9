# SPDX-License-Identifier: Apache-2.0
"""A comparison in a few sentences: what was changed, who moves, which actions come and go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.base import figures
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.comparison import spending
from loyaltyrules.simulation.comparison.matching import DIFFERS, SIDES
from loyaltyrules.simulation.comparison.moves import NEW, OLD, Moves
from loyaltyrules.simulation.shown.titles import Titles, change_text, number_text, share_text

if TYPE_CHECKING:
    from loyaltyrules.simulation.comparison.delta import Delta

FEW = 4  # ways that a sentence tells
CHANGED = mark("{title}: {was} → {now}")
SOURCE = mark("{told} (source: {source})")
OTHER_PARTS = mark("The policies differ in more than figures.")
ALIKE = mark("The policies say the same.")
GO, GOES = (
    mark("{label}: {some} of {all} go from {old} to {new} ({share})."),
    mark("{label}: {some} of {all} goes from {old} to {new} ({share})."),
)
MOVE = mark("{label}: {some} of {all} move ({share}): {ways}.")
WAY, MORE_WAYS = mark("{some} from {old} to {new}"), mark("{some} other ways")
NOBODY = mark("Nobody moves.")
ACTIONS = mark("Actions: {lost} are lost, {gained} are gained, {both} stay.")
COSTS, COSTS_NEW, COSTS_ALIKE = (
    mark("{name}: {old} → {new} ({by}, {share}%)"), mark("{name}: {old} → {new} ({by})"),
    mark("{name}: {old}, as before"),
)  # fmt: skip
NOT_IN_IT = mark("{told}; not in it, because nothing is said of them: {before} → {after} actions.")
OTHERWISE = mark("Of those that stay, {count} are done otherwise.")


@dataclass(frozen=True, eq=False)
class Headline:
    """The sentences of a comparison in one language."""

    delta: "Delta"
    titles: Titles

    @classmethod
    def of(cls, delta: "Delta", language: str) -> "Headline":
        return cls(delta, Titles(delta.new.policy, language))

    @property
    def sentences(self) -> list[str]:
        """All of them, the change first."""
        return [*self.changes(), *self.moves(), *self.actions(), *self.costs()]

    def changes(self, sources: bool = True) -> Iterator[str]:
        """The figures that differ, and whether anything else does."""
        old, new = self.delta.policies
        columns = figures.table(old, new, self.titles.language)
        for title, was, now, source in zip(
            columns["title"], columns["old"], columns["new"], columns["source"], strict=True
        ):
            told = self.titles.say(CHANGED, title=title, was=was or "–", now=now or "–")
            yield self.titles.say(SOURCE, told=told, source=source) if source and sources else told
        if self.delta.only_figures:
            if not columns["name"]:
                yield self.titles.say(ALIKE)
        else:
            yield self.titles.say(OTHER_PARTS)

    def moves(self) -> Iterator[str]:
        """Who moves, label by label."""
        for each in self.delta.moving:
            yield self.of_label(each)
        if not self.delta.moving:
            yield self.titles.say(NOBODY)

    def of_label(self, moves: Moves) -> str:
        """Who moves in one label."""
        titles, subject = self.titles, moves.label.subject
        ways, moved, known = routes(moves), len(moves.moved), len(moves.pairs)
        told = {
            "label": titles.label(moves.label), "some": titles.some(moved, subject),
            "all": titles.counted(known, subject), "share": share_text(moved, known),
        }  # fmt: skip
        if len(ways) == 1:
            ((old, new),) = ways
            words = {"old": titles.word(old), "new": titles.word(new)}
            return titles.say(GOES if moved == 1 else GO, **told, **words)
        listed = [
            titles.say(
                WAY, some=titles.some(n, subject), old=titles.word(old), new=titles.word(new)
            )
            for (old, new), n in [*ways.items()][:FEW]
        ]
        if rest := sum([*ways.values()][FEW:]):
            listed.append(titles.say(MORE_WAYS, some=titles.some(rest, subject)))
        return titles.say(MOVE, **told, ways=titles.say(", ").join(listed))

    def actions(self) -> Iterator[str]:
        """How many actions are lost, gained, and the same."""
        counts = {side: number_text(n) for side, n in self.sides.items()}
        yield self.titles.say(ACTIONS, **counts)
        if self.otherwise:
            yield self.titles.say(OTHERWISE, count=number_text(self.otherwise))

    def costs(self) -> Iterator[str]:
        """What work costs under both policies, in money and in hours."""
        for what in self.delta.measured:
            old, new, *lacking = spending.sums(self.delta, what)
            told = {"old": number_text(old), "new": number_text(new), "by": change_text(new - old)}
            name = self.titles.spending(what)
            if new == old:
                said = self.titles.say(COSTS_ALIKE, name=name, old=told["old"])
            elif old:
                share = change_text(round((new - old) / old * 100, 1))
                said = self.titles.say(COSTS, name=name, share=share, **told)
            else:
                said = self.titles.say(COSTS_NEW, name=name, **told)
            if any(lacking):
                counts = {"before": number_text(lacking[0]), "after": number_text(lacking[1])}
                said = self.titles.say(NOT_IN_IT, told=said, **counts)
            yield said

    @cached_property
    def sides(self) -> Mapping[str, int]:
        """How many actions are lost, gained and in both."""
        names, (counts,) = cells(self.delta.by())  # costs stand beside them
        told = dict(zip(names, counts, strict=True))
        return {side: int(told[side] or 0) for side in SIDES}

    @cached_property
    def otherwise(self) -> int:
        """How many actions of both say something else now."""
        known = nw.from_native(self.delta.actions)
        other = known.filter(~nw.col(DIFFERS).is_null()).select(nw.len())
        eager = other.collect() if isinstance(other, nw.LazyFrame) else other
        return int(eager.item())


def routes(moves: Moves) -> dict[tuple[str, str], int]:
    """How many moved from which word to which, most first, then in the order of the words."""
    counted = moves.moved.group_by(OLD, NEW).agg(nw.len().alias("n")).select(OLD, NEW, "n")
    found = {(old, new): int(n) for old, new, n in counted.iter_rows()}
    order = {name: [*words, "?"] for name, words in moves.words.items()}

    def place(way: tuple[str, str]) -> tuple[int, int, int]:
        old, new = way
        return -found[way], order[OLD].index(old), order[NEW].index(new)

    return {way: found[way] for way in sorted(found, key=place)}
