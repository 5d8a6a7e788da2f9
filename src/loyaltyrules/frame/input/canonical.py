# SPDX-License-Identifier: Apache-2.0
"""Columns as they come become columns of the facts' types; faulty rows are set aside and told."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from loyaltyrules.calendar import at_utc, is_instant, plain_of, utc_of
from loyaltyrules.expression.types import COUNTED, NOT_HAPPENED, TEXT, Type
from loyaltyrules.fact.coerce import LARGEST, LONGEST_ID, SCALE, FactFault, coerce
from loyaltyrules.fact.declaration import Declaration, titled
from loyaltyrules.fact.snapshot import Vocabulary, fact_problem
from loyaltyrules.frame.input.calendar_end import beyond, in_utc, shown
from loyaltyrules.frame.input.exact import EXACT, exact_text, exact_value
from loyaltyrules.frame.input.floats import Floats, floats_of
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.input.returned import with_returned
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.near import unread_near
from loyaltyrules.problem.problem import Problem, problem

ROW = "__row"
DTYPES: Mapping[str, Any] = {
    "text": nw.String, "word": nw.String, "list": nw.String, "whole": nw.Int64,
    "number": nw.Int64, "share": nw.Int64, "yes/no": nw.Boolean, "date": nw.Date,
    "datetime": nw.Datetime, EXACT.kind: nw.String,
}  # fmt: skip
UNIT = 10**SCALE
NEVER = (nw.Binary, nw.Duration, nw.Time, nw.List, nw.Array, nw.Struct)  # types of no fact's values
FEW = 1_000  # values up to which looking for distinct ones costs more
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))  # full-width ones too


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one row that was set aside."""

    subject: str
    row: int  # counts from 1, in the order of the input; 0 where that has none
    id: str
    problem: Problem


@dataclass(slots=True)
class Canonical:
    """A table in the types of its facts: numbers as scaled whole numbers, lists joined by `;`."""

    frame: nw.DataFrame[Any]
    faults: list[Fault] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)  # column → the near name, if any
    columns: frozenset[str] = frozenset()  # those that were given


def canonical(
    table: nw.DataFrame[Any], subject: str, vocabulary: Vocabulary, kind: FrameFormat
) -> Canonical:
    """Read a table of one kind of record.

    Raises:
        FrameError: a column is of a type that no value of its fact has (LR424).
    """
    declared = vocabulary.declarations[subject]
    link = vocabulary.subjects[subject].link
    own = "id" in table.columns
    reading = _Reading(table, subject, declared, vocabulary.timezone, kind)
    known = {*declared, "id", ROW}
    titles = titled(declared.values())
    ignored = {n: unread_near(n, known, titles) for n in table.columns if n not in known}
    kept, faults = reading.read(None if own else link)
    frame = with_returned(kept, ROW, link, declared, table.columns)
    return Canonical(frame, faults, ignored, frozenset(table.columns))


class _Reading:
    """One table while its columns are read."""

    def __init__(
        self, table: nw.DataFrame[Any], subject: str, declared: Mapping[str, Declaration],
        timezone: ZoneInfo, kind: FrameFormat,
    ) -> None:  # fmt: skip
        self.table, self.subject, self.declared = table, subject, declared
        self.timezone, self.kind = timezone, kind
        part = ROW in table.columns  # of a larger table, whose rows are numbered already
        placed = table if part else table.with_row_index(ROW)
        self.rows = placed[ROW].cast(nw.Int64) + (0 if part else 1)
        self.faults: dict[int, list[tuple[Declaration, str, Any]]] = {}

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of the rows, as faults tell them."""
        return self.rows.to_list()

    def read(self, link: str | None) -> tuple[nw.DataFrame[Any], list[Fault]]:
        """The table in the types of its facts, without the faulty rows, and what is wrong with them.

        Child rows without a column of ids are counted under `link`, the id of their parent.
        """
        schema: dict[str, Any] = {"id": nw.String}
        own: list[Declaration] = [Declaration(self.subject, "id", TEXT)]
        own += [each for each in self.declared.values() if each.name in self.table.columns]
        columns: dict[str, Any] = {}
        for each in own:
            if each.name in self.table.columns and each.name not in columns:
                columns[each.name] = self.column(each)
                schema[each.name] = DTYPES[each.type.kind]
        if link is not None:
            columns["id"] = _numbered(_listed(columns[link]))
        lists = {name: each for name, each in columns.items() if not isinstance(each, nw.Series)}
        if lists:
            made = self.kind.frame(lists, {name: schema[name] for name in lists})
            columns |= {name: made[name] for name in lists}
        frame = self.rows.to_frame().with_columns(*(each.alias(n) for n, each in columns.items()))
        repeated = _repeats(frame["id"])
        faults = [*self._told(frame["id"]), *(self._repeated(frame) if repeated else ())]
        bad = sorted({fault.row for fault in faults})
        kept = frame.filter(~nw.col(ROW).is_in(bad)) if bad else frame
        if repeated:
            kept = kept.unique(subset=["id"], keep="first", maintain_order=True)
        return self._defaulted(kept), faults

    def column(self, declared: Declaration) -> Any:
        """A column in its fact's type: as it is where it fits, else value by value, each once."""
        mixed = self.kind.mixed.get(declared.name)
        if mixed is not None:
            return self._by_value(mixed, declared)
        series = self.table[declared.name]
        family = _family(series.dtype)
        if isinstance(series.dtype, NEVER) and declared.type.kind != "list":
            details = {"name": declared.name, "subject": self.subject, "found": series.dtype}
            raise FrameError([problem("LR424", None, **details, expected=declared.type)])
        if family in _IN_TIME:
            series = self._within_the_calendar(series, declared)
        if family == "floats" and (declared.type.kind in COUNTED or series.dtype == nw.Float32):
            return self._floats(floats_of(series), declared)
        fast = _FAST.get((declared.type.kind, family))
        found = fast(series, declared.type) if fast else None
        if found is not None:
            return found
        if family == "other" or len(series) <= FEW:
            return self._by_value(series.to_list(), declared)
        return self._by_distinct(series, declared)

    def _within_the_calendar(self, series: nw.Series[Any], declared: Declaration) -> nw.Series[Any]:
        """Days and instants that are none of Python's are faults, whatever the fact."""
        known = in_utc(series)
        outside = beyond(known)
        if outside is None:
            return known
        rows = [row for row, out in enumerate(outside.to_list(), 1) if out]
        for row, value in zip(rows, shown(known.filter(outside)), strict=True):
            self._fault(row, declared, "LR404", value)
        frame = known.alias("x").to_frame().with_columns(outside.alias("out"))
        return frame.select(nw.when(~nw.col("out")).then(nw.col("x")).alias("x"))["x"]

    def _floats(self, floats: Floats, declared: Declaration) -> Any:
        """Floats as the numbers that they mean; those that mean none are asked for their fault."""
        if declared.type.kind not in COUNTED or not len(floats.column):
            return self._by_value(floats.listed(), declared)
        found = floats.numbers(declared.type)
        faults = []
        for row, value in floats.unread(found):
            try:
                coerce(value, declared.type, self.timezone)
            except FactFault as fault:
                faults.append((row, declared, fault.code, value))
            else:  # so large that columns cannot tell which number it is
                return self._by_value(floats.listed(), declared)
        for each in faults:
            self._fault(*each)
        return found

    def _fault(self, row: int, declared: Declaration, code: str, value: Any) -> None:
        self.faults.setdefault(row, []).append((declared, code, value))

    def _by_distinct(self, series: nw.Series[Any], declared: Declaration) -> Any:
        """Each value read once; the rows of those that cannot be read are faulty."""
        known: dict[Any, Any] = {}
        bad: dict[Any, str] = {}
        for value in series.unique().to_list():
            try:
                known[value] = stored(coerce(value, declared.type, self.timezone), declared.type)
            except FactFault as fault:
                known[value], bad[value] = None, fault.code
        for row, value in enumerate(series.to_list() if bad else (), 1):
            if value in bad:
                self._fault(row, declared, bad[value], value)
        if set(known) <= {None}:  # of which Arrow does not know what they are
            return [None] * len(series)
        dtype = DTYPES[declared.type.kind]
        return series.replace_strict(list(known), list(known.values()), return_dtype=dtype)

    def _by_value(self, values: Sequence[Any], declared: Declaration) -> list[Any]:
        found: list[Any] = []
        for row, value in enumerate(values, 1):
            try:
                found.append(stored(coerce(value, declared.type, self.timezone), declared.type))
            except FactFault as fault:
                self._fault(row, declared, fault.code, value)
                found.append(None)
        return found

    def _told(self, ids: nw.Series[Any]) -> list[Fault]:
        """The faults of cells, and of rows without an id."""
        empty = bool(ids.is_null().any())
        if not self.faults and not empty:
            return []
        found, named = [], ids.to_list()
        unnamed = set[int]()  # rows whose id is faulty rather than missing
        for row, each in sorted(self.faults.items()):
            identity = named[row - 1] or "?"
            for declared, code, value in each:
                told = fact_problem(code, declared, identity, value)
                found.append(Fault(self.subject, self.numbers[row - 1], identity, told))
                unnamed |= {row} if declared.name == "id" else set()
        missing = problem("LR401", None, subject=self.subject)
        rows = [row for row, each in enumerate(named, 1) if not each and row not in unnamed]
        numbers = (self.numbers[row - 1] for row in rows)
        return [*found, *(Fault(self.subject, number, "", missing) for number in numbers)]

    def _repeated(self, frame: nw.DataFrame[Any]) -> list[Fault]:
        """Rows that share an id and differ; identical rows count once."""
        names = [name for name in frame.columns if name != ROW]
        ids = frame["id"].to_list()
        distinct = Counter(frame.select(names).unique()["id"].to_list())
        twice = {identity for identity, count in distinct.items() if count > 1 and identity}
        counts = Counter(ids)
        faulty = {ids[row - 1] for row in self.faults}
        twice |= {identity for identity in faulty if counts[identity] > 1 and identity}
        return [
            Fault(self.subject, number, identity, problem("LR408", None, id=identity))
            for number, identity in zip(self.numbers, ids, strict=True)
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


def _listed(column: Any) -> list[Any]:
    return column.to_list() if isinstance(column, nw.Series) else list(column)


def _repeats(ids: nw.Series[Any]) -> bool:
    """True when two rows share an id: in sorted ids, two that follow each other."""
    known = ids.drop_nulls()
    if known.is_sorted():
        return bool((known == known.shift(1)).any())
    return known.n_unique() < len(known)


def _numbered(parents: list[str | None]) -> list[str | None]:
    """Ids of child rows that have none: the parent's id and the place among its rows."""
    counts = Counter[str]()
    found = []
    for parent in parents:
        counts[parent or ""] += 1
        found.append(f"{parent}-{counts[parent]}" if parent else None)
    return found


def _family(dtype: Any) -> str:
    if dtype.is_integer():
        return "integer"
    return _FAMILIES.get(type(dtype), "other")


def _number_as_text(series: nw.Series[Any], kind: Type) -> nw.Series[Any] | None:
    return series.cast(nw.String) if _within(series, LONGEST_ID) else None


def _whole(series: nw.Series[Any], kind: Type) -> nw.Series[Any] | None:
    return series.cast(nw.Int64) if _within(series) else None


def _scaled(series: nw.Series[Any], kind: Type) -> nw.Series[Any] | None:
    return series.cast(nw.Int64) * UNIT if _within(series) else None


def _within(series: nw.Series[Any], limit: int = LARGEST) -> bool:
    largest, smallest = series.max(), series.min()
    return largest is None or (largest < limit and smallest > -limit)


def _text(series: nw.Series[Any], kind: Type) -> nw.Series[Any]:
    return _emptied(series.cast(nw.String).str.strip_chars(BLANKS))


def _emptied(series: nw.Series[Any]) -> nw.Series[Any]:
    if not (series == "").any():
        return series
    frame = series.alias("x").to_frame()
    return frame.select(nw.when(nw.col("x") != "").then(nw.col("x")).alias("x"))["x"]


def _word(series: nw.Series[Any], kind: Type) -> nw.Series[Any] | None:
    known = {*kind.words, None}
    if known.issuperset(series.unique().to_list()):
        return series.cast(nw.String)
    text = _text(series, kind)
    return text if known.issuperset(text.unique().to_list()) else None


def _same(series: nw.Series[Any], kind: Type) -> nw.Series[Any]:
    return series


_FAMILIES = {
    nw.String: "string", nw.Boolean: "boolean", nw.Date: "date", nw.Datetime: "instant",
    nw.Float64: "floats", nw.Float32: "floats",
}  # fmt: skip
_IN_TIME = ("date", "instant")
_FAST: Mapping[tuple[str, str], Callable[[nw.Series[Any], Type], nw.Series[Any] | None]] = {
    ("text", "string"): _text, ("text", "integer"): _number_as_text, ("word", "string"): _word,
    ("whole", "integer"): _whole, ("number", "integer"): _scaled, ("share", "integer"): _scaled,
    ("yes/no", "boolean"): _same, ("date", "date"): _same,
}  # fmt: skip


def stored(value: Any, kind: Type) -> Any:
    """A fact's value as it stands in a column."""
    if kind.kind == "exact":
        return exact_text(value)
    if value is None or value is NOT_HAPPENED:
        return None
    if kind.kind in ("number", "share"):
        return int(Decimal(value) * UNIT)
    if isinstance(value, datetime):
        return utc_of(value) if is_instant(value) else value
    return ";".join(value) if kind.kind == "list" else value


def restored(value: Any, kind: Type) -> Any:
    """A column's value as a fact's."""
    if kind.kind == "exact":
        return exact_value(value)
    if value is None:
        return None
    if kind.kind in ("number", "share"):
        return Decimal(value).scaleb(-SCALE)
    if kind.kind == "list":
        return tuple(value.split(";")) if value else ()
    if kind.kind == "date" and isinstance(value, datetime):
        return value.date()
    if kind.zone:
        return at_utc(plain_of(value), ZoneInfo(kind.zone))
    return value
