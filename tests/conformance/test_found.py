# SPDX-License-Identifier: Apache-2.0
"""What the suite has found, each with its smallest example; what nobody has mended yet fails strictly."""

from datetime import date
from typing import Any

import pytest

from conformance.backends import EACH, SOME, Backend, Column, Columns
from conformance.cases import loaded
from conformance.oracle import by_columns, one_by_one, told
from conformance.tables import rows_of
from loyaltyrules import (
    DayPlan,
    FrameError,
    PolicyError,
    SnapshotError,
    compile_day,
    evaluate,
    evaluate_frame,
)
from loyaltyrules.expression.aggregates import AGGREGATES

ON = date(2027, 2, 5)
HEAD = "format: 1\npolicy: found\nlanguage: en\n"
LARGE = 99999999999999
COUNTING = [
    name for name, each in AGGREGATES.items() if "number" in each.takes and not each.ordered
]
CUSTOMERS: Columns = {"id": Column("text", ["c1"])}


def compared(text: str, tables: dict[str, Columns], backend: Backend) -> None:
    """The tables say what their rows say."""
    agreed(compile_day(loaded(HEAD + text), ON), tables, backend)


def agreed(plan: DayPlan, tables: dict[str, Columns], backend: Backend) -> None:
    """The same for a plan that was made already."""
    rows = {name: rows_of(each) for name, each in tables.items()}
    with by_columns():
        result = evaluate_frame(plan, {name: backend.make(each) for name, each in tables.items()})
    expected = one_by_one(plan, rows, tables, backend.numbered)
    found = told(result, backend.rows)
    assert {part: found[part] for part in expected} == expected


def purchases(*paid: Any) -> Columns:
    return {
        "id": Column("text", [f"p{n}" for n in range(len(paid))]),
        "customer_id": Column("text", ["c1"] * len(paid)), "paid": Column("int64", paid),
    }  # fmt: skip


BELOW = """
subjects: {purchase: {of: customer}, item: {of: purchase}}
facts: {purchase: {paid: {type: money}}, item: {sort: {type: text}}}
"""


@SOME
def test_what_is_below_an_orphan_is_an_orphan_in_any_order_of_tables(backend: Backend) -> None:
    item: Columns = {"id": Column("text", ["i1"]), "purchase_id": Column("text", ["p0"])}
    tables = {"item": item, "purchase": purchases(5), "customer": {"id": Column("text", ["c2"])}}
    compared(BELOW, tables, backend)


@SOME
def test_a_table_whose_parents_table_was_not_given_stands_by_itself(backend: Backend) -> None:
    item = {"id": Column("text", ["i1"]), "purchase_id": Column("text", ["p0"])}
    rule = "rules: {sent: {for: item, once_per: id, do: task.sent}}"
    compared(BELOW + rule, {"customer": CUSTOMERS, "item": item}, backend)


@EACH
def test_what_a_store_derives_is_known_alike(backend: Backend) -> None:
    text = """
subjects: {store: {}, customer: {of: store}}
facts:
  store: {grade: {type: [A, B]}, good: {is: grade = A}}
  customer: {points: {type: whole}}
rules: {tell: {for: customer, if: store.good, once_per: id, do: task.tell}}
"""
    store = {"id": Column("text", ["s1"]), "grade": Column("text", ["A"])}
    customers = {**CUSTOMERS, "store_id": Column("text", ["s1"])}
    compared(text, {"store": store, "customer": customers}, backend)


@EACH
def test_undecided_rules_count_their_records_once(backend: Backend) -> None:
    text = """
facts: {customer: {born_on: {type: date, absent: unknown}}}
occasions: {birthday: {anniversary: born_on}}
words: {offer: {kind: message.send, channel: sms, opens: 1 day}}
rules: {greet: {for: customer, at: birthday, do: [call, offer]}}
"""
    compared(text, {"customer": CUSTOMERS}, backend)


@SOME
def test_whole_numbers_are_compared_with_long_fractions(backend: Backend) -> None:
    """Arrow has no decimals of so many digits."""
    text = """
facts: {customer: {points: {type: whole}}}
rules:
  more: {for: customer, if: points > 10 / 3, once_per: id, do: task.more}
  less: {for: customer, if: points >= 0 - 10 / 3, once_per: id, do: task.less}
  same: {for: customer, if: "points in [3.5, 4]", once_per: id, do: task.same}
"""
    points = (-4, -3, 0, 3, 4, None)
    table: Columns = {
        "id": Column("text", [f"c{n}" for n in range(len(points))]),
        "points": Column("int64", points),
    }
    compared(text, {"customer": table}, backend)


@SOME
@pytest.mark.parametrize("function", COUNTING)
def test_figures_of_what_is_computed_are_rounded_once(backend: Backend, function: str) -> None:
    text = f"""
subjects: {{purchase: {{of: customer}}}}
facts:
  purchase: {{paid: {{type: money}}}}
  customer: {{figure: {{{function}: purchase.(paid / 2000)}}}}
rules: {{tell: {{for: customer, once_per: figure, do: {{do: task.tell, value: figure}}}}}}
"""
    paid = Column("text", ["33.3333", "0.0002", "0"])
    compared(
        text, {"customer": CUSTOMERS, "purchase": {**purchases(1, 1, 1), "paid": paid}}, backend
    )


def test_a_sum_of_parts_is_the_whole() -> None:
    text = """
subjects: {purchase: {of: customer}}
facts:
  purchase: {paid: {type: money}}
  customer: {third: {sum: purchase.(paid / 3)}}
rules: {tell: {for: customer, once_per: id, do: {do: task.tell, value: third}}}
"""
    plan = compile_day(loaded(HEAD + text), ON)
    rows = [{"id": f"p{n}", "paid": 100} for n in range(3)]
    (action,) = evaluate(plan, {"id": "c1", "purchases": rows}).actions
    assert action.value == "100"


FIGURES = {
    "sum": "{sum: purchase.paid}", "mean": "{mean: purchase.paid * 100}",
    "max": "{max: purchase.paid * 100}", "median": "{median: purchase.paid * 100}",
    "mean of 28 digits": "{mean: purchase.paid * 99999999999999}",
}  # fmt: skip


@SOME
@pytest.mark.parametrize("figure", FIGURES)
def test_figures_beyond_64_bits_are_refused_as_those_of_the_rows(
    backend: Backend, figure: str
) -> None:
    text = f"""
subjects: {{purchase: {{of: customer}}}}
facts:
  purchase: {{paid: {{type: money}}}}
  customer: {{points: {{type: whole}}, figure: {FIGURES[figure]}}}
rules: {{tell: {{for: customer, once_per: id, do: {{do: task.tell, value: figure}}}}}}
"""
    plan = compile_day(loaded(HEAD + text), ON)
    below = purchases(*[LARGE] * 12)
    tables = {"customer": backend.make(CUSTOMERS), "purchase": backend.make(below)}
    with by_columns(), pytest.raises(FrameError, match="LR406 figure of c1"):
        evaluate_frame(plan, tables)
    with pytest.raises(SnapshotError, match="LR406 figure of c1"):
        evaluate(plan, {"id": "c1", "purchases": rows_of(below)})


def test_a_default_beside_a_faulty_aggregate_is_told_with_the_fault() -> None:
    text = """
subjects: {purchase: {of: customer}}
facts: {customer: {spent: {sum: purchase.gone, default: 0}}}
"""
    with pytest.raises(AssertionError) as caught:
        loaded(HEAD + text)
    assert isinstance(caught.value.__cause__, PolicyError)


@SOME
def test_a_latest_date_of_children_that_has_not_happened_is_not_unknown(backend: Backend) -> None:
    text = """
subjects: {purchase: {of: customer}, item: {of: purchase}}
facts:
  item: {sent_on: {type: date}}
  purchase: {called_on: {type: date, absent: unknown}, last: {latest: item.sent_on}}
  customer: {calm: {count: purchase, where: not (last > called_on)}}
rules: {tell: {for: customer, once_per: id, do: {do: task.tell, value: calm}}}
"""
    purchase: Columns = {
        "id": Column("text", ["p1", "p2"]), "customer_id": Column("text", ["c1", "c1"]),
        "called_on": Column("date", [date(2027, 1, 1), None]),
    }  # fmt: skip
    item: Columns = {
        "id": Column("text", ["i1"]), "purchase_id": Column("text", ["p2"]),
        "sent_on": Column("date", [date(2027, 1, 1)]),
    }  # fmt: skip
    compared(text, {"customer": CUSTOMERS, "purchase": purchase, "item": item}, backend)


STANDING = """
facts:
  customer:
    paid: {type: money}
    before: {type: money}
    much: {is: paid > 5}
    more: {is: not much}
    placed: {rank: [paid, before]}
  purchase: {paid: {type: money}}
subjects: {purchase: {of: customer}}
labels:
  size: {for: customer, values: [large, small], cases: {large: before > 5, small: rest}}
  past: {for: customer, values: [rich, poor], cases: {rich: before > 5, poor: rest}}
rules:
  told: {for: customer, at: daily, do: [{do: task.told, value: placed}, {do: task.more, value: more}]}
"""


@SOME
def test_facts_derived_before_and_after_a_standing_keep_their_own_values(backend: Backend) -> None:
    customers: Columns = {
        "id": Column("text", ["c1", "c2"]),
        "paid": Column("int64", [1, 9]),
        "before": Column("int64", [7, 3]),
    }
    compared(STANDING, {"customer": customers, "purchase": purchases(3, 4)}, backend)
