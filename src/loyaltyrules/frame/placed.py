# SPDX-License-Identifier: Apache-2.0
"""Tables beyond memory whose customers are told where they stand among all, in shares and ranks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.frame.carriers import carrier_of
from loyaltyrules.frame.evaluate import evaluate_frame, evaluation
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan

Standings = Mapping[tuple[str, str], Any]  # by subject and fact: Arrow tables of id and value


def evaluate_placed(
    plan: DayPlan, given: Mapping[str, Any], standings: Standings, language: str
) -> FrameResult:
    """`evaluate_frame` over tables that an engine carries, with standings computed beforehand.

    Raises:
        FrameError: as `evaluate_frame`.
    """
    carrier = carrier_of(given)
    if carrier is None or not standings:
        return evaluate_frame(plan, given, language=language)
    return carrier.carry(plan, given, language, Placed(standings))


@dataclass(frozen=True, slots=True)
class Placed:
    """The kernel with the standings of all customers, which travel with it to the workers."""

    standings: Standings

    def __call__(self, plan: DayPlan, tables: Mapping[str, Any], *, language: str) -> FrameResult:
        """Decide one part; each of its customers finds its own standing by id."""
        known = {
            name: nw.from_native(table, eager_only=True) for name, table in self.standings.items()
        }
        return evaluation(plan, tables, standings=known).result(language)
