# SPDX-License-Identifier: Apache-2.0
"""Derived facts as columns, in the order in which they need each other, over parents and children."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.expression.types import COUNTED, LIST, Type
from loyaltyrules.fact.coerce import LARGEST, SCALE
from loyaltyrules.frame.canonical import DTYPES, ROW, UNIT, restored, stored
from loyaltyrules.frame.kinds import Kind
from loyaltyrules.frame.stages import decided, records
from loyaltyrules.plan.buckets import buckets_of
from loyaltyrules.plan.day import Counting, Day, Deriving
from loyaltyrules.plan.derive import listed
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.stage import stage
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem


@dataclass(slots=True)
class Table:
    """One kind of record as a frame: given and derived facts, and what is known of its columns."""

    frame: nw.DataFrame[Any]
    types: dict[str, Type]
    happened: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Tables:
    """All tables of one evaluation on one day, while facts are derived."""

    plan: DayPlan
    day: Day
    kind: Kind
    by_subject: dict[str, Table]
    standings: Mapping[tuple[str, str], nw.DataFrame[Any]] = field(default_factory=dict)

    def derive(self) -> None:
        """First what records derive by themselves and count of their children, from below; then
        what waits for the facts of a parent, from above. Given facts of parents are known to both."""
        order = self._parents_first()
        for subject in order:
            self._attach_parent(subject)
        for subject in reversed(order):
            for each in self.day.subjects[subject].deriving:
                if not each.of_parent:
                    self._one(subject, each)
        for subject in order:
            self._attach_parent(subject)
            for each in self.day.subjects[subject].deriving:
                if each.of_parent:
                    self._one(subject, each)

    def _parents_first(self) -> list[str]:
        subjects = self.plan.policy.vocabulary.subjects
        order: list[str] = []

        def visit(name: str) -> None:
            parent = subjects[name].parent
            if parent in self.by_subject:
                visit(str(parent))
            if name not in order:
                order.append(name)

        for name in self.by_subject:
            visit(name)
        return order

    def _one(self, subject: str, each: Deriving) -> None:
        table = self.by_subject[subject]
        table.types[each.name] = self.plan.policy.derived[subject][each.name].type
        if each.stage is not None:
            happened = frozenset(table.happened)
            found = decided(each.stage, table.frame, table.types, happened, self.kind)
            kind = table.types[each.name]
            values = [stored(value, kind) for value in found.outcomes]
            table.frame = found.spread({each.name: values}, {each.name: DTYPES[kind.kind]})
        elif each.counting is not None:
            self._count(subject, each.counting)
        else:
            self._rank(subject, each)

    def _rank(self, subject: str, each: Deriving) -> None:
        """The standing of each row among the siblings of the plan, row by row."""
        table, ranking = self.by_subject[subject], each.ranking
        assert ranking is not None
        known = self.standings.get((subject, each.name))
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
        rows = records(table.frame, names, table.types, frozenset(table.happened))
        values = [ranking.of(siblings, facts) for facts in rows]
        column = self.kind.frame({each.name: values}, {each.name: dtype})[each.name]
        table.frame = table.frame.with_columns(column)

    # ---- parents

    def _attach_parent(self, subject: str) -> None:
        """The facts of the parent as columns of the child, as far as they are not there yet."""
        each = self.plan.policy.vocabulary.subjects[subject]
        if not each.parent:
            return
        parent = self.by_subject.get(each.parent) or self._reference(each.parent)
        table = self.by_subject[subject]
        key, types = f"{each.parent}.id", {"id": Type("text"), **parent.types}
        renamed = {n: self._above(each.parent, n) for n in parent.frame.columns if n in types}
        new = [n for n in renamed if n == "id" or renamed[n] not in table.frame.columns]
        if len(new) == 1 and key in table.frame.columns:
            return
        above = parent.frame.select(new).rename({name: renamed[name] for name in new})
        table.frame = table.frame.join(above, left_on=each.link, right_on=key, how="left")
        if key not in table.frame.columns:
            table.frame = table.frame.with_columns(nw.col(each.link).alias(key))
        table.types |= {renamed[name]: types[name] for name in new}
        table.happened |= {renamed[name] for name in parent.happened if name in new}

    def _above(self, parent: str, name: str) -> str:
        """How children call a fact of their parent: `customer.tier`; what is above it stays `store.brand`."""
        head, _, rest = name.partition(".")
        return name if rest and head in self.plan.policy.vocabulary.subjects else f"{parent}.{name}"

    def _reference(self, subject: str) -> Table:
        """The table of a parent that came as reference data, empty where none came."""
        declared = self.plan.policy.vocabulary.declarations[subject]
        found = [facts for (name, _), facts in self.plan.parents.items() if name == subject]
        kinds = {"id": Type("text"), **{name: each.type for name, each in declared.items()}}
        columns = {
            name: [stored(facts.get(f"{subject}.{name}"), kind) for facts in found]
            for name, kind in kinds.items()
        }
        schema = {name: DTYPES[kind.kind] for name, kind in kinds.items()}
        return Table(self.kind.frame(columns, schema), kinds)

    # ---- children

    def _count(self, subject: str, counting: Counting) -> None:
        """An aggregate over the children: one group-by; unknown where no table of them was given."""
        table = self.by_subject[subject]
        kind = table.types[counting.name]
        children = self.by_subject.get(counting.over)
        if children is None:
            default = None if counting.default is None else stored(counting.default, kind)
            missing = nw.lit(default, DTYPES[kind.kind]).alias(counting.name)
            table.frame = table.frame.with_columns(missing)
            return
        link = self.plan.policy.vocabulary.subjects[counting.over].link
        if counting.function == "list":
            grouped = self._listed(counting, children, link)
        else:
            among = self._among(counting, children, link)
            grouped = self._grouped(among, link, counting, kind)
            self._check(grouped, link, counting, kind)
        joined = table.frame.join(grouped, left_on="id", right_on=link, how="left")
        empty = {"count": 0, "any": False, "sum": 0}.get(counting.function)
        if empty is not None:
            filled = nw.col(counting.name).fill_null(nw.lit(empty, DTYPES[kind.kind]))
            joined = joined.with_columns(filled.alias(counting.name))
        elif counting.function in ("latest", "earliest"):
            table.happened.add(counting.name)
        table.frame = joined

    def _among(self, counting: Counting, children: Table, link: str) -> nw.DataFrame[Any]:
        """The children that count, with the value that is aggregated as a column `__value`."""
        frame, value = children.frame, counting.value_node
        if counting.where_node != tree.YES:
            frame = self._kept(counting, children)
        if value is None:
            return frame
        if isinstance(value, tree.FactRef):
            return frame.with_columns(nw.col(value.name).alias("__value"))
        return self._computed(frame, counting, children, tree.type_of(value), link)

    def _listed(self, counting: Counting, children: Table, link: str) -> nw.DataFrame[Any]:
        """The lists of all parents, put in order in Python: no frame does it like every other."""
        frame = (
            self._kept(counting, children) if counting.where_node != tree.YES else children.frame
        )
        names = [name for name in frame.columns if name in {"id", *children.types}]
        by_parent: dict[str, list[Facts]] = {}
        rows = records(frame, names, children.types, frozenset(children.happened))
        for parent, facts in zip(frame[link].to_list(), rows, strict=True):
            by_parent.setdefault(parent, []).append(facts)
        values = [stored(listed(counting, each), LIST) for each in by_parent.values()]
        columns = {link: list(by_parent), counting.name: values}
        return self.kind.frame(columns, {link: nw.String, counting.name: DTYPES["list"]})

    def _kept(self, counting: Counting, children: Table) -> nw.DataFrame[Any]:
        functions = self.plan.policy.functions
        buckets = buckets_of([counting.where_node])
        test = stage(f"{counting.name}.where", buckets, counting.where, functions)
        happened = frozenset(children.happened)
        found = decided(test, children.frame, children.types, happened, self.kind)
        kept = [value is True for value in found.outcomes]
        rows = found.spread({"__kept": kept}, {"__kept": nw.Boolean})
        return rows.filter(nw.col("__kept")).drop(["__kept"])

    def _computed(
        self, frame: nw.DataFrame[Any], counting: Counting, children: Table, kind: Type, link: str
    ) -> nw.DataFrame[Any]:
        names = [name for name in frame.columns if name in children.types]
        rows = records(frame, names, children.types, frozenset(children.happened))
        assert counting.value is not None
        values = [stored(counting.value(facts), kind) for facts in rows]
        for parent, value in zip(frame[link].to_list(), values, strict=True):
            if isinstance(value, int) and abs(value) >= _limit(kind):
                _refuse(counting, parent, restored(value, kind))
        column = self.kind.frame({"__value": values}, {"__value": DTYPES[kind.kind]})["__value"]
        return frame.with_columns(column)

    def _grouped(
        self, among: nw.DataFrame[Any], link: str, counting: Counting, kind: Type
    ) -> nw.DataFrame[Any]:
        name, value = counting.name, nw.col("__value")
        groups = among.group_by(link, drop_null_keys=True)
        match counting.function:
            case "count":
                counted = groups.agg(nw.len().alias(name))
                return counted.with_columns(nw.col(name).cast(nw.Int64))
            case "any":
                counted = groups.agg(nw.len().alias(name))
                return counted.with_columns((nw.col(name) > 0).alias(name))
            case "sum" | "mean" if not _sums_fit(among):
                return self._summed(among, link, counting, kind)
            case "sum":
                return groups.agg(value.sum().alias(name))
            case "latest" | "max":
                return groups.agg(value.max().alias(name))
            case "earliest" | "min":
                return groups.agg(value.min().alias(name))
        sums = groups.agg(value.sum().alias("__sum"), value.count().alias("__n"))
        return self._means(sums, link, counting, kind)

    def _check(self, grouped: nw.DataFrame[Any], link: str, counting: Counting, kind: Type) -> None:
        """No figure may be larger than a fact.

        Raises:
            FrameError: one is (LR406).
        """
        if kind.kind not in COUNTED or counting.function == "count":
            return
        unit = 1 if kind.kind == "whole" else UNIT
        large = (nw.col(counting.name) >= LARGEST * unit) | (
            nw.col(counting.name) <= -LARGEST * unit
        )
        for row in grouped.filter(large).head(1).iter_rows(named=True):
            _refuse(counting, row[link], restored(row[counting.name], kind))

    def _means(
        self, sums: nw.DataFrame[Any], link: str, counting: Counting, kind: Type
    ) -> nw.DataFrame[Any]:
        """Means are rounded to the scale of numbers in Python, so that they are those of a row."""
        pairs = zip(sums["__sum"].to_list(), sums["__n"].to_list(), strict=True)
        means = [mean_stored(total, count, _scale(counting)) for total, count in pairs]
        columns = {link: sums[link].to_list(), counting.name: means}
        return self.kind.frame(columns, {link: nw.String, counting.name: DTYPES[kind.kind]})

    def _summed(
        self, among: nw.DataFrame[Any], link: str, counting: Counting, kind: Type
    ) -> nw.DataFrame[Any]:
        """Sums and means of figures so large that columns of 64 bits might not hold their sums."""
        values: dict[str, list[int]] = {}
        for parent, value in among.select(link, "__value").iter_rows():
            if value is not None:
                values.setdefault(parent, []).append(value)
        found: dict[str, Any] = {}
        for parent, each in values.items():
            mean = counting.function == "mean"
            total = mean_stored(sum(each), len(each), _scale(counting)) if mean else sum(each)
            if abs(total or 0) >= _limit(kind):
                _refuse(counting, parent, restored(total, kind))
            found[parent] = total
        columns: dict[str, list[Any]] = {link: list(found), counting.name: list(found.values())}
        return self.kind.frame(columns, {link: nw.String, counting.name: DTYPES[kind.kind]})


def _sums_fit(among: nw.DataFrame[Any]) -> bool:
    """True if no sum of values can leave 64 bits."""
    value = among["__value"]
    largest = max(abs(value.max() or 0), abs(value.min() or 0))
    return bool(largest * len(among) < 2**62)


def _limit(kind: Type) -> int:
    """What figures stay below, as they stand in columns."""
    return LARGEST * (1 if kind.kind == "whole" else UNIT)


def _scale(counting: Counting) -> int:
    value = counting.value_node
    return SCALE if value is not None and tree.type_of(value).kind in ("number", "share") else 0


def _refuse(counting: Counting, parent: str, figure: Any) -> NoReturn:
    details = {"field": counting.name, "id": parent, "value": str(figure)}
    raise FrameError([problem("LR406", None, **details)])


def mean_stored(total: int | None, count: int, scale: int) -> int | None:
    """A mean as it stands in a column."""
    if not count or total is None:
        return None
    mean = Decimal(total).scaleb(-scale) / count
    return int(round(mean, SCALE).scaleb(SCALE))
