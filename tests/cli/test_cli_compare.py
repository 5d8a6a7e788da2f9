# SPDX-License-Identifier: Apache-2.0
"""compare: what a change does, on the terminal, for machines, as files, and as an exit code."""

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loyaltyrules import compare, load_policy
from simulation.pages import Page, fetched

ROOT = Path(__file__).parents[2]
ON = ("--on", "2027-02-05")
FIGURE = """\
parameters:
  high_points: {title: {zh: 高级起点, en: Points for high}, value: 2000, unit: points}
"""


@pytest.fixture
def shop(club: Path) -> Path:
    """The club with a figure in place of the number of its label, and two customers more."""
    file = club / "club.yaml"
    text = file.read_text(encoding="utf-8").replace("points >= 2000", "points >= high_points")
    text = text.replace("points: {type: whole,", "points: {type: whole, unit: points,")
    file.write_text(text + FIGURE, encoding="utf-8")
    with (club / "customer.csv").open("a", encoding="utf-8") as table:
        table.write(
            "004,甲,A,3000,1980-01-01,13800000004,是\n005,乙,B,100,1980-01-01,13800000005,是\n"
        )
    return club


def words(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def test_a_change_is_told_with_who_moves_and_which_actions_come_and_go(
    told: Any, shop: Path
) -> None:
    ended = told("compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500")
    assert ended.code == 0
    assert "Points for high: 2000 points → 2500 points" in ended.out
    assert "1 of 4 customers goes from high to low (25.0%)." in ended.out
    assert ["high", "2", "1"] in words(ended.out)
    assert ["message: send", "1", "0", "1", "−1"] in words(ended.out)
    assert "002" in ended.err  # a birthday that there is not: the row was set aside


def test_what_is_told_is_what_python_says(told: Any, shop: Path) -> None:
    arguments = ("compare", shop / "club.yaml", shop, *ON, "--set", "高级起点=2500")
    found = json.loads(told(*arguments, "--format", "json").out)
    policy = load_policy(shop / "club.yaml")
    customers = pl.read_csv(shop / "customer.csv", infer_schema=False)
    delta = compare(policy, policy.with_(high_points=2500), customers, on=ON[1])
    assert found["old"]["fingerprint"] == policy.fingerprint
    assert found["new"]["fingerprint"] == policy.with_(high_points=2500).fingerprint
    assert found["labels"]["level"]["movers"] == len(delta.movers("level"))
    assert found["labels"]["level"]["matrix"]["high"] == {"high": 2, "low": 1}
    assert (*found["actions"].values(),) == delta.by().row(0)
    assert found["by_kind"]["message.send"] == {"lost": 1, "gained": 0, "both": 1}
    assert found["summary"] == delta.summary.to_dicts()
    assert found["parameters"][0]["name"] == "high_points"
    assert found["fail_on"] is None


def test_it_is_told_in_chinese(told: Any, shop: Path) -> None:
    ended = told(
        "compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500",
        "--language", "zh", "--fail-on", "movers(level) > 20%",
    )  # fmt: skip
    assert ended.code == 1
    assert "高级起点：2000 points → 2500 points" in ended.out
    assert "customer" not in ended.out and "Before" not in ended.out
    assert "movers(level) 为 1，占 4 的 25.00%" in ended.out


def test_two_policies_are_compared_and_both_may_be_changed(told: Any, shop: Path) -> None:
    other = shop / "other.yaml"
    other.write_text(
        "format: 1\npolicy: other\nlanguage: en\nextends: club.yaml\n"
        "parameters: {high_points: {value: 2500}}\n",
        encoding="utf-8",
    )
    given = ("compare", shop / "club.yaml", other, shop / "customer.csv", *ON)
    found = json.loads(told(*given, "--format", "json").out)
    assert (found["old"]["policy"], found["new"]["policy"]) == ("club", "other")
    assert found["labels"]["level"]["movers"] == 1
    more = json.loads(told(*given, "--set", "high_points=4000", "--format", "json").out)
    assert more["labels"]["level"]["movers"] == 2
    assert more["parameters"][0]["new"] == "4000 points"


def test_values_are_those_of_a_file(told: Any, shop: Path) -> None:
    def moved(*settings: str) -> int:
        given = [each for text in settings for each in ("--set", text)]
        ended = told("compare", shop / "club.yaml", shop, *ON, *given, "--format", "json")
        return int(json.loads(ended.out)["labels"]["level"]["movers"])

    assert moved("high_points=2500 points") == 1
    assert moved("high_points={2027-02-05: 2500}") == 1
    assert moved("high_points={2027-02-06: 2500}") == 0
    assert moved("labels.level.cases.high=points >= high_points and tier != A") == 2
    assert moved("high_points=2500", "rules.greet.if=level = low") == 1


def test_a_page_and_tables_are_written_together(told: Any, shop: Path) -> None:
    files = {name: shop / "out" / name for name in ("page.html", "movers.csv", "actions.parquet")}
    (shop / "out").mkdir()
    ended = told(
        "compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500",
        "--html", files["page.html"], "--movers", files["movers.csv"],
        "--actions", files["actions.parquet"], "--language", "zh",
    )  # fmt: skip
    assert ended.code == 0
    page = Page(files["page.html"].read_text(encoding="utf-8"))
    assert fetched(page) == []
    assert page.of("html") == [{"lang": "zh-CN"}]
    assert "高级起点：2000 points → 2500 points" in page.text
    movers = pl.read_csv(files["movers.csv"], infer_schema=False).to_dicts()
    assert [(each["label"], each["subject_id"], each["old"], each["new"]) for each in movers] == [
        ("level", "001", "high", "low")
    ]
    assert movers[0]["because"].startswith("points 2000 < 高级起点 2500")
    assert {*pl.read_parquet(files["actions.parquet"])["side"]} == {"lost", "both"}


@pytest.mark.parametrize(("condition", "code"), [
    ("movers(level) > 20%", 1), ("movers(level) > 25%", 0), ("movers(level) >= 1", 1),
    ("movers(level) > 1", 0),
    ("5% < movers(level)", 1), ("lost(message) > 0", 1), ("lost(message.send) = 50%", 1),
    ('lost("mess*") > 0', 1), ("gained(message) > 0", 0), ("actions < 0", 1), ("actions > -1", 0),
    ("actions >= -50%", 1), ("actions(message) = -1", 1), ("lost > 1", 0), ("lost = 1 且 gained = 0", 1),
    ("not (movers(level) > 20%)", 0), ("movers(level) > 9 or lost(message) > 0", 1),
    ("movers(level) > 9 and lost(message) > 0", 0), ("lost(message) > gained(message)", 1),
])  # fmt: skip
def test_a_condition_decides_the_exit_code(
    told: Any, shop: Path, condition: str, code: int
) -> None:
    ended = told(
        "compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500", "--fail-on", condition
    )  # fmt: skip
    assert ended.code == code
    said = "holds" if code else "does not hold"
    assert f"--fail-on {said}: {condition}; " in ended.out


def test_a_condition_is_told_with_its_numbers(told: Any, shop: Path) -> None:
    given = ("compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500")
    condition = "movers(level) > 5% and lost(message) > 0"
    ended = told(*given, "--fail-on", condition)
    assert "movers(level) is 1 of 4 (25.00%), lost(message) is 1 of 2 (50.00%)" in ended.out
    found = json.loads(told(*given, "--fail-on", condition, "--format", "json").out)["fail_on"]
    assert found["holds"] is True
    assert found["numbers"]["movers(level)"] == {"number": 1, "whole": 4}


@pytest.mark.parametrize(("condition", "code", "near"), [
    ("movers(levle) > 1", "LR515", "level"), ("mover(level) > 1", "LR536", "movers"),
    ("lost(mesage.send) > 1", "LR537", "message.send"), ("lost(messag) > 1", "LR537", "message"),
    ("movers > 1", "LR535", ""), ("movers(level)", "LR535", ""), ("2 > 1", "LR535", ""),
    ("movers(level) > 0.05", "LR535", ""), ("movers(level) > yes", "LR535", ""),
    ("movers(level) + 1 > 2", "LR535", ""), ("movers(level, tier) > 2", "LR535", ""),
    ("movers(level) in [1, 2]", "LR535", ""), ("lost(message) > 3 days", "LR535", ""),
    ("movers(level) > ", "LR111", ""), ("movers(level) ＞ 1", "LR110", ">"), ("", "LR111", ""),
])  # fmt: skip
def test_a_condition_that_cannot_be_meant_is_refused(
    told: Any, shop: Path, condition: str, code: str, near: str
) -> None:
    ended = told(
        "compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500",
        "--fail-on", condition, "--movers", shop / "m.csv",
    )  # fmt: skip
    assert (ended.code, ended.out) == (2, "")
    assert f" {code} " in ended.err and ended.err.startswith("--fail-on:1:")
    assert f"Did you mean {near!r}" in ended.err if near and code != "LR110" else near in ended.err
    assert not (shop / "m.csv").exists()


@pytest.mark.parametrize(("arguments", "ends", "code"), [
    (["--set", "high_points"], 2, "LR534"), (["--set", "=3"], 2, "LR534"),
    (["--set", "high_points=1", "--set", "high_points=2"], 2, "LR534"),
    (["--set", "hihg_points=1"], 2, "LR510"), (["--set", "high_points=2500 CNY"], 3, "LR253"),
    (["--set", "high_points=[a"], 3, "LR124"), (["--set", "high_points={a: b: c}"], 3, "LR1"),
    (["--set", "high_points=2500", "--until", "2027-02-04"], 2, "LR538"),
    (["--set", "high_points=2500", "--until", "tomorrow"], 2, "LR451"),
    (["--set", "high_points=2500", "--html", "page.csv"], 2, "LR531"),
    (["--set", "high_points=2500", "--html", "no/page.html"], 2, "LR450"),
    (["--set", "high_points=2500", "--movers", "m.html"], 2, "LR411"),
    (["--set", "high_points=2500", "--movers", "m.csv", "--actions", "./m.csv"], 2, "LR450"),
    ([], 2, "LR533"),
])  # fmt: skip
def test_wrong_use_is_told(
    told: Any, shop: Path, arguments: list[str], ends: int, code: str, monkeypatch: Any
) -> None:
    monkeypatch.chdir(shop)
    before = sorted(shop.iterdir())
    ended = told("compare", "club.yaml", ".", *ON, *arguments)
    assert (ended.code, ended.out) == (ends, "")
    assert code in ended.err
    assert sorted(shop.iterdir()) == before


def test_faults_of_a_change_stand_at_the_option(told: Any, shop: Path) -> None:
    ended = told("compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500 CNY")
    assert ended.err.startswith("--set:")


def test_without_a_snapshot_it_says_how_it_is_called(told: Any, shop: Path) -> None:
    ended = told("compare", shop / "club.yaml", *ON, "--set", "high_points=1")
    assert ended.code == 2 and "LR532" in ended.err


def test_no_output_overwrites_an_input(told: Any, shop: Path) -> None:
    page = shop / "customer.html"
    page.symlink_to(shop / "customer.csv")
    before = (shop / "customer.csv").read_bytes()
    for option, file in (
        ("--movers", "customer.csv"),
        ("--actions", "club.yaml"),
        ("--html", page),
    ):
        given = ("--set", "high_points=2500", option, shop / file)
        assert told("compare", shop / "club.yaml", shop, *ON, *given).code == 2
    assert (shop / "customer.csv").read_bytes() == before


def test_a_page_needs_the_packages_that_draw_it(
    told: Any, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    given = ("compare", shop / "club.yaml", shop, *ON, "--set", "high_points=2500")
    ended = told(*given, "--html", shop / "page.html")
    assert (ended.code, ended.out) == (2, "")
    assert 'pip install "loyaltyrules[notebook]"' in ended.err
    assert told(*given).code == 0  # who wants none needs none


def test_where_nobody_is_left_nothing_is_written(told: Any, shop: Path) -> None:
    table = shop / "customer.csv"
    table.write_text("id,points,tier\n1,many,A\n2,few,A\n", encoding="utf-8")
    ended = told(
        "compare", shop / "club.yaml", table, *ON, "--set", "high_points=2500", "--movers", shop / "m.csv"
    )  # fmt: skip
    assert ended.code == 4
    assert "ATTENTION" in ended.err and "LR402" in ended.err
    assert not (shop / "m.csv").exists()


def test_a_span_is_compared_whole(told: Any, shop: Path) -> None:
    given = ("compare", shop / "club.yaml", shop, "--set", "high_points=2500", "--format", "json")
    one = json.loads(told(*given, "--on", "2027-02-04").out)
    span = json.loads(told(*given, "--on", "2027-02-04", "--until", "2027-02-05").out)
    assert one["actions"]["lost"] == 0 and span["actions"]["lost"] == 1
    assert (span["on"], span["until"]) == ("2027-02-04", "2027-02-05")


def test_reference_tables_beside_the_customers_are_read(told: Any, tmp_path: Path) -> None:
    ended = told(
        "compare", ROOT / "policies" / "menswear", ROOT / "examples" / "store", *ON,
        "--set", "tier_a_points=6000", "--format", "json",
    )  # fmt: skip
    found = json.loads(ended.out)
    assert ended.code == 0 and found["labels"]["tier"]["movers"] == 5
    assert found["incomparable"] == found["reference_faults"] == found["nothing_left"] == []
