# SPDX-License-Identifier: Apache-2.0
"""Why, and why not: a decision in words, from the evidence."""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from loyaltyrules.action.action import Action
from loyaltyrules.decision.decision import Decision
from loyaltyrules.expression.tree import And, FactRef, Not
from loyaltyrules.host.html import Preformatted
from loyaltyrules.host.text import visible
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.language import called, mark
from loyaltyrules.report.asked import plan_of, rules_asked
from loyaltyrules.report.evidence import Clause, Finding, findings
from loyaltyrules.report.merged import merged
from loyaltyrules.report.naming import fact_name, held, rule_name, word_name
from loyaltyrules.report.touches import touches_told
from loyaltyrules.report.wording import Read, Worded, wording

SHOWN = 4  # rules named of those whose moment is another
UNREAD = 20  # names that are not read
KEEPING = {"no": False, "undecided": None}  # what the parts come to that keep a rule from acting
STATUSES = {
    "ready": mark("ready"),
    "pending_approval": mark("awaits approval by {role}"),
    "blocked_missing_data": mark("blocked: {reason}"),
    "blocked_missing_template": mark("blocked: {reason}"),
    "suppressed": mark("held back: {reason}"),
}


def explain(
    decision: Decision,
    language: str = "en",
    plan: DayPlan | None = None,
    rules: str | Iterable[str] | None = None,
) -> str:
    """The decision in words: labels, what is done and why, what is held back, what is not done.

    Args:
        decision: What `evaluate` gave.
        language: "en" or "zh".
        plan: The plan that the decision was made by; one that was pickled has left its own behind.
        rules: The id of a rule, or several: only they are explained, with what they do.

    Returns:
        Lines of text, which notebooks show as lines. Personal facts are masked.

    Raises:
        ArgumentError: the policy has no such rule (LR473).
        ValueError: the decision was pickled and no plan is given, or a plan that decides otherwise.
    """
    known = plan_of(decision, plan)
    only = rules_asked(known.policy, rules)
    return Preformatted("\n".join(_Explaining(decision, known, language, only).lines()))


class _Explaining:
    """One decision while it is put into words; `only` are the rules that are asked for."""

    def __init__(
        self, decision: Decision, plan: DayPlan, language: str, only: Container[str] | None
    ) -> None:
        self.decision, self.plan, self.policy = decision, plan, plan.policy
        self.language, self.only = language, only
        self.words = wording(plan, language)
        self.say = self.words.say
        self.merged = merged(decision, plan)

    def lines(self) -> Iterator[str]:
        yield self._head()
        if self.only is None:
            yield from self._labels()
        for action in (*self.decision.actions, *self.decision.suppressed):
            if self.only is None or action.rule in self.only:
                yield self._action(action)
                yield from touches_told(self.plan, self.decision, action, self.words)
        yield from self._rules()
        unread = self.decision.ignored if self.only is None else {}
        if unread:
            names = [f"{name} ({near}?)" if near else name for name, near in unread.items()]
            more = f", … (+{len(names) - UNREAD})" if len(names) > UNREAD else ""
            yield self.say("  not read: {names}", names=", ".join(names[:UNREAD]) + more)

    def _head(self) -> str:
        snapshot = self.decision.snapshot
        titles = self.policy.vocabulary.subjects[snapshot.subject].titles
        details = {
            "subject": called(titles, self.language, snapshot.subject), "id": _in_line(snapshot.id),
            "day": self.plan.on, "count": len(self.decision.actions),
        }  # fmt: skip
        return self.say("{subject} {id} on {day}: {count} action(s)", **details)

    def _labels(self) -> Iterator[str]:
        words, standing, ways = self.decision.labels, self.decision.standing, self.decision.ways
        for label in self.policy.labels:
            if label.name not in words:
                continue
            name = called(label.titles, self.language, label.name)
            parts = [self._word(words[label.name])]
            if label.standing:
                on_file = self._word(standing[label.name])
                parts.append(self.say("on file {word}", word=on_file))
            own = ways[label.name].items()
            parts += [f"{self._called(way)} {self._word(word)}" for way, word in own]
            yield f"  {name}: {', '.join(parts)}"

    def _word(self, word: str | None) -> str:
        return self.words.value(word) if word is not None else self.say("unknown")

    def _called(self, word: str) -> str:
        return word_name(self.policy, word, self.language)

    def _action(self, action: Action) -> str:
        marks = (self._word_of(action), self._called(action.kind), action.gift or action.template)
        what = " ".join(dict.fromkeys(filter(None, marks)))
        if action.to_value:
            what += f" {action.from_value or '?'} → {action.to_value}"
        elif action.value:
            what += f" {_in_line(action.value)}"
        what += f" {_in_line(action.figures)}" if action.figures else ""
        what += self._whose(action.subject_id)
        role = self._called(action.approver_role or "")
        details = {"role": role, "reason": self._reason(action)}
        status = self.say(STATUSES[action.status], **details)
        person = action.assignee and self.say("for {person}", person=_in_line(action.assignee))
        said = what, person, status, self._due(action), *self._merged(action)
        return "  • " + "; ".join(filter(None, said))

    def _due(self, action: Action) -> str:
        """The day it is due, and within which hours of it."""
        due = self.say("due {day}", day=action.due_on) if action.due_on else ""
        hours = [each[11:16] for each in (action.send_from, action.send_until) if each]
        return f"{due} {'-'.join(hours)}" if hours else due

    def _merged(self, action: Action) -> Iterator[str]:
        """For what else it stands, or which action stands for it."""
        said = self.merged.get(action.action_id)
        if said is None:
            return
        if said.stands_for:
            rules = ", ".join(map(self._rule, said.stands_for))
            yield self.say("stands for {rules} too", rules=rules)
        if said.into:
            yield self.say("that of {rule} stands for it", rule=self._rule(said.into))

    def _rule(self, identity: str) -> str:
        rule = next(each for each in self.policy.rules if each.id == identity)
        return rule_name(rule, self.language)

    def _whose(self, identity: str) -> str:
        """The record that is spoken of, where it is not the one that is explained."""
        return "" if identity == self.decision.snapshot.id else f" [{_in_line(identity)}]"

    def _reason(self, action: Action) -> str:
        """Why it is held or blocked: what is lacking by its title, a sieve's reason by its name."""
        reason, _, lacking = (action.reason or "").partition(":")
        said = self._called(reason)
        if reason == "missing_data":
            fact = held(self.policy, action.subject, lacking)
            lacking = fact_name(self.policy, action.subject, fact, self.language)
        return f"{said}: {lacking}" if lacking else said

    def _word_of(self, action: Action) -> str | None:
        """The word of the policy that the action came of, where it is not the kind itself.

        In English a word of other letters that nobody has named in English is left out.
        """
        own = (action.kind, action.channel, action.template, action.gift)
        rule = next((each for each in self.policy.rules if each.id == action.rule), None)
        forms = rule.actions if rule else ()
        words = (f.word for f in forms if (f.kind, f.channel, f.template, f.gift) == own)
        names = (self._called(word) for word in words if word != action.kind)
        return next((e for e in names if e.isascii() or self.language != "en"), None)

    def _rules(self) -> Iterator[str]:
        not_now: dict[str, None] = {}
        told: set[tuple[str, ...]] = set()
        for finding in findings(self.plan, self.decision.snapshot, self.only):
            rule = finding.rule.id
            key = rule, finding.record.id, finding.state, finding.row
            if finding.clause is None:
                not_now[rule] = None
            elif key not in told:
                told.add(key)
                yield from self._finding(finding)
        asked = {rule for rule, *_ in told}
        if silent := [rule for rule in not_now if rule not in asked]:
            shown = ", ".join(silent[:SHOWN]) + (", …" if len(silent) > SHOWN else "")
            details = {"count": len(silent), "rules": shown}
            yield self.say("  not their moment: {count} rule(s): {rules}", **details)

    def _finding(self, finding: Finding) -> list[str]:
        rule, record, _, state, clause, row = finding
        name, state_said = self.words.head(rule, state)
        said_for = f" ({rule.each} {_in_line(row)})" if row else ""
        head = f"  {name}{said_for}{self._whose(record.id)}: {state_said}"
        if clause is None:
            return [head]
        facts, default = record.facts, self.decision.snapshot.by_default
        key = clause, state, default, record.subject, *map(facts.get, clause.facts)
        tell = partial(self._clause, clause, rule.subject, facts, state)
        return [head, *self.words.remembered(key, clause, rule.subject, tell)]

    def _clause(
        self, clause: Clause, subject: str, facts: Mapping[str, Any], state: str
    ) -> tuple[str, ...]:
        """The lines of a condition."""
        lines: list[str] = []
        worded = self.words.of(clause, subject)
        self._part(lines, "    ", worded, facts, _kept(worded, facts, state))
        return tuple(lines)

    def _part(
        self, lines: list[str], indent: str, worded: Worded, facts: Mapping[str, Any],
        parts: Iterable[Worded],
    ) -> None:  # fmt: skip
        """The lines of a part of a condition; of its own parts those that are to be told."""
        if worded.silent:
            return
        value = worded.clause.of(facts)
        said = self.words.values[value]
        if worded.parts and not (value is True and isinstance(worded.clause.node, Not)):
            lines.append(f"{indent}{said} {worded.joined}")
            for part in parts:
                self._part(lines, indent + "  ", part, facts, part.parts)
        else:
            reads = () if worded.plain and value is not None else worded.reads
            listed = "; ".join([self._read(read, facts) for read in reads])
            lines.append(f"{indent}{said} {worded.text}" + (f"  ({listed})" if listed else ""))

    def _read(self, read: Read, facts: Mapping[str, Any]) -> str:
        """A fact or figure with its value, for whoever wants to check it."""
        default = self.say(" (by default)") if self._by_default(read) else ""
        return f"{read.title} {self.words.shown(read, facts)}{default}"

    def _by_default(self, read: Read) -> bool:
        """True of a fact of the explained record that the policy's declaration fills in."""
        snapshot = self.decision.snapshot
        name = read.named.name if isinstance(read.named, FactRef) else None
        return read.owner == snapshot.subject and name in snapshot.by_default


def _in_line(text: str) -> str:
    """A text of the host within a line."""
    return visible(text).replace("\n", "\\n")


def _kept(worded: Worded, facts: Mapping[str, Any], state: str) -> Iterable[Worded]:
    """All parts of the condition of a rule that acts; else only those that keep it from acting."""
    if state == "acts" or not isinstance(worded.clause.node, And):
        return worded.parts
    wanted = KEEPING[state]
    return [part for part in worded.parts if part.clause.of(facts) is wanted] or worded.parts
