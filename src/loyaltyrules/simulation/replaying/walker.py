# SPDX-License-Identifier: Apache-2.0
"""One policy on its walk: what it decides on the day of a step, and what that changes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.run_result import RunResult
from loyaltyrules.frame.decide import Decided, Part, among_themselves, decided
from loyaltyrules.frame.input.canonical import stored
from loyaltyrules.plan.plan import DayPlan, compile_day
from loyaltyrules.policy.model import Label, Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.base.ordered import UNKNOWN
from loyaltyrules.simulation.replaying.always import Approve
from loyaltyrules.simulation.replaying.carried import Done, Ledger, Told, carried_out
from loyaltyrules.simulation.replaying.changers import changed, changing, without_defaults
from loyaltyrules.simulation.replaying.kept import Facts, Kept, Values, defaulted
from loyaltyrules.simulation.replaying.needed import needed

POINTS = "points_per_amount"  # the figure that says how many points a unit of money earns
ASIDE = mark("customers that a step set aside for what cannot be read of them")
Given: TypeAlias = tuple[Decimal | int | None, str]  # points for money, and the time zone


class Move(NamedTuple):
    """A label on file became another."""

    id: str
    label: str
    kind: str
    before: str | None
    after: str | None


class Stand(NamedTuple):
    """What one policy came to in one step."""

    counts: Mapping[str, Mapping[str, int]]  # label → word → customers
    moves: tuple[Move, ...]
    told: Mapping[str, frozenset[str]]


@dataclass(frozen=True, eq=False)
class Walker:
    """One policy that walks; of its rules those alone that change customers are asked."""

    name: str
    policy: Policy
    first: DayPlan
    approve: Approve
    keep: frozenset[str] | None  # of what actions change; None keeps all

    @classmethod
    def on(
        cls, name: str, policy: Policy, day: date, tables: Mapping[str, Any], approve: Approve,
        keep: frozenset[str] | None,
    ) -> "Walker":  # fmt: skip
        """A policy that begins to walk on a day; reference data are read once.

        Raises:
            PolicyError: no day of the calendar (LR306), or not of those on which it is in force (LR309).
            SnapshotError: reference data cannot be read.
        """
        first = compile_day(needed(changing(policy)), day, tables=tables)
        return cls(name, policy, first, approve, keep)

    @cached_property
    def changed(self) -> frozenset[str]:
        return changed(self.policy)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The labels of customers."""
        return tuple(each for each in self.policy.labels if each.subject == "customer")

    @property
    def facts(self) -> Facts:
        return self.policy.vocabulary.declarations["customer"]

    @cached_property
    def _reading(self) -> Policy:
        return without_defaults(self.policy, self.changed)

    def given(self, day: date) -> Given:
        """What raw tables are read with, as its figure stands on a day."""
        figure = self.policy.parameters.get(POINTS)
        points: Any = figure.on(day) if figure else None
        return points, self.policy.vocabulary.timezone.key

    def plan(self, day: date, since: date | None) -> DayPlan:
        """The plan of a step."""
        return replace(compile_day(self.first.policy, day, since), tables=self.first.tables)

    def read(self, plan: DayPlan, facts: Any) -> Part:
        """The facts of a day, in their types and without defaults for what a walk changes."""
        return Part.opened(replace(plan, policy=self._reading), {"customer": facts})

    def reads_as(self, other: "Walker") -> bool:
        """True where both read the same facts alike."""
        same = self.policy.vocabulary == other.policy.vocabulary
        return same and self.changed == other.changed

    def step(
        self, part: Part, plan: DayPlan, kept: Kept, computed: frozenset[str]
    ) -> tuple[Kept, Stand]:
        """Decide a day, carry out what is approved, and count.

        Raises:
            ArgumentError: `approve` gives neither yes nor no (LR524).
        """
        read = part.read["customer"]
        filed = kept.over(read.frame, part.kind, self.facts)
        whole = replace(read, frame=defaulted(filed, self.changed, self.facts))
        known = replace(part, plan=plan, read={"customer": whole}, faults=[*part.faults])
        done = decided(among_themselves(known))
        run = RunResult(plan, (done.result,))
        changes = [each for each in carried_out(run, self.approve) if self._keeps(each)]
        ledger = Ledger(self.policy, computed, _values(filed, changes)).write(changes)
        counts = self._counts(done, self._standing(done, ledger))
        moves = tuple(self._moves(done, ledger))
        stand = Stand(counts, moves, self._told(done, ledger.told))
        return kept.grown(ledger.values), stand

    def _keeps(self, each: Done) -> bool:
        return self.keep is None or each.subject != "customer" or each.fact in self.keep

    def _told(self, found: Decided, told: Told) -> dict[str, frozenset[str]]:
        aside = {fault.id for fault in found.result.faults}
        return {why: frozenset(names) for why, names in {**told, ASIDE: aside}.items() if names}

    def _standing(self, found: Decided, ledger: Ledger) -> dict[str, list[Any]]:
        """By label the words on file after the step."""
        frame = found.part.read["customer"].frame
        ids, words = frame["id"].to_list(), dict[str, list[Any]]()
        for each in self.labels:
            if each.standing is not None:
                now = ledger.values.get(each.standing, {})
                before = frame[each.standing].to_list()
                pairs = zip(ids, before, strict=True)
                default = self._default(each.standing)
                after = (now.get(identity, word) for identity, word in pairs)
                words[each.name] = [default if word is None else word for word in after]
        return words

    def _default(self, fact: str) -> Any:
        return stored(self.facts[fact].default, self.facts[fact].type)

    def _counts(
        self, found: Decided, standing: Mapping[str, list[Any]]
    ) -> dict[str, dict[str, int]]:
        """How many customers have each word: of labels on file after the step, of others by the day."""
        labels = found.result.labels["customer"].open()
        counted = {}
        for each in self.labels:
            words = standing.get(each.name) or labels[each.name].to_list()
            numbers = Counter(UNKNOWN if word is None else word for word in words)
            counted[each.name] = {word: numbers[word] for word in (*each.words, UNKNOWN)}
        return counted

    def _moves(self, found: Decided, ledger: Ledger) -> Iterable[Move]:
        """The labels on file that became others, by label and customer."""
        frame = found.part.read["customer"].frame
        for each in self.labels:
            now = ledger.values.get(each.standing or "", {})
            if not now or each.standing is None:
                continue
            ids = frame["id"].to_list()
            before = dict(zip(ids, frame[each.standing].to_list(), strict=True))
            for identity in sorted(now):
                after = self._default(each.standing) if now[identity] is None else now[identity]
                if before[identity] != after:
                    kind = ledger.by[each.standing, identity]
                    yield Move(identity, each.name, kind, before[identity], after)


def _values(filed: nw.DataFrame[Any], changes: Iterable[Done]) -> Values:
    """The facts that are added to, as they were on file."""
    grown = {each.fact for each in changes if each.add is not None}
    names = sorted(grown & {*filed.columns})
    ids = filed["id"].to_list() if names else []
    return {name: dict(zip(ids, filed[name].to_list(), strict=True)) for name in names}
