# SPDX-License-Identifier: Apache-2.0
"""sweep: what comes of several values of figures, each with each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.host.day import NamedDay
from loyaltyrules.host.html import section
from loyaltyrules.host.html import table as html_table
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.changes import Changes
from loyaltyrules.policy.model import Label, Policy
from loyaltyrules.problem.errors import ArgumentError, PolicyError
from loyaltyrules.problem.problem import Problem, nearest, problem
from loyaltyrules.problem.render import message
from loyaltyrules.simulation.base.framed import Framed
from loyaltyrules.simulation.base.measures import Actions, Spending, Words, require_measure, word_of
from loyaltyrules.simulation.base.ordered import UNKNOWN, cells, finished
from loyaltyrules.simulation.base.side import Side, in_memory, plan_of
from loyaltyrules.simulation.base.tried import Tried
from loyaltyrules.simulation.shown.showing import Showing
from loyaltyrules.simulation.sweeping.grid_charts import chart
from loyaltyrules.simulation.sweeping.grid_page import grid_page
from loyaltyrules.simulation.sweeping.swept import Swept, Told

Measure = Words | Actions | Spending
OF_WORDS = ("label", "word", "count", "share")
OF_OTHERS = ("measure", "value")


@dataclass(frozen=True, eq=False, repr=False)
class Grid(Framed, Showing):
    """What a sweep found: `frame`, which it behaves as too, and the combinations that are `refused`."""

    about: Swept

    def _chart(self, language: str) -> Any:
        return chart(Told(self.about, self.frame, language))

    def _page(self, language: str) -> str:
        return grid_page(Told(self.about, self.frame, language))

    def __repr__(self) -> str:
        return f"Grid({len(self)} rows, {len(cells(self.refused)[1])} refused)"

    def _repr_html_(self) -> str:
        return section(repr(self), *(html_table(*cells(e)) for e in (self.frame, self.refused)))


def sweep(
    policy: Policy,
    figures: Mapping[str, Iterable[Any]],
    customers: Any,
    *,
    on: NamedDay,
    measure: Sequence[Measure],
    tables: Mapping[str, Any] = NOTHING,
) -> Grid:
    """What comes of several values of figures, each with each.

    The customers are read, and what does not go by the figures is derived, once.

    Args:
        policy: The policy as it is.
        figures: By name, title or path the values to be tried, as `with_` takes them.
        customers: A frame of customers, or a mapping from subject to frame. They are the population.
        on: The day.
        measure: What is asked of each combination: `count`, `share` (of all words of a label, or of
            one), `actions`, `cost` and `minutes` of `loyaltyrules.simulation`.
        tables: Reference data by table.

    Returns:
        A frame of the caller's kind: a column for each figure, then `label`, `word`, `count`, `share`
        of each label, and `measure`, `value` of what else is asked; `no cost …` counts the
        actions that have no price. `.refused` holds the combinations
        that the policy forbids, with why.

    Raises:
        ArgumentError: a measure of a label that the policy has not (LR515), of a word that the label has
            not (LR519), a condition in its place (LR518), or costs where the policy says none (LR528).
        FrameError: a table as a whole cannot be read.
        PolicyError: there is no such figure (LR510).
    """
    given, names = in_memory(customers), list(figures)
    plan = plan_of(policy, on, None, tables)
    tried, labels = Tried.on(plan, given), _labels(policy, measure, given)
    wanted = _words(labels, measure)
    asked = [each for each in measure if not isinstance(each, Words)]
    base = Side.of(plan, given) if asked else None
    found: list[tuple[Any, ...]] = []
    refused: list[tuple[Any, ...]] = []
    refusals: list[tuple[tuple[Any, ...], tuple[Problem, ...]]] = []
    for values in product(*figures.values()):
        changes: Changes = dict(zip(names, values, strict=True))
        try:
            variant = _plan(policy.with_(changes), plan, tables)
            _require(labels, variant.policy)
        except (PolicyError, ArgumentError) as error:
            if any(each.code == "LR510" for each in error.problems):
                raise
            refused.append((*values, "; ".join(map(message, error.problems))))
            refusals.append((values, error.problems))
            continue
        for label in labels:
            counts = tried.counts(variant, label.name)
            said = (row for row in _of_words(label, counts) if row[:2] in wanted)
            found += [(*values, *row, None, None) for row in said]
        if base is not None:
            side = Side.of(variant, given, base)
            rows = [row for each in asked for row in each.rows(side)]
            found += [(*values, None, None, None, None, name, value) for name, value in rows]
    kind = tried.opened.kind
    columns = (*names, *(OF_WORDS if labels else ()), *(OF_OTHERS if asked else ()))
    kept = [_kept(row, len(names), bool(labels), bool(asked)) for row in found]
    words = [*dict.fromkeys(w for each in labels for w in (*each.words, UNKNOWN))]
    frame = _frame(kind, columns, kept, figures)
    told = _frame(kind, (*names, "why"), refused, figures)
    about = Swept(policy, plan.on, tuple(names), tuple(measure), tuple(refusals))
    whole = finished(frame, {"word": words} if labels else {}, kind)
    return Grid(whole, kind.finish(told), about)


def _plan(policy: Policy, base: DayPlan, tables: Mapping[str, Any]) -> DayPlan:
    """The plan of a changed policy; reference data are not read again where both read them alike."""
    before = base.policy
    if (policy.tables, policy.vocabulary) != (before.tables, before.vocabulary):
        return plan_of(policy, base.on, None, tables)
    return replace(plan_of(policy, base.on, None, NOTHING), tables=base.tables)


def _require(labels: Iterable[Label], policy: Policy) -> None:
    """A change may take a label away.

    Raises:
        ArgumentError: it is asked for (LR515).
    """
    known = [each.name for each in policy.labels]
    lacking = [each.name for each in labels if each.name not in known]
    if lacking:
        details = {"name": lacking[0], "names": ", ".join(known), "near": ""}
        raise ArgumentError([problem("LR515", None, **details)])


def _labels(policy: Policy, measure: Iterable[Measure], given: Mapping[str, Any]) -> list[Label]:
    """The labels that are asked for, each once."""
    known = {each.name: each for each in policy.labels if each.subject in given}
    found: dict[str, Label] = {}
    for each in measure:
        require_measure(each)
        if isinstance(each, Words):
            if each.label not in known:
                near = nearest(each.label, known)
                details = {"name": each.label, "names": ", ".join(known), "near": near}
                raise ArgumentError([problem("LR515", None, **details)])
            found[each.label] = known[each.label]
    return list(found.values())


def _words(labels: Iterable[Label], measure: Iterable[Measure]) -> set[tuple[str, str]]:
    """The words that are asked for, each with its label: all of a label, or those that are named."""
    asked, found = [each for each in measure if isinstance(each, Words)], set[tuple[str, str]]()
    for label in labels:
        for each in asked:
            if each.label == label.name:
                words = (
                    (*label.words, UNKNOWN) if each.word is None else (word_of(label, each.word),)
                )
                found |= {(label.name, word) for word in words}
    return found


def _of_words(label: Label, counts: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    """A row for each word, and for records whose label is not known, if there are any."""
    known = sum(number for word, number in counts.items() if word != UNKNOWN)
    for word, number in counts.items():
        if word != UNKNOWN:
            yield label.name, word, number, number / known if known else None
        elif number:
            yield label.name, word, number, None


def _kept(row: tuple[Any, ...], figures: int, words: bool, others: bool) -> tuple[Any, ...]:
    values, said, more = row[:figures], row[figures : figures + 4], row[figures + 4 :]
    return (*values, *(said if words else ()), *(more if others else ()))


def _frame(
    kind: FrameFormat, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], figures: Any
) -> nw.DataFrame[Any]:
    data = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    schema: dict[str, Any] = {
        "label": nw.String, "word": nw.String, "count": nw.Int64, "share": nw.Float64,
        "measure": nw.String, "value": nw.Float64, "why": nw.String,
    }  # fmt: skip
    for name in figures:
        schema[name], data[name] = _column(data[name])
    return kind.frame(data, {name: schema[name] for name in columns})


def _column(values: list[Any]) -> tuple[Any, list[Any]]:
    """The values that were tried as a column: whole numbers, numbers, or texts as they were written."""
    if all(isinstance(each, int) and not isinstance(each, bool) for each in values):
        return nw.Int64, values
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in values):
        return nw.Float64, [float(each) for each in values]
    return nw.String, [str(each) for each in values]
