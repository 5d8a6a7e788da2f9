# SPDX-License-Identifier: Apache-2.0
"""Reference rows that cannot be trusted never decide: they are refused, whatever their order."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from loyaltyrules import (
    SnapshotError,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
)
from loyaltyrules.problem.errors import FrameError

MENSWEAR = Path(__file__).parents[2] / "policies" / "menswear"
ON = date(2027, 2, 5)


@pytest.fixture(scope="module")
def menswear():
    return load_policy(MENSWEAR)


def test_rows_that_share_an_id_and_differ_are_refused_in_any_order(menswear):
    rows = [{"id": "S", "brand": "甲"}, {"id": "S", "brand": "乙"}]
    for listed in (rows, rows[::-1]):
        with pytest.raises(SnapshotError) as error:
            compile_day(menswear, on=ON, tables={"store": listed})
        assert [each.code for each in error.value.problems] == ["LR408"]


def test_identical_rows_count_once(menswear):
    rows = [{"id": "S", "brand": "甲"}, {"id": "S", "brand": "甲"}]
    assert len(compile_day(menswear, on=ON, tables={"store": rows}).tables["store"]) == 1


def test_a_lazy_frame_is_a_table_and_a_number_is_none(menswear):
    lazy = pl.LazyFrame({"id": ["S"], "brand": ["甲"]})
    assert compile_day(menswear, on=ON, tables={"store": lazy}).tables["store"]
    with pytest.raises(SnapshotError, match="LR413"):
        compile_day(menswear, on=ON, tables={"store": 5})


@pytest.mark.parametrize("record", [None, [], "x", 5])
def test_what_is_no_record_is_refused_in_words(menswear, record):
    with pytest.raises(SnapshotError, match="LR421"):
        evaluate(compile_day(menswear, on=ON), record)


@pytest.mark.parametrize("row", [("S1", "甲"), "S1", 5])
def test_a_row_of_reference_data_that_is_no_record_is_refused_in_words(menswear, row):
    with pytest.raises(SnapshotError, match="LR421"):
        compile_day(menswear, on=ON, tables={"store": [row]})


def test_maps_in_a_frame_are_facts_and_lists_of_records_are_refused(menswear):
    plan = compile_day(menswear, on=ON)
    row = {
        "id": "1", "tier": "A", "member_status": "formal",
        "tier_override": {"tier": "C", "expires_on": "2027-06-01"},
    }  # fmt: skip
    rows = {action.action_id for action in evaluate(plan, row).actions}
    for frame in (pl.DataFrame([row]), pl.DataFrame([row]).to_pandas()):
        found = evaluate_frame(plan, frame)
        assert set(found.actions["action_id"]) == rows and len(rows) > 1
    with pytest.raises(FrameError, match="LR420"):
        evaluate_frame(plan, pl.DataFrame([{"id": "1", "purchases": [{"amount": 1}]}]))


def test_a_snapshot_shows_no_personal_fact_in_its_repr(menswear):
    snapshot = compile_day(menswear, on=ON).snapshot({"id": "1", "mobile_phone": "13800000001"})
    assert "138" not in repr(snapshot)
