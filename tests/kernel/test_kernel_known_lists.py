# SPDX-License-Identifier: Apache-2.0
"""Lists that are known to be empty, and lists that nobody brought: rows and tables say the same."""

from typing import Any

import pandas as pd
import polars as pl
import pytest

from loyaltyrules import PolicyError, evaluate_frame

POLICY = """
subjects:
  customer: {}
  training: {of: customer}
facts:
  training: {topic: {type: text}, passed: {type: yes/no, default: yes}}
  customer:
    quals: {type: list}
    posts: {type: list, default: []}
    done:  {list: training.topic, where: passed}
rules:
  quals: {for: customer, at: daily, if: '"product" not in quals', do: task.quals}
  posts: {for: customer, at: daily, if: '"product" not in posts', do: task.posts}
  done:  {for: customer, at: daily, if: '"product" not in done', do: {do: task.done, value: done}}
"""

NOTHING = (None, float("nan"), "", " ", {}, pd.NA)  # in place of child records: nobody brought any


@pytest.mark.parametrize(
    "record, acting, open_",
    [
        ({}, {"posts"}, {"quals", "done"}),
        ({"quals": [], "posts": [], "trainings": []}, {"quals", "posts", "done"}, set()),
        ({"quals": "", "posts": ""}, {"posts"}, {"quals", "done"}),
        ({"quals": ["product"], "posts": "product;other"}, set(), {"done"}),
        ({"trainings": [{"topic": "product", "passed": "no"}]}, {"posts", "done"}, {"quals"}),
        ({"trainings": [{"passed": "yes"}]}, {"posts", "done"}, {"quals"}),
        ({"trainings": [{"topic": "product"}]}, {"posts"}, {"quals"}),
        *(({"trainings": nothing}, {"posts"}, {"quals", "done"}) for nothing in NOTHING),
    ],
)
def test_a_list_is_known_to_be_empty_where_something_brought_it(
    written, decide, record: dict[str, Any], acting: set[str], open_: set[str]
):
    decision = decide(written(POLICY), {"id": "c", **record}, "2027-03-01")
    assert {each.rule for each in decision.actions} == acting
    assert {each.rule for each in decision.undecided} == open_


@pytest.mark.parametrize("rows", [3, 3_000])
def test_tables_know_empty_lists_and_empty_cells_apart(written, plan, rows: int):
    compiled = plan(written(POLICY), "2027-03-01")
    listed = [[], None, ["product"]] * (rows // 3)
    frame = pl.DataFrame({"id": [f"c{n}" for n in range(rows)], "quals": listed, "posts": listed})
    found = evaluate_frame(compiled, frame).actions
    acting = {name: set(found.filter(rule=name)["subject_id"]) for name in ("quals", "posts")}
    assert acting["quals"] == {f"c{n}" for n in range(0, rows, 3)}
    assert acting["posts"] == {f"c{n}" for n in range(rows) if n % 3 < 2}
    texts = pl.DataFrame({"id": ["c0", "c1"], "quals": ["", "a;b"], "posts": [None, ""]})
    rules = evaluate_frame(compiled, texts).actions.select("subject_id", "rule").rows()
    assert set(rules) == {("c1", "quals"), ("c0", "posts"), ("c1", "posts")}


def test_children_that_were_brought_make_the_list_of_those_without_any_empty(written, plan):
    tables = {
        "customer": pl.DataFrame({"id": ["c0", "c1", "c2"]}),
        "training": pl.DataFrame({"customer_id": ["c1", "c2"], "topic": ["product", None]}),
    }
    found = evaluate_frame(plan(written(POLICY), "2027-03-01"), tables).actions
    assert set(found.filter(rule="done")["subject_id"]) == {"c0", "c2"}


def test_an_empty_list_states_nothing_and_shares_nothing(written, decide):
    text = (
        POLICY
        + """
  any: {for: customer, at: daily, if: 'any_in(quals, posts)', do: task.any}
  all: {for: customer, at: daily, if: 'all_in(quals, posts)', do: {do: task.all, value: quals}}
"""
    )
    found = decide(written(text), {"id": "c", "quals": [], "posts": ["a"]}, "2027-03-01").actions
    assert {each.rule: each.value for each in found} == {"quals": None, "posts": None, "all": None}
    found = decide(written(text), {"id": "c", "quals": ["a"], "posts": ["a", "b"]}, "2027-03-01")
    assert {"any", "all"} < {each.rule for each in found.actions}
    found = decide(written(text), {"id": "c", "quals": ["a", "c"], "posts": ["a"]}, "2027-03-01")
    assert {each.rule for each in found.actions} == {"quals", "posts", "any"}


@pytest.mark.parametrize("test", ["quals in posts", "quals not in posts", "done in [quals]"])
def test_a_list_in_a_list_is_refused_with_what_was_probably_meant(written, test: str):
    with pytest.raises(PolicyError) as caught:
        written(POLICY.replace("'\"product\" not in quals'", f"'{test}'"))
    (problem,) = caught.value.problems
    details = dict(problem.details)
    assert problem.code == "LR252" and details["one"] in ("quals", "done")


def test_a_default_that_is_no_list_of_the_fact_is_refused(faults):
    assert faults(POLICY.replace("{type: list}", "{type: whole, default: []}")) == [
        "LR217",
        "LR203",
    ]


COUNTED = """
subjects: {store: {}, visit: {of: store}, customer: {of: store}}
facts:
  store: {seen: {count: visit}}
  visit: {n: {type: whole}}
rules: {a: {for: customer, at: daily, if: store.seen = 0, do: task.a}}
"""


@pytest.mark.parametrize("nothing", NOTHING)
def test_nothing_in_place_of_child_records_of_reference_data_is_no_empty_list(
    written, plan, decide, nothing: object
):
    policy = written(COUNTED)
    for listed, acts in ((nothing, 0), ([], 1)):
        compiled = plan(policy, "2027-03-01", tables={"store": [{"id": "s", "visits": listed}]})
        row = {"id": "c", "store_id": "s"}
        assert len(decide(compiled, row).actions) == acts
        assert len(evaluate_frame(compiled, pl.DataFrame([row])).actions) == acts
