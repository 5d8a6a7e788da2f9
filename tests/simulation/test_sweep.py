# SPDX-License-Identifier: Apache-2.0
"""A sweep says of each combination of figures what a run of that policy says."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import (
    ArgumentError,
    Policy,
    PolicyError,
    compile_day,
    evaluate_frame,
    load_policy,
    sweep,
)
from loyaltyrules.simulation import actions, count, share
from simulation.conftest import KINDS, SOME_KINDS, Shop, rows_of
from simulation.test_compare import CUSTOMERS, FIGURES, MENSWEAR, ON, plain, words


def counted(policy: Policy, label: str) -> dict[str, int]:
    """The words of a label as a run gives them."""
    found = list(words(plain(policy, CUSTOMERS, ON, {}), label).values())
    return {word: found.count(word) for word in found}


def test_the_tiers_of_cdnow_by_the_points_of_tier_a(cdnow: Shop) -> None:
    grid = sweep(
        cdnow.policy, {"tier_a_points": range(3000, 9001, 1000)}, cdnow.customers,
        on=cdnow.on, tables=cdnow.stores, measure=[count("tier")],
    )  # fmt: skip
    found = grid.filter(pl.col("word") == "A")
    assert found["count"].to_list() == [332, 220, 173, 130, 95, 72, 64]
    assert found["share"].to_list() == [n / 2357 for n in found["count"]]
    assert grid["word"].dtype == pl.Enum(["A", "B", "C", "?"])


@settings(max_examples=examples(30))
@given(FIGURES, st.sampled_from(["tier", "care_tier", "folder"]))
def test_labels_are_those_of_a_run_of_each_policy(changes: dict[str, Any], label: str) -> None:
    grid = sweep(
        MENSWEAR,
        {name: [value] for name, value in changes.items()},
        CUSTOMERS,
        on=ON,
        measure=[share(label)],
    )
    found = {word: n for word, n in grid.select("word", "count").iter_rows() if n}
    assert found == counted(MENSWEAR.with_(changes), label)


def test_parts_of_the_policy_can_be_swept_too() -> None:
    ways = ["points", "profile", "share"]
    grid = sweep(MENSWEAR, {"labels.tier.decide": ways}, CUSTOMERS, on=ON, measure=[count("tier")])
    for way in ways:
        own = grid.filter((pl.col("labels.tier.decide") == way) & (pl.col("count") > 0))
        found = dict(own.select("word", "count").iter_rows())
        assert found == counted(MENSWEAR.with_({"labels.tier.decide": way}), "tier")


def test_actions_are_counted_by_kind() -> None:
    grid = sweep(
        MENSWEAR,
        {"tier_a_points": [5000, 9000]},
        CUSTOMERS,
        on=ON,
        measure=[actions("gift.*"), actions()],
    )
    for points, measure, value in grid.iter_rows():
        kinds = plain(MENSWEAR.with_(tier_a_points=points), CUSTOMERS, ON, {}).actions["kind"]
        fitting = kinds.str.starts_with("gift.") if "gift" in measure else kinds.is_not_null()
        assert value == fitting.sum()


def test_combinations_that_the_policy_forbids_are_refused_and_the_others_run() -> None:
    grid = sweep(
        MENSWEAR, {"tier_a_points": [1500, 5000], "a_share": ["20%", "200%"]}, CUSTOMERS,
        on=ON, measure=[count("tier"), actions("call")],
    )  # fmt: skip
    assert {(points, share_) for points, share_, *_ in grid.iter_rows()} == {(5000, "20%")}
    assert [row[:2] for row in grid.refused.rows()] == [
        (1500, "20%"),
        (1500, "200%"),
        (5000, "200%"),
    ]
    assert all(grid.refused["why"])
    assert set(grid.columns) == {
        "tier_a_points", "a_share", "label", "word", "count", "share", "measure", "value"
    }  # fmt: skip


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_a_grid_behaves_as_the_callers_kind_of_frame(kind: str) -> None:
    grid = sweep(
        MENSWEAR, {"tier_a_points": [5000]}, KINDS[kind](CUSTOMERS), on=ON, measure=[count("tier")]
    )
    found = {row["word"]: row["count"] for row in rows_of(grid.frame)}
    assert found == counted(MENSWEAR, "tier")
    assert "tier" in grid._repr_html_()
    assert repr(grid) == "Grid(3 rows, 0 refused)"
    if kind != "lazy":  # which offers no stream itself
        assert len(pl.DataFrame(grid)) == 3


def test_a_figure_or_a_label_that_is_not_there_is_told() -> None:
    with pytest.raises(PolicyError) as wrong:
        sweep(MENSWEAR, {"tier_a_pionts": [1]}, CUSTOMERS, on=ON, measure=[count("tier")])
    assert [each.code for each in wrong.value.problems] == ["LR510"]
    with pytest.raises(ArgumentError) as lacking:
        sweep(
            MENSWEAR,
            {"tier_a_points": [1]},
            CUSTOMERS,
            on=date(2027, 2, 5),
            measure=[count("teir")],
        )
    assert [each.code for each in lacking.value.problems] == ["LR515"]


def test_a_figure_that_says_what_is_counted_of_children_counts(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(
        "format: 1\npolicy: x\nlanguage: en\nparameters: {few: {value: 1}, large: {value: 5}}\n"
        "subjects: {purchase: {of: customer}}\n"
        "facts:\n  purchase: {amount: {type: whole}}\n"
        "  customer: {total: {sum: purchase.amount, where: amount > large}}\n"
        "labels:\n  size:\n    for: customer\n    values: [big, small]\n"
        "    ways: {w: {bands: total, big: few, small: rest}}\n",
        encoding="utf-8",
    )
    policy = load_policy(file)
    given = {
        "customer": pl.DataFrame({"id": ["a", "b"]}),
        "purchase": pl.DataFrame({"id": ["1", "2"], "customer_id": ["a", "b"], "amount": [4, 9]}),
    }
    grid = sweep(
        policy, {"large": [3, 5, 20], "few": [1, 5]}, given, on=ON, measure=[count("size")]
    )
    for large, few, *_, word, number, _share in grid.iter_rows():
        plan = compile_day(policy.with_(large=large, few=few), ON)
        found = evaluate_frame(plan, given).labels.filter(pl.col("subject") == "customer")["size"]
        assert number == (found == word).sum()


def test_a_label_that_a_change_takes_away_is_refused() -> None:
    grid = sweep(
        MENSWEAR,
        {"labels.points_notice": [None]},
        CUSTOMERS,
        on=ON,
        measure=[count("points_notice")],
    )
    assert len(grid) == 0
    assert len(grid.refused) == 1
