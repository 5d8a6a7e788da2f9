# SPDX-License-Identifier: Apache-2.0
"""What one record comes to: labels, actions, what was held back and what stayed open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.host.html import section, table
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Label

# Rules left open, each with the facts that it lacked.
Open: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
# The same with the id of the record that they are about; none for the decided record itself.
Lacking: TypeAlias = list[tuple[str | None, Open]]
Words: TypeAlias = Mapping[str, str | None]


class Undecided(NamedTuple):
    """A rule that could not be decided, and the facts it lacked."""

    rule: str
    subject_id: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What a decision says beside its actions; records that are decided alike share it.

    `own` are the labels of the kind of record; `facts` hold the words of their ways, among others.
    """

    own: tuple[Label, ...]
    facts: Facts
    lacking: tuple[tuple[str | None, Open], ...]
    labels: Words

    def __reduce__(self) -> tuple[Any, ...]:
        """Of the facts only those travel that labels are read from."""
        names = {fact for label in self.own for _, fact in label.ways}
        facts = Frozen({name: of for name, of in self.facts.items() if name in names})
        return Results, (self.own, facts, self.lacking, self.labels)


def results(plan: DayPlan, subject: str, facts: Facts, lacking: Lacking) -> Results:
    """Read the labels from what was derived of a record."""
    own = tuple(each for each in plan.policy.labels if each.subject == subject)
    labels = Frozen({each.name: facts.get(each.computed) for each in own})
    return Results(own, facts, tuple(lacking), labels)


class Decision(NamedTuple):
    """The decision on one record in the plan's span. A value: equal to any that says the same.

    `actions` has every status but suppressed; `suppressed` those held back, with reasons; `labels`
    each label's word by the way that counts, None where it is unknown. What a host rarely reads is
    worked out when it is read: `standing`, `ways`, `undecided`. `plan` is None once a decision was
    pickled: it travels without the plan that it was made by.
    """

    plan: DayPlan | None
    snapshot: Snapshot
    actions: tuple[Action, ...]
    suppressed: tuple[Action, ...]
    labels: Words
    results: Results

    @property
    def ignored(self) -> Mapping[str, str]:
        """Names of the record that the policy does not read, each with the near name that it does, if any.

        Those of child records have the kind of record before them: `purchase.amuont`.
        """
        found = dict(self.snapshot.ignored)
        for each in self.snapshot.below():
            for name, near in each.ignored.items():
                found[f"{each.subject}.{name}"] = f"{each.subject}.{near}" if near else ""
        return Frozen(found)

    @property
    def changes(self) -> list[dict[str, str | None]]:
        """What its actions change, as the rows that `result.changes` has of a table.

        Raises:
            ArgumentError: a parent's facts change, and the decision was pickled (LR505).
        """
        from loyaltyrules.decision.changing import rows_of_changes  # which looks at decisions

        return rows_of_changes(self)

    def approve(self, action_id: str, *, by_role: str) -> Action:
        """Approve one of its actions, as `approve` does with the plan and record that were decided.

        Raises:
            ApprovalError: `.reason` is `not_pending`, `wrong_role` or `no_longer_due`.
            ArgumentError: the decision was pickled, and has left its plan behind (LR505).
        """
        from loyaltyrules.decision.approval import approve_in  # which makes decisions itself

        return approve_in(self, action_id, by_role)

    def to_dict(self, explain: str | None = None) -> dict[str, Any]:
        """The decision as plain data, which JSON takes as it is.

        Args:
            explain: "en" or "zh" adds `explanation`, the lines of `explain`.

        Raises:
            ValueError: it is to be explained, and was pickled.
        """
        from loyaltyrules.report.as_data import decision_as_data  # told by those who tell

        return decision_as_data(self, explain)

    def _repr_html_(self) -> str:
        labels = table(("label", "word"), self.labels.items())
        head = ("status", "kind", "channel", "gift or text", "to", "due", "reason")
        listed = table(head, [
            (each.status, each.kind, each.channel, each.gift or each.template, each.to_value,
             each.due_on, each.reason)
            for each in (*self.actions, *self.suppressed)
        ])  # fmt: skip
        unread = table(("not read", "near"), self.ignored.items())
        return section(repr(self), labels, listed, unread)

    def __repr__(self) -> str:
        counts = f"{len(self.actions)} actions, {len(self.suppressed)} suppressed"
        return f"Decision({self.snapshot.subject} {self.snapshot.id!r}, {counts})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self._said == other._said

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.snapshot, self.actions, self.suppressed))

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision, (None, *self[1:])

    def __copy__(self) -> "Decision":
        return self

    def __deepcopy__(self, _: Any) -> "Decision":
        return self

    @property
    def _said(self) -> tuple[Any, ...]:
        said = self.snapshot, self.actions, self.suppressed, self.labels
        return *said, self.standing, self.ways, self.undecided

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        """The rules that lacked a fact, each with the facts it lacked."""
        found = {
            Undecided(rule, identity or self.snapshot.id, facts): None
            for identity, outcome in self.results.lacking
            for rule, facts in outcome
        }
        return tuple(found)

    @property
    def standing(self) -> Words:
        """Each label's word on file, for labels that have one."""
        facts = self.snapshot.facts
        return Frozen({e.name: facts.get(e.standing) for e in self.results.own if e.standing})

    @property
    def ways(self) -> Mapping[str, Words]:
        """Each label's words by all of its ways."""
        facts, own = self.results.facts, self.results.own
        return Frozen({
            each.name: Frozen({way: facts.get(fact) for way, fact in each.ways}) for each in own
        })  # fmt: skip
