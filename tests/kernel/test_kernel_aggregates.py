# SPDX-License-Identifier: Apache-2.0
"""Figures over child records, and rules of child records that read their parents."""

from typing import Any

import pytest

from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.expression.types import Type

STORES = {"store": [{"id": "s1", "brand": "North", "grade": "flagship"}]}
SALES = [
    {"id": "p1", "occurred_at": "2027-02-01T10:00", "amount": 500},
    {"id": "p2", "occurred_at": "2027-02-20T18:00", "amount": 2500.5},
    {"id": "p3", "occurred_at": "2027-02-10T12:00", "amount": 1000, "returned": True},
    {"id": "p4", "occurred_at": "2027-01-05T12:00"},
]


def customer(**facts: object) -> dict[str, Any]:
    return {"id": "c1", "tier": "A", **facts}


def figures(decision: Any) -> dict[str, str | None]:
    found = [each for each in decision.actions if each.rule == "figures"]
    return {each.kind.removeprefix("task."): each.value for each in found}


def test_aggregates_count_what_their_condition_lets_through(decide):
    assert figures(decide("aggregates", customer(purchases=SALES), "2027-03-01")) == {
        "bought": "3",  # p4 has no amount, but was bought and not returned
        "big": "2",
        "any_big": "yes",
        "spent": "3000.5",
        "mean": "1333.5",  # of the three amounts that are known
        "median": "1000",
        "dearest": "2500.5",
        "cheapest": "500",
        "last_at": "2027-02-20T18:00",
        "first_at": "2027-01-05T12:00",
    }


def test_an_empty_list_is_none_at_all(decide):
    decision = decide("aggregates", customer(purchases=[]), "2027-03-01")
    assert figures(decision) == {
        "bought": "0", "big": "0", "any_big": "no", "spent": "0", "mean": None, "median": None,
        "dearest": None, "cheapest": None, "last_at": None, "first_at": None,
    }  # fmt: skip
    assert "no_purchase" in {each.rule for each in decision.actions}
    assert decision.labels["size"] == "small"


def test_of_an_empty_list_the_latest_has_not_happened(decide):
    decision = decide("aggregates", customer(purchases=[]), "2027-03-01")
    assert "recent" not in {each.rule for each in decision.actions}
    assert "recent" not in {each.rule for each in decision.undecided}


def test_an_absent_list_is_unknown(decide):
    decision = decide("aggregates", customer(), "2027-03-01")
    assert set(figures(decision).values()) == {None}
    assert {each.rule for each in decision.undecided} >= {"no_purchase", "recent"}
    assert decision.labels["size"] is None


@pytest.mark.parametrize(
    ("amounts", "median"),
    [([7], "7"), ([9, 1, 5], "5"), ([4, 1], "2.5"), ([3, 1, 2, 100], "2.5"), ([2, 2], "2"),
     (["0.0001", "0.0002"], "0.0002"), (["0.0002", "0.0003"], "0.0002"), ([-1, 0], "-0.5"),
     ([None, 8, None], "8"), ([None], None)],
)  # fmt: skip
def test_a_median_is_the_middle_value_or_the_mean_of_two_rounded_once(decide, amounts, median):
    sales = [{"id": f"p{n}", "amount": each} for n, each in enumerate(amounts)]
    assert (
        figures(decide("aggregates", customer(purchases=sales), "2027-03-01"))["median"] == median
    )


def test_a_median_is_counted_in_the_unit_of_its_values(policy):
    assert policy("aggregates").derived["customer"]["median"].type == Type("number", "CNY")


NOTHING_COUNTS = {  # what is stated, and whether a comparison with it is known
    "count": ("0", True), "any": ("no", True), "sum": ("0", True), "mean": (None, False),
    "median": (None, False), "max": (None, False), "min": (None, False),
    "latest": (None, True), "earliest": (None, True), "list": (None, True),
    "newest": (None, False), "counts": (None, True),
}  # fmt: skip
TESTS = {
    "any": "figure", "latest": "figure > 2027-01-01", "earliest": "figure > 2027-01-01",
    "list": "size(figure) > 0", "counts": '"5=1" in figure',
}  # fmt: skip


@pytest.mark.parametrize("name", AGGREGATES)
def test_what_an_aggregate_is_where_nothing_counts(written, decide, name):
    takes = AGGREGATES[name].takes
    value = "purchase" if not takes else f"purchase.{'amount' if 'whole' in takes else 'day'}"
    value += ", by: day" if AGGREGATES[name].picks else ""
    policy = written(f"""
subjects: {{purchase: {{of: customer}}}}
facts:
  purchase: {{amount: {{type: whole}}, day: {{type: date}}, counts: {{type: yes/no}}}}
  customer: {{figure: {{{name}: {value}, where: counts}}}}
rules:
  tell: {{for: customer, once_per: id, do: {{do: task.tell, value: figure}}}}
  test: {{for: customer, once_per: id, if: {TESTS.get(name, "figure > 1")}, do: task.test}}
""")
    counted_out = [
        {"id": "p1", "amount": 5, "day": "2027-02-01", "counts": no} for no in ("no", "")
    ]
    for purchases in ([], counted_out[:1], counted_out[1:]):
        found = decide(policy, customer(purchases=purchases), "2027-03-01")
        (said,) = found.actions
        assert (said.value, not found.undecided) == NOTHING_COUNTS[name]


def test_the_order_of_child_records_changes_nothing(decide):
    there = decide("aggregates", customer(purchases=SALES), "2027-03-01").actions
    back = decide("aggregates", customer(purchases=SALES[::-1]), "2027-03-01").actions
    assert there == back


@pytest.mark.parametrize(("spent", "size"), [(2999, "small"), (3000, "large")])
def test_a_label_reads_aggregates(decide, spent, size):
    sale = {"id": "p1", "occurred_at": "2027-02-01", "amount": spent}
    decision = decide("aggregates", customer(purchases=[sale]), "2027-03-01")
    assert decision.labels["size"] == size


def test_a_label_of_a_child_reads_what_is_given_of_its_parent(decide):
    dear = decide("aggregates", customer(purchases=SALES, big_from=2000), "2027-03-01")
    assert figures(dear)["big"] == "1"
    dearer = decide("aggregates", customer(purchases=SALES, big_from=9000), "2027-03-01")
    assert (figures(dearer)["big"], figures(dearer)["any_big"]) == ("0", "no")


def test_a_label_reads_the_store_of_the_customer(decide):
    record = customer(store_id="s1")
    assert decide("aggregates", record, "2027-03-01", tables=STORES).labels["place"] == "front"
    assert decide("aggregates", record, "2027-03-01").labels["place"] is None


def test_a_purchase_reads_the_store_of_its_customer(does):
    record = customer(store_id="s1", purchases=[{**SALES[0], "called_on": "2027-02-02"}])
    found = does("aggregates", record, "2027-02-01", tables=STORES)
    assert "task.front front" in found


def test_three_days_after_the_sale_the_customer_is_called(decide):
    record = customer(purchases=[SALES[0]])
    calls = [e for e in decide("aggregates", record, "2027-02-04").actions if e.kind == "call"]
    (call,) = calls
    assert call.action_id == "aggregates/after_sale/purchase/p1/2027-02-01/call:phone"
    assert (call.subject, call.subject_id, call.customer_id) == ("purchase", "p1", "c1")
    assert (str(call.due_on), call.deadline) == ("2027-02-04", "2027-02-06")
    assert call.value == "1000"  # twice the amount, stated from the sale's own facts


@pytest.mark.parametrize("day", ["2027-02-03", "2027-02-05", "2028-02-04"])
def test_on_no_other_day_is_the_customer_called(does, day):
    found = does("aggregates", customer(purchases=[SALES[0]]), day)
    assert not [each for each in found if "after_sale" in each]


@pytest.mark.parametrize(
    "change", [{"returned": True}, {"called_on": "2027-02-03"}], ids=["returned", "called"]
)
def test_a_sale_returned_or_answered_for_is_not_followed_up(does, change):
    record = customer(purchases=[{**SALES[0], **change}])
    assert not [each for each in does("aggregates", record, "2027-02-04") if "after_sale" in each]


def test_a_rule_of_a_sale_reads_the_tier_of_the_customer(does):
    record = {"id": "c1", "tier": "B", "purchases": [SALES[0]]}
    assert not [each for each in does("aggregates", record, "2027-02-04") if "after_sale" in each]


def test_what_was_due_is_late_the_day_after_its_deadline(does):
    record = customer(purchases=[SALES[0]])
    late = "escalate after_sale.late"
    days = ("2027-02-06", "2027-02-07", "2027-02-08")
    assert [late in does("aggregates", record, day) for day in days] == [False, True, False]
    done = customer(purchases=[{**SALES[0], "called_on": "2027-02-05"}])
    assert late not in does("aggregates", done, "2027-02-07")


def test_a_rule_of_a_sale_reads_a_label_computed_of_the_customer(does):
    record = customer(purchases=[{**SALES[1], "amount": 3000}])
    assert "task.large large" in does("aggregates", record, "2027-02-20")
    assert "task.large large" not in does("aggregates", customer(purchases=SALES[:1]), "2027-02-01")
