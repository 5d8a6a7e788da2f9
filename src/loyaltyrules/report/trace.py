# SPDX-License-Identifier: Apache-2.0
"""The evidence of a decision as plain data: rule by rule, each part of its condition with what it came to."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from loyaltyrules.calendar import Period
from loyaltyrules.decision.decision import Decision
from loyaltyrules.expression import tree
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.expression.written import shown, spelled
from loyaltyrules.fact.snapshot import masked
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.language import called
from loyaltyrules.report.asked import plan_of, rules_asked
from loyaltyrules.report.evidence import Finding, findings
from loyaltyrules.report.wording import Worded, Wording, wording

JOINED: Mapping[type, str] = {tree.And: "all", tree.Or: "any", tree.Not: "not"}


class TracedPart(TypedDict):
    """A condition or a part of one.

    `value` is true, false or, where a fact is lacking, None; `joined` is how its `parts` are held
    together: `all`, `any`, `not`, or None of one without parts; `facts` are the facts and figures
    that it reads, as policies write them, each with its value.
    """

    text: str
    value: bool | None
    joined: str | None
    facts: dict[str, Any]
    parts: list["TracedPart"]


class TracedRule(TypedDict):
    """What became of one rule for one record on one day, and why.

    `state` is `acts`, `undecided` (a fact is lacking), `no` (its condition fails) or `not_now` (its
    moment is another: there is no `evidence`). `row` is the id of the row of a reference table for
    which a rule with `each` acts or lacks something; others have no such key.
    """

    rule: str
    title: str
    source: list[str]
    subject: str
    subject_id: str
    on: str
    state: str
    evidence: TracedPart | None
    row: NotRequired[str]


def trace(
    decision: Decision,
    language: str = "en",
    plan: DayPlan | None = None,
    rules: str | Iterable[str] | None = None,
) -> list[TracedRule]:
    """Why, and why not, as data that JSON takes as it is.

    Args:
        decision: What `evaluate` gave.
        language: "en" or "zh": that of titles and texts.
        plan: The plan that the decision was made by; one that was pickled has left its own behind.
        rules: The id of a rule, or several; all of them where none is named.

    Returns:
        A mapping for each rule, for the record and each record below it, for each day of the plan, its
        last first. Personal facts are masked; decimals and days are text.

    Raises:
        ArgumentError: the policy has no such rule (LR473).
        ValueError: the decision was pickled and no plan is given, or a plan that decides otherwise.
    """
    known = plan_of(decision, plan)
    only = rules_asked(known.policy, rules)
    words = wording(known, language)
    return [_rule(each, words) for each in findings(known, decision.snapshot, only)]


def _rule(finding: Finding, words: Wording) -> TracedRule:
    rule, record, on, state, clause, row = finding
    told: TracedRule = {
        "rule": rule.id,
        "title": called(rule.titles, words.language, rule.id),
        "source": list(rule.grounds.source),
        "subject": record.subject,
        "subject_id": record.id,
        "on": on.isoformat(),
        "state": state,
        "evidence": None if clause is None else _part(words.of(clause, rule.subject), record.facts),
    }
    return {**told, "row": row} if row else told


def _part(worded: Worded, facts: Mapping[str, Any]) -> TracedPart:
    reads = () if worded.parts else worded.reads
    return {
        "text": worded.text,
        "value": worded.clause.of(facts),
        "joined": JOINED[type(worded.clause.node)] if worded.parts else None,
        "facts": {spelled(e.named): _plain(e.of(facts), e.personal) for e in reads},
        "parts": [_part(each, facts) for each in worded.parts],
    }


def _plain(value: Any, personal: bool) -> Any:
    """A value as JSON has it; masked where it is personal."""
    if isinstance(value, bool) or value is None:
        return value
    if value is NOT_HAPPENED:
        return "not happened"
    if personal:
        return masked(shown(value))
    if isinstance(value, tuple | frozenset):
        listed = value if isinstance(value, tuple) else sorted(value)
        return [_plain(each, False) for each in listed]
    return shown(value) if isinstance(value, Decimal | date | Period) else value
