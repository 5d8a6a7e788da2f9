# SPDX-License-Identifier: Apache-2.0
"""A threshold is exact: it is what plain runs of the policies beside it say."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
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
    solve,
    sweep,
)
from loyaltyrules.calendar import Period
from loyaltyrules.expression.evaluator import SIGNS
from loyaltyrules.simulation import count, share
from simulation.conftest import KINDS, SOME_KINDS, Shop, rows_of
from simulation.test_compare import CUSTOMERS, MENSWEAR
from simulation.test_compare import ON as FEBRUARY

ON = date(2027, 2, 5)
POLICY = """
format: 1
policy: x
language: en
parameters:
  whole: {value: 3, unit: points}
  fine: {value: "2.5"}
  part: {value: 50%}
  since: {value: 2027-01-03}
  days: {value: 3 days}
  months: {value: 2 months}
  dated: {values: {2020-01-01: 2, 2027-01-01: 4, 2028-01-01: 9}, unit: points}
  step: {value: 2}
  two: {value: 2 points}
facts:
  customer:
    points: {type: whole, unit: points}
    amount: {type: number}
    used: {type: share}
    last: {type: date, absent: unknown}
    event: {type: date}
    other: {type: whole}
    inside: {type: yes/no}
    shop: {type: text}
labels:
  size:
    for: customer
    values: [A, B, C]
    if: inside
    ways: {w: {cases: CASES}}
"""
TESTS = {
    "points >= whole": "whole", "whole <= points": "whole", "points > whole": "whole",
    "whole < points": "whole", "points < whole": "whole", "points <= whole": "whole",
    "not points >= whole": "whole", "points - two >= whole": "whole", "points >= whole * 2": "whole",
    "points + whole * step > two": "whole", "points >= two - whole": "whole",
    "points >= whole * other": "whole", "points > dated": "dated", "amount >= fine": "fine",
    "amount * 2 > fine + 1": "fine", "amount / 3 < fine": "fine", "used >= part": "part",
    "used < part": "part", "last >= since": "since", "since > last": "since", "event < since": "since",
    "last + days <= today": "days", "last > today - days": "days", "last + months <= today": "months",
    "event + months > today": "months", "points >= whole and amount > 1": "whole",
    "points >= whole or other = 1": "whole",
}  # fmt: skip
CASES = (
    "{A: 'TEST', B: other >= 1, C: 'yes'}",
    "{A: other >= 2, B: 'TEST', C: 'yes'}",
    "{A: other = 3, B: 'not (TEST)', C: 'yes'}",
    "{A: 'TEST', B: 'not (TEST) and other > 1', C: 'yes'}",
)


@cache
def policy_of(test: str, cases: str) -> Policy:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        text = POLICY.replace("CASES", cases.replace("TEST", test))
        path.write_text(text, encoding="utf-8")
        return load_policy(path)


DAYS = [None, date(2027, 1, 1), date(2027, 2, 3), date(2026, 12, 31), date(2024, 2, 29)]
RECORDS = st.lists(st.fixed_dictionaries({
    "points": st.sampled_from([None, 0, 1, 2, 3, 3, 4, 7]), "last": st.sampled_from(DAYS),
    "amount": st.sampled_from([None, "0.5", "1.25", "2.5", "2.51"]), "event": st.sampled_from(DAYS[:3]),
    "used": st.sampled_from([None, "0.1", "0.5", "1"]), "other": st.sampled_from([None, 0, 1, 2, 3]),
    "inside": st.sampled_from([True, True, False, None]), "shop": st.sampled_from([None, "n", "s"]),
}), min_size=1, max_size=12)  # fmt: skip
SCHEMA = {"id": pl.String, "points": pl.Int64, "amount": pl.String, "used": pl.String, "other": pl.Int64,
          "last": pl.Date, "event": pl.Date, "inside": pl.Boolean, "shop": pl.String}  # fmt: skip
WANTS = st.tuples(
    st.sampled_from(["<=", "<", ">=", ">"]), st.sampled_from(["A", "B", "C"]), st.booleans(),
    st.sampled_from([Decimal("0"), Decimal("0.25"), Decimal("0.5"), Decimal("1")]),
)  # fmt: skip


def frame_of(records: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"id": f"{n:02}", **each} for n, each in enumerate(records)], schema=SCHEMA
    )


def words(policy: Policy, frame: pl.DataFrame) -> dict[str, str | None]:
    plan = compile_day(policy, ON)
    return dict(evaluate_frame(plan, frame).labels.select("subject_id", "size").iter_rows())


def measured(found: dict[str, str | None], word: str, counted: bool) -> Fraction | None:
    known = [each for each in found.values() if each is not None]
    if counted:
        return Fraction(known.count(word))
    return Fraction(known.count(word), len(known)) if known else None


def moved(name: str, value: Any, by: int) -> Any:
    """The next value of a figure."""
    match value:
        case date():
            return value + timedelta(days=by)
        case Period(months, days):
            return Period(months + by) if name == "months" else Period(days=days + by)
        case Decimal():
            return value + by * Decimal(1).scaleb(value.as_tuple().exponent)
    return value + by


@settings(max_examples=examples(150))
@given(st.sampled_from(sorted(TESTS)), st.sampled_from(CASES), RECORDS, WANTS)
def test_a_threshold_is_what_runs_beside_it_say(
    test: str, cases: str, records: list[dict[str, Any]], wanted: tuple[str, str, bool, Decimal]
) -> None:
    sign, word, counted, bound = wanted
    policy, name, frame = policy_of(test, cases), TESTS[test], frame_of(records)
    bound = bound * 4 if counted else bound
    measure = count("size", word) if counted else share("size", word)
    want = {
        "<=": measure <= bound,
        "<": measure < bound,
        ">=": measure >= bound,
        ">": measure > bound,
    }
    found = solve(policy, name, frame, on=ON, want=want[sign])

    def at(value: Any) -> dict[str, str | None]:
        return words(policy.with_({name: value}), frame)

    def holds(value: Any) -> bool:
        got = measured(at(value), word, counted)
        return got is not None and SIGNS[sign](got, Fraction(bound))

    curve = found.curve.rows()
    for value, share_, number in curve:
        got = at(value)
        assert measured(got, word, True) == number
        exact = measured(got, word, False)
        assert share_ == (None if exact is None else float(exact))
    if found.value is None:
        assert found.why
        assert not any(holds(value) for value, *_ in curve)
        return
    assert found.why is None
    assert holds(found.value)
    assert measured(at(found.value), word, True) == found.count
    if found.next_value is None:
        assert all(holds(value) for value, *_ in curve)
        return
    assert not holds(found.next_value)
    towards = 1 if _order(found.next_value) < _order(found.value) else -1
    if towards == 1:
        assert moved(name, found.next_value, 1) == found.value
    else:  # the threshold is the lowest value there is
        below = (v for v, *_ in curve if _order(v) < _order(found.next_value))
        assert all(map(holds, below))
    here, there = at(found.next_value), at(moved(name, found.next_value, towards))
    changed = [e for e in here if _part(here[e], word) != _part(there[e], word)]
    assert found.ties == len(changed) > 0


def _part(given: str | None, word: str) -> tuple[bool, bool]:
    return given == word, given is not None


def _order(value: Any) -> Any:
    """A value, or a cell of the curve, as what can be put in order."""
    if isinstance(value, str):
        return int(value.split()[0])
    if isinstance(value, float):
        return Decimal(str(value))
    return value.months or value.days if isinstance(value, Period) else value


@settings(max_examples=examples(30))
@given(RECORDS, WANTS)
def test_groups_are_solved_each_for_itself(
    records: list[dict[str, Any]], wanted: tuple[str, str, bool, Decimal]
) -> None:
    _, word, _, bound = wanted
    policy, frame = policy_of("points >= whole", CASES[0]), frame_of(records)
    want = share("size", word) <= bound
    found = solve(policy, "whole", frame, on=ON, want=want, within="shop")
    shops = frame["shop"].unique().to_list()
    assert sorted(found["shop"].to_list(), key=str) == sorted(shops, key=str)
    for shop, value, share_, beside, beside_share, ties, why in found.iter_rows():
        own = solve(
            policy, "whole", frame.filter(pl.col("shop").eq_missing(shop)), on=ON, want=want
        )
        assert (value, share_, beside, beside_share, ties) == (
            own.value, own.share, own.next_value, own.next_share, own.ties)  # fmt: skip
        assert why == own.why
        assert found.curve.filter(pl.col("shop").eq_missing(shop)).drop("shop").equals(own.curve)


def test_a_fifth_of_the_customers_of_cdnow_in_tier_a(cdnow: Shop) -> None:
    found = solve(
        cdnow.policy, "A级起点积分", cdnow.customers, on=cdnow.on, tables=cdnow.stores,
        want=share("tier", "A") <= 0.20,
    )  # fmt: skip
    assert (found.value, found.next_value, found.ties) == (2229, 2228, 2)
    assert (found.count, found.known, found.next_count) == (470, 2357, 472)
    assert found.next_share == 472 / 2357
    assert repr(found) == "Found(tier_a_points 2229 points: 19.94%; 2228 points: 20.03%, ties 2)"
    assert found.explain("zh").split("\n") == [
        "A级起点积分取 2229 积分：A 的占比为 19.94%（2357 个中有 470 个）",
        "A级起点积分取 2228 积分：A 的占比为 20.03%；正好卡在这一级上的有 2 个",
    ]
    assert "2229" in found._repr_html_()


def test_the_curve_is_that_of_a_sweep(cdnow: Shop) -> None:
    found = solve(
        cdnow.policy, "tier_a_points", cdnow.customers, on=cdnow.on, tables=cdnow.stores,
        want=count("tier", "A") <= 100,
    )  # fmt: skip
    some = found.curve.filter(pl.col("value") > 2000).gather_every(40)
    grid = sweep(
        cdnow.policy, {"tier_a_points": some["value"].to_list()}, cdnow.customers, on=cdnow.on,
        tables=cdnow.stores, measure=[share("tier", "A")],
    )  # fmt: skip
    assert grid["word"].to_list() == ["A"] * len(some)
    assert grid["count"].to_list() == some["count"].to_list()
    assert grid["share"].to_list() == some["share"].to_list()


def test_the_least_value_is_one_that_the_policy_allows(cdnow: Shop) -> None:
    given = {"on": cdnow.on, "tables": cdnow.stores}
    found = solve(
        cdnow.policy, "tier_a_points", cdnow.customers, want=share("tier", "A") >= "20%", **given
    )
    assert (found.value, found.next_value, found.ties) == (2001, 2229, 2)
    assert (
        found.refused == "0 points is refused: The points of tier B must be below those of tier A."
    )
    barred = solve(
        cdnow.policy, "tier_b_points", cdnow.customers, want=count("tier", "C") <= 100, **given
    )
    assert barred.value is None
    assert barred.why == "the policy allows no value at which the number of C is <= 100"
    assert "must be below" in (barred.refused or "")
    assert barred.next_value is not None
    assert "政策都不允许" in barred.explain("zh")


def test_what_is_never_reached_comes_as_near_as_it_can() -> None:
    frame = frame_of([{"points": n, "other": 0, "inside": True} for n in (1, 1, 5)])
    found = solve(
        policy_of("points < whole", CASES[0]), "whole", frame, on=ON, want=share("size", "B") >= 0.5
    )
    assert found.value is None
    assert found.why == "the share of B is 0.00% at every value"
    nobody = solve(
        policy_of("points >= whole", CASES[0]), "whole", frame_of([{}]), on=ON,
        want=share("size", "A") <= 0.5,
    )  # fmt: skip
    assert nobody.why == "no record has a word of size"
    assert nobody.explain("zh") == "没有一条记录有size"
    rising = frame_of([{"points": n, "other": 1, "inside": True} for n in (1, 1, 5)])
    near = solve(
        policy_of("points >= whole", CASES[0]), "whole", rising, on=ON, want=share("size", "C") > 0
    )
    assert near.value is None
    used = frame_of([{"used": "1", "other": 0, "inside": True}])
    top = solve(
        policy_of("used >= part", CASES[0]), "part", used, on=ON, want=share("size", "A") < 1
    )
    assert top.why == "the share of A is 100.00% at every value"  # no share is above the whole


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_frames_of_every_kind_have_one_threshold(kind: str) -> None:
    given = {"on": FEBRUARY, "want": share("tier", "A") <= 0.3}
    whole = solve(MENSWEAR, "tier_a_points", KINDS[kind](CUSTOMERS), **given)
    assert (whole.value, whole.next_value, whole.ties) == (5001, 5000, 4)
    curve = {row["value"]: row["count"] for row in rows_of(whole.curve)}
    assert curve[5000] == 12
    split = solve(MENSWEAR, "tier_a_points", KINDS[kind](CUSTOMERS), within="tier", **given)
    rows = {row["tier"]: row for row in rows_of(split.frame)}
    assert [*rows] == ["A", "B", "C", None]  # who has none on file is a group too
    assert {row["value"] for row in rows.values()} == {5001}
    assert len(split) == 4


def test_groups_may_be_columns_that_no_policy_knows() -> None:
    frame = CUSTOMERS.with_columns(
        region=pl.when(pl.col("points_accumulated") > 4000).then(1).otherwise(2)
    )
    found = solve(
        MENSWEAR,
        "tier_a_points",
        frame,
        on=FEBRUARY,
        want=share("tier", "A") <= 0.5,
        within="region",
    )
    assert found["region"].to_list() == [1, 2]
    assert found["value"].to_list() == [5001, 2001]
    with pytest.raises(ArgumentError) as lacking:
        solve(
            MENSWEAR,
            "tier_a_points",
            frame,
            on=FEBRUARY,
            want=share("tier", "A") <= 0.5,
            within="regoin",
        )
    assert [each.code for each in lacking.value.problems] == ["LR521"]
    assert dict(lacking.value.problems[0].details)["near"] == "region"


@pytest.mark.parametrize(("figure", "label", "why"), [
    ("a_share", "tier", "does not go by it"), ("cashback_step", "tier", "does not go by it"),
    ("told_purposes", "tier", "no figure"), ("labels.tier.decide", "tier", "no figure"),
])  # fmt: skip
def test_a_figure_that_no_label_goes_by_is_refused(figure: str, label: str, why: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        solve(MENSWEAR, figure, CUSTOMERS, on=FEBRUARY, want=count(label, "A") <= 1)
    assert [each.code for each in refused.value.problems] == ["LR520"]
    assert why in str(refused.value)


def test_a_figure_of_a_ranking_is_refused_with_the_way_out() -> None:
    by_share = MENSWEAR.with_({"labels.tier.decide": "share"})
    with pytest.raises(ArgumentError, match="a rank or a share among all records goes by it"):
        solve(by_share, "a_share", CUSTOMERS, on=FEBRUARY, want=share("tier", "A") <= 0.2)
    found = solve(by_share, "tier_b_points", CUSTOMERS, on=FEBRUARY, want=share("tier", "B") < 0.5)
    assert found.value is not None


@pytest.mark.parametrize(("test", "why"), [
    ("points = whole", "compared with ="), ("points >= whole and other + 1 > whole", "in several ways"),
    ("points / whole > 2", "in another way"),
    ("max(points, whole) > 2", "in another way"),
])  # fmt: skip
def test_what_cannot_be_solved_for_says_where(test: str, why: str) -> None:
    with pytest.raises(ArgumentError, match=why) as refused:
        solve(
            policy_of(test, CASES[0]),
            "whole",
            frame_of([{}]),
            on=ON,
            want=share("size", "A") <= 0.2,
        )
    assert "whole" in dict(refused.value.problems[0].details)["where"]


def test_a_score_is_solved_by_each_of_its_figures() -> None:
    by_profile = MENSWEAR.with_({"labels.tier.decide": "profile"})
    for figure, word, bound in (("amount_medium", "B", 0.15), ("profile_a_mean", "A", 0.1)):
        want = share("tier", word) <= bound
        found = solve(by_profile, figure, CUSTOMERS, on=FEBRUARY, want=want)
        assert None not in (found.value, found.next_value)
        grid = sweep(
            by_profile, {figure: [found.value, found.next_value]}, CUSTOMERS, on=FEBRUARY,
            measure=[share("tier", word)],
        )  # fmt: skip
        assert grid["share"].to_list() == [found.share, found.next_share]


def test_a_condition_that_means_nothing_is_refused_where_it_is_written() -> None:
    def codes(make: Any) -> list[str]:
        with pytest.raises(ArgumentError) as refused:
            make()
        return [each.code for each in refused.value.problems]

    given = {"on": FEBRUARY}
    assert codes(lambda: share("tier") <= 0.2) == ["LR517"]
    assert codes(lambda: 0.1 <= share("tier", "A") <= 0.2) == ["LR518"]
    for want in (share("tier", "A"), True, 0.2, None):
        assert codes(
            lambda w=want: solve(MENSWEAR, "tier_a_points", CUSTOMERS, want=w, **given)
        ) == ["LR518"]
    for bound in (20, -0.1, "x", None, float("nan"), True):
        want = share("tier", "A") <= bound
        assert codes(
            lambda w=want: solve(MENSWEAR, "tier_a_points", CUSTOMERS, want=w, **given)
        ) == ["LR522"]
    for want, code in ((count("tier", "A") <= 1.5, "LR522"), (share("tier", "D") <= 0.2, "LR519"),
                       (share("teir", "A") <= 0.2, "LR515")):  # fmt: skip
        assert codes(
            lambda w=want: solve(MENSWEAR, "tier_a_points", CUSTOMERS, want=w, **given)
        ) == [code]
    for measure, code in ((share("tier", "A") <= 0.2, "LR518"), (share("tier", "D"), "LR519")):
        asked = {"figures": {"tier_a_points": [5000]}, "measure": [measure]}
        assert codes(lambda a=asked: sweep(MENSWEAR, customers=CUSTOMERS, **a, **given)) == [code]


def test_a_figure_that_is_not_there_is_told() -> None:
    with pytest.raises(PolicyError) as lacking:
        solve(MENSWEAR, "tier_a_pionts", CUSTOMERS, on=FEBRUARY, want=share("tier", "A") <= 0.2)
    assert [each.code for each in lacking.value.problems] == ["LR510"]


def test_a_sweep_gives_the_rows_of_the_words_that_are_asked_for() -> None:
    grid = sweep(
        MENSWEAR, {"tier_a_points": [5000]}, CUSTOMERS, on=FEBRUARY,
        measure=[share("tier", "A"), count("tier", "C"), share("folder")],
    )  # fmt: skip
    assert [row[1:3] for row in grid.rows()][:2] == [("tier", "A"), ("tier", "C")]
    assert (
        len(grid.filter(pl.col("label") == "folder")) == 6
    )  # five folders, and who belongs in none


def test_faulty_records_are_set_aside_and_told() -> None:
    faulty = CUSTOMERS.with_columns(
        tier=pl.when(pl.col("id") == "c-00").then(pl.lit("Z")).otherwise("tier")
    )
    want = share("tier", "A") <= 0.3
    found = solve(MENSWEAR, "tier_a_points", faulty, on=FEBRUARY, want=want)
    assert (found.known, found.set_aside) == (len(CUSTOMERS) - 1, 1)
    assert "1 faulty records are set aside" in found.explain()
    by = solve(MENSWEAR, "tier_a_points", faulty, on=FEBRUARY, want=want, within="store_id")
    assert by.set_aside == 1


COUNTED = """
format: 1
policy: x
language: en
parameters: {few: {value: 1}, large: {value: 5}}
subjects: {purchase: {of: customer}}
facts:
  purchase: {amount: {type: whole}}
  customer: {total: {sum: purchase.amount, where: amount > large}}
labels:
  size: {for: customer, values: [big, small], ways: {w: {bands: total, big: few, small: rest}}}
"""


def test_what_is_counted_of_child_records_is_compared_but_not_solved_through(
    tmp_path: Path,
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(COUNTED, encoding="utf-8")
    given = {
        "customer": pl.DataFrame({"id": ["a", "b", "c"]}),
        "purchase": pl.DataFrame({"id": ["1", "2"], "customer_id": ["a", "b"], "amount": [4, 9]}),
    }
    policy, want = load_policy(file), count("size", "big") < 1
    found = solve(policy, "few", given, on=ON, want=want)
    assert (found.value, found.next_value, found.ties) == (10, 9, 1)
    assert found.curve.rows() == [(0, 1.0, 3), (9, 1 / 3, 1), (10, 0.0, 0)]
    with pytest.raises(ArgumentError, match="what is counted of child records goes by it"):
        solve(policy, "large", given, on=ON, want=want)
