# SPDX-License-Identifier: Apache-2.0
"""DuckDB: families are parted by a hash in temporary tables, and decided one part after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import urandom
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.declaration import Subject
from loyaltyrules.frame.engines.families import KEY, LAZILY, LINK, OWN, keyed, named
from loyaltyrules.frame.engines.parts import PARTS, Kernel, Rehearsal, rehearsed
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan

ROWS = 500_000  # of all tables, in a part: what is in memory at once


def _named(frame: Any, declared: Subject) -> Any:
    """The ids as texts that are compared as they are, whatever the collation of the session."""
    plain = ", ".join(f'"{each}" collate C as "{each}"' for each in (OWN, LINK))
    return nw.from_native(named(frame, declared).to_native().project(f"* replace ({plain})"))


STEPS = LAZILY._replace(named=_named)


def on_duckdb(
    plan: DayPlan, given: Mapping[str, Any], language: str, kernel: Kernel
) -> FrameResult:
    """Decide inside of this process, on the connection of the relations.

    The results are temporary tables of that connection, which DuckDB moves to disk when memory is
    short. The copies of the tables that were given are dropped.
    """
    empty = {name: relation.limit(0).to_arrow_table() for name, relation in given.items()}
    rehearsal = rehearsed(plan, empty, language, kernel)
    anywhere = next(iter(given.values()))
    read = {n: nw.from_native(r).drop(rehearsal.unread(n)) for n, r in given.items()}
    families = keyed(read, plan.policy.vocabulary.subjects, STEPS)
    results = {n: _Kept.of(anywhere, getattr(rehearsal.result, n)) for n in PARTS}
    copies: dict[str, _Kept] = {}
    try:
        for name, relation in families.items():
            copies[name] = _Kept.copied(relation.to_native())
        noted = list(_noted(rehearsal, copies, results))
    except BaseException:
        for kept in results.values():
            kept.drop()
        raise
    finally:
        for kept in copies.values():
            kept.drop()
    frames = {name: results[name].read("*") for name in PARTS}
    frames["faults"] = results["faults"].read('* replace (null::bigint as "row")')
    return rehearsal.united(frames, noted)


def _noted(
    rehearsal: Rehearsal, copies: Mapping[str, "_Kept"], results: Mapping[str, "_Kept"]
) -> Iterator[tuple[Any, Any]]:
    """Decide part by part; the rows go into the tables of results, the notes come out."""
    count = 1 + sum(copy.rows() for copy in copies.values()) // ROWS
    for number in range(count):
        chosen = f'where "{KEY}" % {count} = {number}'
        result = rehearsal.work.on(
            {n: c.read(f'* exclude ("{KEY}")', chosen).to_arrow_table() for n, c in copies.items()}
        )
        for name, kept in results.items():
            kept.insert(getattr(result, name))
        yield result.notes, result.problems


@dataclass(frozen=True, slots=True)
class _Kept:
    """A temporary table; `held` is an empty relation on its connection, which is all that is needed of it."""

    held: Any
    name: str

    @classmethod
    def of(cls, relation: Any, rows: Any) -> "_Kept":
        """An empty table of an Arrow table's columns, on the connection of a relation."""
        kept = cls(relation.limit(0).materialize(), f"loyaltyrules_{urandom(8).hex()}")
        kept.held.query("given", f'create temp table "{kept.name}" as select * from rows')
        kept.insert(rows)
        return kept

    @classmethod
    def copied(cls, relation: Any) -> "_Kept":
        """A copy of a relation, the hash of its key in the key's place."""
        kept = cls(relation.limit(0).materialize(), f"loyaltyrules_{urandom(8).hex()}")
        hashed = f'* exclude ("{OWN}", "{LINK}") replace (hash("{KEY}") as "{KEY}")'
        relation.query("given", f'create temp table "{kept.name}" as select {hashed} from given')
        return kept

    def insert(self, rows: Any) -> None:
        """Add the rows of an Arrow table."""
        self.held.query("given", f'insert into "{self.name}" by name select * from rows')

    def read(self, columns: str, chosen: str = "") -> Any:
        """Some of the table as a relation."""
        return self.held.query("given", f'select {columns} from "{self.name}" {chosen}')

    def rows(self) -> int:
        """How many rows the table has."""
        return int(self.read("count(*)").fetchall()[0][0])

    def drop(self) -> None:
        """Take the table away."""
        self.held.query("given", f'drop table "{self.name}"')
