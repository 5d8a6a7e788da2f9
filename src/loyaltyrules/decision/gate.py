# SPDX-License-Identifier: Apache-2.0
"""The gate: what one day emits for one customer passes the sieves in their written order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loyaltyrules.decision.passing import (
    NO_DATA,
    NO_TEMPLATE,
    PENDING,
    READY,
    SUPPRESSED,
    Fate,
    Passing,
    each_once,
    fate_of,
    in_place,
    with_instead,
)
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluate import Evaluated, Facts, evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, symbols_in
from loyaltyrules.expression.types import TEXT, WHOLE, Type
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.recipe import Computed, Recipe, value_in
from loyaltyrules.policy.model import ActionForm, Policy, Sieve


@dataclass(slots=True)
class Gate:
    """The sieves of one day, each folded for the actions it has met."""

    policy: Policy
    day: Day
    folded: dict[tuple[Any, ...], Node] = field(default_factory=dict)
    tests: dict[tuple[Any, ...], Evaluated] = field(default_factory=dict)
    reads: dict[int, tuple[str, ...]] = field(default_factory=dict)
    others: dict[tuple[Recipe, ActionForm], Recipe] = field(default_factory=dict)

    def condition(self, place: int, recipe: Recipe) -> Node:
        """The condition of a sieve for the actions of one recipe: the fields it reads put in."""
        key = self._key(place, recipe)
        if key not in self.folded:
            node = self.day.gate[place][1]
            self.folded[key] = fold(node, fields_of(recipe), self.policy.functions)
        return self.folded[key]

    def test(self, place: int, recipe: Recipe) -> Evaluated:
        """The same as a function of the customer's facts."""
        key = self._key(place, recipe)
        if key not in self.tests:
            self.tests[key] = evaluator(self.condition(place, recipe), self.policy.functions)
        return self.tests[key]

    def _key(self, place: int, recipe: Recipe) -> tuple[Any, ...]:
        """What tells actions apart for a sieve: only the fields that its condition reads."""
        names = self.reads.get(place)
        if names is None:
            read = symbols_in(self.day.gate[place][1])
            names = self.reads[place] = tuple(sorted(name for name in read if name in FIELDS))
        return (place, *(FIELDS[name](recipe) for name in names))

    def conditions(self, recipes: Iterable[Recipe]) -> list[Node]:
        """All that the gate asks of the customer for these actions: sieves, caps and needs."""
        found: list[Node] = []
        for recipe in with_instead(recipes):
            found += [self.condition(place, recipe) for place in range(len(self.day.gate))]
            found += [need.missing for need in recipe.needs]
        for sieve, _ in self.day.gate:
            for node in (sieve.most, sieve.already):
                if node is not None:
                    whole = fold(node, self.day.symbols, self.policy.functions)
                    found += [part for part in tree.walk(whole) if isinstance(part, tree.FactRef)]
        return list(dict.fromkeys(found))

    def other(self, recipe: Recipe, form: ActionForm) -> Recipe:
        """The recipe emitted in place of one that a sieve held, made once."""
        if (recipe, form) not in self.others:
            self.others[recipe, form] = recipe.in_other_words(form)
        return self.others[recipe, form]

    def dated(self, emitted: Sequence[tuple[Recipe, int]]) -> bool:
        """True when a sieve merges by due days that differ from record to record."""
        by_day = any("due_on" in sieve.by for sieve, _ in self.day.gate)
        return by_day and any(
            isinstance(recipe.columns["due_on"], Computed) for recipe, _ in emitted
        )

    def fates(
        self, emitted: Sequence[tuple[Recipe, int]], facts: Sequence[Facts]
    ) -> tuple[Fate, ...]:
        """Decide what becomes of the emitted actions.

        Args:
            emitted: The recipes, each with the place of the record that emitted it.
            facts: Facts of the customer (place 0) and of the emitting child records.

        Returns:
            One fate an action, most urgent first, then the actions in the place of blocked ones,
            then those emitted instead of held ones.
        """
        order = sorted(emitted, key=lambda each: (*each[0].order, facts[each[1]].get("id", "")))
        passing = [Passing(recipe, owner) for recipe, owner in order]
        instead: list[Passing] = []
        self._through(EFFECTS, passing, facts, instead)
        others = in_place(passing)
        replaced = others
        while others:
            self._through(SINGLE, others, facts, instead)
            others = in_place(others)
            replaced = [*replaced, *others]
        everyone = [*passing, *each_once([*replaced, *instead])]
        places = {id(each): place for place, each in enumerate(everyone)}
        return tuple(fate_of(each, places) for each in everyone)

    def _through(
        self, effects: Mapping[str, Any], passing: list[Passing], facts: Sequence[Facts],
        instead: list[Passing],
    ) -> None:  # fmt: skip
        """Block what lacks data or texts, then sieve; what is lacking may be held all the same."""
        for each in passing:
            self._block(each, facts[each.owner])
        for place, (sieve, _) in enumerate(self.day.gate):
            if sieve.effect in effects:
                effects[sieve.effect](self, place, sieve, passing, facts, instead)

    def _block(self, each: Passing, facts: Facts) -> None:
        """Missing data and missing texts block an action; what awaits approval says so."""
        form = each.recipe.form
        lacking = [need.fact for need in each.recipe.needs if need.lacks(facts)]
        each.approver = form.approver
        if each.recipe.template_missing:
            each.status, each.reason = NO_TEMPLATE, f"missing_template:{form.template}"
        elif lacking:
            each.status, each.reason = NO_DATA, f"missing_data:{lacking[0]}"
        elif form.approver:
            each.status = PENDING

    def hold(
        self, place: int, sieve: Sieve, passing: list[Passing], facts: Sequence[Facts],
        instead: list[Passing],
    ) -> None:  # fmt: skip
        for each in passing:
            if each.status == SUPPRESSED:
                continue
            holds = self.test(place, each.recipe)(facts[0])
            if holds is True:
                each.suppress(sieve.reason, sieve)
            elif holds is None and sieve.unknown != "pass":
                each.suppress(sieve.unknown or f"{sieve.reason}_unknown", sieve)
            if each.status == SUPPRESSED and sieve.instead:
                instead.append(Passing(self.other(each.recipe, sieve.instead), each.owner))

    def merge(
        self, place: int, sieve: Sieve, passing: list[Passing], facts: Sequence[Facts],
        instead: list[Passing],
    ) -> None:  # fmt: skip
        """Of actions that say the same the most urgent is kept; those that say nothing stay apart."""
        first: dict[tuple[Any, ...], Passing] = {}
        for each in self._open(place, passing, facts[0]):
            key = tuple(value_of(each.recipe, name, facts[each.owner]) for name in sieve.by)
            kept = first.setdefault(key, each)
            if kept is not each and any(part is not None for part in key):
                each.suppress(sieve.reason, sieve)
                each.merged_into = kept

    def cap(
        self, place: int, sieve: Sieve, passing: list[Passing], facts: Sequence[Facts],
        instead: list[Passing],
    ) -> None:  # fmt: skip
        room = self._room(sieve, facts[0])
        if room is None and sieve.unknown == "pass":
            return
        touches: set[tuple[str, int]] = set()
        for each in self._open(place, passing, facts[0]):
            touch = each.recipe.touch, each.owner
            if room is None:
                each.suppress(sieve.unknown or f"{sieve.reason}_unknown", sieve)
            elif touch in touches or len(touches) < room:
                touches.add(touch)
            else:
                each.suppress(sieve.reason, sieve)

    def approve(
        self, place: int, sieve: Sieve, passing: list[Passing], facts: Sequence[Facts],
        instead: list[Passing],
    ) -> None:  # fmt: skip
        """What awaits nobody's approval yet awaits that of the role; unknown counts as yes."""
        for each in passing:
            if each.status == READY and self._asks(place, sieve, each, facts[0]):
                each.status, each.approver = PENDING, sieve.role

    def _asks(self, place: int, sieve: Sieve, each: Passing, facts: Facts) -> bool:
        asks = self.test(place, each.recipe)(facts)
        return asks is True or (asks is None and sieve.unknown != "pass")

    def _room(self, sieve: Sieve, facts: Facts) -> int | None:
        """How many touches are left today; None where it is unknown how many there were."""
        most = self._number(sieve.most, facts)
        already = self._number(sieve.already, facts) if sieve.already else 0
        return None if most is None or already is None else most - already

    def _open(self, place: int, passing: list[Passing], facts: Facts) -> Iterable[Passing]:
        """Actions that will reach the customer and that the sieve speaks of."""
        for each in passing:
            if (
                each.status in (READY, PENDING)
                and self.test(place, each.recipe)(facts) is not False
            ):
                yield each

    def _number(self, node: Node | None, facts: Facts) -> int | None:
        if node is None:
            return None
        folded = fold(node, self.day.symbols, self.policy.functions)
        value = evaluator(folded, self.policy.functions)(facts)
        return int(value) if value is not None else None


SINGLE = {"hold": Gate.hold, "approve": Gate.approve}  # what looks at each action by itself
EFFECTS = {**SINGLE, "merge": Gate.merge, "cap": Gate.cap}


FIELDS: Mapping[str, Callable[[Recipe], Any]] = {
    "action.kind": lambda recipe: recipe.form.kind,
    "action.channel": lambda recipe: recipe.form.channel,
    "action.purpose": lambda recipe: recipe.form.purpose,
    "action.template": lambda recipe: recipe.form.template,
    "action.gift": lambda recipe: recipe.form.gift,
    "action.role": lambda recipe: recipe.form.role,
    "action.reason": lambda recipe: recipe.form.reason,
    "action.rule": lambda recipe: recipe.rule,
    "action.priority": lambda recipe: recipe.form.priority,
}


def fields_of(recipe: Recipe) -> dict[str, Node]:
    """The fields of an action as constants for the conditions of sieves; unset ones are missing."""
    values = {name: read(recipe) for name, read in FIELDS.items()}
    return {name: tree.Literal("" if v is None else v, _type(v)) for name, v in values.items()}


def _type(value: Any) -> Type:
    return WHOLE if isinstance(value, int) else TEXT


def value_of(recipe: Recipe, name: str, facts: Facts) -> Any:
    """A field of an action by which sieves merge."""
    if name == "due_on":
        return value_in(recipe.columns["due_on"], facts)
    if name == "rule":
        return recipe.rule
    return getattr(recipe.form, name)
