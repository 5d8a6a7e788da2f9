# SPDX-License-Identifier: Apache-2.0
"""Odd values of any fact are faults of their row: rows and tables refuse alike, nothing else is raised."""

import enum
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.cases import loaded
from effort import each, examples
from loyaltyrules import DayPlan, FrameError, SnapshotError, compile_day, evaluate, evaluate_frame

KINDS = {
    "t": "text", "w": "whole", "n": "number", "s": "share", "y": "yes/no", "d": "date", "m": "datetime",
    "l": "list", "o": "[A, B]",
}  # fmt: skip
POLICY = f"""
format: 1
policy: odd
facts:
  customer:
{"".join(f"    {name}: {{type: {kind}}}" + chr(10) for name, kind in KINDS.items())}
rules:
  tell: {{for: customer, once_per: id, do: task.tell}}
"""


class Plain(enum.Enum):
    """Members that are not their own values."""

    A = "A"
    FIVE = 5
    DAY = date(2027, 2, 5)


class Several(enum.StrEnum):
    B = "B"


BEYOND = np.datetime64("20000-01-01", "s")
ODD: Sequence[Any] = [
    10**5000, -(10**30), 2**63, Decimal("1E+1000000"), Decimal("1E-1000000"), Decimal("sNaN"),
    Decimal("-Infinity"), "9" * 100_000, "0." + "1" * 100_000, "1e9999", float("inf"), float("-inf"),
    1e300, 5e-324, 0.1 + 0.2, 5.551115e-17, np.float32(0.1), np.float16(0.1), np.longdouble(1),
    np.array(5), np.array("A"), np.array(True), np.array(None), np.array("2027-02-05", "datetime64[s]"),
    np.array([1, 2]), np.array([[1], [2]]), np.array([]), BEYOND, np.datetime64("-5000-01-01"),
    np.datetime64("300000", "Y"), np.datetime64("NaT"), np.timedelta64(5, "ns"), np.complex128(1),
    np.bytes_(b"A"), np.void(b"x"), pd.Timestamp(BEYOND), pd.Timestamp.max, pd.NaT, pd.NA, pd.Timedelta(1),
    "\ud800", "A\udfff", "\x00", "\u2028", "2027-02-05\ud800", ["\ud800"], ["A", np.array(["B"])],
    [np.array(5)], {"A"}, {"a": 1}, (), b"A", bytearray(b"A"), UUID(int=5), Plain.A, Plain.FIVE, Plain.DAY,
    Several.B, Fraction(1, 2), 1j, timedelta(1), time(1), datetime.max.replace(tzinfo=UTC), date.min,
    datetime(1, 1, 1, tzinfo=UTC), object, range(2), "", " ", None, True, np.True_, "５",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(ODD), st.text(max_size=5), st.floats(), st.integers(), st.decimals(),
    st.binary(max_size=3),
    st.text(st.characters(categories=["Cs", "Lu"]), max_size=3), st.datetimes(), st.dates(), st.uuids(),
    st.lists(st.text(max_size=2) | st.floats(), max_size=2), st.complex_numbers(), st.timedeltas(),
    st.integers(-(2**40), 2**40).map(lambda days: np.datetime64(days, "D")), st.fractions(),
)  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> DayPlan:
    return compile_day(loaded(POLICY), date(2027, 2, 5))


def in_rows(plan: DayPlan, name: str, values: Sequence[Any]) -> list[bool]:
    """Which values a single record takes; its faults can be told."""
    found = []
    for place, value in enumerate(values):
        record = {name: value} if name == "id" else {"id": f"c{place}", name: value}
        try:
            found.append(bool(evaluate(plan, record).actions))
        except SnapshotError as error:
            assert str(error).encode()
            found.append(False)
    return found


def in_table(plan: DayPlan, table: Any, count: int) -> list[bool] | None:
    """Which rows of a table are taken; None where the table is refused as a whole."""
    try:
        result = evaluate_frame(plan, table)
    except FrameError as error:
        assert str(error).encode()
        return None
    faulty = {fault.row for fault in result.problems}
    assert len(result.faults) >= len(faulty)
    return [place not in faulty for place in range(1, count + 1)]


def objects(values: Sequence[Any]) -> pd.Series:
    """A pandas column of the values as they are."""
    column = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        column[place] = value
    return pd.Series(column, dtype=object)


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("value", each(ODD, 4), ids=lambda each: type(each).__name__)
def test_a_table_of_objects_takes_of_odd_values_what_rows_take(
    plan: DayPlan, name: str, value: Any
) -> None:
    expected = in_rows(plan, name, [value])
    ids = ["c0"]
    table = pd.DataFrame({"id": ids, name: objects([value])})
    found = in_table(plan, table, 1)
    assert found == expected or (found is None and (expected == [False] or is_empty(value)))
    assert in_polars(plan, name, ids, [value]) == expected


def is_empty(value: Any) -> bool:
    """A column of nothing but empty lists is one of lists, which only a fact of lists takes."""
    return isinstance(value, list | tuple | np.ndarray) and np.size(value) == 0


def in_polars(
    plan: DayPlan, name: str, ids: Sequence[str], values: Sequence[Any]
) -> list[bool] | None:
    """The same in a column of objects of Polars."""
    column = pl.Series(name, list(values), dtype=pl.Object)
    return in_table(plan, pl.DataFrame([pl.Series("id", ids), column]), len(values))


@settings(deadline=None, max_examples=examples(300))
@given(values=st.lists(VALUES, min_size=1, max_size=4), name=st.sampled_from(sorted(KINDS)))
def test_tables_of_drawn_values_take_what_rows_take(
    plan: DayPlan, values: list[Any], name: str
) -> None:
    expected = in_rows(plan, name, values)
    ids = [f"c{place}" for place in range(len(values))]
    table = pd.DataFrame({"id": ids, name: objects(values)})
    found = in_table(plan, table, len(values))
    of_a_type = len({type(each) for each in values}) == 1
    assert found == expected or (found is None and of_a_type)
    assert in_polars(plan, name, ids, values) == expected


@settings(deadline=None, max_examples=examples(100))
@given(value=VALUES)
def test_ids_of_drawn_values_are_taken_where_rows_take_them(plan: DayPlan, value: Any) -> None:
    expected = in_rows(plan, "id", [value])
    found = in_table(plan, pd.DataFrame({"id": objects([value])}), 1)
    assert found == expected or (found is None and expected == [False])


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("days", [[5_000_000, 0], [-2_000_000, None], [2**31 - 1, 20_000]])
def test_days_beyond_the_calendar_are_no_dates_in_every_kind_of_frame(
    plan: DayPlan, name: str, days: list[int | None]
) -> None:
    dates = pa.array(days, pa.int32()).cast(pa.date32())
    seconds = pa.array([None if each is None else each * 86_400 for each in days], pa.int64())
    instants = (seconds.cast(pa.timestamp("s")), seconds.cast(pa.timestamp("s", "Asia/Shanghai")))
    for column in (dates, *instants):
        table = pa.table({"id": ["a", "b"], name: column})
        frames: list[Any] = [table, table.to_pandas(types_mapper=pd.ArrowDtype)]
        frames += [pl.DataFrame(table)] if column is dates else []
        for frame in frames:
            problems = evaluate_frame(plan, frame).problems
            assert [each.problem.code for each in problems if each.row == 1] == ["LR404"]


def test_a_polars_instant_beyond_the_calendar_is_no_date(plan: DayPlan) -> None:
    ticks = pl.Series([10**18, 0], dtype=pl.Int64)
    for zone in (None, "Asia/Tokyo"):
        table = pl.DataFrame({"id": ["a", "b"], "m": ticks.cast(pl.Datetime("us", zone))})
        (fault,) = evaluate_frame(plan, table).problems
        assert (fault.row, fault.problem.code) == (1, "LR404")


def test_columns_of_arrays_are_lists_as_parquet_gives_them(plan: DayPlan, tmp_path: Any) -> None:
    file = tmp_path / "lists.parquet"
    lists = [["A", "B"], ["A"], [], None]
    pl.DataFrame({"id": list("abcd"), "l": lists, "tags": lists}).write_parquet(file)
    result = evaluate_frame(plan, pd.read_parquet(file))
    assert not result.problems and len(result.actions) == 4


def test_a_list_of_records_that_is_one_value_is_told(plan: DayPlan) -> None:
    with pytest.raises(SnapshotError) as caught:
        compile_day(
            loaded(POLICY + "subjects: {purchase: {of: customer}}\n"), date(2027, 2, 5)
        ).snapshot({"id": "1", "purchases": np.array(5)})
    assert [each.code for each in caught.value.problems] == ["LR407"]


@pytest.mark.parametrize("make", [pl.DataFrame, lambda table: table], ids=["polars", "arrow"])
def test_days_beyond_the_calendar_are_told_of_populations_and_read_past_in_reference_rows(
    plan: DayPlan, make: Any
) -> None:
    days = pa.array([0, 5_000_000], pa.int32()).cast(pa.date32())
    table = make(pa.table({"id": ["a", "b"], "d": days, "unread": days}))
    with pytest.raises(SnapshotError) as caught:
        plan.with_population(table)
    (fault,) = caught.value.problems
    assert (fault.code, dict(fault.details)["id"]) == ("LR404", "b")
    assert plan.with_population(table[:1] if make is pl.DataFrame else table.slice(0, 1))
