# SPDX-License-Identifier: Apache-2.0
"""Names of records that nobody reads are told with the fact that is meant only where that is nearly sure."""

import pickle
from pathlib import Path

import polars as pl
import pytest

from loyaltyrules import compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.problem.near import unread_near

POLICY = """\
format: 1
policy: shop
facts:
  customer:
    points: {type: whole, title: {zh: 积分, en: Balance}}
    joined_on: {type: date, title: 入会日}
    mobile_phone: {type: text, title: 手机号码}
rules:
  r: {for: customer, at: daily, if: points > 5 and joined_on < today and mobile_phone = "1", do: call}
"""
RECORD = {
    "id": "c1", "积分": 5, "会员积分": 5, "Balance": 5, "piont": 5, "jonied_on": "2027-01-01", " 入会日 ": "",
    "phone_checked_on": "2027-01-01", "created_on": "2027-01-01", "gender": "x", "备注": "x",
}  # fmt: skip
NEAR = {
    "积分": "points", "会员积分": "points", "Balance": "points", "piont": "", "jonied_on": "joined_on",
    " 入会日 ": "joined_on", "phone_checked_on": "", "created_on": "", "gender": "", "备注": "",
}  # fmt: skip


@pytest.fixture
def plan(tmp_path: Path):
    (tmp_path / "p.yaml").write_text(POLICY, encoding="utf-8")
    return compile_day(load_policy(tmp_path / "p.yaml"), "2027-02-05")


def test_records_and_tables_tell_the_same_near_names(plan) -> None:
    assert dict(evaluate(plan, RECORD).ignored) == NEAR
    assert evaluate_frame(plan, pl.DataFrame([RECORD])).notes.ignored["customer"] == NEAR


def test_the_near_names_travel(plan) -> None:
    snapshot = plan.snapshot(RECORD)
    assert dict(pickle.loads(pickle.dumps(snapshot)).ignored) == NEAR


def test_of_a_chinese_heading_the_longest_title_that_it_ends_in_counts() -> None:
    titles = {"号码": "number", "手机号码": "phone"}
    assert unread_near("我们的手机号码", (), titles) == "phone"
    assert unread_near("身份号码", (), titles) == "number"
    assert unread_near("号码发放日期", (), titles) == ""
