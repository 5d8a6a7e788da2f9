# SPDX-License-Identifier: Apache-2.0
"""Whose fact a name is: the record's own, or that of a parent; under any of its names."""

import pytest

DAY = "2027-03-01"
NEEDING = """
subjects: {purchase: {of: customer}}
facts:
  customer: {phone: {type: text, title: Mobile}, born: {type: date}, amount: {type: whole}}
  purchase: {amount: {type: whole}, worth: {is: customer.amount * amount}}
words:
  ring: {kind: call, needs: [NEED]}
rules:
  rung: {for: purchase, if: worth > 0, do: ring, once_per: id}
"""


@pytest.mark.parametrize("need", ["phone", "Mobile", "customer.phone", "customer.Mobile"])
def test_what_an_action_needs_of_a_parent_is_found_by_each_of_its_names(written, decide, need):
    policy = written(NEEDING.replace("NEED", need))
    bought = {"id": "c", "amount": 2, "purchases": [{"id": "p", "amount": 3}]}
    (blocked,) = decide(policy, bought, DAY).actions
    assert (blocked.status, blocked.reason) == (
        "blocked_missing_data",
        "missing_data:customer.phone",
    )
    (ready,) = decide(policy, {**bought, "phone": "1"}, DAY).actions
    assert ready.status == "ready"


def test_a_dated_fact_that_has_not_happened_is_lacking(written, decide):
    policy = written(NEEDING.replace("NEED", "born"))
    bought = {"id": "c", "amount": 2, "purchases": [{"id": "p", "amount": 3}]}
    (blocked,) = decide(policy, bought, DAY).actions
    assert blocked.reason == "missing_data:customer.born"


def test_a_fact_of_the_record_comes_before_that_of_its_parent(written, decide):
    policy = written(NEEDING.replace("NEED", "amount"))
    bought = {"id": "c", "amount": 2, "purchases": [{"id": "p", "amount": 3}, {"id": "q"}]}
    assert [each.status for each in decide(policy, bought, DAY).actions] == ["ready"]


STANDING = """
facts: {customer: {points: {type: whole, title: Points}, town: {type: text}}}
labels:
  tier: {for: customer, values: [A, B], ways: {w: {top: 50%, by: BY, within: IN, bands: points, B: rest}}}
"""


@pytest.mark.parametrize(
    ("by", "within", "codes"),
    [("points", "town", []), ("Points", "town", []), ("pints", "town", ["LR201"]),
     ("points", "nowhere", ["LR201"])],
)  # fmt: skip
def test_what_orders_a_share_must_be_a_fact(written, plan, decide, faults, by, within, codes):
    text = STANDING.replace("BY", by).replace("IN", within)
    if codes:
        assert faults(text) == codes
        return
    rows = [{"id": f"c{n}", "points": n, "town": "x"} for n in range(4)]
    known = plan(written(text), DAY).with_population(rows)
    assert [decide(known, row).labels["tier"] for row in rows] == ["B", "B", "A", "A"]


@pytest.mark.parametrize("key", ["where: share > 1", "by: share", "by: customer.kinds"])
def test_what_is_counted_of_children_does_not_wait_for_what_it_makes(faults, key):
    text = """
subjects: {purchase: {of: customer}}
facts:
  customer:
    number: {count: purchase}
    kinds: {list: purchase.kind, KEY}
  purchase: {amount: {type: number}, kind: {type: text}, share: {is: amount / size(customer.kinds)}}
"""
    assert faults(text.replace("KEY", key)) == ["LR212"]
