# SPDX-License-Identifier: Apache-2.0
"""A float means the number of four decimals that it lies next to: in rows, in columns, in raw tables."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import (
    DayPlan,
    SnapshotError,
    compile_day,
    evaluate_frame,
    load_policy,
    with_signature,
)
from loyaltyrules.fact.tolerance import CLOSE, TOLD_APART, meant
from loyaltyrules.history import HistoryError, HistoryWarning, facts_as_of

POLICY = """
format: 1
policy: floats
facts:
  customer:
    n: {type: number}
    s: {type: share}
    w: {type: whole}
rules:
  tell: {for: customer, if: "n > 0 or s > 0 or w > 0", once_per: [n, s, w], do: task.tell}
"""
NOISE = st.sampled_from([0.0, 1e-16, -1e-16, 3e-10, -9.9e-10, 1.1e-9, -2e-9, 1e-8])
NEAR = st.builds(
    lambda ten_thousandths, noise: ten_thousandths / 10_000 * (1 + noise),
    st.integers(-(10**15), 10**15) | st.integers(-(10**8), 10**8), NOISE,
)  # fmt: skip
TINY = st.sampled_from([5.551115e-17, -5.551115e-17, 9e-10, 2e-9, -1e-7, 4.9e-5])
FLOATS = st.lists(
    st.one_of(NEAR, TINY, st.floats(width=64), st.none()), min_size=1, max_size=30
)  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> DayPlan:
    file: Path = tmp_path_factory.mktemp("floats") / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return compile_day(load_policy(file), date(2027, 2, 5))


def in_rows(plan: DayPlan, name: str, values: Sequence[Any]) -> list[Any]:
    """What single records make of the values: the number, or the code of the fault."""
    found: list[Any] = []
    for value in values:
        try:
            found.append(plan.snapshot({"id": "1", name: value}).facts.get(name))
        except SnapshotError as error:
            found.append(error.problems[0].code)
    return found


def in_columns(plan: DayPlan, name: str, table: Any) -> list[Any]:
    """The same of a table: the number is read from the occurrence of an action."""
    result = evaluate_frame(plan, table)
    columns = [pl.DataFrame(each) for each in (result.actions, result.faults)]
    place = "nsw".index(name)
    acted = {
        row["subject_id"]: row["occurrence"].split(";")[place]
        for row in columns[0].iter_rows(named=True)
    }
    faults = {row["id"]: row["code"] for row in columns[1].iter_rows(named=True)}
    ids = pl.DataFrame(table)["id"]
    return [faults.get(each, acted.get(each)) for each in ids]


def shown(plan: DayPlan, name: str, values: Sequence[Any]) -> list[Any]:
    """What rows make of the values, as a table tells it: only what is above zero acts."""
    found = in_rows(plan, name, values)
    tables = in_columns(plan, name, pl.DataFrame({"id": list(map(str, range(len(found)))), name: [
        None if each is None or isinstance(each, str) else str(each) for each in found
    ]}))  # fmt: skip
    return [
        each if isinstance(each, str) else told for each, told in zip(found, tables, strict=True)
    ]


@settings(deadline=None, max_examples=examples(60))
@given(values=FLOATS, name=st.sampled_from("nsw"))
@example(values=[0.1 + 0.2, 59.669999999999995, 1e14, -1e14, 65536.03125, 65536.03135], name="n")
@example(values=[1999.9999999999998, 2.5, 5e11 + 1 / 32, 7e12], name="w")
def test_columns_read_floats_as_rows_do(plan: DayPlan, values: list[Any], name: str) -> None:
    expected = shown(plan, name, values)
    columns = {"id": list(map(str, range(len(values)))), name: values}
    for table in (
        pl.DataFrame(columns, {"id": pl.String, name: pl.Float64}),
        pa.table({"id": columns["id"], name: pa.array(values, pa.float64())}),
        pd.DataFrame({"id": columns["id"], name: np.array(values, dtype="float64")}),
    ):
        assert in_columns(plan, name, table) == expected


@settings(deadline=None, max_examples=examples(40))
@given(
    values=st.lists(
        st.floats(width=32) | st.integers(0, 10**7).map(lambda n: n / 10_000),
        min_size=1,
        max_size=20,
    )
)
@example(values=[0.1, 1234.56, 20000.01, 123456.78, 1 / 3, 2.98e-8])
def test_floats_of_32_bits_are_the_nearest_number_of_their_precision(
    plan: DayPlan, values: list[float]
) -> None:
    single = np.array(values, dtype=np.float32)
    expected = shown(plan, "n", list(single))
    columns = {"id": list(map(str, range(len(values)))), "n": single}
    assert in_columns(plan, "n", pl.DataFrame(columns)) == expected
    assert in_columns(plan, "n", pd.DataFrame(columns)) == expected


def test_a_float_of_32_bits_is_the_number_that_was_written(plan: DayPlan) -> None:
    single = [np.float32(each) for each in (0.1, 1234.56, 20000.01, 59.67)]
    assert in_rows(plan, "n", single) == [
        Decimal("0.1"), Decimal("1234.56"), Decimal("20000.01"), Decimal("59.67")
    ]  # fmt: skip
    assert in_rows(plan, "w", [np.float32(2000), np.float32(0.1) + np.float32(0.9)]) == [2000, 1]


@settings(deadline=None, max_examples=examples(60))
@given(values=FLOATS)
@example(values=[0.1 + 0.2, 5.551115e-17, 1 / 3])
def test_raw_tables_read_floats_as_rows_do(plan: DayPlan, values: list[Any]) -> None:
    sound = [0.0] * len(values)  # so that at most half of the rows can be faulty
    read = in_rows(plan, "n", values)
    table = pl.DataFrame(
        {"customer_id": [str(n) for n in range(2 * len(values))], "amount": [*values, *sound],
         "occurred_at": [date(2027, 1, 1)] * 2 * len(values)},
        schema_overrides={"amount": pl.Float64},
    )  # fmt: skip
    with pytest.warns(HistoryWarning) if faulty(read) else no_warning():
        facts = facts_as_of({"purchase": table}, on=date(2027, 2, 5))
    found = dict(zip(facts["id"], facts["amount_total"], strict=True))
    for n, each in enumerate(read):
        assert found.get(str(n)) == (None if faulty([each]) else float(each))


def faulty(read: Sequence[Any]) -> bool:
    """Raw amounts are never missing, and bounded by what floats tell apart."""
    return any(isinstance(each, str | None) or abs(each) >= TOLD_APART for each in read)


def no_warning() -> Any:
    from contextlib import nullcontext

    return nullcontext()


@settings(deadline=None, max_examples=examples(30))
@given(values=st.lists(NEAR, min_size=2, max_size=20))
def test_signatures_of_floats_are_those_of_their_numbers(
    plan: DayPlan, values: list[float]
) -> None:
    kept = [each for each in values if meant(each) is not None] or [0.5]
    exact = [meant(each) for each in kept]
    ids = list(map(str, range(len(kept))))
    floats = pa.table({"id": ids, "n": pa.array(kept, pa.float64())})
    decimals = pa.table({"id": ids, "n": pa.array(exact, pa.decimal128(20, 4))})
    signed = [
        sorted(with_signature(plan, duckdb.connect().from_arrow(each)).select("id", "signature").fetchall())
        for each in (floats, decimals)
    ]  # fmt: skip
    assert signed[0] == signed[1]


def test_text_and_decimals_are_strict_everywhere(plan: DayPlan) -> None:
    finer = ["0.30000000000000004", Decimal("0.30000000000000004")]
    assert in_rows(plan, "n", finer) == ["LR405", "LR405"]
    for cell in finer:
        table = pl.DataFrame(
            {"customer_id": ["1"], "occurred_at": ["2027-01-01"], "amount": [cell]}
        )
        with pytest.raises(HistoryError):
            facts_as_of({"purchase": table}, on=date(2027, 2, 5))


def test_the_bound_is_one_in_a_thousand_million(plan: DayPlan) -> None:
    assert CLOSE == 1e-9
    assert in_rows(plan, "n", [1 + 0.9e-9, 1 + 1.1e-9, 1000 + 0.9e-6, 1000 + 1.1e-6, 0.9e-9]) == [
        1, "LR405", 1000, "LR405", 0
    ]  # fmt: skip


def test_the_decimal_context_of_the_host_changes_nothing(plan: DayPlan) -> None:
    with localcontext(prec=3):
        found = in_rows(plan, "n", [1234567.1234, 0.1 + 0.2, "1234567.1234"])
    assert found == [Decimal("1234567.1234"), Decimal("0.3"), Decimal("1234567.1234")]
