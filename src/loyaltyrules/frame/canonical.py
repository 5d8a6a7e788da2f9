# SPDX-License-Identifier: Apache-2.0
"""Columns as they come become columns of the facts' types; faulty rows are set aside and told."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from loyaltyrules.expression.types import NOT_HAPPENED, TEXT, Type
from loyaltyrules.fact.coerce import LARGEST, SCALE, FactFault, coerce
from loyaltyrules.fact.declaration import Declaration
from loyaltyrules.fact.snapshot import Vocabulary, fact_problem
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import Problem, nearest, problem

ROW = "__row"
DTYPES: Mapping[str, Any] = {
    "text": nw.String, "word": nw.String, "list": nw.String, "whole": nw.Int64,
    "number": nw.Int64, "share": nw.Int64, "yes/no": nw.Boolean, "date": nw.Date,
    "datetime": nw.Datetime,
}  # fmt: skip
UNIT = 10**SCALE
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))  # full-width ones too


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one row that was set aside."""

    subject: str
    row: int  # counts from 1, in the order of the input
    id: str
    problem: Problem


@dataclass(slots=True)
class Canonical:
    """A table in the types of its facts: numbers as scaled whole numbers, lists joined by `;`."""

    frame: nw.DataFrame[Any]
    faults: list[Fault] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)  # column → the near name, if any


def canonical(
    table: nw.DataFrame[Any], subject: str, vocabulary: Vocabulary, kind: Kind
) -> Canonical:
    """Read a table of one kind of record.

    Raises:
        FrameError: the table has no column `id` (LR410).
    """
    declared = vocabulary.declarations[subject]
    link = vocabulary.subjects[subject].link
    own = "id" in table.columns
    needed = [link] if _is_child(vocabulary, subject) else ["id"]
    for name in needed:
        if name not in table.columns:
            raise FrameError([problem("LR410", None, name=name, why=subject)])
    reading = _Reading(table, subject, declared, vocabulary.timezone, kind)
    reading.identify(None if own else link)
    known = {*declared, "id"}
    ignored = {name: nearest(name, known) for name in table.columns if name not in known}
    frame, faults = reading.read()
    return Canonical(frame, faults, ignored)


class _Reading:
    """One table while its columns are read."""

    def __init__(
        self, table: nw.DataFrame[Any], subject: str, declared: Mapping[str, Declaration],
        timezone: ZoneInfo, kind: Kind,
    ) -> None:  # fmt: skip
        self.table, self.subject, self.declared = table, subject, declared
        self.timezone, self.kind = timezone, kind
        self.faults: dict[int, list[tuple[Declaration, str, Any]]] = {}
        self.ids: list[str] = []

    def identify(self, parent: str | None) -> None:
        """The ids of the rows; child rows without a column of ids are counted under their parent."""
        ids = self._by_value(self._values(parent or "id"), Declaration(self.subject, "id", TEXT))
        texts = [each or "" for each in ids]
        self.ids = _numbered(texts) if parent else texts

    def _values(self, name: str) -> Sequence[Any]:
        found = self.kind.mixed.get(name)
        return self.table[name].to_list() if found is None else found

    def read(self) -> tuple[nw.DataFrame[Any], list[Fault]]:
        columns: dict[str, Any] = {"id": self.ids, ROW: list(range(1, len(self.ids) + 1))}
        schema: dict[str, Any] = {"id": nw.String, ROW: nw.Int64}
        for name, each in self.declared.items():
            if name in self.table.columns and name != "id":
                columns[name] = self.column(each)
                schema[name] = DTYPES[each.type.kind]
        lists = {name: each for name, each in columns.items() if not isinstance(each, nw.Series)}
        frame = self.kind.frame(lists, {name: schema[name] for name in lists})
        series = [each.alias(name) for name, each in columns.items() if isinstance(each, nw.Series)]
        frame = frame.with_columns(*series) if series else frame
        faults = [*self._told(), *self._repeated(frame)]
        bad = sorted({fault.row for fault in faults})
        kept = frame.filter(~nw.col(ROW).is_in(bad)) if bad else frame
        kept = kept.unique(subset=["id"], keep="first", maintain_order=True)
        return self._defaulted(kept), faults

    def column(self, declared: Declaration) -> Any:
        """A column in its fact's type: as it is where it fits, else value by value."""
        series = self.table[declared.name]
        fast = _FAST.get((declared.type.kind, _family(series.dtype)))
        found = (
            None if declared.name in self.kind.mixed or not fast else fast(series, declared.type)
        )
        return self._by_value(self._values(declared.name), declared) if found is None else found

    def _by_value(self, values: Sequence[Any], declared: Declaration) -> list[Any]:
        found: list[Any] = []
        known: dict[Any, Any] = {}
        for row, value in enumerate(values, 1):
            key = (type(value), value) if isinstance(value, str | int | float | date) else None
            if key is not None and key in known:
                found.append(known[key])
                continue
            try:
                read = stored(coerce(value, declared.type, self.timezone), declared.type)
            except FactFault as fault:
                self.faults.setdefault(row, []).append((declared, fault.code, value))
                found.append(None)
                continue
            if key is not None:
                known[key] = read
            found.append(read)
        return found

    @property
    def unnamed(self) -> set[int]:
        """Rows whose id is faulty rather than missing."""
        return {
            row
            for row, each in self.faults.items()
            if any(declared.name == "id" for declared, _, _ in each)
        }

    def _told(self) -> list[Fault]:
        found = []
        for row, each in sorted(self.faults.items()):
            identity = self.ids[row - 1] or "?"
            for declared, code, value in each:
                told = fact_problem(code, declared, identity, value)
                found.append(Fault(self.subject, row, identity, told))
        empty = [n for n, each in enumerate(self.ids, 1) if not each and n not in self.unnamed]
        missing = problem("LR401", None, subject=self.subject)
        return [*found, *(Fault(self.subject, row, "", missing) for row in empty)]

    def _repeated(self, frame: nw.DataFrame[Any]) -> list[Fault]:
        """Rows that share an id and differ; identical rows count once."""
        if len(set(self.ids)) == len(self.ids):
            return []
        names = [name for name in frame.columns if name != ROW]
        distinct = frame.select(names).unique()
        several: dict[str, int] = {}
        for identity in distinct["id"].to_list():
            several[identity] = several.get(identity, 0) + 1
        twice = {identity for identity, count in several.items() if count > 1 and identity}
        counts = Counter(self.ids)
        faulty = {self.ids[row - 1] for row in self.faults}
        twice |= {identity for identity in faulty if counts[identity] > 1 and identity}
        return [
            Fault(self.subject, row, identity, problem("LR408", None, id=identity))
            for row, identity in enumerate(self.ids, 1)
            if identity in twice
        ]

    def _defaulted(self, frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        """Defaults fill missing values; facts without a column are columns of nulls or defaults."""
        filled = []
        for name, each in self.declared.items():
            if name == "id":
                continue
            value = stored(each.default, each.type)
            dtype = DTYPES[each.type.kind]
            if name not in frame.columns:
                filled.append(nw.lit(value, dtype).alias(name))
            elif value is not None:
                filled.append(nw.col(name).fill_null(nw.lit(value, dtype)).alias(name))
        return frame.with_columns(*filled) if filled else frame


def _is_child(vocabulary: Vocabulary, subject: str) -> bool:
    """Customers may be without a store; every other child needs its parent."""
    return bool(vocabulary.subjects[subject].link) and subject != "customer"


def _numbered(parents: list[str]) -> list[str]:
    """Ids of child rows that have none: the parent's id and the place among its rows."""
    counts: dict[str, int] = {}
    found = []
    for parent in parents:
        counts[parent] = counts.get(parent, 0) + 1
        found.append(f"{parent}-{counts[parent]}" if parent else "")
    return found


def _family(dtype: Any) -> str:
    if dtype.is_integer():
        return "integer"
    return {nw.String: "string", nw.Boolean: "boolean", nw.Date: "date"}.get(type(dtype), "other")


def _whole(series: nw.Series[Any], kind: Type) -> nw.Series[Any] | None:
    return series.cast(nw.Int64) if _within(series) else None


def _scaled(series: nw.Series[Any], kind: Type) -> nw.Series[Any] | None:
    return series.cast(nw.Int64) * UNIT if _within(series) else None


def _within(series: nw.Series[Any]) -> bool:
    largest, smallest = series.max(), series.min()
    return largest is None or (largest < LARGEST and smallest > -LARGEST)


def _text(series: nw.Series[Any], kind: Type) -> nw.Series[Any]:
    return _emptied(series.cast(nw.String).str.strip_chars(BLANKS))


def _emptied(series: nw.Series[Any]) -> nw.Series[Any]:
    frame = series.alias("x").to_frame()
    return frame.select(nw.when(nw.col("x") != "").then(nw.col("x")).alias("x"))["x"]


def _word(series: nw.Series[Any], kind: Type) -> nw.Series[Any] | None:
    text = _text(series, kind)
    known = set(kind.words)
    return (
        text if all(word in known for word in text.unique().to_list() if word is not None) else None
    )


def _same(series: nw.Series[Any], kind: Type) -> nw.Series[Any]:
    return series


_FAST: Mapping[tuple[str, str], Callable[[nw.Series[Any], Type], nw.Series[Any] | None]] = {
    ("text", "string"): _text, ("word", "string"): _word,
    ("whole", "integer"): _whole, ("number", "integer"): _scaled, ("share", "integer"): _scaled,
    ("yes/no", "boolean"): _same, ("date", "date"): _same,
}  # fmt: skip


def stored(value: Any, kind: Type) -> Any:
    """A fact's value as it stands in a column."""
    if value is None or value is NOT_HAPPENED:
        return None
    if kind.kind in ("number", "share"):
        return int(Decimal(value) * UNIT)
    return ";".join(value) if kind.kind == "list" else value


def restored(value: Any, kind: Type) -> Any:
    """A column's value as a fact's."""
    if value is None:
        return None
    if kind.kind in ("number", "share"):
        return Decimal(value).scaleb(-SCALE)
    if kind.kind == "list":
        return tuple(value.split(";"))
    if kind.kind == "date" and isinstance(value, datetime):
        return value.date()
    return value
