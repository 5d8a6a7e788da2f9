# SPDX-License-Identifier: Apache-2.0
"""Conditions that no record can meet, and such that every record meets of which enough is known.

A condition is tried with a value for each thing that it can tell apart: below, at, between and above the
figures it names, every word, and missing. What compares several facts is taken as a question of its own
that may be answered either way: what is called impossible is so, and some of it is not seen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import product
from math import prod
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import (
    Bucket,
    Cuts,
    Identity,
    Members,
    RowPredicate,
    buckets_of,
)
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node, facts_in
from loyaltyrules.expression.types import DATE, YES_NO
from loyaltyrules.policy.model import Parameter, Rule
from loyaltyrules.problem.problem import Problem, problem

MOST = 4_096  # combinations that are tried of conditions that hang together
OTHER = "\0"  # a text that no condition names


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a policy from one day on, and its functions."""

    parameters: Mapping[str, Parameter]
    functions: Mapping[str, Function]
    since: date
    until: date

    def days(self) -> list[date]:
        """The first day, and every later one on which a figure changes."""
        changes = (day for each in self.parameters.values() for day, _ in each.values)
        return sorted({self.since, *(day for day in changes if self.since < day <= self.until)})

    def put_in(self, condition: Node, day: date) -> Node:
        """A condition with the figures of a day; what asks the day alone is left open."""
        known = {
            name: tree.Literal(each.on(day), each.type) for name, each in self.parameters.items()
        }
        asked = _opened(condition, lambda part: _of_the_day(part))
        return fold(asked, {**known, "today": tree.Literal(day, DATE)}, self.functions)


def contradictions(rules: Iterable[Rule], figures: Figures) -> Iterator[tuple[Problem, str]]:
    """Rules that can never act (LR606), and rules whose condition always holds (LR616)."""
    days = figures.days()
    for rule in rules:
        found = [_answers(figures.put_in(rule.condition, day), figures.functions) for day in days]
        if all(each.never for each in found):
            yield problem("LR606", rule.place, name=rule.id), rule.id
        elif rule.condition != tree.YES and all(each.always for each in found):
            yield problem("LR616", rule.place, name=rule.id), rule.id


def never(condition: Node, figures: Figures) -> bool:
    """True of a condition that no record meets, on whichever day."""
    tried = (_answers(figures.put_in(condition, day), figures.functions) for day in figures.days())
    return all(each.never for each in tried)


@dataclass(frozen=True, slots=True)
class _Answers:
    never: bool = False  # no record meets it
    always: bool = False  # every record does of which enough is known


def _answers(condition: Node, functions: Mapping[str, Function]) -> _Answers:
    parts = [_of_part(tree.all_of(*each), functions) for each in _apart(condition)]
    return _Answers(any(each.never for each in parts), all(each.always for each in parts))


def _apart(condition: Node) -> list[list[Node]]:
    """The parts of a condition that must all hold, those together that ask a fact in common."""
    groups: list[tuple[set[str], list[Node]]] = []
    for item in condition.items if isinstance(condition, tree.And) else (condition,):
        facts, together = {*facts_in(item)}, [item]
        for known in [each for each in groups if each[0] & facts]:
            groups.remove(known)
            facts |= known[0]
            together = [*known[1], *together]
        groups.append((facts, together))
    return [items for _, items in groups]


def _of_part(condition: Node, functions: Mapping[str, Function]) -> _Answers:
    predicates = {each.node for each in buckets_of([condition]) if isinstance(each, RowPredicate)}
    asked = _opened(condition, predicates.__contains__)
    buckets = buckets_of([asked])
    values = [_values(each) for each in buckets]
    if any(not each for each in values) or prod(map(len, values)) > MOST:
        return _Answers()
    test = evaluator(asked, functions)
    names = [getattr(each, "fact", "") for each in buckets]
    held = {}
    for some in product(*values):
        facts = {name: each for name, each in zip(names, some, strict=True) if each is not None}
        held[some] = test(facts)
    compared = not any(isinstance(part, tree.Missing) for part in tree.walk(asked))
    figures = bool(buckets) and compared and all(isinstance(each, Cuts) for each in buckets)
    known = {answer for some, answer in held.items() if not (figures and None in some)}
    return _Answers(True not in held.values(), known == {True})


def _opened(node: Node, free: Any) -> Node:
    """A condition with free questions in the place of some of its parts; columns are such facts."""
    if free(node):
        return tree.FactRef(f"?{hash(node)}", YES_NO)
    if isinstance(node, tree.Symbol) and "." in node.name:
        return tree.FactRef(node.name, node.type)
    return tree.rebuilt(node, lambda part: _opened(part, free))


def _of_the_day(part: Node) -> bool:
    """True of a question about the day itself, such as whether it is in May."""
    asks = isinstance(part, tree.Compare | tree.In)
    return asks and "today" in tree.symbols_in(part) and not facts_in(part)


def _values(bucket: Bucket) -> list[Any]:
    """One value for each thing that a condition tells apart, missing first; none where nobody knows."""
    match bucket:
        case Cuts(_, kind, at):
            return [None, *_at_and_between(at, kind.kind == "whole")]
        case Members(_, _, values):
            return [None, *values, OTHER] if all(isinstance(v, str) for v in values) else []
        case Identity(_, kind) if kind.kind == "yes/no":
            return [None, True, False]
        case Identity(_, kind) if kind.words:
            return [None, *kind.words]
    return []


def _at_and_between(cuts: tuple[Any, ...], whole: bool) -> list[Any]:
    if not cuts:
        return [date(2000, 1, 1)]  # only whether it is there was asked
    try:
        ends = [_moved(cuts[0], -1), _moved(cuts[-1], 1)]
    except OverflowError:
        return []
    found = [ends[0]]
    for one, other in zip(cuts, [*cuts[1:], ends[1]], strict=True):
        found += [one, between] if one < (between := _between(one, other, whole)) < other else [one]
    return [*found, ends[1]]


def _moved(value: Any, by: int) -> Any:
    return value + timedelta(days=by) if isinstance(value, date) else value + by


def _between(one: Any, other: Any, whole: bool) -> Any:
    """A value between two, or the first of them where there is none: of days and whole numbers."""
    if isinstance(one, datetime):
        return one + (other - one) / 2
    if isinstance(one, date):
        return one + timedelta(days=(other - one).days // 2)
    middle = (Decimal(one) + Decimal(other)) / 2
    return int(middle.to_integral_value(ROUND_FLOOR)) if whole else middle
