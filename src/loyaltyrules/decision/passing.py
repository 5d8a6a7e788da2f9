# SPDX-License-Identifier: Apache-2.0
"""An action on its way through the gate, what takes its place, and what becomes of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from loyaltyrules.action.action import never_expires
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.plan.recipe import Cell, Recipe, sending, value_in
from loyaltyrules.policy.model import Sieve

READY, PENDING, SUPPRESSED = "ready", "pending_approval", "suppressed"
NO_DATA, NO_TEMPLATE = "blocked_missing_data", "blocked_missing_template"
EXPIRED, SPAN = "expired", "span"  # the reason for what comes too late, and what held it


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one emitted action: its status, why, by which sieve, merged into which.

    `merged_into` is the place of the other among the fates of the same record, the recipe of one that
    opens for it on another day, or the id of an action of another record; `owner` is the place of the
    record that emitted it: 0 the customer, else a child. `due_on` is the day that it was put off to, and
    `source` that of all that it stands for; None leaves the recipe's own. `stands_for` names their rules.
    """

    recipe: Recipe
    status: str
    reason: str | None = None
    sieve: str | None = None
    merged_into: "int | str | Recipe | None" = None
    owner: int = 0
    approver: str | None = None
    due_on: date | None = None
    source: str | None = None
    stands_for: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """True of what is suppressed."""
        return self.status == SUPPRESSED

    def by(self, last: date) -> "Fate":
        """The same by the last day of a span: what closed before it comes too late."""
        end = self.recipe.columns["window_end"]
        late = isinstance(end, date) and end < last
        if not late or self.held or never_expires(self.recipe.form.kind, self.approver):
            return self
        return replace(self, status=SUPPRESSED, reason=EXPIRED, sieve=SPAN)

    @property
    def columns(self) -> dict[str, Cell]:
        """The columns of the action but for its ids: what the recipe says, and what was decided."""
        day = self.due_on
        decided: dict[str, Cell] = {"source": self.source}
        if day is not None:
            decided |= {"due_on": day, **sending(self.recipe.form, day)}
        return {
            **self.recipe.columns,
            **{name: cell for name, cell in decided.items() if cell is not None},
            "approver_role": self.approver,
            "status": self.status,
            "reason": self.reason,
            "merged_into": self.merged_into if isinstance(self.merged_into, str) else None,
            "suppressed_by": self.sieve,
        }


Fates: TypeAlias = tuple[Fate, ...]


@dataclass(slots=True)
class Passing:
    """An action while it passes the gate; `owner` is the place of the record that emitted it.

    `stands_for` are the recipes of those that were merged into it. `way_out` is true of one that a sieve
    held whose own way out is to take its place.
    """

    recipe: Recipe
    owner: int
    status: str = READY
    reason: str | None = None
    sieve: str | None = None
    merged_into: "Passing | Recipe | None" = None
    approver: str | None = None
    due_on: date | None = None
    stands_for: tuple[Recipe, ...] = ()
    way_out: bool = False

    def due(self, facts: Facts) -> Any:
        """The day it is due: the one it was put off to, else that of its recipe."""
        return self.due_on or value_in(self.recipe.columns["due_on"], facts)

    def suppress(self, reason: str, sieve: Sieve) -> None:
        self.status, self.reason, self.sieve = SUPPRESSED, reason, sieve.id

    def merge(self, into: "Passing | Recipe", sieve: Sieve) -> None:
        """Another says what this one says; where that is here, it stands for this one from now on."""
        self.suppress(sieve.reason, sieve)
        self.merged_into = into
        if isinstance(into, Passing):
            into.stands_for = (*into.stands_for, self.recipe, *self.stands_for)


def with_instead(recipes: Iterable[Recipe]) -> Iterator[Recipe]:
    """Recipes, each with those that may take its place."""
    for recipe in recipes:
        yield recipe
        if recipe.instead is not None:
            yield from with_instead([recipe.instead])


def in_place(passing: Iterable[Passing]) -> list[Passing]:
    """The ways out of those that lack data and that no sieve held, or of those that a sieve sent there."""
    return each_once(
        Passing(each.recipe.instead, each.owner)
        for each in passing
        if each.recipe.instead is not None and (each.status == NO_DATA or each.way_out)
    )


def each_once(passing: Iterable[Passing]) -> list[Passing]:
    """Actions that would have the same id, such as two requests for an address, are one."""
    found: dict[tuple[int, str, str, str], Passing] = {}
    for each in passing:
        recipe = each.recipe
        occurrence = recipe.occurrence if isinstance(recipe.occurrence, str) else ""
        found.setdefault((each.owner, recipe.rule, recipe.key, occurrence), each)
    return list(found.values())


def fate_of(each: Passing, places: Mapping[int, int]) -> Fate:
    """What became of an action; `places` are those of all actions that passed with it."""
    recipes = (each.recipe, *each.stands_for)
    reason = each.reason or _each_once(recipe.form.reason for recipe in recipes)
    into = each.merged_into
    merged = places[id(into)] if isinstance(into, Passing) else into
    source = _each_once(map(source_of, recipes)) if each.stands_for else None
    rules = tuple(dict.fromkeys(recipe.rule for recipe in each.stands_for))
    return Fate(
        each.recipe, each.status, reason, each.sieve, merged, each.owner, each.approver, each.due_on,
        source, rules,
    )  # fmt: skip


def source_of(recipe: Recipe) -> str | None:
    """Where an action comes from, which is the same for all records."""
    found = recipe.columns["source"]
    return found if isinstance(found, str) else None


def _each_once(listed: Iterable[str | None]) -> str | None:
    """Texts of parts that `;` joins as one such text, the first first and each part once."""
    parts = (part for text in listed if text for part in text.split(";"))
    return ";".join(dict.fromkeys(parts)) or None


def verdict(fate: Fate) -> tuple[Any, ...]:
    """All that the gate decided of an action, but for where it stands."""
    said = fate.status, fate.reason, fate.sieve, fate.merged_into, fate.approver, fate.due_on
    return id(fate.recipe), *said, fate.source, fate.stands_for
