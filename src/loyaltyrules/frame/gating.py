# SPDX-License-Identifier: Apache-2.0
"""The gate over tables: by signature, and one by one where child records emit something too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import Action
from loyaltyrules.decision.evaluate import Passage, passage
from loyaltyrules.decision.passing import Fate
from loyaltyrules.decision.stamp import stamped
from loyaltyrules.frame.deriving import OUTCOME, Tables
from loyaltyrules.frame.stages import records
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
    root: str
    emissions: Mapping[str, Emission]

    def actions(self) -> Iterator[Action]:
        """Customers whose children emit too are gated with them, all others by signature."""
        gate, own = passage(self.plan, self.day), self.emissions[self.root]
        together, rest = self._with_children(), own.frame
        if together:
            rest = rest.filter(~nw.col("id").is_in(list(together)))
            yield from self._one_by_one(gate, together)
        emitted = [[(recipe, 0) for recipe in recipes] for recipes in own.fired]
        places = rest[OUTCOME].to_list()
        for place, record in zip(places, self._records(self.root, rest), strict=True):
            fates = gate.fates(emitted[place], [record], True)
            yield from stamped(self.plan.policy, fates, [record])

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
            fates: tuple[Fate, ...] = gate.fates(each, members[name], False)
            yield from stamped(self.plan.policy, fates, members[name])

    def _root_records(self, ids: set[str]) -> dict[str, Record]:
        table = self.tables.by_subject[self.root]
        rows = table.frame.filter(nw.col("id").is_in(list(ids)))
        return {record.id: record for record in self._records(self.root, rows)}
