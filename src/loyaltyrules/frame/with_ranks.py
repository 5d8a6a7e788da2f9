# SPDX-License-Identifier: Apache-2.0
"""Tables beyond memory whose customers are told where they stand among all, in shares and ranks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.frame.engines.carriers import carrier_of
from loyaltyrules.frame.evaluate_table import evaluate_frame, in_memory
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan

ArrowRanks = Mapping[tuple[str, str], Any]  # by subject and fact: Arrow tables of id and value


def evaluate_with_ranks(
    plan: DayPlan, given: Mapping[str, Any], ranks: ArrowRanks, language: str
) -> FrameResult:
    """`evaluate_frame` over tables that an engine carries, with ranks computed beforehand.

    Raises:
        FrameError: as `evaluate_frame`.
    """
    carrier = carrier_of(given)
    if carrier is None or not ranks:
        return evaluate_frame(plan, given, language=language)
    return carrier.carry(plan, given, language, WithRanks(ranks))


@dataclass(frozen=True, slots=True)
class WithRanks:
    """The kernel with the ranks of all customers, which travel with it to the workers."""

    ranks: ArrowRanks

    def __call__(self, plan: DayPlan, tables: Mapping[str, Any], *, language: str) -> FrameResult:
        """Decide one part; each of its customers finds its own rank by id."""
        known = {name: nw.from_native(of, eager_only=True) for name, of in self.ranks.items()}
        return in_memory(plan, tables, language, known)
