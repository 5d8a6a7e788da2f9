# SPDX-License-Identifier: Apache-2.0
"""Several policies that walk through the same history, step by step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.frame.decide import Part
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.history.facts import History
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.simulation.replaying.kept import Kept
from loyaltyrules.simulation.replaying.turns import Moved
from loyaltyrules.simulation.replaying.walk_days import cuts_on
from loyaltyrules.simulation.replaying.walker import Given, Stand, Walker

BOUGHT = "first_purchase_on"
DAY = timedelta(days=1)


class Progress(NamedTuple):
    """How far a walk is: what came of its steps, what each policy has on file, who is a customer."""

    stands: tuple[tuple[Stand, ...], ...] = ()  # a step, and of it a policy
    kept: tuple[Kept, ...] = ()
    customers: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Walk:
    """What is walked through: the days, the policies, and raw tables that were read once.

    `catch_up` asks for the days since the last step too. `histories` hold the tables as each way of
    counting points and days reads them.
    """

    days: tuple[date, ...]
    every: str
    walkers: tuple[Walker, ...]
    histories: Mapping[Given, History]
    kind: FrameFormat
    catch_up: bool = False
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def begun(self) -> Progress:
        """Before the first step."""
        return Progress(kept=tuple(Kept() for _ in self.walkers))

    def further(self, at: Progress) -> Progress:
        """One step more, of all policies."""
        place = len(at.stands)
        day = self.days[place]
        since = self.days[place - 1] if self.catch_up and place else day - DAY
        facts = {given: self._facts(given, day, at) for given in self._given(day)}
        customers = at.customers.union(*({*each["id"].to_list()} for each in facts.values()))
        native = {given: each.to_native() for given, each in facts.items()}
        read: list[tuple[Walker, Given, Part]] = []
        taken = []
        for walker, kept in zip(self.walkers, at.kept, strict=True):
            given, plan = walker.given(day), walker.plan(day, since)
            part = self._part(walker, given, plan, native[given], read)
            taken.append(walker.step(part, plan, kept, self.histories[given].computed))
        stands = (*at.stands, tuple(stand for _, stand in taken))
        return Progress(stands, tuple(kept for kept, _ in taken), customers)

    def _given(self, day: date) -> Iterator[Given]:
        yield from dict.fromkeys(each.given(day) for each in self.walkers)

    def _facts(self, given: Given, day: date, at: Progress) -> nw.DataFrame[Any]:
        """The facts of those who are customers: they bought by then, or were customers before."""
        cuts = cuts_on(day, self.every)
        native = self.histories[given].as_of(cuts)
        frame: nw.DataFrame[Any] = nw.from_native(native, eager_only=True)
        there = ~nw.col(BOUGHT).is_null()
        gone = at.customers - {*frame.filter(there)["id"].to_list()}
        return frame.filter(there | nw.col("id").is_in(sorted(gone)) if gone else there)

    def _part(
        self,
        walker: Walker,
        given: Given,
        plan: DayPlan,
        facts: Any,
        read: list[tuple[Walker, Given, Part]],
    ) -> Part:
        """The facts as a policy reads them; read once for all that read alike."""
        for other, known, part in read:
            if known == given and walker.reads_as(other):
                return part
        part = walker.read(plan, facts)
        read.append((walker, given, part))
        return part

    def moved(self, at: Progress) -> Iterator[Moved]:
        """The moves of the steps walked so far, by day, policy, label and customer."""
        for day, stands in zip(self.days, at.stands, strict=False):
            for walker, stand in zip(self.walkers, stands, strict=True):
                for each in stand.moves:
                    yield Moved(
                        walker.name, day, each.id, each.kind, each.before, each.after, each.label
                    )
