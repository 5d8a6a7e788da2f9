# SPDX-License-Identifier: Apache-2.0
"""Reference data that nobody reads are told: tables of no such name, and columns that are not declared."""

import polars as pl
import pytest

from loyaltyrules import FrameError, SnapshotError, compile_day, evaluate_frame

DAY = "2027-03-01"
POLICY = """
subjects: {store: {}, employee: {of: store, list: staff}, customer: {of: store}}
facts: {store: {city: {type: text}, owner_name: {type: text}}, employee: {rank: {type: text}}}
reference: {launch: {columns: {id: text, on: date}}, store: {columns: {id: text, opened: date}}}
rules: {a: {for: customer, at: daily, if: store.city = "x", do: task.a}}
"""
FRAME = pl.DataFrame({"id": ["c"], "store_id": ["s"]})


@pytest.mark.parametrize(
    ("name", "near"),
    [("stores", "store"), ("employe", "employee"), ("lanch", "launch"), ("门店", "")],
)
def test_a_table_that_the_policy_does_not_know_is_refused(written, name: str, near: str):
    with pytest.raises(SnapshotError) as caught:
        compile_day(written(POLICY), DAY, tables={"store": [], name: []})
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.details)) == ("LR269", {"name": name, "near": near})


def test_a_frame_that_the_policy_does_not_know_is_refused(written):
    with pytest.raises(FrameError) as caught:
        evaluate_frame(compile_day(written(POLICY), DAY), {"customer": FRAME, "stroe": FRAME})
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.details)["near"]) == ("LR414", "store")


ROWS = {
    "store": [
        {"id": "s", "ctiy": "x", "opened": "2020-01-01", "owner": {"name": "n", "nmae": "m"}},
        {"id": "t", "staff": [{"id": "e", "rnak": "high", "store_id": "t"}]},
    ],
    "launch": [{"id": "l", "on": "2027-01-01", "no": 1}],
}
UNREAD = {
    "store": {"ctiy": "city", "owner_nmae": "owner_name"},
    "employee": {"rnak": "rank"},
    "launch": {"no": ""},
}


def test_columns_of_reference_data_that_nobody_reads_are_told(written):
    plan = compile_day(written(POLICY), DAY, tables=ROWS)
    assert plan.ignored == UNREAD
    assert evaluate_frame(plan, FRAME).notes.ignored == UNREAD


def test_of_reference_data_that_are_read_nothing_is_told(written):
    rows = [
        {"id": "s", "city": "x", "owner": {"name": "n"}, "staff": [{"id": "e", "rank": "high"}]}
    ]
    plan = compile_day(written(POLICY), DAY, tables={"store": rows})
    assert plan.ignored == {}
    assert evaluate_frame(plan, FRAME).notes.ignored == {}


@pytest.mark.engine
def test_back_ends_tell_them_too(written):
    duckdb = pytest.importorskip("duckdb")
    plan = compile_day(written(POLICY), DAY, tables=ROWS)
    table = duckdb.from_arrow(FRAME.to_arrow())
    assert evaluate_frame(plan, table).notes.ignored == UNREAD


def test_parents_in_a_list_of_their_own_parent_are_told_as_unread(written):
    policy = written("""
subjects: {company: {}, department: {of: company}, employee: {of: department}}
facts: {company: {fund: {type: money}}, employee: {name: {type: text}}}
rules: {a: {for: employee, at: daily, if: company.fund > 5, do: task.a}}
""")
    inside = {"company": [{"id": "co", "fund": "100", "departments": [{"id": "de"}]}]}
    assert compile_day(policy, DAY, tables=inside).ignored == {"company": {"departments": ""}}
    beside = {
        "company": [{"id": "co", "fund": "100"}],
        "department": [{"id": "de", "company_id": "co"}],
    }
    assert compile_day(policy, DAY, tables=beside).ignored == {}
