# SPDX-License-Identifier: Apache-2.0
"""A figure is told as it was compared: what an action states never contradicts the rule that it is of."""

from decimal import Decimal
from operator import eq, gt, lt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules import compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.expression.written import shown

POLICY = """
facts:
  customer: {amount: {type: number}, visits: {type: whole}, per: {is: amount / visits}}
rules:
  above: {for: customer, if: per > 20, once_per: per, do: {do: task.a, value: per}}
  equal: {for: customer, if: per = 20, once_per: per, do: {do: task.b, value: per}}
  below: {for: customer, if: per < 20, once_per: per, do: {do: task.c, value: per}}
"""
HOLDS = {"above": gt, "equal": eq, "below": lt}
VISITS = st.integers(1, 9_999)


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    file = tmp_path_factory.mktemp("exact") / "policy.yaml"
    file.write_text(f"format: 1\npolicy: exact\nlanguage: en\n{POLICY}", encoding="utf-8")
    return compile_day(load_policy(file), "2027-03-01")


@given(VISITS, st.integers(-3, 3))
def test_figures_next_to_a_limit_are_told_on_their_own_side_of_it(figures, visits, beside):
    amount = 20 * visits + Decimal(beside).scaleb(-4)
    record = {"id": "c1", "amount": str(amount), "visits": visits}
    (action,) = evaluate(figures, record).actions
    table = evaluate_frame(figures, pl.DataFrame([record])).actions
    assert table.select("value", "occurrence").rows() == [(action.value, action.occurrence)]
    for told in (action.value, action.occurrence, shown(amount / visits)):
        assert HOLDS[action.rule](Decimal(told), 20)
