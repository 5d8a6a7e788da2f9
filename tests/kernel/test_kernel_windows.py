# SPDX-License-Identifier: Apache-2.0
"""What ends before it begins never comes: it is refused where it is written, in policies and in data."""

import pytest

from loyaltyrules import SnapshotError

FACTS = "facts: {customer: {points: {type: whole}, from: {type: date}, to: {type: date}}}\n"
SALE = """
reference:
  sale:
    columns: {id: text, FIRST: date, LAST: date}
    rows: [ROW]
occasions:
  sale: {rows: sale, day: FIRST}
rules:
  a: {for: customer, at: sale, if: CONDITION, do: task.a}
facts: {customer: {points: {type: whole}}}
"""


def sale(first="starts_on", last="ends_on", row="", condition="yes"):
    text = SALE.replace("FIRST", first).replace("LAST", last).replace("CONDITION", condition)
    return text.replace("ROW", row)


@pytest.mark.parametrize(
    ("since", "until", "codes"),
    [("2027-03-01", "2027-02-28", ["LR486"]), ("2027-03-01", "2027-03-01", None),
     ("2027-03-01", "2028-03-01", None)],
)  # fmt: skip
def test_a_policy_is_in_force_from_a_day_that_is_not_after_its_last(
    written, faults, since, until, codes
):
    text = f"in_force: {{from: {since}, to: {until}}}\n{FACTS}"
    assert faults(text) == codes if codes else written(text)


@pytest.mark.parametrize(
    ("first", "last"),
    [("starts_on", "ends_on"), ("active_from", "active_to"), ("valid_from", "valid_until"),
     ("from", "to"), ("sale_start", "sale_end")],
)  # fmt: skip
def test_columns_are_paired_by_their_names(written, plan, faults, first, last):
    late, early = "2027-05-10", "2027-05-01"
    assert faults(sale(first, last, f"{{id: x, {first}: {late}, {last}: {early}}}")) == ["LR486"]
    known = written(sale(first, last, f"{{id: x, {first}: {early}, {last}: {late}}}"))
    with pytest.raises(SnapshotError, match=f"LR486 {last} of y is {early}"):
        plan(known, "2027-05-04", tables={"sale": [{"id": "y", first: late, last: early}]})
    for sound in ({first: early, last: early}, {first: late}, {last: early}):
        assert plan(known, "2027-05-04", tables={"sale": [{"id": "y", **sound}]})


@pytest.mark.parametrize(
    "condition",
    ["sale.a <= today and sale.b >= today", "today > sale.a and (today < sale.b) and points > 1",
     "not (sale.a <= today and today <= sale.b)", "points > 2 or today >= sale.a and sale.b >= today"],
)  # fmt: skip
def test_columns_are_paired_by_what_a_condition_asks(written, faults, condition):
    wrong = "{id: x, a: 2027-05-10, b: 2027-05-01}"
    assert faults(sale("a", "b", wrong, condition)) == ["LR486"]
    assert written(sale("a", "b", wrong))  # nobody says that these two belong together


@pytest.mark.parametrize(
    ("parameters", "condition", "codes"),
    [
        ("{a: {value: 2027-05-10}, b: {value: 2027-05-01}}", "a <= today and today <= b", ["LR486"]),
        ("{a: {value: 2027-05-10}}", "today >= a and today < 2027-01-01", ["LR486"]),
        ("{}", "2027-05-10 <= from and from <= 2027-05-01", ["LR486"]),
        ("{a: {value: 2027-05-01}, b: {value: 2027-05-10}}", "a <= today and today <= b", None),
        ("{a: {value: 2027-05-10}, b: {value: 2027-05-01}}", "a <= today and from <= b", None),
        # one of the two is changed first: for some days nothing is on sale
        ("{a: {values: {2026-01-01: 2026-05-01, 2027-01-01: 2027-05-01}},"
         " b: {values: {2026-01-01: 2026-06-01, 2027-03-01: 2027-06-01}}}",
         "a <= today and today <= b", None),
        ("{a: {values: {2026-01-01: 2026-05-01, 2027-01-01: 2027-05-01}},"
         " b: {values: {2026-01-01: 2026-04-01, 2027-03-01: 2027-04-01}}}",
         "a <= today and today <= b", ["LR486"]),
    ],
)  # fmt: skip
def test_days_that_a_policy_says_are_the_right_way_round(
    written, faults, parameters, condition, codes
):
    rule = f"rules: {{r: {{for: customer, at: daily, if: '{condition}', do: task.a}}}}\n"
    text = f"parameters: {parameters}\n{rule}{FACTS}"
    assert faults(text) == codes if codes else written(text)


def test_rows_of_a_policy_are_read_when_it_is_loaded(written, faults):
    assert written(sale(row="{id: x, starts_on: 2027-05-01}").replace("id: text, ", ""))
    assert faults(sale(row="{id: x, starts_on: soon}")) == ["LR404"]
    assert faults(sale(row="{id: x, start_on: 2027-05-01}")) == ["LR487"]
    twice = "{id: x, starts_on: 2027-05-01}, {id: x, starts_on: 2027-05-02}"
    assert faults(sale(row=twice)) == ["LR408"]
