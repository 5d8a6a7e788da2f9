# SPDX-License-Identifier: Apache-2.0
"""Work in the reader's words: counted by month, role and kind, for charts and pages."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from loyaltyrules.policy.lowering.roles import AND
from loyaltyrules.problem.language import mark
from loyaltyrules.report.naming import word_name
from loyaltyrules.simulation.base.costs import COST, says
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.shown.titles import Titles

if TYPE_CHECKING:
    from loyaltyrules.simulation.working.workload import Workload

NO_DAY, NOBODY = mark("without a due day"), mark("without a role")
Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Told:
    """A workload in one language."""

    work: "Workload"
    language: str

    @cached_property
    def titles(self) -> Titles:
        return Titles(self.work.policy, self.language)

    def rows(self, *names: str) -> list[Row]:
        """The counts by columns of actions."""
        return [*_rows(self.work.by(*names))]

    @cached_property
    def whole(self) -> Row:
        """All of it: `count`, and `cost` and `minutes` where the policy says them."""
        (row,) = self.rows()
        return row

    def says(self, what: str) -> bool:
        """True where the policy says of anything what it costs, or how long it takes."""
        return says(self.work.policy, what)

    def lacking(self, what: str) -> int:
        """Of how many actions the policy does not say it."""
        return int(self.work.priced[what].is_null().sum())

    def without(self, name: str) -> Counter[str]:
        """How many actions have no price, by a column of actions."""
        lacking = self.work.priced.filter(nw.col(COST).is_null())
        return Counter(str(each) for each in lacking[name].to_list())

    def money(self, amount: Any) -> str:
        return self.titles.say("{amount} {currency}", amount=self.amount(amount),
                               currency=self.titles.currency)  # fmt: skip

    def amount(self, amount: Any) -> str:
        """An amount of money as people write it, to the hundredth."""
        return f"{float(amount or 0):,.2f}"

    def hours(self, minutes: float | None) -> str:
        """Minutes as hours, to the tenth."""
        return f"{float(minutes or 0) / 60:,.1f}"

    @cached_property
    def over(self) -> list[Row]:
        """The days on which a role of a store is asked for more than it can."""
        return [*_rows(self.work.over_capacity)]

    @cached_property
    def months(self) -> list[str]:
        """The months of the due days, in their order; actions without one stand last."""
        found = {row["month"] for row in self.rows("month")}
        return [*sorted(each for each in found if each), *([""] if None in found else [])]

    def month(self, name: str | None) -> str:
        return name or self.titles.say(NO_DAY)

    def role(self, name: str | None) -> str:
        """A role; those who do something together are named together."""
        parts = [part.strip() for part in (name or "").split(AND) if part.strip()]
        said = (self._plain(part) for part in parts)
        return " + ".join(said) if parts else self.titles.say(NOBODY)

    def gift(self, name: str) -> str:
        return self.titles.gift(name)

    def kind(self, name: str) -> str:
        return self.titles.kind(name)

    @property
    def upto(self) -> date | None:
        """The last day that was walked, of a walk that is not done; None of one that is."""
        done, dates = self.work.done, self.work.plan.dates
        return done[-1] if done and len(done) < len(dates) else None

    def _plain(self, name: str) -> str:
        found = word_name(self.work.policy, name, self.language)
        return found if found != name else name.replace("_", " ")


def _rows(frame: Any) -> Iterator[Row]:
    names, rows = cells(frame)
    return (dict(zip(names, row, strict=True)) for row in rows)
