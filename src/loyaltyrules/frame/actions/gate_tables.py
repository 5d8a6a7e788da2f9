# SPDX-License-Identifier: Apache-2.0
"""The gate over tables: by signature, and one by one where child records emit something too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.decision.decider import decider_of
from loyaltyrules.decision.one_day import Passage
from loyaltyrules.decision.outcome import Assignment, Outcome
from loyaltyrules.decision.passing import with_instead
from loyaltyrules.decision.stamp import own_of
from loyaltyrules.decision.touches import Carried, reaches
from loyaltyrules.expression.buckets import buckets_of, facts_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.frame.actions.assignments import CUSTOMER, STORE, Assignments, Keep, assignments
from loyaltyrules.frame.actions.emit import Emission
from loyaltyrules.frame.facts.derive_columns import Tables
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys import by_signature
from loyaltyrules.frame.keys.by_signature import OUTCOME, distinct, keyed, records
from loyaltyrules.frame.keys.columns import Digit
from loyaltyrules.frame.keys.table import Columns
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe

OfSpan: TypeAlias = dict[str, Carried]  # by the id of a root what the days before let through


@dataclass(slots=True)
class Gating:
    """The gate over the emissions of one root table and the tables below it."""

    plan: DayPlan
    day: Day
    tables: Tables
    kind: FrameFormat
    root: str
    emissions: Mapping[str, Emission]
    keep: Keep
    changes: bool = False
    carried: OfSpan | None = None

    def assignments(self) -> Iterator[Assignments]:
        """Customers whose children emit too are gated with them, all others by signature."""
        passage, own = (
            decider_of(self.plan).passage(self.plan, self.day.day),
            self.emissions[self.root],
        )
        alone = self._with_children() | self._dated(passage, own)
        if self.carried is not None:
            alone |= self.carried.keys() & {*own.frame["id"].to_list()}
        few = len(own.frame) <= by_signature.FEW
        together = alone | set(own.frame["id"].to_list()) if few else alone
        if together:
            yield from self._one_by_one(passage, together)
        rest = own.frame.filter(~nw.col("id").is_in(list(together))) if together else own.frame
        if len(rest):
            yield self._by_signature(passage, own.fired, rest)

    def _by_signature(
        self, passage: Passage, fired: list[tuple[Recipe, ...]], rest: nw.DataFrame[Any]
    ) -> Assignments:
        table = self.tables.by_subject[self.root]
        recipes = dict.fromkeys(recipe for each in fired for recipe in each)
        passages = [passage.of(each) for each in fired]

        def decide(facts: Facts) -> Outcome:
            return self._by_the_end(passages[facts[OUTCOME]](facts))

        buckets = buckets_of(passage.gate.conditions(recipes))
        reads = {name for recipe in with_instead(recipes) for name in recipe.reads}
        needed = {"id", "customer_id", "store_id", OUTCOME, *reads}
        needed |= {name for bucket in buckets for name in facts_of(bucket)}
        if self.changes:
            needed |= {name for recipe in with_instead(recipes) for name in recipe.changed}
        rows = rest.select([name for name in rest.columns if name in needed])
        place = Digit(nw.col(OUTCOME), len(fired))
        decided = keyed(buckets, decide, rows, table.columns, self.kind, place)
        decided.frame = decided.frame.drop([OUTCOME])
        placed, outcomes = decided.placed()
        if self.carried is not None and self.day.day < self.plan.on:
            self._note(passage, placed, outcomes)
        return self._put_together(self.root, placed, outcomes, table.columns)

    def _note(
        self, passage: Passage, placed: nw.DataFrame[Any], outcomes: Sequence[Outcome]
    ) -> None:
        """Hand on to the days after what the day let through."""
        assert self.carried is not None
        there = [n for n, each in enumerate(outcomes) if any(map(reaches, each.fates))]
        rows = placed.filter(nw.col(OUTCOME).is_in(there))
        found = zip(rows[OUTCOME].to_list(), self._records(self.root, rows), strict=True)
        for place, record in found:
            known = self.carried.setdefault(record.id, Carried())
            known.note(passage.gate.sieves, [Assignment(record, outcomes[place])])

    def _by_the_end(self, outcome: Outcome) -> Outcome:
        """The same by the last day of the span."""
        return outcome if self.day.day == self.plan.on else outcome.by(self.plan.on)

    def _dated(self, passage: Passage, own: Emission) -> set[str]:
        """Ids of records whose actions merge by days of their own."""
        dated = [
            place
            for place, recipes in enumerate(own.fired)
            if passage.gate.dated([(recipe, 0) for recipe in recipes])
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
        columns = self.tables.by_subject[subject].columns
        names = [name for name in rows.columns if name in columns.types]
        for facts in records(rows, names, columns):
            yield Record(subject, facts["id"], facts)

    def _one_by_one(self, passage: Passage, ids: set[str]) -> Iterator[Assignments]:
        """Records gated with all that is below them; each then has an outcome of its own."""
        roots = self._root_records(ids)
        emitted: dict[str, list[tuple[Recipe, int]]] = {name: [] for name in roots}
        members: dict[str, list[Record]] = {name: [record] for name, record in roots.items()}
        frames = {}
        for subject, emission in self.emissions.items():
            key = "id" if subject == self.root else self._root_key(subject)
            rows = emission.frame.filter(nw.col(key).is_in(list(ids)))
            frames[subject] = rows
            keys, places = rows[key].to_list(), rows[OUTCOME].to_list()
            for name, place, record in zip(keys, places, self._records(subject, rows), strict=True):
                if subject != self.root:
                    members[name].append(record)
                owner = 0 if subject == self.root else len(members[name]) - 1
                emitted[name] += [(recipe, owner) for recipe in emission.fired[place]]
        found: dict[tuple[str, str], tuple[Assignment, Record]] = {}
        for name, each in emitted.items():
            for one in self._assign(passage, each, members[name]):
                found[one.record.subject, one.record.id] = one, roots[name]
        for subject, rows in frames.items():
            if len(rows):
                yield self._assigned(subject, rows, found)

    def _assign(
        self, passage: Passage, emitted: list[tuple[Recipe, int]], records: list[Record]
    ) -> list[Assignment]:
        """What becomes of the actions of one root and of those below it, by the last day of the span."""
        remember, root = len(records) == 1, records[0].id
        known = None if self.carried is None else self.carried.get(root, Carried())
        made = passage.assign(emitted, records, remember, known)
        made = [each._replace(outcome=self._by_the_end(each.outcome)) for each in made]
        if known is not None:
            known.note(passage.gate.sieves, made)
        if self.carried is not None and known is not None and known.names:
            self.carried[root] = known
        return made

    def _assigned(
        self, subject: str, rows: nw.DataFrame[Any],
        found: Mapping[tuple[str, str], tuple[Assignment, Record]],
    ) -> Assignments:  # fmt: skip
        """The rows of one table with their outcomes, and with the ids of what is above them."""
        both = [found[subject, identity] for identity in rows["id"].to_list()]
        places, outcomes = distinct(each.outcome for each, _ in both)
        own = [own_of(subject, e.record.id, e.record.facts, root) for e, root in both]
        columns: dict[str, list[Any]] = {
            OUTCOME: places,
            CUSTOMER: [customer for _, _, customer, _ in own],
            STORE: [store for _, _, _, store in own],
        }
        schema = {OUTCOME: nw.Int64, CUSTOMER: nw.String, STORE: nw.String}
        beside = self.kind.frame(columns, schema)
        placed = rows.with_columns(*(beside[name] for name in columns))
        known = self.tables.by_subject[subject].columns
        return self._put_together(subject, placed, outcomes, known)

    def _put_together(
        self, subject: str, placed: nw.DataFrame[Any], outcomes: Sequence[Outcome], known: Columns
    ) -> Assignments:
        kind, keep = self.kind, self.keep
        return assignments(subject, placed, outcomes, known, kind, keep, self.changes)

    def _root_records(self, ids: set[str]) -> dict[str, Record]:
        table = self.tables.by_subject[self.root]
        rows = table.frame.filter(nw.col("id").is_in(list(ids)))
        return {record.id: record for record in self._records(self.root, rows)}
