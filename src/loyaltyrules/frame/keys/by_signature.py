# SPDX-License-Identifier: Apache-2.0
"""A memo over a table: one decision for each distinct signature, by the same evaluator, joined back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import Bucket, RowPredicate, facts_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.types import NOT_HAPPENED, Type
from loyaltyrules.frame.input.canonical import DTYPES, restored
from loyaltyrules.frame.input.exact import EXACT
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.columns import Digit, key_columns
from loyaltyrules.frame.keys.table import Columns
from loyaltyrules.frame.result import StageNote
from loyaltyrules.plan.classes import EquivalenceClasses
from loyaltyrules.plan.memo import BOUND, Memo

Outcome = TypeVar("Outcome")
OUTCOME = "__outcome"
FEW = 2_000  # rows up to which signatures are read row by row: setting columns up costs more


@dataclass(slots=True)
class RowOutcomes(Generic[Outcome]):
    """The rows of a table with the key of their signature, and the outcome of each signature."""

    frame: nw.DataFrame[Any]
    keys: nw.DataFrame[Any]  # one row a signature
    outcomes: list[Outcome]
    kind: FrameFormat

    @property
    def note(self) -> StageNote:
        """How many rows there are, and how many signatures were decided."""
        return StageNote(len(self.frame), len(self.outcomes))

    def placed(self, name: str = OUTCOME) -> tuple[nw.DataFrame[Any], list[Outcome]]:
        """The rows with a column that holds the place of each row's outcome in the list.

        Equal outcomes have one place.
        """
        places, listed = distinct(self.outcomes)
        return self.spread({name: places}, {name: nw.Int64}), listed

    def spread(
        self, columns: Mapping[str, list[Any]], schema: Mapping[str, Any]
    ) -> nw.DataFrame[Any]:
        """The rows with further columns, given for each signature."""
        added = self.kind.frame(columns, schema)
        names = self.keys.columns
        table = nw.concat([self.keys, added], how="horizontal")
        return self.frame.join(table, on=names, how="left").drop(names)


def decide_rows(
    memo: Memo[Outcome],
    frame: nw.DataFrame[Any],
    columns: Columns,
    kind: FrameFormat,
) -> RowOutcomes[Outcome]:
    """Decide every row of a table: one decision a signature, by the memo's own evaluator.

    Args:
        memo: What is decided.
        frame: Rows with the columns of the facts that the memo reads.
        columns: What is known of the columns.
        kind: The kind of frame the work is done in.
    """
    if len(frame) <= FEW:
        return _few(memo, frame, columns, kind)
    return keyed(memo.buckets, memo.of, frame, columns, kind)


class Signed(NamedTuple):
    """The rows of a table with the key of their signature, and one row a signature."""

    rows: nw.DataFrame[Any]
    once: nw.DataFrame[Any]
    keys: list[str]
    form: tuple[Any, ...]  # of the keys: what of the same form is equal means the same
    read: list[str]  # the facts that were asked

    def decided(
        self, decide: Callable[[Facts], Outcome], columns: Columns, kind: FrameFormat
    ) -> "RowOutcomes[Outcome]":
        """One decision for each signature, by a record that has it."""
        found = [decide(each) for each in records(self.once, self.read, columns)]
        return RowOutcomes(self.rows, self.once.select(self.keys), found, kind)

    def remembered(
        self, decide: Callable[[Facts], Outcome], known: dict[Any, Outcome], columns: Columns,
        kind: FrameFormat,
    ) -> "RowOutcomes[Outcome]":  # fmt: skip
        """The same, where signatures that another table had are known already."""
        once, found = self.once.select(self.keys), list[Outcome]()
        for key, facts in zip(
            once.iter_rows(), records(self.once, self.read, columns), strict=True
        ):
            outcome = known.get((self.form, key))
            if outcome is None:
                outcome = decide(facts)
                if len(known) < BOUND:
                    known[self.form, key] = outcome
            found.append(outcome)
        return RowOutcomes(self.rows, once, found, kind)


def signed(
    buckets: Sequence[Bucket | EquivalenceClasses], frame: nw.DataFrame[Any], columns: Columns,
    place: Digit | None = None,
) -> Signed:  # fmt: skip
    """Signatures as columns. `place` is a column `__outcome` of the frame that is told apart too."""
    first = [] if place is None else [place]
    kinds = _kinds(buckets)
    present = sorted(fact for fact in kinds if fact in frame.columns)
    lacking = sorted(kinds.keys() - set(present))  # a gate reads facts that stores do not have
    nulls = {fact: nw.lit(None, DTYPES[kinds[fact].kind]) for fact in lacking}
    known = frame.with_columns(**nulls) if nulls else frame
    keys, form, _ = key_columns(buckets, {**kinds, **columns.types}, known, first, columns.happened)
    keys = keys or {"__k0": nw.lit(0, nw.Int64)}
    rows = known.with_columns(**keys)
    read = [*present, *([OUTCOME] if first else [])]
    once = rows.select([*keys, *read]).unique(subset=list(keys), keep="any")
    return Signed(rows.select([*frame.columns, *keys]), once, list(keys), form, read)


def keyed(
    buckets: Sequence[Bucket],
    decide: Callable[[Facts], Outcome],
    frame: nw.DataFrame[Any],
    columns: Columns,
    kind: FrameFormat,
    place: Digit | None = None,
) -> RowOutcomes[Outcome]:
    """Signatures as columns: decide the distinct ones.

    `place` is a column `__outcome` of the frame that is told apart too, and handed to `decide`.
    """
    return signed(buckets, frame, columns, place).decided(decide, columns, kind)


def _few(
    memo: Memo[Outcome],
    frame: nw.DataFrame[Any],
    columns: Columns,
    kind: FrameFormat,
) -> RowOutcomes[Outcome]:
    """The same for a few rows, one after the other."""
    names = sorted({fact for bucket in memo.buckets for fact in facts_of(bucket)})
    known: dict[Any, Outcome] = {}
    keys = []
    for facts in records(frame, [name for name in names if name in frame.columns], columns):
        keys.append(memo.signature(facts))
        if keys[-1] not in known:
            known[keys[-1]] = memo.of(facts)
    return by_row(frame, keys, known, kind)


def by_row(
    frame: nw.DataFrame[Any], keys: Sequence[Any], known: Mapping[Any, Outcome], kind: FrameFormat
) -> RowOutcomes[Outcome]:
    """The rows of a table with the outcomes of their keys, which were found row by row."""
    numbers = {key: number for number, key in enumerate(known)}
    schema = {"__k0": nw.Int64}
    column = kind.frame({"__k0": [numbers[key] for key in keys]}, schema)["__k0"]
    once = kind.frame({"__k0": list(numbers.values())}, schema)
    return RowOutcomes(frame.with_columns(column), once, list(known.values()), kind)


def _kinds(buckets: Iterable[Bucket | EquivalenceClasses]) -> dict[str, Type]:
    """The types of the facts that buckets ask of."""
    found: dict[str, Type] = {}
    for bucket in buckets:
        if isinstance(bucket, RowPredicate):
            parts = [part for part in tree.walk(bucket.node) if isinstance(part, tree.FactRef)]
            found |= {part.key: part.type for part in parts}
        else:
            found[bucket.fact] = bucket.type
    return found


def distinct(found: Iterable[Outcome]) -> tuple[list[int], list[Outcome]]:
    """For each outcome its place in a list, and the list, which has equal ones once."""
    places: dict[Outcome, int] = {}
    order = [places.setdefault(each, len(places)) for each in found]
    return order, list(places)


def records(
    frame: nw.DataFrame[Any], names: Iterable[str], columns: Columns
) -> Iterator[dict[str, Any]]:
    """The facts of each row, as the evaluator reads them: known ones only."""
    listed = list(names)
    read = [column_of(frame, name, columns) for name in listed]
    if not listed:
        yield from ({} for _ in range(len(frame)))
    for values in zip(*read, strict=True):
        yield {name: value for name, value in zip(listed, values, strict=True) if value is not None}


def column_of(frame: nw.DataFrame[Any], name: str, columns: Columns) -> list[Any]:
    """The values of a column as facts: None where one is unknown."""
    kind = columns.types.get(name, Type("text"))
    absent = NOT_HAPPENED if name in columns.happened else None
    values = frame[name].to_list()
    if kind.kind in ("number", "share", "list", "date", "datetime", EXACT.kind):
        values = [restored(value, kind) for value in values]
    return values if absent is None else [absent if value is None else value for value in values]
