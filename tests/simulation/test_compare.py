# SPDX-License-Identifier: Apache-2.0
"""A comparison says what two plain runs say: who moved and why, which actions are lost and gained."""

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
    Delta,
    Policy,
    compare,
    compile_day,
    evaluate_frame,
    load_policy,
)
from shipped import menswear
from simulation.conftest import KINDS, ROOT, SOME_KINDS, Shop, rows_of

MENSWEAR = menswear()
ON = date(2027, 2, 5)
CUSTOMERS = pl.DataFrame([
    {"id": f"c-{n:02}", "member_status": "formal", "tier": tier, "points_accumulated": points,
     "store_id": "s", "consent_marketing": n % 3 > 0, "mobile_phone": f"1380000{n:04}", "amount_12m": amount,
     "last_purchase_on": date(2026, 2, 1 + n % 9), "joined_on": date(2025, 1, 1)}
    for n, (tier, points, amount) in enumerate(
        (tier, points, amount) for tier in ("A", "B", "C", None)
        for points, amount in ((0, 10), (1999, 900), (2000, 3000), (4999, 7000), (5000, 8000), (5001, 20),
                               (9000, 9))
    )
])  # fmt: skip


def plain(policy: Policy, customers: pl.DataFrame, on: date, tables: Any) -> Any:
    """What a run of one policy says."""
    plan = compile_day(policy, on, tables=tables)
    return evaluate_frame(plan.with_population(customers), customers)


def words(result: Any, label: str) -> dict[str, str]:
    return dict(result.labels.select("subject_id", pl.col(label).fill_null("?")).iter_rows())


def text(value: Any) -> str:
    """A cell of a frame of any kind; days of pandas are instants."""
    return str(value).removesuffix(" 00:00:00")


def ids(result: Any) -> set[str]:
    return {*result.actions["action_id"]}


def test_the_tiers_of_cdnow_from_5000_to_6000_points(cdnow: Shop) -> None:
    delta = compare(
        cdnow.policy,
        cdnow.policy.with_(tier_a_points=6000),
        cdnow.customers,
        on=cdnow.on,
        tables=cdnow.stores,
    )
    assert delta.matrix("tier").rows() == [("A", 130, 43, 0), ("B", 0, 348, 0), ("C", 0, 0, 1836)]
    points = dict(cdnow.customers.select("id", "points_accumulated").iter_rows())
    movers = delta.movers("tier")
    assert {*movers["subject_id"]} == {each for each, n in points.items() if 5000 <= n < 6000}
    assert (
        dict(movers.select("subject_id", "points_accumulated").iter_rows()).items()
        <= points.items()
    )
    for each, why in delta.movers("tier", "zh").select("subject_id", "because").iter_rows():
        assert why == f"累计积分 {points[each]} < A级起点积分 6000 积分（原为 5000 积分）"


FIGURES = st.fixed_dictionaries({}, optional={
    "tier_a_points": st.sampled_from([4999, 5001, 6000, 9000]),
    "tier_b_points": st.sampled_from([1001, 1999, 2001]),
    "a_share": st.sampled_from([0, "10%", "50%", 1]), "profile_a_mean": st.sampled_from([2, "2.8"]),
    "idle_period": st.sampled_from(["11 months", "24 months"]),
    "cashback_step": st.sampled_from([1000, 5000]),
    "amount_high": st.sampled_from([3001, 20000]), "festival_lead": st.sampled_from(["0 days", "3 days"]),
})  # fmt: skip


@settings(max_examples=examples(30))
@given(FIGURES)
def test_a_comparison_agrees_with_two_runs(changes: dict[str, Any]) -> None:
    changed = MENSWEAR.with_(changes)
    delta = compare(MENSWEAR, changed, CUSTOMERS, on=ON)
    old, new = plain(MENSWEAR, CUSTOMERS, ON, {}), plain(changed, CUSTOMERS, ON, {})
    sides = {side: {*of["action_id"]} for (side,), of in delta.actions.group_by("side")}
    assert sides.get("lost", set()) == ids(old) - ids(new)
    assert sides.get("gained", set()) == ids(new) - ids(old)
    assert sides.get("both", set()) == ids(old) & ids(new)
    for label in ("tier", "care_tier", "folder"):
        before, after = words(old, label), words(new, label)
        moved = {each for each in before if before[each] != after[each]}
        movers = delta.movers(label)
        assert {*movers["subject_id"]} == moved
        assert all(movers["because"])
        for was, *counts in delta.matrix(label).rows():
            for word, count in zip(delta.matrix(label).columns[1:], counts, strict=True):
                assert count == sum(before[e] == was and after[e] == word for e in before)


def test_an_action_of_both_names_what_is_another(cdnow: Shop) -> None:
    changed = MENSWEAR.with_({"words.电话祝福.role": "store_manager"})
    delta = compare(MENSWEAR, changed, CUSTOMERS, on=ON)
    calls = delta.actions.filter(pl.col("kind") == "call")
    assert len(calls) > 0
    assert {*calls["side"]} == {"both"}
    assert {*calls["differs"]} == {"role"}
    assert {*calls["role"]} == {"store_manager"}  # as the new policy says


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_frames_are_of_the_callers_kind_with_words_in_order(kind: str) -> None:
    changed = MENSWEAR.with_(tier_a_points=6000)
    delta = compare(MENSWEAR, changed, KINDS[kind](CUSTOMERS), on=ON)
    like = compare(MENSWEAR, changed, CUSTOMERS, on=ON)
    wanted = type(KINDS["pyarrow" if kind == "duckdb" else kind](CUSTOMERS.head(1)))
    for read in (
        lambda each: each.matrix("tier"), lambda each: each.movers("tier"), lambda each: each.actions,
        lambda each: each.by("kind", "tier"), lambda each: each.parameters, lambda each: each.summary,
    ):  # fmt: skip
        assert isinstance(read(delta), wanted)
        found, known = rows_of(read(delta)), rows_of(read(like))
        names = [n for n in known[0] if n not in CUSTOMERS.columns]  # days differ by kind
        assert [[text(row[n]) for n in names] for row in found] == [
            [text(row[n]) for n in names] for row in known
        ]
    assert "A" in delta._repr_html_()


def test_labels_sort_as_the_handbook_orders_them() -> None:
    swapped = MENSWEAR.with_(tier_b_points=1001)
    frame = compare(MENSWEAR, swapped, CUSTOMERS, on=ON).movers("tier")
    assert frame["new"].dtype == pl.Enum(["A", "B", "C", "?"])
    pandas = compare(MENSWEAR, swapped, CUSTOMERS.to_pandas(), on=ON).movers("tier")
    assert pandas["new"].cat.ordered
    assert [*pandas["new"].cat.categories] == ["A", "B", "C", "?"]


def test_reasons_come_from_comparisons_shares_or_the_ways_that_differ() -> None:
    def why(changed: Policy) -> set[str]:
        return {*compare(MENSWEAR, changed, CUSTOMERS, on=ON).movers("tier", "zh")["because"]}

    points = why(MENSWEAR.with_(tier_a_points=4999))
    assert points == {"累计积分 4999 >= A级起点积分 4999 积分（原为 5000 积分）"}
    other = why(MENSWEAR.with_({"labels.tier.decide": "profile"}))
    assert other
    by_share = MENSWEAR.with_({"labels.tier.decide": "share"})
    shares = {
        *compare(by_share, by_share.with_(a_share="50%"), CUSTOMERS, on=ON).movers("tier", "zh")[
            "because"
        ]
    }
    assert shares
    assert all("A级占比 20% → 50%" in each for each in shares)


def test_the_rows_of_movers_are_theirs_wherever_they_stand() -> None:
    mixed = pl.concat([
        CUSTOMERS.with_columns(tier=pl.lit("Z")).head(3).with_columns(id=pl.lit("x") + pl.col("id")),
        CUSTOMERS.reverse().with_columns(
            id=pl.lit(" ") + pl.col("id") + " ", old=pl.col("points_accumulated")),
    ], how="diagonal")  # fmt: skip
    delta = compare(MENSWEAR, MENSWEAR.with_(tier_a_points=6000), mixed, on=ON)
    movers = delta.movers("tier")
    assert len(movers) == 8  # of two figures, four customers each
    assert (movers["points_accumulated"] == movers["old_"]).all()
    known = dict(CUSTOMERS.select("id", "points_accumulated").iter_rows())
    assert (
        dict(movers.select("subject_id", "points_accumulated").iter_rows()).items() <= known.items()
    )


def test_what_one_policy_has_alone_is_named_and_the_rest_compared(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(
        f"format: 1\npolicy: other\nextends: {ROOT / 'policies' / 'menswear'}\n"
        "labels: {loud: {for: customer, values: [a, b], cases: {a: points_accumulated > 7, b: rest}}}\n"
        "subjects: {pet: {of: customer, list: pets}}\nfacts: {pet: {age: {type: whole}}}\n",
        encoding="utf-8",
    )
    other = load_policy(file, root=ROOT)
    pets = pl.DataFrame({"id": ["p"], "customer_id": ["c-01"], "age": [3]})
    delta = compare(MENSWEAR, other, {"customer": CUSTOMERS, "pet": pets}, on=ON)
    assert [each.code for each in delta.incomparable] == ["LR513", "LR512"]
    assert "loud" not in delta.moves
    assert {*delta.actions["side"]} == {"both"}  # though the policies have other names
    assert {*delta.actions["policy"]} == {"menswear"}


def test_records_that_one_policy_alone_sets_aside_are_named(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(
        "format: 1\npolicy: small\nfacts: {customer: {grade: {type: [a, b]}}}\n"
        "rules: {r: {for: customer, at: daily, if: grade = a, do: {do: letter}}}\n"
        "words: {letter: {kind: letter}}\n",
        encoding="utf-8",
    )
    wide = load_policy(file)
    narrow = wide.with_({"facts.customer.grade.type": ["a"]})
    delta = compare(wide, narrow, pl.DataFrame({"id": ["1", "2"], "grade": ["a", "b"]}), on=ON)
    (found,) = delta.incomparable
    assert (found.code, dict(found.details)["ids"]) == ("LR514", "2")
    assert delta.by().row(0) == (0, 0, 1)


def test_a_span_compares_all_its_days() -> None:
    changed = MENSWEAR.with_(tier_a_points=6000)
    delta = compare(MENSWEAR, changed, CUSTOMERS, on="2027-02-04", until="2027-02-05")
    plans = (compile_day(p, "2027-02-05", since="2027-02-03") for p in (MENSWEAR, changed))
    old, new = (evaluate_frame(p.with_population(CUSTOMERS), CUSTOMERS) for p in plans)
    sides = {side: {*of["action_id"]} for (side,), of in delta.actions.group_by("side")}
    assert sides["lost"] == ids(old) - ids(new)
    assert sides.get("gained", set()) == ids(new) - ids(old)


def test_counts_are_those_of_the_actions() -> None:
    delta = compare(MENSWEAR, MENSWEAR.with_(tier_a_points=6000), CUSTOMERS, on=ON)
    counted = delta.by("kind", "tier").drop("tier").group_by("kind").sum().sort("kind")
    whole = delta.by("kind")
    assert counted.rows() == whole.rows()
    lost, gained, both = delta.by().row(0)
    sides = dict(delta.actions["side"].value_counts().iter_rows())
    assert (lost, gained, both) == tuple(sides.get(side, 0) for side in ("lost", "gained", "both"))
    summary = {row[0]: row[1:] for row in delta.summary.rows()}
    assert summary["actions"] == (lost + both, gained + both, gained - lost)
    assert summary["movers of tier"][2] == len(delta.movers("tier"))


def test_the_same_policy_moves_nobody() -> None:
    delta = compare(MENSWEAR, MENSWEAR, CUSTOMERS, on=ON)
    assert {*delta.actions["side"]} == {"both"}
    assert delta.actions["differs"].is_null().all()
    assert all(len(delta.movers(label)) == 0 for label in delta.moves)
    assert len(delta.parameters) == 0


def test_no_customers_are_compared() -> None:
    delta = compare(MENSWEAR, MENSWEAR.with_(tier_a_points=6000), CUSTOMERS.head(0), on=ON)
    assert delta.by().row(0) == (0, 0, 0)
    assert len(delta.movers("tier")) == 0


@pytest.mark.parametrize(("ask", "code"), [
    (lambda delta: delta.matrix("teir"), "LR515"), (lambda delta: delta.movers("nothing"), "LR515"),
    (lambda delta: delta.by("kinds"), "LR516"),
])  # fmt: skip
def test_what_is_no_label_or_column_is_told(ask: Any, code: str) -> None:
    delta: Delta = compare(MENSWEAR, MENSWEAR, CUSTOMERS.head(1), on=ON)
    with pytest.raises(ArgumentError) as caught:
        ask(delta)
    assert [each.code for each in caught.value.problems] == [code]
    with pytest.raises(ValueError, match="language"):
        delta.movers("tier", "fr")
