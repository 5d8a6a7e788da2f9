# SPDX-License-Identifier: Apache-2.0
"""One policy on the records of a what-if, and another on the same ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.actions.run_result import RunResult
from loyaltyrules.frame.decide import Decided, Part, among_themselves, decided
from loyaltyrules.frame.engines.carriers import carrier_of
from loyaltyrules.frame.facts.derive_columns import Tables
from loyaltyrules.frame.input.formats import FrameFormat, recognised
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.host.day import NamedDay
from loyaltyrules.plan.plan import DayPlan, compile_day
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import problem
from loyaltyrules.simulation.base.costs import SPENT, Done, priced

DAY = timedelta(days=1)


def in_memory(customers: Any) -> dict[str, Any]:
    """The tables of a what-if by subject; what an engine carries is brought here, as Arrow tables."""
    given = dict(customers) if isinstance(customers, Mapping) else {"customer": customers}
    if carrier_of(given) is None:
        return given
    return {name: _fetched(recognised(table)) for name, table in given.items()}


def _fetched(frame: Any) -> Any:
    lazy = frame if isinstance(frame, nw.LazyFrame) else frame.lazy()
    return lazy.collect("pyarrow").to_native()


def plan_of(policy: Policy, on: NamedDay, until: NamedDay | None, tables: Any) -> DayPlan:
    """The plan of a day, or of the days from `on` to `until`."""
    if until is None:
        return compile_day(policy, on, tables=tables)
    first, last = (compile_day(policy, day).on for day in (on, until))
    if last < first:
        raise ArgumentError([problem("LR538", None, on=first, until=last)])
    return compile_day(policy, last, since=first - DAY, tables=tables)


@dataclass(frozen=True, eq=False)
class Side:
    """What one policy decides on the records; the customers among them are its population."""

    plan: DayPlan
    opened: Part
    decided: Decided

    @classmethod
    def of(cls, plan: DayPlan, given: Mapping[str, Any], like: "Side | None" = None) -> "Side":
        """Decide tables; where another policy knows the same facts, what it read is not read again.

        Raises:
            FrameError: a table as a whole cannot be read.
        """
        if like is not None and like.plan.policy.vocabulary == plan.policy.vocabulary:
            opened = replace(like.opened, plan=plan)
        else:
            known = plan.policy.vocabulary.subjects
            opened = Part.opened(plan, {n: each for n, each in given.items() if n in known})
        return cls(plan, opened, decided(among_themselves(opened)))

    @property
    def policy(self) -> Policy:
        return self.plan.policy

    @property
    def kind(self) -> FrameFormat:
        return self.opened.kind

    @property
    def tables(self) -> Tables:
        """All records with what was derived on the last day."""
        return self.decided.tables

    @cached_property
    def run(self) -> RunResult:
        return RunResult(self.plan, (self.decided.result,))

    @cached_property
    def labels(self) -> Frame:
        """One row a record, with all labels."""
        return nw.concat([*self.run.labels()])

    def actions(self, names: Sequence[str] = COLUMNS) -> Frame:
        """The actions, sorted by id; what is held back is none."""
        frames = [*self.run.actions(False, names)]
        schema = {name: SCHEMA[name] for name in names}
        return nw.concat(frames or [self.kind.frame({name: [] for name in names}, schema)])

    @cached_property
    def priced(self) -> Frame:
        """What each action costs: `action_id`, `kind`, `gift`, `cost` and `minutes`."""
        found = priced(self.actions(("action_id", *Done._fields)), self.policy)
        return found.select("action_id", "kind", "gift", *SPENT)
