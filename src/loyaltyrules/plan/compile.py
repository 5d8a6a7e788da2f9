# SPDX-License-Identifier: Apache-2.0
"""Compile a policy for one day: fold figures and dates, make stages, open the moments of the day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from loyaltyrules.calendar import Period, shift
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluate import Evaluated, Facts, evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node, all_of, facts_in
from loyaltyrules.expression.types import DATE, TEXT
from loyaltyrules.plan.buckets import Bucket, Local, Whole, buckets_of, facts_of
from loyaltyrules.plan.day import Counting, Day, Deriving, Fired, Instance, SubjectDay
from loyaltyrules.plan.index import index_of
from loyaltyrules.plan.moments import NOTHING, Lengths, Opened, moved, opened, reached
from loyaltyrules.plan.population import Ranking
from loyaltyrules.plan.recipe import Need, Recipe, action_key, joined, prefix_of, text
from loyaltyrules.plan.stage import Stage, stage
from loyaltyrules.policy.model import ActionForm, Aggregate, Derived, Policy, Rule, Standing
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import problem

Tables = Mapping[str, tuple[Mapping[str, Any], ...]]


def compile_one(policy: Policy, day: date, tables: Tables) -> Day:
    """The rules of a policy as they stand on one day.

    Raises:
        PolicyError: a figure that a rule reads has no value on that day (LR308).
    """
    return _Compiling(policy, day, tables).compiled()


class _Compiling:
    """Holds what the parts of one day's compilation share."""

    def __init__(self, policy: Policy, day: date, tables: Tables) -> None:
        self.policy, self.day, self.tables = policy, day, tables
        self.figures: dict[str, Node] = {
            name: tree.Literal(value, parameter.type)
            for name, parameter in policy.parameters.items()
            if (value := parameter.on(day)) is not None
        }
        self.today: dict[str, Node] = {"today": tree.Literal(day, DATE)}
        self.inlined: dict[tuple[str, str], Node] = {}

    def compiled(self) -> Day:
        subjects = {name: self.subject(name) for name in self.policy.vocabulary.subjects}
        gate = tuple((sieve, self.folded(sieve.which, "customer")) for sieve in self.policy.gate)
        return Day(self.day, subjects, gate, {**self.figures, **self.today})

    # ---- expressions

    def folded(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Node:  # fmt: skip
        """The expression with figures, day and plain derived facts put in."""
        known = {**self.figures, **self.today, **(symbols or {})}
        if today is not None:
            known["today"] = tree.Literal(today, DATE)
        return fold(self.inline(node, subject, known), known, self.policy.functions)

    def inline(self, node: Node, subject: str, known: Mapping[str, Node]) -> Node:
        """Derived facts that are not decided in a stage of their own are written out."""
        if isinstance(node, tree.FactRef):
            owner, name, prefix = self.owner(node.name, subject)
            derived = self.policy.derived.get(owner, {}).get(name)
            if derived is None or not plain(derived):
                return node
            inner = self.inline(derived.origin, owner, known)  # type: ignore[arg-type]
            return inner if not prefix else _prefixed(inner, prefix)
        return tree.rebuilt(node, lambda part: self.inline(part, subject, known))

    def owner(self, name: str, subject: str) -> tuple[str, str, str]:
        """Whose fact a name is: that of the subject, or with a prefix that of a parent."""
        head, _, rest = name.partition(".")
        subjects = self.policy.vocabulary.subjects
        if name in self.policy.derived.get(subject, {}) or head not in subjects or not rest:
            return subject, name, ""
        return head, rest, f"{head}."

    def evaluated(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Evaluated:  # fmt: skip
        folded = self.folded(node, subject, today, symbols)
        self.require_figures(folded)
        return evaluator(folded, self.policy.functions)

    def require_figures(self, node: Node) -> None:
        left = [each.name for each in tree.walk(node) if isinstance(each, tree.Symbol)]
        if left:
            faults = [problem("LR308", self._place(name), name=name, day=self.day) for name in left]
            raise PolicyError(faults)

    def _place(self, name: str) -> Any:
        parameter = self.policy.parameters.get(name)
        return parameter.place if parameter else None

    # ---- one kind of record

    def subject(self, name: str) -> SubjectDay:
        deriving = tuple(self.deriving(name, each) for each in self._derived(name))
        instances = tuple(
            instance
            for rule in self.policy.rules
            if rule.subject == name
            for instance in self.instances(rule)
        )
        return SubjectDay(name, deriving, tuple(self.groups(name, instances)), instances)

    def _derived(self, subject: str) -> Iterator[Derived]:
        found = [each for each in self.policy.derived.get(subject, {}).values() if not plain(each)]
        return iter(found)

    def deriving(self, subject: str, derived: Derived) -> Deriving:
        of_parent = self._reads_parent(subject, derived)
        match derived.origin:
            case Aggregate(function, over, value, where):
                counting = self._counting(derived.name, function, over, value, where)
                return Deriving(derived.name, counting=counting)
            case Standing():
                ranking = self._ranking(subject, derived.origin)
                return Deriving(derived.name, ranking=ranking, of_parent=of_parent)
        node = self.folded(derived.origin, subject)
        self.require_figures(node)
        decide = evaluator(node, self.policy.functions)
        made: Stage[Any] = stage(derived.name, buckets_of([node]), decide, self.policy.functions)
        return Deriving(derived.name, node=node, stage=made, of_parent=of_parent)

    def _counting(
        self, name: str, function: str, over: str, value: Node | None, where: Node
    ) -> Counting:
        functions = self.policy.functions
        test = self.folded(where, over)
        self.require_figures(test)
        node = None if value is None else self.folded(value, over)
        read = None if node is None else evaluator(node, functions)
        return Counting(name, function, over, node, test, read, evaluator(test, functions))

    def _reads_parent(self, subject: str, derived: Derived) -> bool:
        """True when a fact waits for the parent's own derived facts."""
        if not isinstance(derived.origin, Aggregate | Standing):
            node = self.folded(derived.origin, subject)
            for name in facts_in(node):
                owner, plain_name, prefix = self.owner(name, subject)
                if prefix and plain_name in self.policy.derived.get(owner, {}):
                    return True
                known = self.policy.derived.get(subject, {}).get(name)
                if known and known is not derived and self._reads_parent(subject, known):
                    return True
        return False

    def _ranking(self, subject: str, standing: Standing) -> Ranking:
        def of(node: Node | None) -> Evaluated | None:
            return self.evaluated(node, subject) if node is not None else None

        def fact(name: str) -> Evaluated:
            return self.evaluated(tree.FactRef(name, TEXT), subject)

        return Ranking(
            standing.function, tuple(map(fact, standing.order)),
            fact(standing.within) if standing.within else None,
            self.evaluated(standing.where, subject), of(standing.share), standing.parts,
            of(standing.smallest),
        )  # fmt: skip

    # ---- rules

    def instances(self, rule: Rule) -> Iterator[Instance]:
        """The rule as it stands on the day: none, one, or one a moment and opening that falls on it."""
        if rule.mode == "while":
            yield from self._instance(rule, rule.actions, None)
        elif rule.mode == "from" and rule.moment and rule.moment.dated is not None:
            lengths = self.lengths(rule, None)
            dated = self.inline(rule.moment.dated, rule.subject, self.figures)
            yield from self._instance(
                rule, rule.actions, reached(dated, lengths, self.day), lengths
            )
        else:
            yield from self._opening(rule)

    def _opening(self, rule: Rule) -> Iterator[Instance]:
        by_lead: dict[Node | None, list[ActionForm]] = {}
        for form in rule.actions:
            by_lead.setdefault(form.opens, []).append(form)
        assert rule.moment is not None
        for lead, forms in by_lead.items():
            lengths = self.lengths(rule, lead)
            moment = rule.moment
            if moment.dated is not None:
                moment = replace(
                    moment, dated=self.inline(moment.dated, rule.subject, self.figures)
                )
            for found in opened(moment, lengths, self.day, self.tables):
                yield from self._instance(rule, tuple(forms), found, lengths)

    def lengths(self, rule: Rule, lead: Node | None) -> Lengths:
        moment = rule.moment
        assert moment is not None
        if moment.then is not None:  # what is late is told on the day itself, never before it
            return Lengths(
                self.period(moment.offset), moment.sign, self.period(moment.then), NOTHING
            )
        own = self.period(moment.occasion.opens if moment.occasion and not moment.offset else None)
        word = self.period(lead)
        opens = Period(own.months + word.months, own.days + word.days)
        return Lengths(self.period(moment.offset), moment.sign, None, opens)

    def period(self, node: Node | None) -> Period:
        """A period expression as a constant of the day."""
        if node is None:
            return NOTHING
        folded = fold(node, self.figures, self.policy.functions)
        self.require_figures(folded)
        value = getattr(folded, "value", None)
        return value if isinstance(value, Period) else NOTHING

    def _instance(
        self, rule: Rule, forms: Iterable[ActionForm], found: Opened | None,
        lengths: Lengths | None = None,
    ) -> Iterator[Instance]:  # fmt: skip
        symbols = found.symbols if found else {}
        today = found.moment_day if found else None
        moment = found.condition if found else tree.YES
        own = self.folded(rule.condition, rule.subject, today, symbols)
        condition = all_of(self.folded(moment, rule.subject, today, symbols), own)
        if condition == tree.NO:
            return
        self.require_figures(condition)
        recipes = tuple(self.recipe(rule, form, found, lengths) for form in forms)
        test = evaluator(condition, self.policy.functions)
        yield Instance(rule, condition, test, recipes)

    def recipe(
        self, rule: Rule, form: ActionForm, found: Opened | None, lengths: Lengths | None
    ) -> Recipe:
        symbols = found.symbols if found else {}
        today = found.moment_day if found else None

        def of(node: Node | None) -> Evaluated | None:
            return None if node is None else self.evaluated(node, rule.subject, today, symbols)

        grounds = rule.grounds if rule.grounds.source else form.grounds
        template = self.policy.templates.get(form.template or "")
        return Recipe(
            form, rule.id, rule.subject, _touch(rule, found), prefix_of(self.policy.name, rule),
            f"/{action_key(form)}", self._occurrence(rule, found), self._due(form, rule, found, lengths),
            _window_end(rule, found), self._deadline(rule, found, lengths),
            of(form.value), of(form.from_value), of(form.to_value),
            tuple((name, self.evaluated(node, rule.subject, today, symbols))
                  for name, node in form.sets),
            ";".join(grounds.source) or None, rule.grounds.origin,
            bool(template and template.missing),
            tuple(self._need(rule.subject, name) for name in form.needs),
        )  # fmt: skip

    def _need(self, subject: str, name: str) -> Need:
        missing = self.folded(tree.Missing(tree.FactRef(name, TEXT)), subject)
        return Need(name, missing, evaluator(missing, self.policy.functions))

    def _occurrence(self, rule: Rule, found: Opened | None) -> str | Evaluated:
        if found is None:
            parts = [self.evaluated(node, rule.subject) for node in rule.once_per]
            return joined(
                parts, [period_name(name, self.day) for name in rule.periods], rule.once_sign
            )
        if isinstance(found.occurrence, str):
            return found.occurrence
        return joined([self.evaluated(found.occurrence, rule.subject)], [], "")

    def _due(
        self, form: ActionForm, rule: Rule, found: Opened | None, lengths: Lengths | None
    ) -> date | Evaluated | None:
        if found is None:
            return self.day
        if (
            found.moment_day is None
            and lengths is not None
            and not isinstance(found.occurrence, str)
        ):
            return self.evaluated(moved(found.occurrence, lengths), rule.subject)
        if form.due == "occasion":
            return found.occasion_day or found.moment_day
        return self.day

    def _deadline(
        self, rule: Rule, found: Opened | None, lengths: Lengths | None
    ) -> str | Evaluated | None:
        if rule.within is None or (rule.moment and rule.moment.then is not None):
            return None
        within = self.period(rule.within)
        if found and found.moment_day is None and lengths and not isinstance(found.occurrence, str):
            start = self.evaluated(moved(found.occurrence, lengths), rule.subject)
            return lambda facts: _shifted(start(facts), within)
        start_day = found.moment_day if found and found.moment_day else self.day
        return shift(start_day, within).isoformat()

    # ---- groups

    def groups(self, subject: str, instances: tuple[Instance, ...]) -> Iterator[Stage[Fired]]:
        """Rules that share a fact of many values are decided together, and so are all without one."""
        owner: dict[str, str] = {}  # fact → a fact that stands for its group

        def root(fact: str) -> str:
            while owner.setdefault(fact, fact) != fact:
                owner[fact] = owner[owner[fact]]
                fact = owner[fact]
            return fact

        large = [_large_facts(instance) or ("",) for instance in instances]
        for facts in large:
            for fact in facts[1:]:
                owner[root(fact)] = root(facts[0])
        members: dict[str, list[Instance]] = {}
        for instance, facts in zip(instances, large, strict=True):
            members.setdefault(root(facts[0]), []).append(instance)
        for each in members.values():
            yield self.group(subject, tuple(each))

    def group(self, subject: str, members: tuple[Instance, ...]) -> Stage[Fired]:
        conditions = [member.condition for member in members]
        index = index_of(conditions)

        def decide(facts: Facts) -> Fired:
            acting, undecided = [], []
            for place in index.possible(facts):
                member = members[place]
                holds = member.test(facts)
                if holds is True:
                    acting.append(member)
                elif holds is None:
                    lacking = unknown_facts(member.condition, facts, self.policy.functions)
                    undecided.append((member.rule.id, lacking))
            return Fired(tuple(acting), tuple(undecided))

        name = f"rules of {subject}: {members[0].rule.id}"
        told = [*conditions, *lacks_of(conditions)]
        return stage(name, buckets_of(told), decide, self.policy.functions)


def plain(derived: Derived) -> bool:
    """True of a derived fact that is written out where it is read: it has many values."""
    return not derived.type.finite and not isinstance(derived.origin, Aggregate | Standing)


def _large_facts(instance: Instance) -> tuple[str, ...]:
    """The facts of many values that a rule asks of."""
    buckets = buckets_of([instance.condition])
    return tuple(fact for bucket in buckets if not small(bucket) for fact in facts_of(bucket))


def small(bucket: Bucket) -> bool:
    """True of a bucket that rules may share without being decided together."""
    return isinstance(bucket, Whole) and bucket.type.finite


def unknown_facts(node: Node, facts: Facts, functions: Mapping[str, Function]) -> tuple[str, ...]:
    """The facts whose being unknown leaves the condition open, however deep they stand in it."""
    if evaluator(node, functions)(facts) is not None:
        return ()
    if isinstance(node, tree.FactRef):
        return (node.name,)
    below = [unknown_facts(child, facts, functions) for child in tree.children(node)]
    return tuple(dict.fromkeys(name for names in below for name in names))


def lacks_of(conditions: Iterable[Node]) -> list[Node]:
    """Which facts of a comparison between facts are missing: undecided rules name them."""
    buckets = buckets_of(conditions)
    compared = (bucket.node for bucket in buckets if isinstance(bucket, Local))
    facts = (part for node in compared for part in tree.walk(node))
    return [tree.Missing(f) for f in facts if isinstance(f, tree.FactRef) and not f.event]


def period_name(name: str, day: date) -> str:
    """How a period of the calendar is named in an occurrence."""
    match name:
        case "year":
            return f"{day.year}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "month":
            return f"{day:%Y-%m}"
        case "week":
            return f"{day:%G-W%V}"
    return day.isoformat()


def _touch(rule: Rule, found: Opened | None) -> str:
    """What one day counts as one touch: an occasion, whatever rules speak of it, else the rule."""
    occasion = rule.moment.occasion if rule.moment else None
    if occasion is None or found is None:
        return rule.id
    return f"{occasion.id}/{found.occurrence}"


def _window_end(rule: Rule, found: Opened | None) -> date | None:
    """The occasion's own day; nothing closes for what is told because a deadline passed."""
    late = rule.moment is not None and rule.moment.then is not None
    return None if found is None or late else found.occasion_day


def _shifted(start: Any, within: Period) -> str | None:
    return text(shift(start, within)) if isinstance(start, date) else None


def _prefixed(node: Node, prefix: str) -> Node:
    if isinstance(node, tree.FactRef):
        return replace(node, name=prefix + node.name)
    return tree.rebuilt(node, lambda part: _prefixed(part, prefix))
