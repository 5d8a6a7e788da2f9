# SPDX-License-Identifier: Apache-2.0
"""What the actions of one decision change, as rows: of the record itself, and of those above it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from loyaltyrules.action.action import Action
from loyaltyrules.action.changes import CHANGE_COLUMNS, Change, changes_of
from loyaltyrules.decision.by_rule import forms_of
from loyaltyrules.decision.whose import record_of
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import OfParent
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import problem

if TYPE_CHECKING:
    from loyaltyrules.decision.decision import Decision

Row = dict[str, str | None]
SORTED = ("action_id", "fact", "subject")


def rows_of_changes(decision: "Decision") -> list[Row]:
    """The rows that `result.changes` has of the same record in a table.

    Raises:
        ArgumentError: a parent's facts change, and the decision has left its plan behind (LR505).
    """
    found = [row for action in decision.actions for row in _rows(decision, action)]
    return sorted(found, key=lambda each: [str(each[name]) for name in SORTED])


def _rows(decision: "Decision", action: Action) -> Iterator[Row]:
    changes = changes_of(action)
    if not any("." in each.fact for each in changes):
        yield from (_row(action, action.subject, action.subject_id, each) for each in changes)
        return
    if decision.plan is None:
        raise ArgumentError([problem("LR505", None, id=decision.snapshot.id)])
    above = _above(decision.plan, action)
    ids = _ids(decision, decision.plan, action, above)
    for each in changes:
        if (parent := above.get(each.fact)) is None:
            yield _row(action, action.subject, action.subject_id, each)
        else:
            own = each._replace(fact=parent.fact)
            yield _row(action, parent.subject, ids[each.fact], own)


def _above(plan: DayPlan, action: Action) -> Mapping[str, OfParent]:
    """The changed facts of parents, by how the action calls them."""
    return {each.name: each for form in forms_of(plan.policy, action) for each in form.above}


def _ids(
    decision: "Decision", plan: DayPlan, action: Action, above: Mapping[str, OfParent]
) -> Mapping[str, str | None]:
    """The ids of the parents, as the record that the action is for knows them."""
    record = record_of(action, plan.derived(plan.day(plan.on), decision.snapshot))
    facts = record.facts if record is not None else {}
    return {name: facts.get(each.link.key) for name, each in above.items()}


def _row(action: Action, subject: str, identity: str | None, change: Change) -> Row:
    cells = action.action_id, subject, identity, *change
    return dict(zip(CHANGE_COLUMNS, cells, strict=True))
