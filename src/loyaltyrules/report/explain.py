# SPDX-License-Identifier: Apache-2.0
"""Why, and why not: a decision in words, from the evidence."""

from collections.abc import Iterator

from loyaltyrules.action.action import Action
from loyaltyrules.decision.decision import Decision
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.expression.tree import YES, And, FactRef, Literal, Not, Or, Symbol
from loyaltyrules.expression.written import written
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.language import choose, mark, say
from loyaltyrules.report.naming import fact_name, held, part_name, part_value, rule_name, word_name
from loyaltyrules.report.trace import Finding, Trace, findings

VALUES = {True: mark("yes"), False: mark("no"), None: mark("unknown")}
JOINED: dict[type, str] = {And: mark("all of"), Or: mark("one of"), Not: mark("not that")}
SHOWN = 4  # rules named of those whose moment is another
OPERATORS = tuple(map(mark, ("and", "or", "not", "in", "not in", "is missing", "is not missing")))
STATES = {
    "acts": mark("acts"),
    "open": mark("cannot be decided"),
    "no": mark("does not act"),
}
STATUSES = {
    "ready": mark("ready"),
    "pending_approval": mark("awaits approval by {role}"),
    "blocked_missing_data": mark("blocked: {reason}"),
    "blocked_missing_template": mark("blocked: {reason}"),
    "suppressed": mark("held back: {reason}"),
}


def explain(decision: Decision, language: str = "en", plan: DayPlan | None = None) -> str:
    """The decision in words: labels, what is done and why, what is held back, what is not done.

    Args:
        decision: What `evaluate` gave.
        language: "en" or "zh".
        plan: The plan that the decision was made by; one that was pickled has left its own behind.

    Returns:
        Lines of text. Personal facts are masked.

    Raises:
        ValueError: the decision was pickled and no plan is given, or a plan that decides otherwise.
    """
    known = plan or decision.plan
    if known is None:
        raise ValueError(
            f"{decision!r} travelled without its plan; name it: explain(decision, plan=plan)"
        )
    if known is not decision.plan and evaluate(known, decision.snapshot) != decision:
        raise ValueError(f"{decision!r} was not made by {known!r}; name the plan that made it")
    return "\n".join(_Explaining(decision, language, known).lines())


class _Explaining:
    """One decision while it is put into words."""

    def __init__(self, decision: Decision, language: str, plan: DayPlan) -> None:
        self.decision, self.language = decision, language
        self.plan, self.policy = plan, plan.policy

    def say(self, sentence: str, **details: object) -> str:
        return say(self.language, sentence, **details)

    def lines(self) -> Iterator[str]:
        decision, snapshot = self.decision, self.decision.snapshot
        subject = self.policy.vocabulary.subjects[snapshot.subject]
        called = choose(subject.titles, self.language, snapshot.subject)
        details = {"subject": called, "id": snapshot.id, "day": self.plan.on}
        count = len(decision.actions)
        yield self.say("{subject} {id} on {day}: {count} action(s)", **details, count=count)
        yield from self._labels()
        for action in (*decision.actions, *decision.suppressed):
            yield self._action(action)
        yield from self._rules()
        if unread := decision.ignored:
            names = ", ".join(
                f"{name} ({near}?)" if near else name for name, near in unread.items()
            )
            yield self.say("  not read: {names}", names=names)

    def _labels(self) -> Iterator[str]:
        for label in self.policy.labels:
            if label.name not in self.decision.labels:
                continue
            name = choose(label.titles, self.language, label.name)
            parts = [self._word(self.decision.labels[label.name])]
            if label.standing:
                on_file = self._word(self.decision.standing[label.name])
                parts.append(self.say("on file {word}", word=on_file))
            ways = self.decision.ways[label.name]
            parts += [f"{way} {self._word(word)}" for way, word in ways.items()]
            yield f"  {name}: {', '.join(parts)}"

    def _word(self, word: str | None) -> str:
        return word if word is not None else self.say("unknown")

    def _action(self, action: Action) -> str:
        kind = word_name(self.policy, action.kind, self.language)
        marks = (self._word_of(action), kind, action.gift or action.template)
        what = " ".join(dict.fromkeys(filter(None, marks)))
        if action.to_value:
            what += f" {action.from_value or '?'} → {action.to_value}"
        role = word_name(self.policy, action.approver_role or "", self.language)
        details = {"role": role, "reason": self._reason(action)}
        status = self.say(STATUSES[action.status], **details)
        due = self.say("due {day}", day=action.due_on) if action.due_on else ""
        return "  • " + "; ".join(filter(None, (what, status, due)))

    def _reason(self, action: Action) -> str:
        """Why it is held or blocked: what is lacking by its title, a sieve's reason by its name."""
        reason, _, lacking = (action.reason or "").partition(":")
        said = word_name(self.policy, reason, self.language)
        if reason == "missing_data":
            fact = held(self.policy, action.subject, lacking)
            lacking = fact_name(self.policy, action.subject, fact, self.language)
        return f"{said}: {lacking}" if lacking else said

    def _word_of(self, action: Action) -> str | None:
        """The word of the policy that the action came of, where it is not the kind itself."""
        own = (action.kind, action.channel, action.template, action.gift)
        rule = next((each for each in self.policy.rules if each.id == action.rule), None)
        forms = rule.actions if rule else ()
        words = (f.word for f in forms if (f.kind, f.channel, f.template, f.gift) == own)
        return next((word for word in words if word != action.kind), None)

    def _rules(self) -> Iterator[str]:
        not_now: dict[str, None] = {}
        told: set[tuple[str, str, str]] = set()
        for day in reversed(self.plan.dates):
            compiled = self.plan.day(day)
            root = self.plan.derived(compiled, self.decision.snapshot)
            for finding in findings(self.plan, compiled, root):
                key = (finding.rule.id, finding.record.id, finding.state)
                if finding.state == "not_now":
                    not_now[finding.rule.id] = None
                elif key not in told:
                    told.add(key)
                    yield from self._finding(finding)
        silent = [rule for rule in not_now if not any(rule == each[0] for each in told)]
        if silent:
            shown = ", ".join(silent[:SHOWN]) + (", …" if len(silent) > SHOWN else "")
            details = {"count": len(silent), "rules": shown}
            yield self.say("  not their moment: {count} rule(s): {rules}", **details)

    def _finding(self, finding: Finding) -> Iterator[str]:
        name = rule_name(self.policy, finding.rule.id, self.language)
        whose = "" if finding.record.id == self.decision.snapshot.id else f" [{finding.record.id}]"
        source = "; ".join(finding.rule.grounds.source)
        ground = f" ({source})" if source and finding.state == "acts" else ""
        yield f"  {name}{whose}: {self.say(STATES[finding.state])}{ground}"
        yield from self._trace(finding, self._telling(finding), 2)

    def _telling(self, finding: Finding) -> Trace:
        """All of the evidence for a rule that acts; else only the parts that keep it from acting."""
        trace = finding.trace
        if finding.state == "acts" or not isinstance(trace.node, And):
            return trace
        wanted = False if finding.state == "no" else None
        parts = tuple(part for part in trace.parts if part.value is wanted)
        return Trace(trace.node, trace.value, parts or trace.parts)

    def _trace(self, finding: Finding, trace: Trace, depth: int) -> Iterator[str]:
        if trace.node == YES:
            return
        indent = "  " * depth
        value = self.say(VALUES.get(trace.value, "unknown"))
        if trace.parts and not (isinstance(trace.node, Not) and trace.value is True):
            yield f"{indent}{value} {self.say(JOINED[type(trace.node)])}"
            for part in trace.parts:
                yield from self._trace(finding, part, depth + 1)
            return
        yield f"{indent}{value} {self._text(finding, trace)}{self._values(finding, trace)}"

    def _text(self, finding: Finding, trace: Trace) -> str:
        subject = finding.rule.subject
        named = lambda part: part_name(self.policy, subject, part, self.language)  # noqa: E731
        return written(trace.node, named, self.say)

    def _values(self, finding: Finding, trace: Trace) -> str:
        """What the facts of a line are, for whoever wants to check it."""
        alone = trace.node.item if isinstance(trace.node, Not) else trace.node
        if isinstance(alone, Literal | FactRef) and trace.value is not None:
            return ""
        subject = finding.rule.subject
        texts = []
        for part, value in trace.read:
            title = part_name(self.policy, subject, part, self.language)
            shown = part_value(self.policy, subject, part, value, self.language)
            default = self._by_default(subject, part)
            texts.append(f"{title} {shown}{self.say(' (by default)') if default else ''}")
        return f"  ({'; '.join(texts)})" if texts else ""

    def _by_default(self, subject: str, part: FactRef | Symbol) -> bool:
        """True of a fact of the explained record that the policy's declaration fills in."""
        snapshot = self.decision.snapshot
        own = isinstance(part, FactRef) and (part.owner or subject) == snapshot.subject
        return own and part.name in snapshot.by_default
