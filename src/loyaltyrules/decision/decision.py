# SPDX-License-Identifier: Apache-2.0
"""What one record comes to: labels, actions, what was held back and what stayed open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from loyaltyrules.action.action import Action
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan


class Undecided(NamedTuple):
    """A rule that could not be decided, and the facts it lacked."""

    rule: str
    subject_id: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """The decision on one record in the plan's span.

    `actions` has every status but suppressed; `suppressed` those held back, with reasons;
    `undecided` the rules that lacked a fact. `labels` maps each label to the word of the way that
    counts (None where unknown), `standing` to the word on file, `ways` to the words of all ways.
    """

    plan: DayPlan
    snapshot: Snapshot
    actions: tuple[Action, ...]
    suppressed: tuple[Action, ...]
    undecided: tuple[Undecided, ...]
    labels: Mapping[str, str | None]
    standing: Mapping[str, str | None]
    ways: Mapping[str, Mapping[str, str | None]]
