# SPDX-License-Identifier: Apache-2.0
"""Deadlines to the minute: counted from an instant, and passed at a moment rather than with a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.calendar import Period, at_local, is_instant
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of, type_of
from loyaltyrules.expression.types import DATE, period_type
from loyaltyrules.plan.chosen import NOTHING
from loyaltyrules.plan.lengths import A_DAY, Lengths
from loyaltyrules.plan.moments import Opened


@dataclass(frozen=True, slots=True)
class Line:
    """Behind which a deadline has passed: the beginning of the day, or the moment of the run on it."""

    day: date
    zone: ZoneInfo
    now: datetime | None = None

    def passed(self, deadline: Node) -> Node:
        """The condition that a deadline has passed."""
        if self.now is not None:
            return tree.Compare("<=", deadline, tree.Literal(self.now, type_of(deadline)))
        return tree.Compare("<", deadline, self._beginning(self.day, type_of(deadline)))

    def just_passed(self, deadline: Node) -> Node:
        """The same of one that had not passed when the day before began."""
        before = self._beginning(self.day - timedelta(days=1), type_of(deadline))
        return all_of(tree.Compare(">=", deadline, before), self.passed(deadline))

    def due(self, deadline: Node) -> Node:
        """The day on which one that has passed is told: its own where runs know the moment."""
        day = tree.Call("date", (deadline,), DATE)
        return day if self.now is not None else tree.Arithmetic("+", day, _of(A_DAY), DATE)

    def _beginning(self, day: date, kind: Any) -> tree.Literal:
        return tree.Literal(at_local(datetime.combine(day, time()), self.zone), kind)


def deadline_node(instant: Node, lengths: Lengths, within: Period) -> Node:
    """The deadline of a record, as an instant: the moment that it counts from, and then so long."""
    node = instant
    if lengths.offset != NOTHING:
        sign = "+" if lengths.sign > 0 else "-"
        node = tree.Arithmetic(sign, node, _of(lengths.offset), type_of(instant))
    return tree.Arithmetic("+", node, _of(within), type_of(instant))


def overdue(deadline: Node, dated: Node, line: Line) -> Opened:
    """The moment of what is late, in the first run after the deadline."""
    return Opened(line.day, None, dated, line.just_passed(deadline))


def deadline_text(value: Any) -> str | None:
    """A deadline as actions state it: the local time to the minute, with the offset."""
    return value.isoformat(timespec="minutes") if is_instant(value) else None


def _of(period: Period) -> tree.Literal:
    return tree.Literal(period, period_type(period))
