# SPDX-License-Identifier: Apache-2.0
"""Spark: one shuffle brings families together, one pass over the partitions decides them."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from loyaltyrules.frame.families import KEY
from loyaltyrules.frame.parts import PARTS, Kernel, Work, rehearsed
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan

NOTES = "notes"
ROWS = 10_000  # of a batch that goes back to Spark


def on_spark(
    plan: DayPlan, given: Mapping[str, Any], language: str, kernel: Kernel
) -> FrameResult:
    """Decide in the workers of the session that the frames belong to.

    All tables travel as one: each row is a structure in the column of its subject. The results
    come back in the same way, and are kept (`persist`), so that four frames are computed once.
    """
    empty = {name: frame.limit(0).toArrow() for name, frame in given.items()}
    rehearsal = rehearsed(plan, empty, language, kernel)
    envelopes = [_enveloped(name, frame) for name, frame in rehearsal.keyed(given).items()]
    together = reduce(lambda one, other: one.unionByName(other, True), envelopes)
    schemas = {name: getattr(rehearsal.result, name).schema for name in PARTS}
    deciding = Deciding(rehearsal.work, tuple(given), schemas)
    done = together.repartition(KEY).mapInArrow(deciding.partition, _ddl(schemas)).persist()
    noted = [pickle.loads(row[0]) for row in done.select(NOTES).dropna().collect()]
    frames = {name: done.where(done[name].isNotNull()).select(f"{name}.*") for name in PARTS}
    return rehearsal.united(frames, noted)


def _enveloped(subject: str, frame: Any) -> Any:
    """A frame of the family's key and one structure, named as the subject."""
    from pyspark.sql import functions  # the caller has Spark; asked for only here

    columns = [f"`{name.replace('`', '``')}`" for name in frame.columns if name != KEY]
    return frame.select(KEY, functions.struct(*columns).alias(subject))


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
        result = self.work.on({name: _opened(table[name]) for name in self.subjects})
        for name in PARTS:
            found = getattr(result, name)
            if name == "faults":
                found = found.drop(["row"]).append_column("row", pa.nulls(len(found), pa.int64()))
            yield from self._closed(name, found)
        note = pickle.dumps((result.notes, result.problems))
        yield self._batch({NOTES: pa.array([note], pa.binary())}, 1)

    def _closed(self, name: str, table: Any) -> Iterator[Any]:
        """A table of the result as batches of the envelope."""
        fields = _plain(self.schemas[name])
        for batch in table.select(fields.names).cast(fields).to_batches(ROWS):
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
