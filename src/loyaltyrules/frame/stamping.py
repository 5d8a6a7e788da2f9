# SPDX-License-Identifier: Apache-2.0
"""Stamping in columns: an action is stamped once for all records that share what it states."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS, Action
from loyaltyrules.decision.evaluate import expired
from loyaltyrules.decision.passing import SUPPRESSED, Fate
from loyaltyrules.decision.stamp import stamped
from loyaltyrules.frame.conditions import Types
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.frame.stages import OUTCOME
from loyaltyrules.frame.stating import (
    FIELDS,
    MERGED_HEAD,
    MERGED_TAIL,
    TAIL,
    Stating,
    escaped_in,
)  # fmt: skip
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe, head_of

MARK = "\0"  # stands for the id of the record in an action that many records share
NAME = "__name"  # the id as it stands in the ids of actions, where that differs
ORDER = "__order"
OF_RECORD = ("action_id", "subject_id", "customer_id", "store_id", "merged_into")
OF_FATE = tuple(name for name in COLUMNS if name not in (*OF_RECORD, *FIELDS))
PARTS = (TAIL, MERGED_HEAD, MERGED_TAIL)  # of ids, around those of records
Fates = tuple[Fate, ...]
Names = tuple[str, ...]
Key = tuple[Recipe, Recipe | None]  # a recipe, and the one that it was merged into


Later = Callable[[], nw.DataFrame[Any]]
Rows = Callable[[list[int]], nw.DataFrame[Any]]  # those whose fates are at these places
Keep = Callable[[nw.DataFrame[Any]], Later]  # puts rows away until they are asked for


class Batch(NamedTuple):
    """Actions of one rule, in the order of their ids; `head` is how all the ids begin.

    They are stamped when they are asked for: what is decided takes less room than what is stated.
    """

    head: str
    held: bool
    frame: Later


def at_hand(rows: nw.DataFrame[Any]) -> Later:
    """Keeps rows in memory."""
    return lambda: rows


def batches_of(actions: Iterable[Action], kind: Kind, keep: Keep) -> Iterator[Batch]:
    """Actions that were stamped one by one."""
    found: dict[tuple[str, bool], list[Action]] = {}
    for each in actions:
        head = head_of(each.policy, each.rule, each.subject)
        found.setdefault((head, each.status == SUPPRESSED), []).append(each)
    for (head, held), several in found.items():
        listed = sorted(several, key=lambda each: each.action_id)
        columns = dict(zip(COLUMNS, zip(*listed, strict=True), strict=False))
        frame = kind.frame({name: list(values) for name, values in columns.items()}, SCHEMA)
        yield Batch(head, held, keep(frame))


@dataclass(frozen=True, slots=True)
class Stamping:
    """Stamps what the gate decided of the records of one kind."""

    plan: DayPlan
    day: Day
    kind: Kind
    subject: str
    types: Types
    happened: frozenset[str]
    keep: Keep

    def batches(self, rows: nw.DataFrame[Any], fates: Sequence[Fates]) -> Iterator[Batch]:
        """The actions of all rows.

        Args:
            rows: Records with a column `__outcome`: the place of the record's fates in the list.
            fates: What became of the actions of the records.
        """
        recipes = {fate.recipe for together in fates for fate in together}
        reads = {recipe: recipe.reads for recipe in recipes}
        later = self.keep(in_order(_narrow(rows, frozenset().union(*reads.values())), "id"))
        same: dict[str, list[tuple[int, Fates]]] = {}
        varying: dict[Key, list[tuple[int, Fates]]] = {}
        for place, together in enumerate(fates):
            for fate in together:
                both = _with_other(fate, together)
                if any(reads[each.recipe] for each in both):
                    other = both[1].recipe if len(both) > 1 else None
                    varying.setdefault((fate.recipe, other), []).append((place, both))
                else:
                    same.setdefault(fate.recipe.prefix, []).append((place, both))
        for head, among in same.items():
            chosen = partial(_chosen, later)
            yield from self._batches(head, chosen, among, (*OF_FATE, *FIELDS, *PARTS))
        for key, among in varying.items():
            stated = partial(self._stated, later, key)
            yield from self._batches(key[0].prefix, stated, among, OF_FATE)

    def _stated(self, later: Later, key: Key, places: list[int]) -> nw.DataFrame[Any]:
        """Rows with these fates, with what their facts put into the actions of a recipe."""
        known: dict[Key, Stating] = self.day.memory.setdefault("stated", {})
        if key not in known:
            known[key] = Stating(*key, self.plan.policy.functions)
        return known[key].columns(_chosen(later, places), self.types, self.happened, self.kind)

    def _batches(
        self, head: str, rows: Rows, among: list[tuple[int, Fates]], names: Names
    ) -> Iterator[Batch]:
        """Every row with the actions of its fates; those held apart from the others."""
        record = Record(self.subject, MARK, {})
        made = [
            (place, expired(self.plan, stamped(self.plan.policy, both, [record])[0]))
            for place, both in among
        ]
        for held in (False, True):
            chosen = [each for each in made if (each[1].status == SUPPRESSED) == held]
            if chosen:
                places = [place for place, _ in chosen]
                columns, schema = _columns([action for _, action in chosen], names)
                yield Batch(head, held, partial(self._made, head, rows, places, columns, schema))

    def _made(
        self, head: str, rows: Rows, places: list[int], columns: Mapping[str, list[Any]],
        schema: Mapping[str, Any],
    ) -> nw.DataFrame[Any]:  # fmt: skip
        """The actions of the rows whose fates are at these places; what all state is no column."""
        alike = {
            n: values[0] for n, values in columns.items() if values.count(values[0]) == len(values)
        }
        chosen = rows(places)
        if len(alike) < len(columns) or len(set(places)) < len(places):
            apart = {name: values for name, values in columns.items() if name not in alike}
            kinds = {OUTCOME: nw.Int64} | {name: schema[name] for name in apart}
            table = self.kind.frame({OUTCOME: places, **apart}, kinds)
            chosen = chosen.join(table, on=OUTCOME, how="inner")
        stated = {name: nw.lit(value, schema[name]) for name, value in alike.items()}
        return ordered(chosen.select(self._action(head, stated, chosen.columns)))

    def _action(
        self, head: str, stated: Mapping[str, nw.Expr], names: Collection[str]
    ) -> list[nw.Expr]:
        """The columns of actions, from those of records and from what was stated."""
        tail, merged_head, merged_tail = (stated.get(part, nw.col(part)) for part in PARTS)
        name = nw.col(NAME if NAME in names else "id")
        of_record = {
            "action_id": nw.concat_str(nw.lit(head), name, tail),
            "subject_id": nw.col("id"),
            "customer_id": _owner("customer", self.subject, names),
            "store_id": _owner("store", self.subject, names),
            "merged_into": nw.concat_str(merged_head, name, merged_tail),
        }
        known = {**{f"__{name}": each for name, each in of_record.items()}, **stated}
        return [known.get(f"__{each}", nw.col(f"__{each}")).alias(each) for each in COLUMNS]


def _narrow(rows: nw.DataFrame[Any], reads: frozenset[str]) -> nw.DataFrame[Any]:
    """The columns that actions are stated from, with the ids as they stand in the ids of actions."""
    needed = {"id", "customer_id", "store_id", OUTCOME, *reads}
    narrow = rows.select([name for name in rows.columns if name in needed])
    if not rows["id"].str.contains("[%/]").any():
        return narrow
    return narrow.with_columns(escaped_in(nw.col("id")).alias(NAME))


def _chosen(later: Later, places: list[int]) -> nw.DataFrame[Any]:
    """The rows whose fates are at these places."""
    return later().filter(nw.col(OUTCOME).is_in(places))


def _with_other(fate: Fate, together: Fates) -> Fates:
    """A fate by itself, with the one that it was merged into behind it."""
    if fate.merged_into is None:
        return (fate,)
    return replace(fate, merged_into=1), replace(together[fate.merged_into], merged_into=None)


def _columns(
    actions: Sequence[Action], names: Names
) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """What actions state, as columns, and their types; ids split where the record's own id stands."""
    own = [each.action_id.partition(MARK) for each in actions]
    into = [(each.merged_into or "").partition(MARK) for each in actions]
    parts: dict[str, list[Any]] = {
        TAIL: [after for _, _, after in own],
        MERGED_HEAD: [before or None for before, _, _ in into],
        MERGED_TAIL: [after or None for before, _, after in into],
    }
    columns, schema = dict[str, list[Any]](), dict[str, Any]()
    for name in names:
        if name in parts:
            columns[name], schema[name] = parts[name], nw.String
        else:
            columns[f"__{name}"] = [getattr(each, name) for each in actions]
            schema[f"__{name}"] = SCHEMA[name]
    return columns, schema


def _owner(subject: str, own: str, names: Collection[str]) -> nw.Expr:
    """The id of the customer or the store that a record is, or that it names."""
    if own == subject:
        return nw.col("id")
    name = f"{subject}_id"
    return nw.col(name) if name in names else nw.lit(None, nw.String)


def in_order(rows: nw.DataFrame[Any], name: str) -> nw.DataFrame[Any]:
    """Rows by their ids as action ids are sorted: what begins another id comes before it."""
    placed = rows.with_columns(nw.concat_str(escaped_in(nw.col(name)), nw.lit("/")).alias(ORDER))
    done = placed if placed[ORDER].is_sorted() else placed.sort(ORDER)
    return done.drop([ORDER])


def ordered(actions: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Actions by their ids, as they are where that is their order."""
    return actions if actions["action_id"].is_sorted() else actions.sort("action_id")
