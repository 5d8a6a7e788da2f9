# SPDX-License-Identifier: Apache-2.0
"""The record that an action is for, in what a host hands in: the record itself, or that of a parent."""

from collections.abc import Iterator

from loyaltyrules.action.action import Action
from loyaltyrules.fact.declaration import ways_up
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.host.record import Record as Given
from loyaltyrules.host.record import mapping_of
from loyaltyrules.host.text import text_of
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import problem


def read_for(action: Action, plan: DayPlan, given: Snapshot | Given) -> Iterator[Snapshot]:
    """The record as a snapshot; a mapping may be that of the action's subject, or of a parent.

    Raises:
        SnapshotError: it is no record, or a faulty one.
    """
    if isinstance(given, Snapshot):
        yield given
        return
    known = mapping_of(given)
    if known is None:
        raise SnapshotError([problem("LR421", None, found=type(given).__name__)])
    own = text_of(known.get("id")) == action.subject_id
    subjects = plan.policy.vocabulary.subjects
    for subject in (action.subject, *ways_up(action.subject, subjects)):
        if own == (subject == action.subject):
            yield plan.snapshot(known, subject)


def record_of(action: Action, root: Record) -> Record | None:
    """The record that the action is for: the root, or one below it."""
    own = (action.subject, action.subject_id)
    return next((each for each in (root, *root.below()) if (each.subject, each.id) == own), None)
