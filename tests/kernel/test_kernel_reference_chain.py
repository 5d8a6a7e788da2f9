# SPDX-License-Identifier: Apache-2.0
"""Parents that come as reference data are followed to the top, in rows and in tables."""

import polars as pl
import pytest

from loyaltyrules import compile_day, evaluate, evaluate_frame

POLICY = """
subjects:
  company: {}
  department: {of: company}
  employee: {of: department}
  request: {of: employee}
facts:
  company: {fund: {type: whole}, city: {type: text}}
  department: {head: {type: text}, big: {is: size_of > 5}, size_of: {type: whole}}
  employee: {rank: {type: [high, low]}}
  request: {amount: {type: whole}}
rules:
  fund: {for: request, at: daily, if: amount <= company.fund, do: {do: task.pay, value: company.city}}
  head:
    {for: request, at: daily, if: department.big and employee.rank = high,
     do: {do: task.ask, value: department.head}}
  own:  {for: employee, at: daily, if: company.fund > 50, do: task.own}
"""
TABLES = {
    "company": [{"id": "k1", "fund": 100, "city": "南京"}, {"id": "k2", "fund": 10}],
    "department": [
        {"id": "d1", "company_id": "k1", "head": "h1", "size_of": 9},
        {"id": "d2", "company_id": "k2", "head": "h2", "size_of": 2},
        {"id": "d3", "company_id": "k9", "head": "h3", "size_of": 9},
    ],
    "employee": [{"id": f"e{n}", "department_id": f"d{n}", "rank": "high"} for n in (1, 2, 3, 4)],
}
REQUESTS = [{"id": f"r{n}", "employee_id": f"e{n}", "amount": 50} for n in (1, 2, 3, 4, 5)]
DAY = "2027-03-01"


@pytest.fixture
def above(written, plan):
    return plan(written(POLICY), DAY, tables=TABLES)


def test_a_record_reads_what_is_above_its_parent(above):
    found = {
        each["id"]: {(a.rule, a.value) for a in evaluate(above, each, "request").actions}
        for each in REQUESTS
    }
    assert found["r1"] == {("fund", "南京"), ("head", "h1")}
    assert found["r2"] == set() and found["r4"] == set() and found["r5"] == set()
    assert found["r3"] == {("head", "h3")}  # the company of its department is not there
    lacking = {
        each["id"]: {(u.rule, *u.facts) for u in evaluate(above, each, "request").undecided}
        for each in REQUESTS
    }
    assert lacking["r1"] == lacking["r2"] == set()
    assert ("fund", "company.fund") in lacking["r3"]


def test_tables_read_the_same(above):
    result = evaluate_frame(above, {"request": pl.DataFrame(REQUESTS)})
    told = set(result.actions.select("subject_id", "rule", "value").rows())
    assert told == {
        (each["id"], a.rule, a.value)
        for each in REQUESTS
        for a in evaluate(above, each, "request").actions
    }
    employees = evaluate_frame(above, {"employee": pl.DataFrame(TABLES["employee"])}).actions
    assert set(employees["subject_id"]) == {"e1"}


def test_frames_of_all_kinds_of_record_say_what_reference_data_say(above, written):
    policy = written(POLICY)
    whole = {name: pl.DataFrame(rows) for name, rows in {**TABLES, "request": REQUESTS}.items()}
    together = evaluate_frame(compile_day(policy, above.on), whole).actions
    apart = evaluate_frame(above, {"request": pl.DataFrame(REQUESTS)}).actions
    found = together.filter(subject="request").rows()  # of r3 the department itself is an orphan
    assert found == apart.filter(pl.col("subject_id") != "r3").rows() != []


BARE = """
subjects:
  company: {}
  department: {of: company}
  customer: {of: department}
  visit: {of: customer}
facts: {company: {fund: {type: whole}}, visit: {n: {type: whole}}}
rules:
  a: {for: visit, if: company.fund > 5, do: task.a, once_per: id}
  b: {for: customer, at: daily, if: company.fund > 5, do: task.b}
"""


def test_kinds_of_record_without_facts_lead_to_their_parents(written, plan):
    rows = {
        "company": [{"id": "k", "fund": 9}, {"id": "l", "fund": 1}],
        "department": [{"id": "d", "company_id": "k"}, {"id": "e", "company_id": "l"}],
        "customer": [{"id": "c", "department_id": "d"}, {"id": "f", "department_id": "e"}],
        "visit": [{"id": "v", "customer_id": "c"}, {"id": "w", "customer_id": "f"}],
    }
    frames = {name: pl.DataFrame(each) for name, each in rows.items()}
    policy = written(BARE)
    above = plan(policy, DAY, tables={name: rows[name] for name in ("company", "department")})
    expected = [("b", "c"), ("a", "v")]
    found = [
        (each.rule, each.subject_id)
        for customer, visit in zip(rows["customer"], rows["visit"], strict=True)
        for each in evaluate(above, {**customer, "visits": [visit]}).actions
    ]
    below = {name: frames[name] for name in ("customer", "visit")}
    assert sorted(found) == sorted(expected)
    for compiled, tables in ((above, below), (plan(policy, DAY), frames)):
        told = evaluate_frame(compiled, tables)
        assert sorted(told.actions.select("rule", "subject_id").rows()) == sorted(expected)
        assert told.notes.ignored == {}


def test_a_row_whose_parent_is_not_there_is_told_without_any_facts(written, plan):
    frames = {
        "company": pl.DataFrame({"id": ["k"], "fund": [9]}),
        "department": pl.DataFrame({"id": ["d", "e"], "company_id": ["k", "x"]}),
    }
    faults = evaluate_frame(plan(written(BARE), DAY), frames).faults
    assert faults.select("id", "code").rows() == [("e", "LR415")]
