# SPDX-License-Identifier: Apache-2.0
"""An action on its way through the gate, what takes its place, and what becomes of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from loyaltyrules.plan.recipe import Recipe, Stated, suffix_of
from loyaltyrules.policy.model import ActionForm, Sieve

READY, PENDING, SUPPRESSED = "ready", "pending_approval", "suppressed"
NO_DATA, NO_TEMPLATE = "blocked_missing_data", "blocked_missing_template"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one emitted action: its status, why, by which sieve, merged into which."""

    recipe: Recipe
    status: str
    reason: str | None = None
    sieve: str | None = None
    merged_into: int | None = None  # place of the other among the fates
    owner: int = 0  # which record emitted it: 0 the customer, else a child
    approver: str | None = None
    constants: tuple[Any, ...] | None = field(default=None, compare=False)
    """The action's fields behind the ids, if all are known: they follow from the others."""


@dataclass(slots=True)
class Passing:
    """An action while it passes the gate; `owner` is the place of the record that emitted it."""

    recipe: Recipe
    owner: int
    status: str = READY
    reason: str | None = None
    sieve: str | None = None
    merged_into: "Passing | None" = None
    approver: str | None = None

    def suppress(self, reason: str, sieve: Sieve) -> None:
        self.status, self.reason, self.sieve = SUPPRESSED, reason, sieve.id


def with_instead(recipes: Iterable[Recipe]) -> Iterator[Recipe]:
    """Recipes, each with those that may take its place."""
    for recipe in recipes:
        yield recipe
        if recipe.instead is not None:
            yield from with_instead([recipe.instead])


def in_place(passing: Iterable[Passing]) -> list[Passing]:
    """The actions in the place of those that lack data and that no sieve held."""
    return each_once(
        Passing(each.recipe.instead, each.owner)
        for each in passing
        if each.status == NO_DATA and each.recipe.instead is not None
    )


def in_other_words(recipe: Recipe, form: ActionForm) -> Recipe:
    """The action emitted in place of another: same rule, same occurrence, its own word."""
    return replace(
        recipe, form=form, suffix=suffix_of(form), value=None, from_value=None,
        to_value=None, sets=(), adds=(), template_missing=False, needs=(), instead=None,
    )  # fmt: skip


def each_once(passing: Iterable[Passing]) -> list[Passing]:
    """Actions that would have the same id, such as two requests for an address, are one."""
    found: dict[tuple[int, str, str, str], Passing] = {}
    for each in passing:
        recipe = each.recipe
        occurrence = recipe.occurrence if isinstance(recipe.occurrence, str) else ""
        found.setdefault((each.owner, recipe.rule, recipe.suffix, occurrence), each)
    return list(found.values())


def fate_of(each: Passing, places: Mapping[int, int], version: str) -> Fate:
    """What became of an action; `places` are those of all actions that passed with it."""
    recipe, reason = each.recipe, each.reason or each.recipe.form.reason
    merged = None if each.merged_into is None else places[id(each.merged_into)]
    told = each.status, reason, each.sieve, merged, each.owner, each.approver
    if merged is not None:
        return Fate(recipe, *told)
    return Fate(recipe, *told, _constants(recipe, each, reason, version))


def verdict(fate: Fate) -> tuple[Any, ...]:
    """All that the gate decided of an action."""
    return id(fate.recipe), fate.status, fate.reason, fate.sieve, fate.merged_into, fate.approver


def _constants(
    recipe: Recipe, each: Passing, reason: str | None, version: str
) -> tuple[Any, ...] | None:
    """The fields of the action behind the ids, where none of them depends on the record."""
    form = recipe.form
    if recipe.value or recipe.from_value or recipe.to_value or recipe.sets or recipe.adds:
        return None
    if isinstance(recipe.due_on, Stated) or isinstance(recipe.deadline, Stated):
        return None
    return (
        form.kind, form.channel, form.template, form.gift, None, None, None, form.role,
        each.approver, each.status, recipe.due_on, recipe.window_end, recipe.deadline,
        form.priority, reason, recipe.source, recipe.origin, version, None, each.sieve, (), (),
    )  # fmt: skip
