# SPDX-License-Identifier: Apache-2.0
"""A signature computed where the records lie says all that decides, but for ids, days and amounts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import effort
from loyaltyrules import DayPlan, FrameError, compile_day, evaluate, load_policy, with_signature

ROOT = Path(__file__).parents[2]
DAYS = ("2027-02-05", "2027-03-17", "2027-02-28", "2026-09-24")
FACTS = ("rule", "kind", "channel", "template", "gift", "status", "reason", "approver_role")
SHOP = """
format: 1
policy: shop
title: {zh: 店, en: Shop}
version: "1"
language: zh
timezone: Asia/Shanghai
owner: head_office
subjects:
  store: {title: {zh: 门店, en: Store}}
  customer: {title: {zh: 客户, en: Customer}, of: store}
facts:
  store:
    brand: {type: [blue, red], title: {zh: 品牌, en: brand}}
  customer:
    store_id: {type: text, title: {zh: 门店, en: store}}
    spent: {type: number, unit: CNY, title: {zh: 消费, en: spent}}
    before: {type: number, unit: CNY, title: {zh: 以前, en: before}}
words:
  谢: {kind: task.thank, role: adviser}
rules:
  more: {title: 增, for: customer, if: spent > before * 2, do: 谢, once_per: day}
  blue: {title: 蓝, for: customer, if: store.brand = blue, do: 谢, once_per: day}
gate: []
"""


TYPES: Mapping[str, Any] = {
    "date": pl.Date, "whole": pl.Int64, "number": pl.Decimal(20, 4), "share": pl.Decimal(20, 4),
    "yes/no": pl.Boolean,
}  # fmt: skip


def typed_customers() -> pl.DataFrame:
    """The customers of the example store, in the types of their facts."""
    vocabulary = load_policy(ROOT / "policies" / "menswear").vocabulary
    text = pl.read_csv(ROOT / "examples" / "store" / "customer.csv", infer_schema=False)
    facts = [vocabulary.snapshot(row, "customer").facts for row in text.iter_rows(named=True)]
    declared = vocabulary.declarations["customer"]
    schema = {name: TYPES.get(each.type.kind, pl.String) for name, each in declared.items()}
    plain = [
        {n: ";".join(v) if isinstance(v, tuple) else v for n, v in row.items()} for row in facts
    ]
    return pl.DataFrame(plain, {"id": pl.String, **schema})


@pytest.fixture(scope="module")
def customers() -> pl.DataFrame:
    return typed_customers()


def decided(plan: DayPlan, rows: pl.DataFrame) -> Iterator[tuple[str, Any]]:
    """By signature what was decided of each record, without what is stated of the record itself."""
    for row in rows.iter_rows(named=True):
        signature = row.pop("signature")
        found = evaluate(plan, row)
        acts = [tuple(getattr(a, n) for n in FACTS) for a in (*found.actions, *found.suppressed)]
        yield signature, (sorted(acts, key=str), found.labels)


@pytest.mark.parametrize("day", DAYS)
def test_records_of_one_signature_are_decided_alike(customers: pl.DataFrame, day: str) -> None:
    twice = pl.concat([customers, customers.with_columns(pl.col("id") + "x", name=pl.lit("另"))])
    for policy in ("policies/menswear", "benchmarks/eight_rules"):
        plan = compile_day(load_policy(ROOT / policy), date.fromisoformat(day))
        found = defaultdict(list)
        for signature, said in decided(plan, with_signature(plan, twice)):
            found[signature].append(said)
        assert len(found) <= len(customers)
        for alike in found.values():
            assert all(each == alike[0] for each in alike)


@pytest.mark.parametrize("day", effort.each(DAYS, 2))
def test_a_relation_has_the_signatures_of_a_frame(customers: pl.DataFrame, day: str) -> None:
    plan = compile_day(load_policy(ROOT / "policies" / "menswear"), date.fromisoformat(day))
    relation = with_signature(plan, duckdb.connect().from_arrow(customers.to_arrow()))
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    expected = with_signature(plan, customers)
    assert relation.columns == expected.columns
    same = relation.pl().select(customers.columns)
    assert same.sort("id").to_dicts() == customers.sort("id").to_dicts()
    of = dict(relation.select("id", "signature").fetchall())
    assert of == dict(expected.select("id", "signature").iter_rows())
    assert isinstance(with_signature(plan, customers.lazy()), pl.LazyFrame)


def test_what_decides_differently_has_another_signature() -> None:
    plan = compile_day(load_policy(ROOT / "benchmarks/eight_rules"), date(2027, 3, 17))
    base: dict[str, Any] = {
        "id": "1", "tier": "A", "points_accumulated": 1999, "consent_marketing": True,
        "date_of_birth": date(1980, 3, 16), "last_purchase_on": date(2027, 3, 1),
    }  # fmt: skip
    others: list[dict[str, Any]] = [
        {"tier": "B"}, {"tier": None}, {"points_accumulated": 2000}, {"consent_marketing": None},
        {"date_of_birth": date(1980, 3, 17)}, {"last_purchase_on": date(2027, 3, 16)},
        {"last_purchase_on": date(2026, 3, 17)},
    ]  # fmt: skip
    alike: list[dict[str, Any]] = [
        {}, {"id": "2"}, {"points_accumulated": 0}, {"date_of_birth": date(1990, 1, 1)}, {"tier": " A "},
    ]  # fmt: skip
    rows = pl.DataFrame([base | each for each in (*others, *alike)])
    found = with_signature(plan, rows)["signature"].to_list()
    assert len(set(found)) == len(others) + 1
    assert len(set(found[len(others) :])) == 1


@pytest.fixture
def shop(tmp_path: Path) -> DayPlan:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, encoding="utf-8")
    stores = [{"id": "s1", "brand": "blue"}, {"id": "s2", "brand": "red"}]
    return compile_day(load_policy(file), date(2027, 3, 17), tables={"store": stores})


def test_amounts_are_compared_exactly_and_parents_follow_from_their_ids(shop: DayPlan) -> None:
    rows = pl.DataFrame(
        {"id": ["a", "b", "c", "d"], "store_id": ["s1", "s2", "s1", "s2"],
         "spent": [0.3, 0.3, 0.2, 0.3001], "before": [0.15, 0.15, 0.1, 0.15]}
    )  # fmt: skip
    found = dict(with_signature(shop, rows).select("id", "signature").iter_rows())
    assert found["a"] == found["c"]
    assert len({found["a"], found["b"], found["d"]}) == 3
    acts = {name: {a.rule for a in evaluate(shop, row).actions} for name, row in
            zip(rows["id"], rows.iter_rows(named=True), strict=True)}  # fmt: skip
    assert acts == {"a": {"blue"}, "b": set(), "c": {"blue"}, "d": {"more"}}


DATED = """
format: 1
policy: dated
facts: {customer: {a: {type: date}, b: {type: date}}}
rules:
  one: {for: customer, from: a, do: {do: call, priority: 10}}
  two: {for: customer, from: 1 day after b, do: call}
"""


def test_due_days_tell_records_apart_where_a_sieve_looks_at_them(tmp_path: Path) -> None:
    days = [date(2027, 3, day) for day in (2, 2, 3)]
    rows = pl.DataFrame({"id": ["x", "y", "z"], "a": days, "b": [date(2027, 3, 2)] * 3})
    file = tmp_path / "dated.yaml"
    for gate, count in (("gate: []", 1), ("gate: [{merge: [channel, due_on]}]", 2)):
        file.write_text(f"{DATED}{gate}\n", encoding="utf-8")
        plan = compile_day(load_policy(file), date(2027, 3, 17))
        found = defaultdict(set)
        for signature, (acts, _) in decided(plan, with_signature(plan, rows)):
            found[signature].add(tuple(acts))
        assert [len(said) for said in found.values()] == [1] * count


def test_a_figure_between_two_whole_numbers_parts_them(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    text = SHOP.replace("spent: {type: number, unit: CNY", "spent: {type: whole, unit: CNY")
    file.write_text(text.replace("spent > before * 2", "spent >= 10 / 3"), encoding="utf-8")
    plan = compile_day(load_policy(file), date(2027, 3, 17))
    rows = pl.DataFrame({"id": ["a", "b", "c", "d"], "spent": [3, 2, 4, 5]})
    found = with_signature(plan, rows)["signature"].to_list()
    assert found[0] == found[1] != found[2] == found[3]


def test_columns_of_other_types_are_refused_by_name() -> None:
    plan = compile_day(load_policy(ROOT / "benchmarks/eight_rules"), date(2027, 3, 17))
    with pytest.raises(FrameError) as caught:
        with_signature(plan, pl.DataFrame({"id": ["1"], "last_purchase_on": ["2027-03-01"]}))
    assert [each.code for each in caught.value.problems] == ["LR424"]
    assert "last_purchase_on" in str(caught.value)


def test_standings_among_others_are_refused() -> None:
    policy = load_policy(ROOT / "tests" / "frame" / "policies" / "rivals.yaml")
    rows = [{"id": "1", "store_id": "s"}, {"id": "2", "store_id": "s"}]
    plan = compile_day(policy, date(2027, 3, 17)).with_population(rows)
    with pytest.raises(FrameError) as caught:
        with_signature(plan, pl.DataFrame(rows))
    assert [each.code for each in caught.value.problems] == ["LR428"]


@pytest.mark.parametrize("columns", [{"id": ["1", "2"]}, {"id": ["1", "2"], "other": [1, 2]}])
def test_where_a_day_asks_nothing_all_records_have_one_signature(
    tmp_path: Path, columns: Any
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("format: 1\npolicy: p\nfacts: {customer: {points: {type: whole}}}\n", "utf-8")
    plan = compile_day(load_policy(file), "2027-02-05")
    for frame in (
        pl.DataFrame(columns),
        duckdb.connect().from_arrow(pl.DataFrame(columns).to_arrow()),
    ):
        signed = with_signature(plan, frame)
        signed = signed if isinstance(signed, pl.DataFrame) else signed.pl()
        assert signed["signature"].n_unique() == 1
