# SPDX-License-Identifier: Apache-2.0
"""The words of one label under two policies: how many went where, who moved and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.canonical import ROW
from loyaltyrules.frame.input.formats import opened
from loyaltyrules.frame.keys.by_signature import records
from loyaltyrules.policy.model import Label
from loyaltyrules.simulation.base import figures
from loyaltyrules.simulation.base.ordered import UNKNOWN, finished
from loyaltyrules.simulation.base.renamed import in_names, names_of
from loyaltyrules.simulation.base.side import Side
from loyaltyrules.simulation.comparison.because import Because, Ways

PLACE = "__place"
OLD, NEW = "old", "new"


@dataclass(frozen=True, eq=False)
class Moves:
    """One label of the records that both policies decide."""

    label: Label  # as the new policy has it
    before: Label  # as the old one has it
    sides: Mapping[str, Side]  # old and new

    @cached_property
    def words(self) -> dict[str, tuple[str, ...]]:
        """The words of both policies, each in its own order, by the names that they have now."""
        old = tuple(self._names.get(word, word) for word in self.before.words)
        return {OLD: old, NEW: self.label.words}

    @cached_property
    def _names(self) -> dict[str, str]:
        """The new names of words that were called otherwise: of states of workflows."""
        return names_of(
            self.before.words, dict.fromkeys(self.label.words, ()) | dict(self.label.states)
        )

    @cached_property
    def pairs(self) -> Frame:
        """Every record with both words: `subject_id`, `old`, `new`; `?` where one is unknown."""
        before, after = self._said(OLD, self.before.name), self._said(NEW, self.label.name)
        before = before.with_columns(in_names(OLD, self._names)) if self._names else before
        return before.join(after, on="subject_id").sort("subject_id")

    @cached_property
    def moved(self) -> Frame:
        """Those with another word."""
        return self.pairs.filter(nw.col(OLD) != nw.col(NEW))

    def _said(self, which: str, column: str) -> Frame:
        """What one policy says of the records of the label, in a column."""
        own = self.sides[which].labels.filter(nw.col("subject") == self.label.subject)
        return own.select("subject_id", nw.col(column).fill_null(UNKNOWN).alias(which))

    def matrix(self) -> Any:
        """How many records have which word under the old policy (rows) and the new one (columns)."""
        counted = self.pairs.group_by(OLD, NEW).agg(nw.len().alias("n")).select(OLD, NEW, "n")
        counts = {(old, new): n for old, new, n in counted.iter_rows()}
        rows, columns = (
            [*self.words[name], *[UNKNOWN] * any(pair[place] == UNKNOWN for pair in counts)]
            for place, name in enumerate((OLD, NEW))
        )
        head = OLD if OLD not in columns else f"{OLD} policy"
        data: dict[str, list[Any]] = {head: rows}
        data |= {new: [counts.get((old, new), 0) for old in rows] for new in columns}
        schema = {head: nw.String, **dict.fromkeys(columns, nw.Int64)}
        kind = self.sides[OLD].kind
        return finished(kind.frame(data, schema), {head: rows}, kind)

    def movers(self, given: Any, language: str) -> Any:
        """The records that moved, with why and their columns in the table that was given."""
        kind, ids = self.sides[OLD].kind, self.moved["subject_id"].to_list()
        why = self._why(language) if ids else {}
        column = kind.frame({"because": [why[each] for each in ids]}, {"because": nw.String})
        whole = self.moved.with_columns(column["because"])
        whole = whole.join(self._own(given, whole.columns), on="subject_id", how="left")
        words = {name: (*of, UNKNOWN) for name, of in self.words.items()}
        return finished(whole.sort("subject_id"), words, kind)

    def _why(self, language: str) -> dict[str, str]:
        """By the id of each record why it moved."""
        old, new = (self.sides[name] for name in (OLD, NEW))
        differing = tuple(figures.differing(old.policy, new.policy))
        because = Because(self.label, old.plan, new.plan, differing, language)
        before, after = (self._facts(side, because.reads) for side in (old, new))
        ways = self._ways()
        return {
            each: because.of(before[each], after[each], ways.get(each, ()))
            for each in self.moved["subject_id"].to_list()
        }

    def _facts(self, side: Side, names: Collection[str]) -> dict[str, dict[str, Any]]:
        """What one policy knows of the records that moved."""
        table = side.tables.by_subject[self.label.subject]
        ids = self.moved.select("subject_id")
        rows = table.frame.join(ids, left_on="id", right_on="subject_id", how="semi")
        known = sorted({*names} & {*rows.columns})
        return dict(zip(rows["id"].to_list(), records(rows, known, table.columns), strict=True))

    def _ways(self) -> dict[str, Ways]:
        """By record the ways of the label that give another word."""
        found: dict[str, Ways] = {}
        old = dict(self.before.ways)
        for way, fact in ((name, fact) for name, fact in self.label.ways if name in old):
            before, after = self._said(OLD, old[way]), self._said(NEW, fact)
            pairs = before.join(self.moved.select("subject_id"), on="subject_id", how="semi")
            for each, was, now in pairs.join(after, on="subject_id").iter_rows():
                if was != now:
                    found[each] = (*found.get(each, ()), (way, was, now))
        return found

    def _own(self, given: Any, taken: Collection[str]) -> Frame:
        """The columns of records as they were given, by the ids that were read of them."""
        frame = opened(given)[0].with_row_index(PLACE)
        place = nw.col(PLACE).cast(nw.Int64) + nw.lit(1, nw.Int64)  # rows count from 1
        names = {
            name: f"{name}_" if name in taken else name
            for name in frame.columns
            if name not in ("id", PLACE)
        }
        own = frame.select(place.alias(PLACE), *names).rename(names)
        read = self.sides[NEW].opened.read[self.label.subject].frame
        ids = read.select(nw.col("id").alias("subject_id"), nw.col(ROW).cast(nw.Int64).alias(PLACE))
        return ids.join(own, on=PLACE).select("subject_id", *names.values())
