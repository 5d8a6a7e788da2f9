# SPDX-License-Identifier: Apache-2.0
"""A snapshot too large to hold is split by ranges of customers, each with all that is below them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl

from loyaltyrules.fact.declaration import parents_first
from loyaltyrules.frame.actions.assignments import escaped_in
from loyaltyrules.frame.engines.families import id_text
from loyaltyrules.frame.input.canonical import ROW
from loyaltyrules.policy.model import Aggregate, Policy

SIZE = 250_000  # customers that are decided together
SOME = 2_500  # keys of each part that say where it begins, if they are in no order
KEY, PART = "__key", "__part"
Tables = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Part:
    """Tables that are decided together; those that are not its own only stand beside the others."""

    tables: Tables
    own: frozenset[str]

    def opened(self) -> dict[str, pl.DataFrame]:
        return {name: table.collect() for name, table in self.tables.items()}


def split(tables: Tables, policy: Policy, folder: Path) -> list[Part]:
    """One part where all customers can be decided together, else several in the order of their ids.

    Args:
        tables: What is decided, by subject.
        policy: Says what is below customers, and what is counted of them.
        folder: Where rows are put that are not in the order of the ids.
    """
    family = _below_customers(policy, tables)
    if not _splits(policy, tables, family):
        return [Part(tables, frozenset(tables))]
    keys = _keyed(tables["customer"], "id").select(KEY).collect()[KEY]
    in_order = keys.is_sorted()
    every = 1 if in_order else max(1, SIZE // SOME)
    edges = _edges(keys if in_order else keys.gather_every(every).sort(), SIZE // every)
    found = {"customer": _sliced(tables["customer"], keys, edges)} if in_order else {}
    keyed = _keyed_family(tables, policy, family)
    for name in family:
        if name not in found:
            found[name] = _spilled(keyed[name], edges, folder / name)
    return [
        Part(
            {name: found[name][number] if name in found else tables[name] for name in tables},
            frozenset(family if number else tables),
        )
        for number in range(len(edges) + 1)
    ]


def sampled(tables: Tables, policy: Policy, count: int) -> Tables:
    """The tables with some customers and all below them: every so many of them, in the order of ids."""
    family = _below_customers(policy, tables)
    if not family:
        return tables
    keyed = _keyed_family(tables, policy, family)
    keys = keyed["customer"].select(KEY).unique().sort(KEY).collect()[KEY]
    if len(keys) <= count:
        return tables
    chosen = keys[[place * len(keys) // count for place in range(count)]]
    return {
        name: _numbered(keyed[name]).filter(pl.col(KEY).is_in(chosen.implode())).drop(KEY)
        if name in family
        else table
        for name, table in tables.items()
    }


def _numbered(table: pl.LazyFrame, before: int = 0) -> pl.LazyFrame:
    """A table whose rows know their place, from 1; so many rows come before it."""
    known = ROW in table.collect_schema()
    return table if known else table.with_row_index(ROW, offset=before + 1)


def _below_customers(policy: Policy, tables: Tables) -> list[str]:
    """Customers and all given subjects below them, parents first."""
    subjects = policy.vocabulary.subjects
    found: list[str] = []
    for name in parents_first(tables, subjects):
        if name == "customer" or subjects[name].parent in found:
            found.append(name)
    return found


def _splits(policy: Policy, tables: Tables, family: list[str]) -> bool:
    """True of many customers, unless something above them, such as stores, counts them all."""
    if "customer" not in family or rows_in(tables["customer"]) <= SIZE:
        return False
    subjects = policy.vocabulary.subjects
    if any(each in family for name in family for each in subjects[name].also):
        return False  # what is below one customer may read what is below another
    origins = (
        each.origin
        for subject in tables
        if subject not in family
        for each in policy.derived.get(subject, {}).values()
    )
    return not any(isinstance(each, Aggregate) and each.over in family for each in origins)


def rows_in(table: pl.LazyFrame) -> int:
    return int(table.select(pl.len()).collect().item())


def _keyed(table: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """A table with a column that sorts its rows as the ids in another are sorted in those of actions."""
    frame = nw.from_native(table)
    text = id_text(column, frame.collect_schema())
    key = nw.concat_str(escaped_in(text), nw.lit("/")).fill_null("")
    return frame.with_columns(key.alias(KEY)).to_native()


def _keyed_family(tables: Tables, policy: Policy, family: list[str]) -> dict[str, pl.LazyFrame]:
    """Every table below customers with the key of its customers."""
    subjects = policy.vocabulary.subjects
    found = {"customer": _keyed(tables["customer"], "id")}
    for name in family[1:]:
        own = _keyed(tables[name], subjects[name].link)
        parent = subjects[name].parent or ""
        if parent == "customer":
            found[name] = own
        else:
            above = _keyed(found[parent].rename({KEY: "__above"}), "id")
            above = above.select(KEY, "__above").unique(KEY)
            joined = own.join(above, on=KEY, how="left", maintain_order="left")
            found[name] = joined.with_columns(pl.col("__above").fill_null("").alias(KEY)).drop(
                "__above"
            )
    return found


def _edges(ordered: pl.Series, size: int) -> pl.Series:
    """The least keys of all parts but the first, of so many of the keys each."""
    return ordered[list(range(size, len(ordered), size))].unique(maintain_order=True)


def _sliced(table: pl.LazyFrame, keys: pl.Series, edges: pl.Series) -> list[pl.LazyFrame]:
    """The parts of a table that is in order already."""
    places = [0, *keys.search_sorted(edges, side="left").to_list(), len(keys)]
    return [
        _numbered(table.slice(first, last - first), first)
        for first, last in zip(places, places[1:], strict=False)
    ]


def _spilled(table: pl.LazyFrame, edges: pl.Series, folder: Path) -> list[pl.LazyFrame]:
    """The parts of any other table, each as files of its own."""
    numbered = _numbered(table)
    files: dict[int, list[Path]] = {}
    folder.mkdir(parents=True)
    for count, rows in enumerate(numbered.collect_batches(chunk_size=SIZE, maintain_order=True)):
        part = edges.search_sorted(rows[KEY], side="right").alias(PART)
        split = (
            rows.drop(KEY).with_columns(part).partition_by(PART, as_dict=True, include_key=False)
        )
        for (number,), own in split.items():
            file = folder / f"{number}-{count}.ipc"
            own.write_ipc(file)
            files.setdefault(number, []).append(file)
    empty = numbered.drop(KEY).head(0)
    return [
        pl.scan_ipc(files[number]) if number in files else empty for number in range(len(edges) + 1)
    ]
