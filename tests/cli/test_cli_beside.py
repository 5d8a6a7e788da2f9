# SPDX-License-Identifier: Apache-2.0
"""What lies beside the tables of a run is told: other files, rows of the policy, what texts lack."""

import json
from pathlib import Path
from typing import Any

import pytest

ON = ("--on", "2027-02-05")
SHOP = """\
format: 1
policy: shop
subjects:
  store: {title: {zh: 门店, en: Store}, list: stores}
  customer: {of: store, title: {zh: 客户, en: Customer}}
  purchase: {of: customer, list: purchases}
facts:
  store: {name: {type: text}}
  customer: {tier: {type: text}, points: {type: whole, title: {zh: 积分, en: points}}}
reference:
  sale:
    columns: {id: text, text: text}
    rows: [{id: a, text: 大衣}]
words:
  greeting: {kind: message.send, channel: sms, template: hello}
rules:
  greet: {for: customer, at: daily, do: greeting}
templates:
  hello: {zh: "{store.name}祝您安康"}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a policy of stores and customers, and three customers."""
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    rows = "".join(f"c{n},s1,A\n" for n in range(3))
    (data / "customer.csv").write_text(f"id,store_id,tier\n{rows}", encoding="utf-8")
    return tmp_path


def run(told: Any, shop: Path, *options: Any, verb: str = "run") -> Any:
    return told(verb, shop / "shop.yaml", shop / "data", *ON, *options)


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("门店.csv", "store"), ("门店表(2).csv", "store"), ("stores.csv", "store"),
        ("purchases.csv", "purchase"), ("purchse.csv", "purchase"), ("sales.csv", "sale"),
        ("store.xlsx", "store"), ("Store.CSV", "store"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["run", "render"])
def test_a_file_that_no_table_is_called_like_is_named_with_the_table_it_may_be(
    told: Any, shop: Path, file: str, table: str, verb: str
) -> None:
    assert "no table of the policy is called like" not in run(told, shop, verb=verb).err
    (shop / "data" / file).write_text("id,name\ns1,x\n", encoding="utf-8")
    assert f"called like: {file} ({table}.csv?)" in run(told, shop, verb=verb).err


def test_what_a_run_writes_and_what_is_no_table_are_not_named(told: Any, shop: Path) -> None:
    for name in ("notes.txt", "README.md", ".store.csv"):
        (shop / "data" / name).write_text("x", encoding="utf-8")
    ended = run(told, shop, "--out", shop / "data" / "actions.csv")
    assert ended.code == 0 and "called like" not in ended.err
    assert "called like: actions.csv" in run(told, shop).err


@pytest.mark.parametrize("file", ["customer.xlsx", "客户.csv", "客户名单.csv", "customers.csv"])
def test_a_folder_without_a_table_says_what_is_there_and_how_to_call_it(
    told: Any, shop: Path, file: str
) -> None:
    (shop / "data" / "customer.csv").rename(shop / "data" / file)
    ended = run(told, shop)
    assert ended.code == 4 and ended.err.startswith("LR456")
    assert f"{file} (customer.csv?)" in ended.err and "CSV UTF-8" in ended.err


def test_headings_that_mean_the_id_and_facts_are_told_at_once(told: Any, shop: Path) -> None:
    table = shop / "data" / "customer.csv"
    table.write_text("客户编号,门店编号,积分\nc1,s1,5\n", encoding="utf-8")
    ended = run(told, shop)
    assert ended.code == 4
    assert [line[:5] for line in ended.err.splitlines()] == ["LR410", "LR457", "LR457"]
    assert "'客户编号' of customer is not read: 'id' seems to be meant" in ended.err
    assert "'积分' of customer is not read: 'points' seems to be meant" in ended.err


@pytest.mark.parametrize(
    ("heading", "near"), [("ID", "ID"), ("会员号", "会员号"), ("门店编号", "")]
)
def test_the_heading_of_ids_is_found_and_that_of_a_parent_is_not_taken_for_it(
    told: Any, shop: Path, heading: str, near: str
) -> None:
    (shop / "data" / "customer.csv").write_text(f"{heading},x\nc1,5\n", encoding="utf-8")
    said = run(told, shop).err
    assert ("LR457" in said) == bool(near) and (
        f"'{near}' of customer is not read" in said or not near
    )


def test_texts_that_lack_a_table_are_counted(told: Any, shop: Path) -> None:
    report = shop / "report.json"
    ended = run(told, shop, "--report", report)
    assert "3 texts of these actions cannot be written without a table of store" in ended.err
    assert json.loads(report.read_text(encoding="utf-8"))["lacking_texts"] == {"store": 3}
    (shop / "data" / "store.csv").write_text("id,city\ns1,x\n", encoding="utf-8")
    assert (
        "3 texts of these actions cannot be written without the column name" in run(told, shop).err
    )
    (shop / "data" / "store.csv").write_text("id,name\ns1,x\n", encoding="utf-8")
    assert "cannot be written" not in run(told, shop).err


@pytest.mark.parametrize("options", [("--since", "2027-02-01"), ("--backend", "duckdb")])
def test_texts_that_lack_a_table_are_counted_in_a_span_and_in_an_engine(
    told: Any, shop: Path, options: tuple[str, ...]
) -> None:
    if "duckdb" in options:
        pytest.importorskip("duckdb")
    days = 4 if "--since" in options else 1
    assert f"{3 * days} texts of these actions cannot" in run(told, shop, *options).err


@pytest.mark.parametrize("verb", ["run", "render"])
def test_rows_of_the_data_in_place_of_those_of_the_policy_are_told(
    told: Any, shop: Path, verb: str
) -> None:
    said = "the policy has rows of sale too; those of the data count"
    assert said not in run(told, shop, verb=verb).err
    (shop / "data" / "sale.csv").write_text("id,text\nb,衬衫\n", encoding="utf-8")
    assert said in run(told, shop, verb=verb).err


def test_render_names_the_columns_that_are_meant_for_others(told: Any, shop: Path) -> None:
    table = shop / "data" / "customer.csv"
    table.write_text("id,store_id,积分,tire,created_on\nc1,s1,5,x,2027-01-01\n", encoding="utf-8")
    said = run(told, shop, verb="render").err
    assert "积分 is the title of points" in said
    assert "does not read: " not in said.replace("does not read: tire (tier?)", "")
