# SPDX-License-Identifier: Apache-2.0
"""What the actions of one step change: which are carried out, in which order, and what facts become."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS, Action
from loyaltyrules.action.as_data import exact
from loyaltyrules.action.changes import written
from loyaltyrules.decision.passing import PENDING, READY
from loyaltyrules.fact.coerce import FactFault, coerce
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.actions.run_result import RunResult
from loyaltyrules.frame.input.canonical import restored, stored
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.replaying.always import Approve, always, answered
from loyaltyrules.simulation.replaying.kept import Values

COMPUTED = mark("facts that raw tables compute anew: what actions change in them is not kept")
OTHERS = mark("records that are no customers: what actions change in them is not kept")
NO_VALUE = mark("what actions come to is no value of the fact, and is not kept")
TWICE = mark("several actions of one step set a fact to different values: the last one counts")
BRIEF = ("action_id", "kind", "status", "due_on")
Told: TypeAlias = defaultdict[str, set[str]]  # what is told, and of which names


class Done(NamedTuple):
    """One change of an action that is carried out."""

    subject: str
    id: str
    fact: str
    set_to: str | None
    add: str | None
    kind: str


def carried_out(run: RunResult, approve: Approve) -> Iterator[Done]:
    """The changes of actions that are ready or approved: by day, and of a day by action id.

    Raises:
        ArgumentError: `approve` gives neither yes nor no (LR524).
    """
    changes = [*run.changes()]
    if not changes:
        return
    changed = nw.concat(changes)
    kinds = _kinds(run, changed.select("action_id").unique(), approve)
    by_action: dict[str, list[list[Any]]] = defaultdict(list)
    for identity, *row in changed.iter_rows():
        by_action[identity].append(row)
    for identity, kind in kinds.items():
        for row in by_action[identity]:
            yield Done._make((*row, kind))


def _kinds(run: RunResult, ids: Frame, approve: Approve) -> dict[str, str]:
    """The actions that are carried out, in their order, each with its kind."""
    names = BRIEF if approve is always else COLUMNS
    frames = (each.join(ids, on="action_id", how="semi") for each in run.actions(False, names))
    rows = [dict(zip(names, row, strict=True)) for f in frames for row in f.iter_rows()]
    rows.sort(key=lambda row: (row["due_on"] or date.min, row["action_id"]))
    return {row["action_id"]: row["kind"] for row in rows if _passes(row, approve)}


def _passes(row: Mapping[str, Any], approve: Approve) -> bool:
    if row["status"] == PENDING:
        return approve is always or answered(approve, Action(**row))
    return bool(row["status"] == READY)


@dataclass(slots=True)
class Ledger:
    """What facts become in one step, while its changes are written down one after the other.

    `before` holds the values of the customers that are changed, as they were on file.
    """

    policy: Policy
    computed: Collection[str]
    before: Values
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    by: dict[tuple[str, str], str] = field(default_factory=dict)  # fact, customer → kind of action
    told: Told = field(default_factory=lambda: defaultdict(set))

    def write(self, changes: Iterable[Done]) -> "Ledger":
        """Write down changes, in their order."""
        for each in changes:
            if each.subject != "customer":
                self.told[OTHERS].add(f"{each.subject}.{each.fact}")
            elif each.fact in self.computed:
                self.told[COMPUTED].add(each.fact)
            else:
                self._one(each)
        return self

    def _one(self, each: Done) -> None:
        own = self.values.setdefault(each.fact, {})
        try:
            value = self._set(each) if each.add is None else self._sum(each, own)
        except FactFault:
            self.told[NO_VALUE].add(each.fact)
            return
        key = (each.fact, each.id)
        if each.add is None and key in self.by and own[each.id] != value:
            self.told[TWICE].add(each.fact)
        own[each.id], self.by[key] = value, each.kind

    def _set(self, each: Done) -> Any:
        return None if each.set_to is None else self._stored(each.fact, each.set_to)

    def _sum(self, each: Done, own: Mapping[str, Any]) -> Any:
        """What there was by then and what is added; nothing counts as 0."""
        there = own[each.id] if each.id in own else self.before[each.fact].get(each.id)
        kind = self.policy.vocabulary.declarations["customer"][each.fact].type
        total = Decimal(restored(there, kind) or 0) + exact(each.add, each.fact)
        return self._stored(each.fact, written(total) or "0")

    def _stored(self, fact: str, text: str) -> Any:
        vocabulary = self.policy.vocabulary
        kind = vocabulary.declarations["customer"][fact].type
        return stored(coerce(text, kind, vocabulary.timezone), kind)
