# SPDX-License-Identifier: Apache-2.0
"""Stamping: recipes and the facts of one record become actions."""

from collections.abc import Sequence

from loyaltyrules.action.action import Action
from loyaltyrules.decision.passing import Fate
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.recipe import Stated, escaped, read, text
from loyaltyrules.policy.model import Policy


def stamped(policy: Policy, fates: Sequence[Fate], records: Sequence[Record]) -> list[Action]:
    """One action for each fate; `records` are the customer and its emitting child records."""
    root = records[0]
    names = [escaped(record.id) for record in records]
    ids = [each.recipe.action_id(names[each.owner], records[each.owner].facts) for each in fates]
    return [
        _made(policy, fate, identity, records[fate.owner], root, ids)
        for fate, identity in zip(fates, ids, strict=True)
    ]


def _made(
    policy: Policy, fate: Fate, action_id: str, record: Record, root: Record, ids: Sequence[str]
) -> Action:
    if fate.constants is None:
        return _stamp(policy, fate, action_id, record, root, ids)
    facts = record.facts
    store = record.id if record.subject == "store" else _store_id(facts, root.facts)
    head = (action_id, policy.name, fate.recipe.rule, record.subject, record.id)
    return Action._make((*head, _customer_id(record, root), store, *fate.constants))


def _stamp(
    policy: Policy, fate: Fate, action_id: str, record: Record, root: Record, ids: Sequence[str]
) -> Action:
    """Stamp an action of which fields beside the ids depend on the record."""
    recipe = fate.recipe
    form, facts = recipe.form, record.facts
    return Action(
        action_id,
        policy.name,
        recipe.rule,
        record.subject,
        record.id,
        _customer_id(record, root),
        record.id if record.subject == "store" else _store_id(facts, root.facts),
        form.kind,
        form.channel,
        form.template,
        form.gift,
        _stated(recipe.value, facts),
        _stated(recipe.from_value, facts),
        _stated(recipe.to_value, facts),
        form.role,
        fate.approver,
        fate.status,
        read(recipe.due_on, facts),
        recipe.window_end,
        read(recipe.deadline, facts),
        form.priority,
        fate.reason,
        recipe.source,
        recipe.origin,
        policy.version,
        None if fate.merged_into is None else ids[fate.merged_into],
        fate.sieve,
        tuple((name, of(facts)) for name, of in recipe.sets),
        tuple((name, amount) for name, of in recipe.adds if (amount := of(facts)) is not None),
    )


def _customer_id(record: Record, root: Record) -> str | None:
    if root.subject == "customer":
        return root.id
    found = record.facts.get("customer_id")
    return None if found is None else str(found)


def _store_id(facts: Facts, root: Facts) -> str | None:
    found = facts.get("store_id") or root.get("store_id")
    return None if found is None else str(found)


def _stated(value: Stated | None, facts: Facts) -> str | None:
    return None if value is None else text(value.of(facts))
