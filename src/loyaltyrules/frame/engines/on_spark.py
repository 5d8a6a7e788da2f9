# SPDX-License-Identifier: Apache-2.0
"""Spark: one shuffle brings families together, one pass over the partitions decides them."""

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.declaration import Subject
from loyaltyrules.frame.engines.families import KEY, LAZILY, LINK, OWN, keyed, named
from loyaltyrules.frame.engines.parts import PARTS, Kernel, Work, rehearsed
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import FrameError

NOTES = "notes"
ROWS = 50_000  # of all tables, in a part
BATCH = 10_000  # rows of a batch that goes back to Spark


def on_spark(plan: DayPlan, given: Mapping[str, Any], language: str, kernel: Kernel) -> FrameResult:
    """Decide in the workers of the session that the frames belong to.

    All tables travel as one: each row is a structure in the column of its subject. The results
    come back in the same way, and are kept (`persist`), so that all frames are computed once.
    """
    empty = {name: frame.limit(0).toArrow() for name, frame in given.items()}
    rehearsal = rehearsed(plan, empty, language, kernel)
    read = {n: nw.from_native(f.drop(*rehearsal.unread(n))) for n, f in given.items()}
    together = _united(list(_families(read, plan.policy.vocabulary.subjects).values()))
    schemas = {name: getattr(rehearsal.result, name).schema for name in PARTS}
    deciding = Deciding(rehearsal.work, tuple(given), schemas)
    parted = together.repartition(1 + _rows(given.values()) // ROWS, KEY)
    done = parted.mapInArrow(deciding.partition, _ddl(schemas)).persist()
    noted = [pickle.loads(row[0]) for row in done.select(NOTES).dropna().collect()]
    refused = [fault for each in noted if isinstance(each, FrameError) for fault in each.problems]
    if refused:
        done.unpersist()
        raise FrameError(refused)
    frames = {name: done.where(done[name].isNotNull()).select(f"{name}.*") for name in PARTS}
    return rehearsal.united(frames, noted)


def _rows(frames: Iterable[Any]) -> int:
    """How many rows there are, counted in one job: in a plan that is kept, Spark never makes fewer
    partitions of what is small."""
    counts = [frame.groupBy().count() for frame in frames]
    return sum(row[0] for row in reduce(lambda one, other: one.union(other), counts).collect())


def _families(read: Mapping[str, Any], subjects: Mapping[str, Subject]) -> dict[str, Any]:
    """The rows with their keys. Tables of one place in the tree of subjects are joined as one: what
    Spark has to plan grows with the depth of the tree, not with the number of tables."""
    bundles: dict[str, list[Any]] = {}
    declared: dict[str, Subject] = {}
    for name, frame in read.items():
        bundle = _bundle(name, read, subjects)
        if bundle.also or bundle.name not in declared:
            declared[bundle.name] = bundle
        enveloped = _enveloped(name, named(frame, subjects[name]).to_native())
        bundles.setdefault(bundle.name, []).append(enveloped)
    frames = {name: nw.from_native(_united(each)) for name, each in bundles.items()}
    steps = LAZILY._replace(named=lambda frame, _: frame)
    return {name: each.to_native() for name, each in keyed(frames, declared, steps).items()}


def _bundle(name: str, given: Iterable[str], subjects: Mapping[str, Subject]) -> Subject:
    """The place of a subject: customers have their own, other siblings share one."""
    parent = subjects[name].parent
    above = parent and (_bundle(parent, given, subjects).name if parent in given else "elsewhere")
    also = (_bundle(each, given, subjects).name for each in subjects[name].also if each in given)
    own = name if name == "customer" else f"below {above}"
    return Subject(own, above, also=tuple(also))


def _united(frames: Sequence[Any]) -> Any:
    return reduce(lambda one, other: one.unionByName(other, True), frames)


def _enveloped(subject: str, frame: Any) -> Any:
    """The ids of a frame's rows, and the rows as structures in one column, named as the subject."""
    from pyspark.sql import functions  # the caller has Spark; asked for only here

    names = [name for name in frame.columns if name not in (OWN, LINK)]
    columns = [f"`{name.replace('`', '``')}`" for name in names]
    return frame.select(OWN, LINK, functions.struct(*columns).alias(subject))


def _ddl(schemas: Mapping[str, Any]) -> str:
    """The columns that come back, in Spark's own words."""
    words = {"int64": "bigint", "date32[day]": "date"}
    found = []
    for name, schema in schemas.items():
        fields = (f"`{each.name}`: {words.get(str(each.type), 'string')}" for each in schema)
        found.append(f"{name} struct<{', '.join(fields)}>")
    return ", ".join([*found, f"{NOTES} binary"])


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a worker does with a partition."""

    work: Work
    subjects: tuple[str, ...]
    schemas: Mapping[str, Any]

    def partition(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The rows of whole families in, the results of the kernel out."""
        import pyarrow as pa

        listed = [batch for batch in batches if batch.num_rows]
        if not listed:
            return
        table = pa.Table.from_batches(listed)
        try:
            result = self.work.on({name: _opened(table[name]) for name in self.subjects})
        except FrameError as fault:  # raised here, it would come back as an exception of Spark's
            yield self._noted(fault)
            return
        for name in PARTS:
            found = getattr(result, name)
            if name == "faults":
                found = found.drop(["row"]).append_column("row", pa.nulls(len(found), pa.int64()))
            yield from self._closed(name, found)
        yield self._noted((result.notes, result.problems))

    def _noted(self, found: Any) -> Any:
        """What the driver should know of a part."""
        import pyarrow as pa

        return self._batch({NOTES: pa.array([pickle.dumps(found)], pa.binary())}, 1)

    def _closed(self, name: str, table: Any) -> Iterator[Any]:
        """A table of the result as batches of the envelope."""
        fields = _plain(self.schemas[name])
        for batch in table.select(fields.names).cast(fields).to_batches(BATCH):
            yield self._batch({name: batch.to_struct_array()}, len(batch))

    def _batch(self, filled: Mapping[str, Any], count: int) -> Any:
        import pyarrow as pa

        kinds = {name: pa.struct(_plain(schema)) for name, schema in self.schemas.items()}
        kinds[NOTES] = pa.binary()
        columns = [
            filled[name] if name in filled else pa.nulls(count, kind)
            for name, kind in kinds.items()
        ]
        return pa.RecordBatch.from_arrays(columns, names=list(kinds))


def _opened(column: Any) -> Any:
    """The rows of one subject as a table of its own; without rows, a table without rows."""
    import pyarrow as pa

    return pa.Table.from_struct_array(column.drop_null().combine_chunks())


def _plain(schema: Any) -> Any:
    """The same columns in the types that Spark reads."""
    import pyarrow as pa

    kinds = {"int64": pa.int64(), "date32[day]": pa.date32()}
    return pa.schema([(each.name, kinds.get(str(each.type), pa.string())) for each in schema])
