# SPDX-License-Identifier: Apache-2.0
"""What a change of the policy does: who moves and why, which actions are lost and gained."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.host.html import section
from loyaltyrules.host.html import table as html_table
from loyaltyrules.policy.model import Label, Policy
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.language import require_language
from loyaltyrules.problem.problem import Problem, nearest, problem
from loyaltyrules.simulation.base import figures
from loyaltyrules.simulation.base.costs import COST, require_costs
from loyaltyrules.simulation.base.ordered import UNKNOWN, cells, finished
from loyaltyrules.simulation.base.renamed import Renamed
from loyaltyrules.simulation.base.side import Side
from loyaltyrules.simulation.comparison import spending
from loyaltyrules.simulation.comparison.delta_charts import chart
from loyaltyrules.simulation.comparison.delta_page import delta_page
from loyaltyrules.simulation.comparison.headline import Headline
from loyaltyrules.simulation.comparison.matching import LOST, OLD_ID, SIDE, SIDES, matched
from loyaltyrules.simulation.comparison.moves import NEW, OLD, Moves
from loyaltyrules.simulation.comparison.spending import with_spent
from loyaltyrules.simulation.comparison.summing_up import summed_up
from loyaltyrules.simulation.shown.showing import Showing

MONTH = "month"
RENAMED = ("section", OLD, NEW)
MEASURES = ("measure", OLD, NEW, "change")
Row = tuple[str, Decimal | int | None, Decimal | int | None, Decimal | int]


@dataclass(frozen=True, eq=False, repr=False)
class Delta(Showing):
    """Two policies on the same records. Frames are of the caller's kind; labels in them are ordered.

    `incomparable` says what could not be compared; all else is.
    """

    old: Side
    new: Side
    given: Mapping[str, Any]
    incomparable: tuple[Problem, ...]
    policies: tuple[Policy, Policy]  # as they were given

    # ---- labels

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The labels that both policies give to records of these tables, as the new one has them."""
        return tuple(each.label for each in self.moves.values())

    @cached_property
    def names(self) -> Renamed:
        """The entries of the policies that are called otherwise."""
        return Renamed(self.old.policy, self.new.policy)

    @cached_property
    def moves(self) -> Mapping[str, Moves]:
        """What becomes of each label."""
        sides = {OLD: self.old, NEW: self.new}
        names = self.names.labels
        known = {(names.get(e.name, e.name), e.subject): e for e in self.old.policy.labels}
        return {
            each.name: Moves(each, before, sides)
            for each in self.new.policy.labels
            if (before := known.get((each.name, each.subject)))
            and each.subject in self.new.tables.by_subject
        }

    @property
    def moving(self) -> tuple[Moves, ...]:
        """The labels in which somebody moves."""
        return tuple(each for each in self.moves.values() if len(each.moved))

    def matrix(self, label: str) -> Any:
        """How many records have which word under the old policy (rows) and the new one (columns).

        Columns: `old`, then the words of the new policy in its order; `?` where a label is unknown.

        Raises:
            ArgumentError: no label of both policies (LR515).
        """
        return self._of(label).matrix()

    def movers(self, label: str, language: str = "en") -> Any:
        """The records with another word of a label, and why.

        Columns: `subject_id`, `old`, `new`, `because` in words of the handbook, then the record's own as
        they were given; those of the same names have a `_` behind theirs.

        Raises:
            ArgumentError: no label of both policies (LR515).
            ValueError: the language is neither `en` nor `zh`.
        """
        require_language(language)
        found = self._of(label)
        return found.movers(self.given[found.label.subject], language)

    def _of(self, label: str) -> Moves:
        if label not in self.moves:
            details = {"names": ", ".join(self.moves), "near": nearest(str(label), self.moves)}
            raise ArgumentError([problem("LR515", None, name=label, **details)])
        return self.moves[label]

    # ---- actions

    @cached_property
    def _actions(self) -> Frame:
        return matched(self.old.actions(), self.new.actions(), self.names)

    @cached_property
    def spent(self) -> Frame:
        """The actions with what they cost, where a policy says it."""
        return with_spent(self._actions, self.old, self.new) if self.measured else self._actions

    @cached_property
    def measured(self) -> tuple[str, ...]:
        """What the policies say of actions: `cost`, `minutes`."""
        return spending.measured((self.old, self.new))

    @property
    def cost(self) -> Any:
        """What work costs by `kind` and `gift`: `old`, `new`, `change`, and how many actions have no
        price, `no_cost_old` and `no_cost_new`.

        Raises:
            ArgumentError: neither policy says what anything costs (LR528).
        """
        if COST not in self.measured:
            require_costs(self.new.policy, COST)
        return spending.table(self.spent, self.kind)

    @cached_property
    def actions(self) -> Any:
        """The actions of both policies: `side` (`lost`, `gained`, `both`), the columns of actions, and
        `differs`, the columns in which an action of both is another now (but for its grounds).

        They are matched by record, rule, occurrence and word. What is held back is no action.
        """
        return self.kind.finish(self._actions.drop(OLD_ID))

    def by(self, *names: str) -> Any:
        """How many actions are `lost`, `gained` and in `both`, by columns of actions, `month` or labels.

        The label of an action is that of its customer: the old one where it is lost, else the new one.
        Where a policy says what work costs: `cost_old`, `cost_new`, and how many have no price,
        `no_cost_old` and `no_cost_new`; likewise of minutes.

        Raises:
            ArgumentError: a name is none of these (LR516).
        """
        known = [*COLUMNS, MONTH, *self.moves]
        for name in names:
            if name not in known:
                details = {"names": ", ".join(known), "near": nearest(str(name), known)}
                raise ArgumentError([problem("LR516", None, name=name, **details)])
        frame = self.spent.with_columns(nw.col("due_on").dt.to_string("%Y-%m").alias(MONTH))
        asked = [each for name, each in self.moves.items() if name in names]
        for each in asked:
            frame = _labelled(frame, each)
        ones = (nw.when(nw.col(SIDE) == each).then(1).otherwise(0).alias(each) for each in SIDES)
        counted = (*SIDES, *(name for what in self.measured for name in spending.columns(what)))
        frame, sums = frame.with_columns(*ones), [nw.col(each).sum() for each in counted]
        found = frame.group_by(*names).agg(*sums).sort(*names) if names else frame.select(*sums)
        words = {each.label.name: (*each.words[NEW], UNKNOWN) for each in asked}
        return finished(found, words, self.kind)

    # ---- the whole

    @cached_property
    def parameters(self) -> Any:
        """The figures that differ: `name`, `title`, `old`, `new`, `source`, `origin`."""
        columns = figures.table(self.old.policy, self.new.policy, "en")
        return self.kind.native(columns, dict.fromkeys(columns, nw.String))

    @cached_property
    def renamed(self) -> Any:
        """What is called otherwise now, and compared as one: `section`, `old`, `new`."""
        rows = [*self.names.rows()]
        columns = {name: [row[at] for row in rows] for at, name in enumerate(RENAMED)}
        return self.kind.native(columns, dict.fromkeys(RENAMED, nw.String))

    @cached_property
    def summary(self) -> Any:
        """`measure`, `old`, `new`, `change`: records, words of labels, who moved, actions by status, and
        what they cost where a policy says it; all numbers are decimals then."""
        rows = [*self._measures()]
        if self.measured:
            costs = (row for what in self.measured for row in spending.rows(self.spent, what))
            rows += [(name, old, new, new - old) for name, old, new in costs]
            return spending.numbers(rows, MEASURES, self.kind)
        columns = {name: [row[place] for row in rows] for place, name in enumerate(MEASURES)}
        schema = {"measure": nw.String, **dict.fromkeys(MEASURES[1:], nw.Int64)}
        return self.kind.native(columns, schema)

    def _measures(self) -> Iterator[Row]:
        sides = (self.old, self.new)
        yield _row("records", *(sum(each.run.notes.rows.values()) for each in sides))
        yield _row("set aside", *(each.run.notes.set_aside for each in sides))
        for name, moves in self.moves.items():
            before, after = (moves.pairs[which].to_list() for which in (OLD, NEW))
            for word in dict.fromkeys((*moves.words[NEW], *sorted({*before, *after}))):
                yield _row(f"{name} = {word}", before.count(word), after.count(word))
            yield f"movers of {name}", None, None, len(moves.moved)
        for held, what in ((False, "actions"), (True, "held back")):
            before_, after_ = (each.run.tally(held) for each in sides)
            yield _row(what, sum(before_.values()), sum(after_.values()))
            for said in sorted({key[-1] for key in (*before_, *after_)}):
                counts = (sum(n for k, n in t.items() if k[-1] == said) for t in (before_, after_))
                yield _row(f"{what}: {said}", *counts)

    @cached_property
    def only_figures(self) -> bool:
        """True where the policies differ in nothing but figures, names and versions."""
        old, new = self.old.policy, self.new.policy
        named = replace(new, version=old.version, titles=old.titles)
        return replace(named, parameters=old.parameters) == old

    # ---- shown

    def _chart(self, language: str) -> Any:
        return chart(self, language)

    def _page(self, language: str) -> str:
        return delta_page(self, language)

    @property
    def kind(self) -> FrameFormat:
        """The kind of the caller's frames."""
        return self.old.kind

    def __repr__(self) -> str:
        moved = {name: len(each.moved) for name, each in self.moves.items() if len(each.moved)}
        told = ", ".join(f"{count} of {name}" for name, count in moved.items()) or "none"
        changed = len([*figures.differing(self.old.policy, self.new.policy)])
        return f"Delta({changed} figures differ; movers: {told})"

    def _repr_html_(self) -> str:
        told = Headline.of(self, "en")
        tables = [html_table(*cells(self.parameters))] if len(cells(self.parameters)[1]) else []
        for each in self.moving:
            tables.append(section(told.titles.label(each.label), html_table(*cells(each.matrix()))))
        rows = summed_up(self, told.titles)
        said = " ".join(
            (*told.changes(sources=False), *told.moves())
        )  # no action is written out for it
        return section(said, *tables, html_table(MEASURES, rows))


def _labelled(actions: Frame, moves: Moves) -> Frame:
    """Actions with a label of the records that they are for."""
    name, subject = moves.label.name, moves.label.subject
    pairs = moves.pairs.rename({OLD: "__old", NEW: "__new"})
    key = "customer_id" if subject == "customer" else "subject_id"
    joined = actions.join(pairs, left_on=key, right_on="subject_id", how="left")
    lost = nw.col(SIDE) == LOST
    word = nw.when(lost).then(nw.col("__old")).otherwise(nw.col("__new"))
    return joined.with_columns(word.alias(name)).drop("__old", "__new")


def _row(name: str, old: int, new: int) -> Row:
    return name, old, new, new - old
