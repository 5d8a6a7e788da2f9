# SPDX-License-Identifier: Apache-2.0
"""render: the text of one action, its placeholders filled, or why there is none.

Messages are the only place where personal facts leave a record.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from loyaltyrules.action.action import Action, plain, unfit
from loyaltyrules.calendar import shift_or_edge
from loyaltyrules.decision.passing import NO_DATA, NO_TEMPLATE, PENDING, READY
from loyaltyrules.decision.whose import read_for, record_of
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import NOT_HAPPENED, TEXT
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.host.record import Record as Given
from loyaltyrules.host.text import quoted
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.each import SIGN, row_named
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.moments import columns_of, comes, row_name
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import text
from loyaltyrules.policy.lowering.templates import OF_THE_ACTION, PLACEHOLDER
from loyaltyrules.policy.model import Block, Occasion, Policy, Rule, TableDates
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.language import choose, mark, require_language, say
from loyaltyrules.problem.problem import problem

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"),
    mark("July"), mark("August"), mark("September"), mark("October"), mark("November"),
    mark("December"),
)  # fmt: skip


class Message(NamedTuple):
    """The text of an action in one language.

    `status` is `ready` or `pending_approval` where there is a text, `blocked_missing_template`
    where the policy has none in that language, `blocked_missing_data` where placeholders have
    nothing to fill them (`lacking` names them); else the action's own status. Then `text` is None.
    """

    action_id: str
    template: str
    language: str
    status: str
    lacking: tuple[str, ...]
    text: str | None


def render(
    action: Action,
    plan: DayPlan,
    snapshot: Snapshot | Given,
    language: str = "zh",
) -> Message:
    """Fill in the text that an action names.

    Optional blocks stand in it when they fit on the day the action is due.

    Args:
        action: An action of a decision; one that is blocked or suppressed gets no text.
        plan: The plan that the action was decided with, with its reference tables.
        snapshot: The record that was decided: of the action's subject, or of its parent.
        language: `zh` or `en`.

    Raises:
        ValueError: the action names no template, or was not decided by the plan's policy, or the
            language is neither.
        SnapshotError: the record is faulty, or not the one that the action is for (LR412).
    """
    action = plain(action)
    if action.template is None:
        raise ValueError(f"{action.action_id} names no template")
    require_language(language)
    _require_decided(action, plan.policy)
    if action.status not in (READY, PENDING):
        return Message(action.action_id, action.template, language, action.status, (), None)
    template = plan.policy.templates[action.template]
    written = dict(template.texts).get(language)
    if written is None:
        return Message(action.action_id, template.name, language, NO_TEMPLATE, (), None)
    filling = _filling(action, plan, snapshot, language)
    filled, lacking = filling.of(written, template.fields.get(action.subject, {}))
    status = NO_DATA if lacking else action.status
    return Message(
        action.action_id, template.name, language, status, lacking, None if lacking else filled
    )


def _require_decided(action: Action, policy: Policy) -> None:
    """Refuse what no rule of the policy decides, such as an action of another policy.

    Raises:
        ValueError: it names what there is not, or holds what no action can.
    """
    rule = next((each for each in policy.rules if each.id == action.rule), None)
    known = rule is not None and rule.subject == action.subject
    if unfit(action) or not known or action.template not in policy.templates:
        raise ValueError(f"{quoted(action.action_id)} was not decided by {policy!r}")


def _filling(
    action: Action, plan: DayPlan, snapshot: Snapshot | Given, language: str
) -> "_Filling":
    day = min(max(action.due_on or plan.on, plan.dates[0]), plan.on)
    rule = next(each for each in plan.policy.rules if each.id == action.rule)
    record = _record(action, plan, snapshot, day)
    symbols = {**_of_action(action), **_row(action, plan, rule)}
    occasion = rule.moment.occasion if rule.moment else None
    return _Filling(
        plan, Folding(plan.policy, day, plan.tables), record, action.due_on or day, language,
        _with_occasion(symbols, occasion, language),
    )  # fmt: skip


def _record(action: Action, plan: DayPlan, snapshot: Snapshot | Given, day: date) -> Record:
    """The record that the action is for, with what the policy derives of it on the day."""
    for known in read_for(action, plan, snapshot):
        record = record_of(action, plan.derived(plan.day(day), known))
        if record is not None:
            return record
    details = {"id": action.subject_id, "subject": action.subject}
    raise SnapshotError([problem("LR412", None, **details)])


def _of_action(action: Action) -> dict[str, Node]:
    values = {name: getattr(action, name) for name in OF_THE_ACTION}
    return {f"action.{name}": tree.Literal(value, TEXT) for name, value in values.items()}


def _with_occasion(
    symbols: Mapping[str, Node], occasion: Occasion | None, language: str
) -> dict[str, Node]:
    title = choose(occasion.titles, language, occasion.id) if occasion else None
    return {**symbols, "action.occasion": tree.Literal(title, TEXT)}


def _row(action: Action, plan: DayPlan, rule: Rule) -> dict[str, Node]:
    """The columns of the row that the action's occasion stands for, and of that for which it is said."""
    occurrence, said_for = action.occurrence, dict[str, Node]()
    if rule.each:
        rows = plan.tables.get(rule.each, ())
        found = row_named(plan.policy.tables[rule.each], rows, occurrence)
        if found is not None:
            occurrence = occurrence.removesuffix(f"{SIGN}{found.id}")
            said_for = dict(found.symbols)
    base = rule.moment.occasion.base if rule.moment and rule.moment.occasion else None
    for row in plan.tables.get(base.table, ()) if isinstance(base, TableDates) else ():
        if isinstance(base, TableDates) and row_name(base, row) == occurrence:
            return {**columns_of(base.table, row), **said_for}
    return said_for


@dataclass(frozen=True, slots=True)
class _Filling:
    """What placeholders of one action are filled from."""

    plan: DayPlan
    folding: Folding
    record: Record
    today: date
    language: str
    symbols: Mapping[str, Node]

    def of(self, written: str, fields: Mapping[str, Node]) -> tuple[str, tuple[str, ...]]:
        """The text filled in, and the placeholders that nothing fills."""
        lacking: dict[str, None] = {}

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name not in fields:
                return self._block(self.plan.policy.blocks[name])
            found = self._said(self._value(fields[name], self.symbols))
            if found is None:
                lacking[name] = None
            return found or ""

        return PLACEHOLDER.sub(filled, written), tuple(lacking)

    def _value(self, node: Node, symbols: Mapping[str, Node]) -> Any:
        return self.folding.evaluated(node, self.record.subject, self.today, symbols)(
            self.record.facts
        )

    def _block(self, block: Block) -> str:
        """The block where it fits, else nothing."""
        for name in block.first:
            if found := self._block(self.plan.policy.blocks[name]):
                return found
        written = dict(block.texts).get(self.language)
        for symbols in self._settings(block) if written else ():
            filling = _Filling(
                self.plan, self.folding, self.record, self.today, self.language, symbols
            )
            condition = block.condition[self.record.subject]
            if filling._value(condition, symbols) is True:
                text, lacking = filling.of(written or "", block.fields.get(self.record.subject, {}))
                return "" if lacking else text
        return ""

    def _settings(self, block: Block) -> Iterator[Mapping[str, Node]]:
        """What the block may read: each row of its table, each occasion that is near."""
        if block.table:
            for row in self.plan.tables.get(block.table, ()):
                yield {**self.symbols, **columns_of(block.table, row)}
        elif block.before:
            last = shift_or_edge(self.today, self.folding.period(block.within))
            ahead = [self.today + timedelta(days=n) for n in range((last - self.today).days + 1)]
            for occasion in block.before:
                if any(comes(occasion.base, day) for day in ahead):
                    yield _with_occasion(self.symbols, occasion, self.language)
        else:
            yield self.symbols

    def _said(self, value: Any) -> str | None:
        """A value as people say it; None where there is none."""
        if value is None or value is NOT_HAPPENED or value == "" or value == ():
            return None
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            value = date.fromisoformat(value)
        if isinstance(value, str):
            value = tuple(value.split(";"))
        if isinstance(value, tuple):
            names = self.plan.policy.names
            parts = [choose(names.get(str(each), ()), self.language, str(each)) for each in value]
            return say(self.language, ", ").join(parts)
        if isinstance(value, date):
            return _day_said(value, self.language)
        if isinstance(value, bool):
            return say(self.language, "yes" if value else "no")
        return text(value)


def _day_said(day: date, language: str) -> str:
    month = say(language, MONTHS[day.month - 1])
    said = say(language, "{month} {day}", month=month, day=day.day)
    return f"{said} {day:%H:%M}" if isinstance(day, datetime) else said
