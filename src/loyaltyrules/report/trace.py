# SPDX-License-Identifier: Apache-2.0
"""Evidence: what each part of a rule's condition came to for one record on one day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluate import Facts, evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import TEXT
from loyaltyrules.plan.day import Day, Instance
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.groups import unknown_facts
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Policy, Rule


@dataclass(frozen=True, slots=True)
class Trace:
    """A condition, what it came to, and the same of its parts."""

    node: Node
    value: Any
    parts: tuple["Trace", ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one rule for one record on one day.

    `state` is `acts`, `open` (a fact is lacking), `no` (its condition fails) or `not_now` (its
    moment is another).
    """

    rule: Rule
    record: Record
    day: date
    state: str
    trace: Trace


def findings(plan: DayPlan, day: Day, root: Record) -> Iterator[Finding]:
    """Every rule for the record and each record below it, whether it acts or not."""
    for record in (root, *root.below()):
        opened: dict[str, list[Instance]] = {}
        for instance in day.subjects[record.subject].instances:
            opened.setdefault(instance.rule.id, []).append(instance)
        for rule in plan.policy.rules:
            if rule.subject == record.subject:
                found = trace(plan.policy, day, rule, record.facts)
                instances = opened.get(rule.id, [])
                state = _state([each.test(record.facts) for each in instances], found.value)
                if state == "open":
                    reading = _Reading(plan.policy, day, rule.subject)
                    found = _with_moment(found, reading, instances, record.facts)
                yield Finding(rule, record, day.day, state, found)


def _state(outcomes: list[Any], condition: Any) -> str:
    if not outcomes or (condition is True and True not in outcomes and None not in outcomes):
        return "not_now"
    if True in outcomes:
        return "acts"
    return "open" if None in outcomes else "no"


def _with_moment(found: Trace, reading: "_Reading", opened: list[Instance], facts: Facts) -> Trace:
    """The trace of an undecided rule, and beside its condition the facts that its moment lacks."""
    functions = reading.policy.functions
    lacking = [name for each in opened for name in unknown_facts(each.condition, functions)(facts)]
    told = tree.facts_in(reading.inlined(found.node)) if found.value is None else ()
    own = found.parts if isinstance(found.node, tree.And) else (found,)
    lacks = dict.fromkeys(name for name in lacking if name not in told)
    parts = (*own, *(Trace(tree.FactRef(name, TEXT), None) for name in lacks))
    parts = tuple(each for each in parts if each.node != tree.YES)
    whole = tree.And(tuple(each.node for each in parts))
    return parts[0] if len(parts) == 1 else Trace(whole, None, parts)


def trace(policy: Policy, day: Day, rule: Rule, facts: Facts) -> Trace:
    """Follow the condition of a rule as the policy states it."""
    return _traced(rule.condition, _Reading(policy, day, rule.subject), facts)


@dataclass(frozen=True, slots=True)
class _Reading:
    policy: Policy
    day: Day
    subject: str

    def value(self, node: Node, facts: Facts) -> Any:
        """The value of one part, plain derived facts written out; None where a column is unknown."""
        whole = fold(self.inlined(node), self.day.symbols, self.policy.functions)
        if any(isinstance(each, tree.Symbol) for each in tree.walk(whole)):
            return None
        return evaluator(whole, self.policy.functions)(facts)

    def inlined(self, node: Node) -> Node:
        if isinstance(node, tree.FactRef):
            derived = self.policy.derived.get(self.subject, {}).get(node.name)
            plain = derived and not derived.type.finite and _is_node(derived.origin)
            return self.inlined(derived.origin) if derived and plain else node  # type: ignore[arg-type]
        return tree.rebuilt(node, self.inlined)


def _is_node(origin: object) -> bool:
    return type(origin).__module__ == tree.__name__


def _traced(node: Node, reading: _Reading, facts: Facts) -> Trace:
    value = reading.value(node, facts)
    below: tuple[Node, ...] = ()
    match node:
        case tree.And(items) | tree.Or(items):
            below = items
        case tree.Not(tree.And() | tree.Or() as inner):
            below = (inner,)
    return Trace(node, value, tuple(_traced(each, reading, facts) for each in below))


def facts_shown(
    policy: Policy, day: Day, subject: str, node: Node, facts: Facts
) -> Mapping[str, Any]:
    """The facts and figures that a part reads, with their values, for its line in a text."""
    reading = _Reading(policy, day, subject)
    found: dict[str, Any] = {}
    for each in tree.walk(node):
        if isinstance(each, tree.FactRef):
            found[each.name] = reading.value(each, facts)
        elif isinstance(each, tree.Symbol) and each.name in day.symbols:
            found[each.name] = getattr(day.symbols[each.name], "value", None)
    return found
