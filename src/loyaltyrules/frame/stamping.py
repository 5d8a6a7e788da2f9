# SPDX-License-Identifier: Apache-2.0
"""Stamping in columns: an action is stamped once for all records that share what it states."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS, Action
from loyaltyrules.decision.evaluate import expired
from loyaltyrules.decision.passing import READY, SUPPRESSED, Fate
from loyaltyrules.decision.stamp import stamped
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.expression.types import TEXT
from loyaltyrules.frame.columns import Types
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.result import SCHEMA
from loyaltyrules.frame.stages import OUTCOME, keyed
from loyaltyrules.plan.buckets import Whole
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.plan.stage import Stage, stage

MARK = "\0"  # stands for the id of the record in an action that many records share
NAME = "__name"  # the id as it stands in the ids of actions
ORDER = "__order"
OF_RECORD = ("action_id", "subject_id", "customer_id", "store_id", "merged_into")
OF_FACTS = ("value", "from_value", "to_value", "due_on", "deadline")
OF_FATE = tuple(name for name in COLUMNS if name not in (*OF_RECORD, *OF_FACTS))
PARTS = ("__tail", "__merged_head", "__merged_tail")  # of ids, around those of records
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
        head = f"{each.policy}/{each.rule}/{each.subject}/"
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
        named = rows.with_columns(escaped_in(nw.col("id")).alias(NAME))
        later = self.keep(in_order(named, "id"))
        same: dict[str, list[tuple[int, Fates]]] = {}
        varying: dict[Key, list[tuple[int, Fates]]] = {}
        for place, together in enumerate(fates):
            for fate in together:
                both = _with_other(fate, together)
                if any(each.recipe.reads for each in both):
                    other = both[1].recipe if len(both) > 1 else None
                    varying.setdefault((fate.recipe, other), []).append((place, both))
                else:
                    same.setdefault(fate.recipe.prefix, []).append((place, both))
        for head, among in same.items():
            chosen = partial(_chosen, later)
            yield from self._batches(head, chosen, among, (*OF_FATE, *OF_FACTS, *PARTS))
        for key, among in varying.items():
            stated = partial(self._stated, later, key)
            yield from self._batches(key[0].prefix, stated, among, OF_FATE)

    def _stated(self, later: Later, key: Key, places: list[int]) -> nw.DataFrame[Any]:
        """Rows with these fates, with what their facts put into the actions of a recipe."""
        rows = _chosen(later, places)
        known: dict[Key, Stage[Action]] = self.day.memory.setdefault("stamps", {})
        if key not in known:
            known[key] = self._stamp(*key)
        stamp = known[key]
        found = keyed(stamp.buckets, stamp.of, rows, self.types, self.happened, self.kind)
        return found.spread(*_columns(found.outcomes, (*OF_FACTS, *PARTS)))

    def _stamp(self, recipe: Recipe, other: Recipe | None) -> Stage[Action]:
        """What a recipe states for the facts that it reads, of a record without a name."""
        policy, types = self.plan.policy, self.types
        fates: Fates = (Fate(recipe, READY),)
        if other is not None:
            fates = (Fate(recipe, READY, merged_into=1), Fate(other, READY))

        def made(facts: Facts) -> Action:
            return stamped(policy, fates, [Record(self.subject, MARK, dict(facts))])[0]

        reads = dict.fromkeys(name for fate in fates for name in fate.recipe.reads)
        buckets = [Whole(name, types.get(name, TEXT)) for name in reads]
        return stage("stamp", buckets, made, policy.functions)

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
        of_record = {
            "action_id": nw.concat_str(nw.lit(head), nw.col(NAME), tail),
            "subject_id": nw.col("id"),
            "customer_id": _owner("customer", self.subject, names),
            "store_id": _owner("store", self.subject, names),
            "merged_into": nw.concat_str(merged_head, nw.col(NAME), merged_tail),
        }
        known = {**{f"__{name}": each for name, each in of_record.items()}, **stated}
        return [known.get(f"__{each}", nw.col(f"__{each}")).alias(each) for each in COLUMNS]


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
        "__tail": [after for _, _, after in own],
        "__merged_head": [before or None for before, _, _ in into],
        "__merged_tail": [after or None for before, _, after in into],
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


def escaped_in(ids: nw.Expr) -> nw.Expr:
    """Ids as they stand in the ids of actions."""
    escaped = ids.str.replace_all("%", "%25", literal=True)
    return escaped.str.replace_all("/", "%2F", literal=True)


def in_order(rows: nw.DataFrame[Any], name: str) -> nw.DataFrame[Any]:
    """Rows by their ids as action ids are sorted: what begins another id comes before it."""
    placed = rows.with_columns(nw.concat_str(escaped_in(nw.col(name)), nw.lit("/")).alias(ORDER))
    done = placed if placed[ORDER].is_sorted() else placed.sort(ORDER)
    return done.drop([ORDER])


def ordered(actions: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Actions by their ids, as they are where that is their order."""
    return actions if actions["action_id"].is_sorted() else actions.sort("action_id")
