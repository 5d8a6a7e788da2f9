# SPDX-License-Identifier: Apache-2.0
"""compare: two policies on the same records, for a day or a span."""

from collections.abc import Iterator, Mapping
from typing import Any

from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.host.day import NamedDay
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.problem import Problem, problem
from loyaltyrules.simulation.base.renamed import Renamed
from loyaltyrules.simulation.base.side import Side, in_memory, plan_of
from loyaltyrules.simulation.comparison.delta import Delta
from loyaltyrules.simulation.comparison.matching import named_alike

SHOWN = 5  # ids that a problem names


def compare(
    old: Policy,
    new: Policy,
    customers: Any,
    *,
    on: NamedDay,
    until: NamedDay | None = None,
    tables: Mapping[str, Any] = NOTHING,
) -> Delta:
    """What another policy does on the same records: who moves and why, which actions are lost and gained.

    Args:
        old: The policy as it is.
        new: Another one, such as `old.with_(tier_a_points=6000)`.
        customers: A frame of customers, or a mapping from subject to frame, as `evaluate_frame` takes
            them. The customers are the population of shares and ranks.
        on: The day, or the first of a span.
        until: The last day of a span.
        tables: Reference data by table.

    Returns:
        A `Delta`; its frames are of the caller's kind (of tables that an engine carries, Arrow).

    Raises:
        ArgumentError: no day (LR470), or a span that ends before it begins (LR538).
        FrameError: a table as a whole cannot be read.
        PolicyError: a figure that a rule reads has no value on the day (LR308).
    """
    given = in_memory(customers)
    before = Side.of(plan_of(old, on, until, tables), given)
    after = Side.of(plan_of(named_alike(new, old), on, until, tables), given, before)
    apart = tuple(_incomparable(before, after, given))
    return Delta(before, after, given, apart, (old, new))


def _incomparable(old: Side, new: Side, given: Mapping[str, Any]) -> Iterator[Problem]:
    """What one side knows alone."""
    names = Renamed(old.policy, new.policy).labels
    labels = [
        {
            (names.get(e.name, e.name) if side is old else e.name, e.subject)
            for e in side.policy.labels
        }
        for side in (old, new)
    ]
    for side, why, only in (
        (old, "the old policy", labels[0] - labels[1]), (new, "the new policy", labels[1] - labels[0]),
    ):  # fmt: skip
        for subject in given:
            if subject not in side.policy.vocabulary.subjects:
                yield problem("LR513", None, name=subject, why=why)
        for name, _ in sorted(only):
            yield problem("LR512", None, name=name, why=why)
        other = new if side is old else old
        there = {(each.subject, each.id) for each in other.run.faults}
        alone = sorted({(each.subject, each.id) for each in side.run.faults} - there)
        if alone:
            ids = ", ".join(identity for _, identity in alone[:SHOWN])
            yield problem("LR514", None, count=len(alone), ids=ids, why=why)
