# SPDX-License-Identifier: Apache-2.0
"""Texts that cannot be written for single records are counted with what those lack, as render finds."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import effort
from loyaltyrules.frame.streaming import split

ROOT = Path(__file__).parents[2]
NEEDED = {"mobile_phone", "email", "address_home"}  # without them an action is blocked before
ON = ("--on", "2027-02-05")
POLICY = """\
format: 1
policy: club
language: en
subjects:
  store: {}
  customer: {of: store}
  purchase: {of: customer}
facts:
  store: {name: {type: text}}
  customer:
    nick: {type: text}
    points: {type: whole, default: 0}
    phone: {type: text, personal: yes}
    tier: {type: text}
  purchase: {item: {type: text}}
words:
  hello: {kind: message.send, channel: sms, template: hello, needs: phone}
  thanks: {kind: letter, template: thanks}
templates:
  hello: {en: "Hello {nick}, {points} points", zh: 您好}
  thanks: {en: "{customer.nick}, how is {item} of {store.name}?", zh: "{item}好吗？"}
rules:
  greet: {for: customer, once_per: month, do: hello}
  gold: {for: customer, if: tier = "gold", once_per: month, do: {do: hello, channel: email}}
  thank: {for: purchase, once_per: month, do: thanks}
"""
CUSTOMER = """\
id,store_id,nick,points,phone,tier
1,s,Ann,,138,gold
2,s, ,5,138,gold
3,s,,5,138,
4,t,,5,,
"""
TABLES = {
    "customer": CUSTOMER,
    "purchase": "id,customer_id,item\na,1,coat\nb,1,\nc,2,coat\nd,2,hat\n",
    "store": "id,name\ns,Main\nt,\n",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "club.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "data").mkdir()
    for name, text in TABLES.items():
        (tmp_path / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def lacking(told: Any, shop: Path, *options: Any) -> dict[str, int]:
    """How many texts lack which cell, by the report of a run; what is said is the same."""
    given = ("run", shop / "club.yaml", shop / "data", *ON, *options)
    ended = told(*given, "--report", shop / "report.json")
    report = json.loads((shop / "report.json").read_text(encoding="utf-8"))
    found: dict[str, int] = report["lacking_cells"]
    lines = [line for line in ended.err.splitlines() if " is empty" in line or "没有填" in line]
    assert ended.code == 0 and len(lines) == len(found)
    return found


def as_rendered(told: Any, shop: Path, *options: Any) -> dict[str, int]:
    """How many texts lack a placeholder, counted on all texts."""
    given = ("render", shop / "club.yaml", shop / "data", *ON, *options, "--format", "json")
    found: dict[str, int] = {}
    for each in json.loads(told(*given).out):
        for name in (each["lacking"] or "").split(";"):
            if name and name != "phone":  # without a telephone the action is blocked before
                own = (
                    name
                    if "." in name
                    else f"{'purchase' if name == 'item' else 'customer'}.{name}"
                )
                found[own] = found.get(own, 0) + 1
    return dict(sorted(found.items()))


@pytest.mark.parametrize("options", [(), ("--since", "2027-01-29"), ("--language", "zh")])
@pytest.mark.parametrize("size", [split.SIZE, 1])
def test_a_run_counts_the_texts_that_render_does_not_write(
    told: Any, shop: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], size: int
) -> None:
    monkeypatch.setattr(split, "SIZE", size)
    found = lacking(told, shop, *options)
    assert found == as_rendered(told, shop, *options)
    if not options:
        assert found == {"customer.nick": 5, "purchase.item": 1}


@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
def test_cells_of_every_kind_of_file_are_looked_at(told: Any, shop: Path, ending: str) -> None:
    file = shop / "data" / "customer.csv"
    expected = lacking(told, shop)
    if ending == ".parquet":
        table = pl.read_csv(file, infer_schema=False).with_columns(pl.col("id").cast(pl.Int64))
        table.write_parquet(file.with_suffix(ending))
    else:
        rows = pl.read_csv(file, infer_schema=False).to_dicts()
        rows[0]["id"] = 1  # type: ignore[call-overload]  # one of several types
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        file.with_suffix(ending).write_text(lines, encoding="utf-8")
    file.unlink()
    assert lacking(told, shop) == expected


def test_the_cells_of_a_store_count_for_its_customers(told: Any, shop: Path) -> None:
    (shop / "data" / "store.csv").write_text("id,name\ns,\nt,x\n", encoding="utf-8")
    found = lacking(told, shop)
    assert found == as_rendered(told, shop) and found["store.name"] == 4


def test_where_all_cells_are_filled_nothing_is_said(told: Any, shop: Path) -> None:
    (shop / "data" / "customer.csv").write_text("id,store_id,nick,phone\n1,s,Ann,138\n")
    (shop / "data" / "purchase.csv").write_text("id,customer_id,item\na,1,coat\n")
    assert lacking(told, shop) == {}


def test_a_cell_that_is_empty_is_told_with_its_table(told: Any, shop: Path) -> None:
    given = ("run", shop / "club.yaml", shop / "data", *ON)
    assert (
        "note: 5 texts of these actions cannot be written, as the cell nick of customer is empty"
        in told(*given).err
    )


def with_holes(table: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    """The table with some of its names and titles gone."""
    for name in {"surname", "title", "name", "brand", "hotline"} & {*table.columns}:
        cells = [None if chance.random() < 0.3 else cell for cell in table[name]]
        table = table.with_columns(pl.Series(name, cells, pl.String))
    return table


@pytest.mark.parametrize(
    "days", effort.each([("2027-02-05",), ("2027-02-20", "--since", "2027-02-10")], 2)
)
def test_the_texts_of_a_store_lack_in_a_run_what_they_lack_rendered(
    told: Any, tmp_path: Path, days: tuple[str, ...]
) -> None:
    chance = random.Random(4)
    for file in sorted((ROOT / "examples" / "store").glob("*.csv")):
        table = with_holes(pl.read_csv(file, infer_schema=False), chance)
        table.write_csv(tmp_path / file.name)
    given = (ROOT / "policies" / "menswear", tmp_path, "--on", *days, "--language", "zh")
    assert told("run", *given, "--report", tmp_path / "report.json").code == 0
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    counted = {cell.split(".")[-1]: count for cell, count in report["lacking_cells"].items()}
    rendered: Counter[str] = Counter()
    for each in json.loads(told("render", *given, "--format", "json").out):
        rendered.update(name.split(".")[-1] for name in (each["lacking"] or "").split(";") if name)
    assert counted == {name: n for name, n in rendered.items() if name not in NEEDED} != {}
