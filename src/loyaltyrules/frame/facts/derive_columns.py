# SPDX-License-Identifier: Apache-2.0
"""Derived facts as columns, in the order in which they need each other, over parents and children."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.expression.types import DATED, NotHappened, Type
from loyaltyrules.fact.declaration import Subject, parents_first, ways_up
from loyaltyrules.frame.facts.counting import OPEN, Grouping
from loyaltyrules.frame.input.canonical import DTYPES, ROW, Fault, stored
from loyaltyrules.frame.input.exact import EXACT, NEVER, exact_text
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import column_of, records
from loyaltyrules.frame.keys.table import Table
from loyaltyrules.frame.keys.together import decide_together
from loyaltyrules.frame.result import StageNote
from loyaltyrules.plan.above import counted_of
from loyaltyrules.plan.day import Counting, Day, Deriving
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import FrameError, SnapshotError


@dataclass(slots=True)
class Tables:
    """All tables of one evaluation on one day, while facts are derived."""

    plan: DayPlan
    day: Day
    kind: FrameFormat
    by_subject: dict[str, Table]
    ranks: Mapping[tuple[str, str], nw.DataFrame[Any]] = field(default_factory=dict)
    stages: dict[str, StageNote] = field(default_factory=dict)  # what the stages had to decide
    refused: list[Fault] = field(default_factory=list)  # rows that came to figures of no fact

    def derive(self) -> None:
        """First what records derive by themselves and count of their children, from below; then
        what waits for the facts of a parent, from above, and so on. Given facts of parents are known to
        all."""
        order = parents_first(self.by_subject, self.plan.policy.vocabulary.subjects)
        for subject in order:
            self._attach_parent(subject)
        for stage in range(self.day.stages):
            for subject in order if stage % 2 else reversed(order):
                if stage % 2:
                    self._attach_parent(subject)
                for each in self.day.subjects[subject].deriving:
                    if each.stage == stage:
                        self._one(subject, each)

    def _one(self, subject: str, each: Deriving) -> None:
        table = self.by_subject[subject]
        own = self.plan.policy.derived[subject]
        table.types[each.name] = EXACT if each.shared else own[each.name].type
        if each.memo is not None:
            table.pending.append(each)
        elif each.counting is not None:
            self._count(subject, each.counting)
        else:
            self.settle(subject)
            self._rank(subject, each)

    def settle(self, subject: str) -> None:
        """Derive what waits: other tables, or a ranking, read it as columns."""
        table = self.by_subject.get(subject)
        if table is not None and table.pending:
            found = decide_together(self.plan, self.day, table, (), self.kind)
            self.stages.update(found.notes)
            self.refused += found.refused
            table.frame, table.pending = found.frame, []

    def _rank(self, subject: str, each: Deriving) -> None:
        """The rank of each row among the siblings of the plan, row by row."""
        table, ranking = self.by_subject[subject], each.ranking
        assert ranking is not None
        known = self.ranks.get((subject, each.name))
        if known is not None:
            value = known.rename({"__value": each.name})
            table.frame = table.frame.join(value, on="id", how="left")
            return
        siblings = self.plan.siblings.get((subject, each.name))
        dtype = DTYPES[table.types[each.name].kind]
        if siblings is None:
            table.frame = table.frame.with_columns(nw.lit(None, dtype).alias(each.name))
            return
        names = [name for name in table.frame.columns if name != ROW]
        rows = records(table.frame, names, table.columns)
        values = [ranking.of(siblings, facts) for facts in rows]
        column = self.kind.frame({each.name: values}, {each.name: dtype})[each.name]
        table.frame = table.frame.with_columns(column)

    # ---- parents

    def _attach_parent(self, subject: str, only: Collection[str] | None = None) -> None:
        """The facts of the parents as columns of the child, as far as they are not there; all, or some."""
        each = self.plan.policy.vocabulary.subjects[subject]
        for parent, link in each.links.items():
            self._attach(subject, each, parent, link, only)

    def _attach(
        self, subject: str, each: Subject, above_: str, link: str, only: Collection[str] | None
    ) -> None:
        """Those of one parent; what its own parents know only where no other one leads there."""
        self.settle(above_)
        parent = self.by_subject.get(above_) or self._reference(above_)
        table = self.by_subject[subject]
        some = subject == "customer" or bool(each.also)  # who may be without it
        parent = self._for_some(parent) if some else parent
        key, types = f"{above_}.id", {"id": Type("text"), **parent.types}
        renamed = {
            name: name if name in parent.above else f"{above_}.{name}"
            for name in parent.frame.columns
            if name in types
        }
        if each.also:
            ways = ways_up(subject, self.plan.policy.vocabulary.subjects)
            renamed = {n: of for n, of in renamed.items() if ways[of.partition(".")[0]] == above_}
        if "id" not in renamed:
            return
        if link not in table.frame.columns:
            none = nw.lit(None, nw.String).alias(link)
            table.frame = table.frame.with_columns(none)
        there = {*table.frame.columns, *(each.name for each in table.pending)}
        wanted = {*renamed} if only is None else {"id", *only}
        new = [n for n in renamed if n == "id" or (n in wanted and renamed[n] not in there)]
        if len(new) == 1 and key in table.frame.columns:
            return
        above = parent.frame.select(new).rename({name: renamed[name] for name in new})
        table.frame = table.frame.join(above, left_on=link, right_on=key, how="left")
        if key not in table.frame.columns:
            table.frame = table.frame.with_columns(nw.col(link).alias(key))
        table.above |= {key, *(renamed[name] for name in new)}
        table.types |= {renamed[name]: types[name] for name in new}
        table.happened |= {renamed[name] for name in parent.happened if name in new}

    def _for_some(self, parent: Table) -> Table:
        """A parent that some records are without: of those even what never happened is unknown."""
        columns = parent.columns
        told = {
            name: [exact_text(value) for value in column_of(parent.frame, name, columns)]
            for name in sorted(parent.happened & {*parent.frame.columns})
        }
        if not told:
            return parent
        made = self.kind.frame(told, dict.fromkeys(told, DTYPES[EXACT.kind]))
        frame = parent.frame.with_columns(*(made[name] for name in told))
        types = parent.types | dict.fromkeys(told, EXACT)
        return replace(parent, frame=frame, types=types, happened=parent.happened - {*told})

    def _reference(self, subject: str) -> Table:
        """The table of a parent that came as reference data, empty where none came.

        Raises:
            FrameError: a figure over its child records is too large for a fact (LR406).
        """
        parents = self.plan.around(self.day).parents
        try:
            found = [parents[key] for key in parents if key[0] == subject]
        except SnapshotError as fault:
            raise FrameError(fault.problems) from fault
        own, above = self._known_of(subject), dict[str, Type]()
        subjects = self.plan.policy.vocabulary.subjects
        ways = ways_up(subject, subjects)
        for parent in ways:
            if parent in self.plan.tables and self._reached(subject, parent):
                above |= {f"{parent}.{name}": kind for name, kind in self._known_of(parent).items()}
        keys = {name: f"{subject}.{name}" for name in own} | {name: name for name in above}
        kinds = {**own, **above}
        columns = {
            name: [stored(facts.get(key), kinds[name]) for facts in found]
            for name, key in keys.items()
        }
        schema = {name: DTYPES[kind.kind] for name, kind in kinds.items()}
        return Table(subject, self.kind.frame(columns, schema), kinds, above={*above})

    def _reached(self, subject: str, above: str) -> bool:
        """True where all that stands between a reference record and one above it is reference data, too."""
        subjects = self.plan.policy.vocabulary.subjects
        while above not in subjects[subject].links:
            subject = ways_up(subject, subjects)[above]
            if subject not in self.plan.tables:
                return False
        return True

    def _known_of(self, subject: str) -> dict[str, Type]:
        """The types of the facts of reference records: given ones, and what is counted of them."""
        derived = self.plan.policy.derived.get(subject, {})
        counted = {name: derived[name].type for name in counted_of(self.plan.policy, subject)}
        return self._facts_of(subject) | {
            name: EXACT if kind.kind in DATED else kind  # with or without what has not happened
            for name, kind in sorted(counted.items())
        }

    def _facts_of(self, subject: str) -> dict[str, Type]:
        """The types of the given facts of a kind of record."""
        declared = self.plan.policy.vocabulary.declarations[subject]
        return {"id": Type("text"), **{name: each.type for name, each in declared.items()}}

    # ---- children

    def _count(self, subject: str, counting: Counting) -> None:
        """An aggregate over the children: one group-by; unknown where no table of them was given."""
        table = self.by_subject[subject]
        kind = table.types[counting.name]
        self.settle(counting.over)
        if counting.handed and counting.over in self.by_subject:
            self._attach_parent(counting.over, {name for name, _ in counting.handed})
        children = self.by_subject.get(counting.over)
        if children is None:
            default = None if counting.default is None else stored(counting.default, kind)
            missing = nw.lit(default, DTYPES[kind.kind]).alias(counting.name)
            table.frame = table.frame.with_columns(missing)
            return
        link = self.plan.policy.vocabulary.subjects[counting.over].links[subject]
        functions = self.plan.policy.functions
        grouped = Grouping(counting, children, link, kind, self.kind, functions).figures()
        joined = table.frame.join(grouped, left_on="id", right_on=link, how="left")
        empty = counting.empty
        if counting.exact:
            joined = joined.with_columns(_told_apart(counting.name))
        elif isinstance(empty, NotHappened):
            table.happened.add(counting.name)
        elif empty is not None:
            filled = nw.col(counting.name).fill_null(nw.lit(stored(empty, kind), DTYPES[kind.kind]))
            joined = joined.with_columns(filled.alias(counting.name))
        table.frame = joined


def _told_apart(name: str) -> nw.Expr:
    """What is unknown of the one child that counts, and what has not happened as no child does."""
    told = nw.col(name).fill_null(nw.lit(NEVER))
    return nw.when(told != nw.lit(OPEN)).then(told).alias(name)
