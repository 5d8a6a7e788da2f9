# SPDX-License-Identifier: Apache-2.0
"""solve: the least value of a figure at which a label has the share that is wanted."""

from collections.abc import Mapping
from typing import Any, overload

from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.host.day import NamedDay
from loyaltyrules.policy.model import Policy
from loyaltyrules.simulation.base.measures import Want
from loyaltyrules.simulation.base.side import in_memory, plan_of
from loyaltyrules.simulation.base.tried import Tried
from loyaltyrules.simulation.solving.found import Found, FoundBy
from loyaltyrules.simulation.solving.grouped import Groups
from loyaltyrules.simulation.solving.question import question_of
from loyaltyrules.simulation.solving.solving import Solving


@overload
def solve(
    policy: Policy, figure: str, customers: Any, *, on: NamedDay, want: Want,
    within: None = None, tables: Mapping[str, Any] = NOTHING,
) -> Found: ...  # fmt: skip


@overload
def solve(
    policy: Policy, figure: str, customers: Any, *, on: NamedDay, want: Want,
    within: str, tables: Mapping[str, Any] = NOTHING,
) -> FoundBy: ...  # fmt: skip


def solve(
    policy: Policy,
    figure: str,
    customers: Any,
    *,
    on: NamedDay,
    want: Want,
    within: str | None = None,
    tables: Mapping[str, Any] = NOTHING,
) -> Found | FoundBy:
    """The least value of a figure at which a share or a number of records is as it is wanted.

    It is exact: the comparison of the label with the figure is answered for every record, and shares
    are counted at each step. A figure of whole numbers is found whole, one of decimals to the
    hundredth (or as finely as it is written), a share to a hundredth of a percent, a period in its
    own unit. Numbers are looked for from zero on.

    Args:
        policy: The policy as it is.
        figure: A figure by name or title.
        customers: A frame of customers, or a mapping from subject to frame. They are the population.
        on: The day.
        want: What is wanted, such as `share("tier", "A") <= 0.20`.
        within: A fact or a column of the records: a threshold is found for each group.
        tables: Reference data by table.

    Returns:
        `Found`; with `within` a `FoundBy`, which is a frame of the caller's kind with a row for each
        group: the group, `value`, `share`, `next_value`, `next_share`, `ties`, `why`.

    Raises:
        ArgumentError: no such condition (LR518, LR522), label (LR515), word (LR519) or group (LR521),
            or the label does not go by the figure in a way that can be solved for (LR520).
        FrameError: a table as a whole cannot be read.
        PolicyError: there is no such figure (LR510).
    """
    given, plan = in_memory(customers), plan_of(policy, on, None, tables)
    question = question_of(policy, figure, want, given)
    tried = Tried.on(plan, given)
    solving = Solving.of(plan, question, tried)
    if within is None:
        return solving.found()
    subject = question.label.subject
    return solving.by_group(Groups(tried.known[1].by_subject[subject], given[subject], within))
