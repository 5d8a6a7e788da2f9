# SPDX-License-Identifier: Apache-2.0
"""workload: the days of a span as work, each action once and on the day on which it is due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS, Action
from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.frame.actions.assignments import Assignments, Frame, as_frame
from loyaltyrules.frame.actions.project import actions_of
from loyaltyrules.frame.days.walk import Decided, Walk
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys import by_signature
from loyaltyrules.host.day import NamedDay
from loyaltyrules.host.html import section
from loyaltyrules.host.html import table as html_table
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import nearest, problem
from loyaltyrules.simulation.base.costs import SPENT, priced, says
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.base.side import in_memory, plan_of
from loyaltyrules.simulation.shown.showing import Showing
from loyaltyrules.simulation.working.capacity import Capacity, Possible, beyond, capacities
from loyaltyrules.simulation.working.gathered import REPEATED, Gathered
from loyaltyrules.simulation.working.work_charts import chart
from loyaltyrules.simulation.working.work_page import work_page
from loyaltyrules.simulation.working.work_told import Told

COUNT, MONTH = "count", "month"


def workload(
    policy: Policy,
    customers: Any,
    *,
    start: NamedDay,
    end: NamedDay,
    tables: Mapping[str, Any] = NOTHING,
    capacity: Mapping[str, Possible] = NOTHING,
) -> "Workload":
    """What the days of a span ask of people: what daily runs would emit, each action once.

    The records stay as they are: nothing that an action changes is carried to the next day, and caps over
    several days count the contacts that the records bring, none of the days before in the span.

    Args:
        policy: The policy.
        customers: A frame of customers, or a mapping from subject to frame. They are the population.
        start: The first day.
        end: The last day.
        tables: Reference data by table.
        capacity: By role how much it can do on a day in one store: a number of actions, or a
            `timedelta` of the minutes that the policy's `costs:` say.

    Returns:
        A `Workload`, which walks through the days when it is first asked, or step by step.

    Raises:
        ArgumentError: no day (LR470), an empty span (LR538), no capacity (LR540), or one of a role that
            has nothing to do (LR541).
        FrameError: a table as a whole cannot be read.
        PolicyError: days outside the calendar or not in force, a figure without a value on a day
            (LR308).
    """
    able = capacities(policy, capacity)
    plan = plan_of(policy, start, end, tables)
    walk = Walk.opened(plan, in_memory(customers))
    return Workload(plan, able, walk, [], Gathered(walk.part.kind))


@dataclass(eq=False, repr=False)
class Workload(Showing):
    """Work by the days on which it is due. Frames are of the caller's kind.

    They tell of the days that were walked through so far; who asks for one before a walk has begun has
    it walked to its end.
    """

    plan: DayPlan
    able: Mapping[str, Capacity]
    walk: Walk
    done: list[date]
    _found: Gathered
    _known: set[str] = field(default_factory=set)  # ids of rules that speak on many days

    # ---- the walk

    def steps(self) -> Iterator[date]:
        """Walk on, and tell each day that is done.

        It can be left at any time, also inside of a day, and gone on with.
        """
        for day in self.plan.dates[len(self.done) :]:
            fresh: set[str] = set()
            found = [*self._new(self.walk.decide(day), fresh)]
            self._known |= fresh
            self._found.add(found)
            self.done.append(day)
            self.__dict__.pop("_work", None)
            self.__dict__.pop("actions", None)
            yield day

    def _new(self, day: Decided, fresh: set[str]) -> Iterator[Frame]:
        """The actions of a day that no day before it had; ids that may come back are put with `fresh`."""
        few: list[Action] = []
        for assigned in day.assignments:
            if sum(assigned.counts) <= by_signature.FEW:
                few += self._one_by_one(assigned, fresh)
                continue
            for head, entries in assigned.entries.items():
                again = entries[0].fate.recipe.rule in self._standing
                for frame in actions_of(day.plan, [assigned], head, False):
                    yield self._once(frame, fresh) if again else frame
        if few:
            yield as_frame(few, self.kind)

    def _one_by_one(self, assigned: Assignments, fresh: set[str]) -> Iterator[Action]:
        for fate, action in assigned.one_by_one({*assigned.entries}):
            if fate.held or action.action_id in self._known:
                continue
            if action.rule in self._standing:
                fresh.add(action.action_id)
            yield action

    def _once(self, frame: Frame, fresh: set[str]) -> Frame:
        """Without actions that a day before had."""
        ids = frame["action_id"].to_list()
        again = [each for each in ids if each in self._known]
        fresh.update(ids)
        return frame.filter(~nw.col("action_id").is_in(again)) if again else frame

    @cached_property
    def _standing(self) -> frozenset[str]:
        """The rules that speak as long as something holds: what they say on one day they say on the next."""
        return frozenset(each.id for each in self.policy.rules if each.mode in ("while", "from"))

    @cached_property
    def _work(self) -> Frame:
        """All actions so far with what they cost."""
        if not self.done:
            for _ in self.steps():
                pass
        return priced(self._found.whole(), self.policy)

    # ---- what it found

    @property
    def policy(self) -> Policy:
        return self.plan.policy

    @property
    def kind(self) -> FrameFormat:
        """The kind of the caller's frames."""
        return self.walk.part.kind

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The rows that were set aside."""
        return tuple(self.walk.part.faults)

    @cached_property
    def actions(self) -> Any:
        """Every action once, on the day on which it is due, with `cost` and `minutes`; by day and id."""
        texts = (nw.col(name).cast(nw.String) for name in REPEATED)
        return self.kind.finish(self._work.sort("due_on", "action_id").with_columns(*texts))

    def by(self, *names: str) -> Any:
        """How many actions there are, what they cost and how long they take.

        They are counted by columns of actions or `month`, that of the due day.

        Raises:
            ArgumentError: a name is none of these (LR516).
        """
        known = [*COLUMNS, MONTH]
        for name in names:
            if name not in known:
                details = {"names": ", ".join(known), "near": nearest(str(name), known)}
                raise ArgumentError([problem("LR516", None, name=name, **details)])
        return self.kind.finish(self._by(names))

    def _by(self, names: Sequence[str]) -> Frame:
        month = nw.col("due_on").dt.to_string("%Y-%m").alias(MONTH)
        sums = [nw.len().alias(COUNT), *(nw.col(each).sum() for each in self._said)]
        frame = self._work.with_columns(month)
        if not names:
            return frame.select(*sums)
        texts = [nw.col(each).cast(nw.String) for each in names if each in REPEATED]
        return frame.group_by(*names).agg(*sums).with_columns(*texts).sort(*names)

    @cached_property
    def _said(self) -> list[str]:
        """What the policy says of anything: what it costs, how long it takes."""
        return [each for each in SPENT if says(self.policy, each)]

    @property
    def cost(self) -> Any:
        """What they come to by `gift` and `kind`: `count`, `cost`, `minutes`."""
        return self.by("gift", "kind")

    @property
    def over_capacity(self) -> Any:
        """The days on which a role of a store has more to do than it can.

        Columns: `store_id`, `day`, `role`, `wanted` and `possible` in `unit` (`actions` or `minutes`).
        """
        return self.kind.finish(beyond(self._work, self.able, self.kind))

    def __repr__(self) -> str:
        days = f"{len(self.done)} of {len(self.plan.dates)} days"
        return f"Workload({self.policy.name!r}, {days}: {len(self._found)} actions)"

    def _repr_html_(self) -> str:
        if not self.done:
            return section(repr(self))
        tables = (self.by(MONTH, "role"), self.by("kind"), self.over_capacity)
        return section(repr(self), *(html_table(*cells(each)) for each in tables))

    def _chart(self, language: str) -> Any:
        return chart(Told(self, language))

    def _page(self, language: str) -> str:
        return work_page(Told(self, language))

    @property
    def priced(self) -> Frame:
        """All actions so far with what they cost, in no order."""
        return self._work
