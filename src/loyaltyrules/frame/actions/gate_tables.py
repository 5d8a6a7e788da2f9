# SPDX-License-Identifier: Apache-2.0
"""The gate over tables: by signature, and one by one where child records emit something too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import narwhals.stable.v2 as nw

from loyaltyrules.decision.decider import decider_of
from loyaltyrules.decision.one_day import Passage
from loyaltyrules.decision.outcome import Assignment, Outcome
from loyaltyrules.decision.passing import with_instead
from loyaltyrules.decision.stamp import own_of
from loyaltyrules.decision.touches import NONE_BEFORE, Before, touches_of
from loyaltyrules.expression.buckets import Bucket, buckets_of, facts_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.frame.actions.assignments import CUSTOMER, STORE, Assignments, Keep, assignments
from loyaltyrules.frame.actions.emit import Emission
from loyaltyrules.frame.actions.touches import (
    Counted,
    OfSpan,
    before_in,
    buckets_before,
    known_before,
)
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

Made = TypeVar("Made")


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
    before: nw.DataFrame[Any] | None = None

    def assignments(self) -> Iterator[Assignments]:
        """Customers whose children emit too are gated with them, all others by signature."""
        passage, own = (
            decider_of(self.plan).passage(self.plan, self.day.day),
            self.emissions[self.root],
        )
        alone = self._with_children() | self._dated(passage, own)
        if self.carried is not None:
            self.before = self.carried.before(passage.gate.sieves)
            alone |= self.carried.names.keys() & {*own.frame["id"].to_list()}
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
        if self.carried is not None:
            return self._of_span(passage, fired, rest)
        passages = [passage.of(each) for each in fired]

        def decide(facts: Facts) -> Outcome:
            return self._by_the_end(passages[facts[OUTCOME]](facts))

        placed, outcomes = self._placed(passage, fired, rest, decide)
        return self._put_together(self.root, placed, outcomes, self._columns)

    @property
    def _columns(self) -> Columns:
        return self.tables.by_subject[self.root].columns

    def _placed(
        self, passage: Passage, fired: list[tuple[Recipe, ...]], rest: nw.DataFrame[Any],
        decide: Callable[[Facts], Made], more: Sequence[Bucket] = (),
    ) -> tuple[nw.DataFrame[Any], list[Made]]:  # fmt: skip
        """The rows with the places of what they come to, one decision for each signature."""
        recipes = dict.fromkeys(recipe for each in fired for recipe in each)
        buckets = (*buckets_of(passage.gate.conditions(recipes)), *more)
        reads = {name for recipe in with_instead(recipes) for name in recipe.reads}
        reads |= {name for recipe in passage.gate.nearby(recipes) for name in recipe.named_by}
        needed = {"id", "customer_id", "store_id", OUTCOME, *reads}
        needed |= {name for bucket in buckets for name in facts_of(bucket)}
        if self.changes:
            needed |= {name for recipe in with_instead(recipes) for name in recipe.changed}
        rows = rest.select([name for name in rest.columns if name in needed])
        place = Digit(nw.col(OUTCOME), len(fired))
        decided = keyed(buckets, decide, rows, self._columns, self.kind, place)
        decided.frame = decided.frame.drop([OUTCOME])
        return decided.placed()

    def _of_span(
        self, passage: Passage, fired: list[tuple[Recipe, ...]], rest: nw.DataFrame[Any]
    ) -> Assignments:
        """The same where the days of a span hand on what they let through."""
        assert self.carried is not None
        carried, sieves = self.carried, passage.gate.sieves
        emitted = [[(recipe, 0) for recipe in each] for each in fired]

        def decide(facts: Facts) -> Counted:
            before = before_in(sieves, facts)
            fates = passage.gate.fates(emitted[facts[OUTCOME]], [facts], before)
            outcome = self._by_the_end(Outcome(fates))
            made = Assignment(Record(self.root, "", {**facts}), outcome)
            return Counted(outcome, touches_of(sieves, [made], ()))

        if self.before is not None:
            rest = rest.join(self.before, on="id", how="left")
        more = buckets_before(sieves) if self.before is not None else []
        placed, counted = self._placed(passage, fired, rest, decide, more)
        if self.day.day < self.plan.on:
            carried.note_rows(self.day.day, placed, counted, self.kind)
            rows = placed.filter(nw.col(OUTCOME).is_in(carried.coming_again(counted)))
            carried.remember_rows(self._records(self.root, rows), rows[OUTCOME].to_list(), counted)
        return self._put_together(
            self.root, placed, [each.outcome for each in counted], self._columns
        )

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
        links = self.plan.policy.vocabulary.subjects[subject].links
        return links.get(self.root, f"{self.root}.id")

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
        known = known_before(passage.gate.sieves, self.before, ids)
        counts = dict[str, tuple[int, ...]]()
        for name, each in emitted.items():
            for one in self._assign(passage, each, members[name], known, counts):
                found[one.record.subject, one.record.id] = one, roots[name]
        if self.carried is not None:
            self.carried.note(self.day.day, [*counts], [*counts.values()], self.kind)
        for subject, rows in frames.items():
            if len(rows):
                yield self._assigned(subject, rows, found)

    def _assign(
        self, passage: Passage, emitted: list[tuple[Recipe, int]], records: list[Record],
        known: Mapping[str, Before], counts: dict[str, tuple[int, ...]],
    ) -> list[Assignment]:  # fmt: skip
        """What becomes of the actions of one root and of those below it, by the last day of the span."""
        root, before = records[0], None
        if self.carried is not None:
            again = self.carried.again(root, emitted, records)
            before = known.get(root.id, NONE_BEFORE)._replace(again=again)
        made = passage.assign(emitted, records, len(records) == 1, before)
        made = [each._replace(outcome=self._by_the_end(each.outcome)) for each in made]
        if self.carried is not None and before is not None and self.day.day < self.plan.on:
            self.carried.remember(root, made)
            counts[root.id] = touches_of(passage.gate.sieves, made, before.again)
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
