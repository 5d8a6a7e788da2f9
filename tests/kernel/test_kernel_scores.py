# SPDX-License-Identifier: Apache-2.0
"""Scores: weighted shares of targets, means of marks; what is missing is left out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def grade(decide: Any, **facts: object) -> str | None:
    found = decide("scorecard", {"id": "e1", **facts}, "2027-03-01", subject="employee")
    return found.labels["grade"]


def profile(decide: Any, **facts: object) -> str | None:
    return decide("scorecard", {"id": "c1", **facts}, "2027-03-01").labels["profile"]


@pytest.mark.parametrize(
    ("sales", "complaints", "training", "expected"),
    [
        (10000, 2, 80, "excellent"),
        (8000, 2, 80, "excellent"),  # 40 + 30 + 20 = 90
        (7999, 2, 80, "qualified"),
        (2000, 2, 80, "qualified"),  # 10 + 30 + 20 = 60
        (1999, 2, 80, "unqualified"),
        (99999, 2, 160, "excellent"),  # more than the target counts as the target
        (10000, 4, 40, "qualified"),  # 50 + 15 + 10 = 75
        (6000, 0, 80, "qualified"),  # 30 + 30 + 20 = 80
    ],
)
def test_a_weighted_score_has_bands(decide, sales, complaints, training, expected):
    assert grade(decide, sales=sales, complaints=complaints, training=training) == expected


def test_where_lower_is_better_none_at_all_is_best(decide):
    assert grade(decide, complaints=0) == "excellent"
    assert grade(decide, complaints=2) == "excellent"
    assert grade(decide, complaints=3) == "qualified"
    assert grade(decide, complaints=4) == "unqualified"


def test_a_missing_item_is_dropped_and_the_others_weigh_more(decide):
    assert grade(decide, sales=9000, complaints=2) == "excellent"  # (45 + 30) / 80 %
    assert grade(decide, sales=9000) == "excellent"
    assert grade(decide, sales=8999) == "qualified"


def test_a_score_of_nothing_is_unknown(decide):
    assert grade(decide) is None


def test_a_negative_figure_counts_as_nothing_reached(decide):
    assert grade(decide, sales=-50000, complaints=2, training=80) == "unqualified"  # 0 + 30 + 20
    assert grade(decide, sales=-50000, complaints=0, training=999) == "unqualified"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"amount": 8000, "loyalty": 80, "frequency": 6}, "A"),
        ({"amount": 8000, "loyalty": 60}, "A"),  # (3 + 2) / 2 = 2.5
        ({"amount": 8000, "loyalty": 60, "frequency": 3}, "B"),
        ({"amount": 3000, "loyalty": 59.9}, "B"),  # (2 + 1) / 2 = 1.5
        ({"amount": 2999, "loyalty": 59, "frequency": 5}, "C"),
        ({"frequency": 6}, "A"),
        ({}, None),
        ({"amount": 9000, "joined_on": "2026-12-02"}, "C"),  # new: 89 days
        ({"amount": 9000, "joined_on": "2026-12-01"}, "A"),
    ],
)
def test_a_profile_is_the_mean_of_the_marks(decide, facts, expected):
    assert profile(decide, **facts) == expected


@pytest.mark.parametrize(
    ("factor", "code"),
    [("target: 10, wieght: 5", "LR140"), ("better: less", "LR142"), ("target: 10", "")],
)
def test_a_mistyped_key_of_a_factor_is_refused(written, faults, factor, code):
    way = f"{{score: weighted, factors: {{a: {{{factor}}}}}, x: 50, y: rest}}"
    text = f"labels: {{g: {{for: customer, values: [x, y], ways: {{w: {way}}}}}}}\n"
    text += "facts: {customer: {a: {type: whole}}}\n"
    assert faults(text) == [code] if code else written(text).labels


FIGURES = st.fixed_dictionaries(
    {},
    optional={
        "sales": st.integers(-20000, 20000),
        "complaints": st.integers(0, 9),
        "training": st.integers(0, 120),
    },
)


def by_hand(facts: dict[str, int]) -> str | None:
    """The handbook's sum, in whole numbers: hundredths of points, weights in percent."""
    reached = {
        "sales": (min(1, max(0, facts.get("sales", 0) / 10000)), 50),
        "complaints": (1 if facts.get("complaints", 0) <= 2 else 2 / facts["complaints"], 30),
        "training": (min(1, facts.get("training", 0) / 80), 20),
    }
    present = [reached[name] for name in facts]
    if not present:
        return None
    score = 100 * sum(share * weight for share, weight in present) / sum(w for _, w in present)
    near = round(score, 9)
    return "excellent" if near >= 90 else "qualified" if near >= 60 else "unqualified"


@settings(max_examples=60, deadline=None)
@given(facts=FIGURES)
def test_a_weighted_score_is_the_sum_by_hand(decide, facts):
    assert grade(decide, **facts) == by_hand(facts)


@pytest.mark.parametrize("score", ["weighted", "mean, marks: {good: 3}"])
def test_a_score_of_nothing_is_refused(faults, score):
    way = f"{{score: {score}, factors: {{}}, x: 50, y: rest}}"
    assert faults(f"labels: {{g: {{for: customer, values: [x, y], ways: {{w: {way}}}}}}}") == [
        "LR147"
    ]
