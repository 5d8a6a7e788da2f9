# SPDX-License-Identifier: Apache-2.0
"""Stamping: recipes and the facts of one record become actions."""

from collections.abc import Sequence

from loyaltyrules.action.action import Action
from loyaltyrules.decision.gate import Fate
from loyaltyrules.expression.evaluate import Evaluated, Facts
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.recipe import escaped, text
from loyaltyrules.policy.model import Policy


def stamped(policy: Policy, fates: Sequence[Fate], records: Sequence[Record]) -> list[Action]:
    """One action for each fate; `records` are the customer and its emitting child records."""
    ids = [_id(fate, records[fate.owner]) for fate in fates]
    return [
        _stamp(policy, fate, ids[place], records, ids) for place, fate in enumerate(fates)
    ]  # fmt: skip


def _id(fate: Fate, record: Record) -> str:
    return fate.recipe.action_id(escaped(record.id), record.facts)


def _stamp(
    policy: Policy, fate: Fate, action_id: str, records: Sequence[Record], ids: Sequence[str]
) -> Action:
    recipe, record = fate.recipe, records[fate.owner]
    form, facts = recipe.form, record.facts
    return Action(
        action_id,
        policy.name,
        recipe.rule,
        record.subject,
        record.id,
        _customer_id(record, records[0]),
        record.id if record.subject == "store" else _store_id(facts, records[0].facts),
        form.kind,
        form.channel,
        form.template,
        form.gift,
        _stated(recipe.value, facts),
        _stated(recipe.from_value, facts),
        _stated(recipe.to_value, facts),
        form.role,
        form.approver,
        fate.status,
        recipe.due_on(facts) if callable(recipe.due_on) else recipe.due_on,
        recipe.window_end,
        recipe.deadline(facts) if callable(recipe.deadline) else recipe.deadline,
        form.priority,
        fate.reason,
        recipe.source,
        recipe.origin,
        policy.version,
        None if fate.merged_into is None else ids[fate.merged_into],
        fate.sieve,
        tuple((name, of(facts)) for name, of in recipe.sets),
    )


def _customer_id(record: Record, root: Record) -> str | None:
    if root.subject == "customer":
        return root.id
    found = record.facts.get("customer_id")
    return None if found is None else str(found)


def _store_id(facts: Facts, root: Facts) -> str | None:
    found = facts.get("store_id") or root.get("store_id")
    return None if found is None else str(found)


def _stated(value: Evaluated | None, facts: Facts) -> str | None:
    return None if value is None else text(value(facts))
