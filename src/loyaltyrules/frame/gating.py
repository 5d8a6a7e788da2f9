# SPDX-License-Identifier: Apache-2.0
"""The gate over tables: by signature, and one by one where child records emit something too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import Action
from loyaltyrules.decision.evaluate import Passage, expired, passage
from loyaltyrules.decision.passing import Fate, with_instead
from loyaltyrules.decision.stamp import stamped
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.frame import stages
from loyaltyrules.frame.columns import Digit
from loyaltyrules.frame.deriving import Tables
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.stages import OUTCOME, keyed, records
from loyaltyrules.frame.stamping import Batch, Keep, Stamping, batches_of
from loyaltyrules.plan.buckets import buckets_of, facts_of
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe


@dataclass(slots=True)
class Emission:
    """The rows of one table with what their rules emit."""

    frame: nw.DataFrame[Any]
    fired: list[tuple[Recipe, ...]]  # by the place in the column `__outcome`


@dataclass(slots=True)
class Gating:
    """The gate and the stamp over the emissions of one root table and the tables below it."""

    plan: DayPlan
    day: Day
    tables: Tables
    kind: Kind
    root: str
    emissions: Mapping[str, Emission]
    keep: Keep

    def batches(self) -> Iterator[Batch]:
        """Customers whose children emit too are gated with them, all others by signature."""
        gate, own = passage(self.plan, self.day), self.emissions[self.root]
        alone = self._with_children() | self._dated(gate, own)
        few = len(own.frame) <= stages.FEW
        together = alone | set(own.frame["id"].to_list()) if few else alone
        if together:
            yield from batches_of(self._one_by_one(gate, together), self.kind, self.keep)
        rest = own.frame.filter(~nw.col("id").is_in(list(together))) if together else own.frame
        if len(rest):
            yield from self._by_signature(gate, own.fired, rest)

    def _by_signature(
        self, gate: Passage, fired: list[tuple[Recipe, ...]], rest: nw.DataFrame[Any]
    ) -> Iterator[Batch]:
        table = self.tables.by_subject[self.root]
        recipes = dict.fromkeys(recipe for each in fired for recipe in each)
        passages = [gate.of(each) for each in fired]

        def fates(facts: Facts) -> tuple[Fate, ...]:
            return passages[facts[OUTCOME]](facts)

        buckets = buckets_of(gate.gate.conditions(recipes))
        reads = {name for recipe in with_instead(recipes) for name in recipe.reads}
        needed = {"id", "customer_id", "store_id", OUTCOME, *reads}
        needed |= {name for bucket in buckets for name in facts_of(bucket)}
        rows = rest.select([name for name in rest.columns if name in needed])
        place = Digit(nw.col(OUTCOME), len(fired))
        happened = frozenset(table.happened)
        decided = keyed(buckets, fates, rows, table.types, happened, self.kind, place)
        decided.frame = decided.frame.drop([OUTCOME])
        stamping = Stamping(
            self.plan, self.day, self.kind, self.root, table.types, happened, self.keep
        )
        yield from stamping.batches(*decided.placed())

    def _dated(self, gate: Passage, own: Emission) -> set[str]:
        """Ids of records whose actions merge by days of their own."""
        dated = [
            place
            for place, recipes in enumerate(own.fired)
            if gate.gate.dated([(recipe, 0) for recipe in recipes])
        ]
        rows = own.frame.filter(nw.col(OUTCOME).is_in(dated)) if dated else own.frame.head(0)
        return set(rows["id"].to_list())

    def _with_children(self) -> set[str]:
        """Ids of the root's records with a child record that emits something."""
        found: set[str] = set()
        for subject, emission in self.emissions.items():
            if subject != self.root and len(emission.frame):
                found |= set(emission.frame[self._root_key(subject)].to_list())
        return found

    def _root_key(self, subject: str) -> str:
        """The column that holds the root's id in a table below it."""
        parent = self.plan.policy.vocabulary.subjects[subject]
        return parent.link if parent.parent == self.root else f"{self.root}.id"

    def _records(self, subject: str, rows: nw.DataFrame[Any]) -> Iterator[Record]:
        table = self.tables.by_subject[subject]
        names = [name for name in rows.columns if name in table.types]
        for facts in records(rows, names, table.types, frozenset(table.happened)):
            yield Record(subject, facts["id"], facts)

    def _one_by_one(self, gate: Passage, ids: set[str]) -> Iterator[Action]:
        roots = self._root_records(ids)
        emitted: dict[str, list[tuple[Recipe, int]]] = {name: [] for name in roots}
        members: dict[str, list[Record]] = {name: [record] for name, record in roots.items()}
        for subject, emission in self.emissions.items():
            rows = emission.frame
            key = "id" if subject == self.root else self._root_key(subject)
            rows = rows.filter(nw.col(key).is_in(list(ids)))
            keys, places = rows[key].to_list(), rows[OUTCOME].to_list()
            for name, place, record in zip(keys, places, self._records(subject, rows), strict=True):
                if subject != self.root:
                    members[name].append(record)
                owner = 0 if subject == self.root else len(members[name]) - 1
                emitted[name] += [(recipe, owner) for recipe in emission.fired[place]]
        for name, each in emitted.items():
            fates = gate.fates(each, members[name], len(members[name]) == 1)
            for action in stamped(self.plan.policy, fates, members[name]):
                yield expired(self.plan, action)

    def _root_records(self, ids: set[str]) -> dict[str, Record]:
        table = self.tables.by_subject[self.root]
        rows = table.frame.filter(nw.col("id").is_in(list(ids)))
        return {record.id: record for record in self._records(self.root, rows)}
