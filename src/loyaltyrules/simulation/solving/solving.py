# SPDX-License-Identifier: Apache-2.0
"""How a threshold is found: the fates of records, counted, and the least step that will do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import keyed
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.problem import Problem
from loyaltyrules.simulation.base.tried import Tried
from loyaltyrules.simulation.solving import found as told
from loyaltyrules.simulation.solving.allowed import Musts
from loyaltyrules.simulation.solving.curve import Answer, Counted, Stretch, answer, stretches
from loyaltyrules.simulation.solving.found import Found, FoundBy
from loyaltyrules.simulation.solving.grain import Grain
from loyaltyrules.simulation.solving.grouped import GROUP, Groups
from loyaltyrules.simulation.solving.question import Question
from loyaltyrules.simulation.solving.threshold import threshold
from loyaltyrules.simulation.solving.turning import Fate, asked, fates

LOW, HIGH, LAST, NUMBER = "__low", "__high", "__last", "__number"
TRIES = 3  # values that a policy may refuse for what none of its relations says
STEPS = ("value", "share", "count")
ROWS = ("value", "share", "next_value", "next_share", "ties", "why")


class Chosen(NamedTuple):
    """The answer that the policy allows, and what it refuses before."""

    answer: Answer
    refused: int | None = None
    refusals: tuple[Problem, ...] = ()


@dataclass(frozen=True, eq=False)
class Solving:
    """One question about the records of one day; `fates` has a row for each of them."""

    question: Question
    grain: Grain
    musts: Musts
    present: int
    kind: FrameFormat
    fates: Frame
    set_aside: int

    @classmethod
    def of(cls, plan: DayPlan, question: Question, tried: Tried) -> "Solving":
        """Ask every record what becomes of it as the figure rises.

        Raises:
            ArgumentError: the label does not go by the figure in a way that can be solved for (LR520).
        """
        policy, figure = question.policy, question.figure
        by, grain = threshold(plan, question.label, figure), Grain.of(figure)
        assert grain is not None  # the question was checked
        part, tables = tried.known
        table = tables.by_subject[question.label.subject]
        rows = keyed(buckets_of(asked(by)), fates(by, grain), table.frame, table.columns, part.kind)
        found = rows.outcomes
        columns = {
            name: [each[place] for each in found] for place, name in enumerate((LOW, HIGH, LAST))
        }
        frame = rows.spread(columns, {LOW: nw.String, HIGH: nw.String, LAST: nw.Int64})
        aside = len({each.row for each in part.faults if each.subject == table.subject})
        present = grain.step(figure.on(plan.on) or figure.values[-1][1])
        return cls(question, grain, Musts.of(policy, figure), present, part.kind, frame, aside)

    def found(self) -> Found:
        """The threshold for all records."""
        rows = self.fates.group_by(LOW, HIGH, LAST).agg(nw.len().alias(NUMBER))
        listed = self._stretches(_counted(rows.select(LOW, HIGH, LAST, NUMBER).iter_rows()))
        curve = self._frame(STEPS, [self._step(each) for each in listed], {})
        return self._told(listed, self._chosen(listed), curve)

    def by_group(self, groups: Groups) -> FoundBy:
        """A threshold for each group; those without one stand last."""
        rows = groups.on(self.fates).group_by(GROUP, LOW, HIGH, LAST).agg(nw.len().alias(NUMBER))
        by = dict[Any, list[Any]]()
        for name, *fate in rows.select(GROUP, LOW, HIGH, LAST, NUMBER).iter_rows():
            by.setdefault(name, []).append(fate)
        lines, steps, refused = list[Any](), list[Any](), list[Any]()
        founds = list[tuple[Any, Found]]()
        for name in sorted(by, key=lambda each: (each is None, each)):
            listed, group = self._stretches(_counted(by[name])), groups.cell(name)
            found = self._told(listed, self._chosen(listed), None)
            founds.append((group, found))
            lines.append((group, *self._row(found)))
            steps += [(group, *self._step(each)) for each in listed]
            if found.refused is not None:
                refused.append((group, found.refused))
        own = {groups.name: groups.dtype}
        return FoundBy(
            self._frame((groups.name, *ROWS), lines, own),
            self._frame((groups.name, "why"), refused, own),
            self._frame((groups.name, *STEPS), steps, own),
            self.question,
            tuple(founds),
            self.set_aside,
        )

    def _stretches(self, counted: Iterable[Counted]) -> list[Stretch]:
        return stretches(counted, self.question.goal.word, self.grain, self.present)

    def _chosen(self, listed: Sequence[Stretch]) -> Chosen:
        """The answer, once the policy takes it."""
        goal, grain, refused = self.question.goal, self.grain, set[int]()
        least = next((each.first for each in listed if goal.holds(each)), None)

        def allowed(step: int) -> bool:
            return step not in refused and self.musts.let(grain.value(step))

        found, problems = answer(listed, goal, allowed), tuple[Problem, ...]()
        while found.step is not None and len(refused) < TRIES:
            problems = self.musts.refusal(grain.value(found.step))
            if not problems:
                break
            refused.add(found.step)
            found = answer(listed, goal, allowed)
        if least is None or found.step == least:
            return Chosen(found)
        if problems:  # and none of the next values would do
            return Chosen(Answer(None, None, found.place, found.step, found.ties), least, problems)
        return Chosen(found, least, self.musts.refusal(grain.value(least)))

    def _told(self, listed: Sequence[Stretch], chosen: Chosen, curve: Any) -> Found:
        at, of = chosen.answer, self.grain.value
        here = None if at.place is None else listed[at.place]
        beside = None if at.beside is None else listed[at.beside]
        return Found(
            self.question,
            None if at.step is None else of(at.step), here.share if here else None,
            here.count if here else None, here.known if here else None,
            None if at.beside_step is None else of(at.beside_step), beside.share if beside else None,
            beside.count if beside else None, at.ties, curve, self._reason(listed, chosen),
            None if chosen.refused is None else of(chosen.refused), chosen.refusals, self.set_aside,
        )  # fmt: skip

    def _reason(self, listed: Sequence[Stretch], chosen: Chosen) -> str:
        """Why there is no value."""
        if chosen.answer.step is not None:
            return ""
        if not any(each.known for each in listed):
            return told.NOBODY
        if chosen.refusals:
            return told.FORBIDDEN
        return told.SAME if len(listed) == 1 else told.NEVER

    # ---- rows

    def _step(self, each: Stretch) -> tuple[Any, ...]:
        return self.grain.cell(each.at), each.share, each.count

    def _row(self, found: Found) -> tuple[Any, ...]:
        cells = (None if e is None else self.grain.cell(self.grain.step(e))
                 for e in (found.value, found.next_value))  # fmt: skip
        value, beside = cells
        return value, found.share, beside, found.next_share, found.ties, found.why

    def _frame(self, names: Sequence[str], rows: Sequence[Any], own: dict[str, Any]) -> Any:
        columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        schema = {
            "value": self.grain.dtype, "next_value": self.grain.dtype, "share": nw.Float64,
            "next_share": nw.Float64, "count": nw.Int64, "ties": nw.Int64, "why": nw.String, **own,
        }  # fmt: skip
        return self.kind.native(columns, {name: schema[name] for name in names})


def _counted(rows: Iterable[Sequence[Any]]) -> list[Counted]:
    return [(Fate(low, high, last), int(number)) for low, high, last, number in rows]
