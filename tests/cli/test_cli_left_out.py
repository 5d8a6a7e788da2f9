# SPDX-License-Identifier: Apache-2.0
"""Rows that are left out of what is explained or written are told, as a run tells them."""

import json
from pathlib import Path
from typing import Any

import pytest

ON = ("--on", "2027-02-05")
POLICY = """\
format: 1
policy: shop
language: en
subjects:
  store: {}
  customer: {of: store}
  purchase: {of: customer}
  item: {of: purchase}
facts:
  store: {opened_on: {type: date}}
  customer:
    points: {type: whole, default: 0}
    spent: {sum: purchase.amount}
    better: {rank: points, within: store_id}
  purchase:
    amount: {type: money}
    pieces: {count: item}
  item: {made_on: {type: date}}
reference:
  sale:
    columns: {id: text, day: date}
words:
  greeting: {kind: message.send, channel: sms, template: hello}
templates: {hello: {en: Hello!}}
rules:
  greet: {for: customer, once_per: month, do: greeting}
  care: {for: customer, if: spent > 5, once_per: month, do: call}
"""
TABLES = {
    "customer": "id,store_id,points\na,s,1\nb,s,1\nbad,s,many\n",
    "purchase": "id,customer_id,amount\npa,a,much\npb,b,lots\nlost,nobody,5\nqa,a,5\n",
    "item": "id,purchase_id,made_on\nia,qa,gestern\nib,pb,morgen\n",
    "store": "id,opened_on\ns,2020-02-02\nt,heute\n",
    "sale": "id,day\nx,einst\n",
}
ALL = ["bad", "ia", "ib", "lost", "pa", "pb", "t", "x"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder of tables, each with faulty rows."""
    (tmp_path / "shop.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "data").mkdir()
    for name, text in TABLES.items():
        (tmp_path / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def ids(problems: str) -> list[str]:
    """Which rows were told, from sentences such as `opened_on of t: …`."""
    lines = [line for line in problems.splitlines() if line.startswith("LR")]
    return sorted(line.split(" of ")[1].split(":")[0] for line in lines)


def test_an_explanation_tells_the_rows_that_it_lacks(told: Any, shop: Path) -> None:
    given = ("explain", shop / "shop.yaml", shop / "data", *ON, "--id", "a")
    ended = told(*given)
    assert ended.code == 0 and ended.out.startswith("customer a")
    assert ids(ended.err) == ALL  # whose sums and ranks may be read
    machine = told(*given, "--format", "json")
    faults = json.loads(machine.out)["faults"]
    assert machine.err == "" and len(faults) == len(ALL)
    assert {"code", "message", "remedy"} <= set(faults[0])


def test_texts_of_one_or_of_all_tell_the_rows_that_they_lack(told: Any, shop: Path) -> None:
    given = ("render", shop / "shop.yaml", shop / "data", *ON)
    assert ids(told(*given, "--id", "a").err) == ids(told(*given).err) == ALL


def test_a_run_tells_the_same_rows(told: Any, shop: Path) -> None:
    out = shop / "faults.csv"
    told("run", shop / "shop.yaml", shop / "data", *ON, "--faults", out, "--lenient")
    rows = [line.split(",")[2] for line in out.read_text(encoding="utf-8").splitlines()[1:]]
    assert sorted(rows) == [each for each in ALL if each != "x"]  # no record


def test_where_nothing_is_wrong_an_explanation_tells_nothing_else(told: Any, club: Path) -> None:
    (club / "customer.csv").write_text("id,points\na,2000\n", encoding="utf-8")
    given = ("explain", club / "club.yaml", club / "customer.csv", *ON, "--id", "a")
    assert told(*given).err == ""
    assert json.loads(told(*given, "--format", "json").out)["faults"] == []


def test_faulty_rows_of_others_are_no_part_of_an_explanation(told: Any, club: Path) -> None:
    rows = "p1,001,much,2027-02-02\np2,002,much,2027-02-02\np3,009,5,2027-02-02\n"
    table = "id,customer_id,amount,sold_on\n" + rows
    (club / "purchase.csv").write_text(table, encoding="utf-8")
    for verb in ("explain", "render"):
        assert ids(told(verb, club / "club.yaml", club, *ON, "--id", "001").err) == ["p1"]
