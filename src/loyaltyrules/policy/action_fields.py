# SPDX-License-Identifier: Apache-2.0
"""The fields of an action that the conditions of sieves may read, as constants."""

from collections.abc import Callable, Mapping
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import TEXT, WHOLE, Type
from loyaltyrules.policy.model import ActionForm

FIELDS: Mapping[str, Callable[[ActionForm, str], Any]] = {  # of the form, and of the id of its rule
    "action.kind": lambda form, rule: form.kind,
    "action.channel": lambda form, rule: form.channel,
    "action.purpose": lambda form, rule: form.purpose,
    "action.template": lambda form, rule: form.template,
    "action.gift": lambda form, rule: form.gift,
    "action.role": lambda form, rule: form.role,
    "action.reason": lambda form, rule: form.reason,
    "action.rule": lambda form, rule: rule,
    "action.priority": lambda form, rule: form.priority,
}


def fields_of(form: ActionForm, rule: str) -> dict[str, Node]:
    """The fields of an action of a rule; unset ones are missing."""
    values = {name: read(form, rule) for name, read in FIELDS.items()}
    return {name: tree.Literal("" if v is None else v, _type(v)) for name, v in values.items()}


def _type(value: Any) -> Type:
    return WHOLE if isinstance(value, int) else TEXT
