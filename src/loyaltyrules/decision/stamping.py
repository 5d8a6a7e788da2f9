# SPDX-License-Identifier: Apache-2.0
"""Stamps: actions of an outcome of which only the ids of the record are left open.

Records of one signature get the same actions but for their own ids, and often for the occurrence.
So the first record's actions are kept as stamps; what a field reads beside the signature is
found by watching, and where there is such a field the actions are stated anew for each record.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.decision.passing import SUPPRESSED, Fate
from loyaltyrules.expression.evaluate import Evaluated, Facts
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe, escaped, spoken

IDS = Action._fields.index("store_id") + 1  # the fields up to here are the record's own
Both: TypeAlias = tuple[tuple[Action, ...], tuple[Action, ...]]  # actions, and those held back
State: TypeAlias = Callable[[DayPlan, Snapshot], Both]


class Stamp(NamedTuple):
    """An action but for the ids: what stands before and behind the record's id in its own."""

    before: str
    after: str | Evaluated
    rule: str
    rest: tuple[Any, ...]
    held: bool
    reads: frozenset[str] = frozenset()  # what is told of each record anew


Form: TypeAlias = tuple[str, str | Evaluated, str, tuple[Any, ...]]  # a stamp, its place known
Ids: TypeAlias = tuple[str, str, str, str | None, str | None]


class Watched(dict[str, Any]):
    """Facts of a record that note which of them were read."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        self.read.update(self.keys())
        return super().__iter__()


def stamps_of(
    fates: Sequence[Fate], actions: Sequence[Action], record: Record, common: frozenset[str]
) -> tuple[Stamp, ...] | None:
    """The stamps of one record's actions, or None where more than ids differ from record to record."""
    found = [_stamp(fate, of, record, common) for fate, of in zip(fates, actions, strict=True)]
    stamps = tuple(each for each in found if each is not None)
    return stamps if len(stamps) == len(found) and settled(stamps) else None


def _stamp(fate: Fate, action: Action, record: Record, common: frozenset[str]) -> Stamp | None:
    recipe = fate.recipe
    if fate.owner or action.merged_into is not None or not _reads_only(common, fate, record.facts):
        return None
    after = _after(recipe, record.facts, common)
    rest, held = tuple(action[IDS:]), action.status == SUPPRESSED
    if isinstance(after, str) or isinstance(recipe.occurrence, str):
        return Stamp(recipe.prefix, after, recipe.rule, rest, held)
    return Stamp(recipe.prefix, after, recipe.rule, rest, held, recipe.occurrence.given)


def _after(recipe: Recipe, facts: Facts, common: frozenset[str]) -> str | Evaluated:
    """What follows the id: the parts of the occurrence that all records share are put in once."""
    occurrence = recipe.occurrence
    if isinstance(occurrence, str):
        return f"/{occurrence}{recipe.suffix}"
    own = [each.of for each in occurrence.parts if not _all_common(common, [each.of], facts)]
    if not own:
        return f"/{occurrence(facts)}{recipe.suffix}"
    if len(own) > 1:
        return lambda facts: f"/{occurrence(facts)}{recipe.suffix}"
    parts = [each.of for each in occurrence.parts]
    place, part = parts.index(own[0]), own[0]
    said = [*map(partial(spoken, facts=facts), parts), *occurrence.periods]
    before = "/" + "".join(f"{each}{occurrence.sign}" for each in said[:place])
    after = "".join(f"{occurrence.sign}{each}" for each in said[place + 1 :]) + recipe.suffix
    return lambda facts: f"{before}{spoken(part, facts)}{after}"


def _reads_only(common: frozenset[str], fate: Fate, facts: Facts) -> bool:
    """True when the fields behind the ids read nothing but common facts."""
    if fate.constants is not None:
        return True
    recipe = fate.recipe
    changes = (*recipe.sets, *recipe.adds)
    parts = [*(each.of for each in recipe.fields), *(of for _, of in changes)]
    return _all_common(common, parts, facts)


def _all_common(common: frozenset[str], parts: Sequence[Evaluated], facts: Facts) -> bool:
    """True when the parts read nothing but common facts: then they answer alike for the signature."""
    watched = Watched(facts)
    for part in parts:
        part(watched)
    return watched.read <= common


def stating(policy: str, subject: str, stamps: Sequence[Stamp], derived: Facts) -> State:
    """What makes a record's actions from stamps."""
    order = sorted(stamps, key=lambda each: (each.before, str(each.after)))
    kept = [each[:4] for each in order if not each.held]
    held = [each[:4] for each in order if each.held]
    names = {name for each in stamps for name in each.reads}
    beyond = any("." in name or name in derived for name in names)
    of_customer, of_store = subject == "customer", subject == "store"

    def state(plan: DayPlan, snapshot: Snapshot) -> Both:
        identity, facts = snapshot.id, snapshot.facts
        customer = identity if of_customer else facts.get("customer_id")
        store = identity if of_store else facts.get("store_id")
        ids = policy, subject, identity, customer, store
        if beyond:
            facts = {**facts, **plan.reference(snapshot), **derived}
        return (
            _stamped(kept, ids, facts) if kept else (),
            _stamped(held, ids, facts) if held else (),
        )

    return state


def _stamped(forms: Sequence[Form], ids: Ids, facts: Facts) -> tuple[Action, ...]:
    """Actions from stamps, made at one go: this runs for every action."""
    policy, subject, identity, customer, store = ids
    own = identity if identity.isalnum() else escaped(identity)
    found = []
    for before, after, rule, rest in forms:
        name = f"{before}{own}{after if isinstance(after, str) else after(facts)}"
        head = name, policy, rule, subject, identity, customer, store
        found.append(new(Action, head + rest))
    return tuple(found)


def settled(stamps: Sequence[Stamp]) -> bool:
    """True when the order of a record's actions is that of its stamps, and no two are one.

    What stands before the id decides; after it only texts known beforehand can.
    """
    begins = sorted(each.before for each in stamps)
    if any(two.startswith(one) and one != two for one, two in pairwise(begins)):
        return False
    named = {each.before for each in stamps if callable(each.after)}
    alike = len({(each.before, each.after) for each in stamps}) < len(stamps)
    return not alike and all(begins.count(each) == 1 for each in named)


new = tuple.__new__
