# SPDX-License-Identifier: Apache-2.0
"""Stamps: actions of an outcome of which only the ids of the record are left open.

Records of one signature get the same actions but for their own ids, and often for the occurrence.
So the first record's actions are kept as stamps; what a field reads beside the signature is
found by watching, and where there is such a field the actions are stated anew for each record.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.decision.passing import SUPPRESSED, Fate
from loyaltyrules.expression.evaluate import Evaluated, Facts
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import escaped

IDS = Action._fields.index("store_id") + 1  # the fields up to here are the record's own
Stated: TypeAlias = tuple[tuple[Action, ...], tuple[Action, ...]]  # actions, and those held back
State: TypeAlias = Callable[[DayPlan, Snapshot], Stated]


class Stamp(NamedTuple):
    """An action but for the ids: what stands before and behind the record's id in its own."""

    before: str
    after: str | Evaluated
    rule: str
    rest: tuple[Any, ...]
    held: bool


class Watched(Mapping[str, Any]):
    """Facts of a record that note which of them were read."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        self.read.update(self._facts)
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


def stamps_of(
    fates: Sequence[Fate], actions: Sequence[Action], record: Record, fixed: frozenset[str]
) -> tuple[Stamp, ...] | None:
    """The stamps of one record's actions, or None where a field needs more than `fixed` facts."""
    found = [_stamp(fate, of, record, fixed) for fate, of in zip(fates, actions, strict=True)]
    stamps = tuple(each for each in found if each is not None)
    return stamps if len(stamps) == len(found) else None


def _stamp(fate: Fate, action: Action, record: Record, fixed: frozenset[str]) -> Stamp | None:
    recipe = fate.recipe
    if fate.owner or action.merged_into is not None or not _reads_only(fixed, fate, record.facts):
        return None
    occurrence, after = recipe.occurrence, recipe.suffix
    rest, held = tuple(action[IDS:]), action.status == SUPPRESSED
    if callable(occurrence):
        if not _all_fixed(fixed, [occurrence], record.facts):
            named = occurrence
            return Stamp(recipe.prefix, lambda f: f"/{named(f)}{after}", recipe.rule, rest, held)
        occurrence = str(occurrence(record.facts))
    return Stamp(recipe.prefix, f"/{occurrence}{after}", recipe.rule, rest, held)


def _reads_only(fixed: frozenset[str], fate: Fate, facts: Facts) -> bool:
    """True when the fields behind the ids read nothing but fixed facts."""
    if fate.constants is not None:
        return True
    recipe = fate.recipe
    stated = (recipe.value, recipe.from_value, recipe.to_value, recipe.due_on, recipe.deadline)
    changes = [of for _, of in (*recipe.sets, *recipe.adds)]
    return _all_fixed(fixed, [*filter(callable, stated), *changes], facts)


def _all_fixed(fixed: frozenset[str], parts: Sequence[Evaluated], facts: Facts) -> bool:
    """True when the parts read nothing but fixed facts: then they answer alike for the signature."""
    watched = Watched(facts)
    for part in parts:
        part(watched)
    return watched.read <= fixed


def stating(policy: str, subject: str, stamps: Sequence[Stamp], derived: Facts) -> State:
    """What makes a record's actions from stamps: in one go where their order cannot change."""
    if not settled(stamps):
        return _stating_each(policy, subject, stamps, derived)
    once = {(str(each.after), each.before): each for each in reversed(stamps)}
    order = sorted(once.values(), key=lambda each: (each.before, str(each.after)))
    kept = [each[:-1] for each in order if not each.held]
    held = [each[:-1] for each in order if each.held]

    def state(plan: DayPlan, snapshot: Snapshot) -> Stated:
        identity, facts = snapshot.id, snapshot.facts
        own = identity if identity.isalnum() else escaped(identity)
        customer = identity if subject == "customer" else _named(facts, "customer_id")
        store = identity if subject == "store" else _named(facts, "store_id")
        found = []
        for forms in (kept, held):
            actions = [
                new(Action, (
                    f"{before}{own}{after}", policy, rule, subject, identity, customer, store
                ) + rest)
                for before, after, rule, rest in forms
            ]  # fmt: skip
            found.append(tuple(actions))
        return found[0], found[1]

    return state


def _stating_each(policy: str, subject: str, stamps: Sequence[Stamp], derived: Facts) -> State:
    """The same where occurrences differ from record to record: put in order, each id once."""

    def state(plan: DayPlan, snapshot: Snapshot) -> Stated:
        facts = {**snapshot.facts, **plan.reference(snapshot), **derived}
        own, identity = escaped(snapshot.id), snapshot.id
        customer = identity if subject == "customer" else _named(facts, "customer_id")
        store = identity if subject == "store" else _named(facts, "store_id")
        found: dict[str, tuple[Action, bool]] = {}
        for before, after, rule, rest, held in stamps:
            name = f"{before}{own}{after(facts) if callable(after) else after}"
            if name not in found:
                ids = (name, policy, rule, subject, identity, customer, store)
                found[name] = new(Action, ids + rest), held
        order = [found[name] for name in sorted(found)]
        return tuple(a for a, held in order if not held), tuple(a for a, held in order if held)

    return state


def settled(stamps: Sequence[Stamp]) -> bool:
    """True when no id of a record can change which of its actions comes first."""
    if any(callable(each.after) for each in stamps):
        return False
    begins = sorted({each.before for each in stamps})
    return not any(two.startswith(one) for one, two in pairwise(begins))


def _named(facts: Facts, name: str) -> str | None:
    found = facts.get(name)
    return found if found is None else str(found)


new = tuple.__new__
