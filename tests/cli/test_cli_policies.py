# SPDX-License-Identifier: Apache-2.0
"""The verbs on policies, explain and snapshot: what they say and how they end."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

import effort
from loyaltyrules import load_policy

ROOT = Path(__file__).parents[2]
ON = ("--on", "2027-02-05")
CASES = """\
given:
  good: {points: 2500, tier: C}
cases:
  high_points: {who: good, on: 2027-02-01, expect: {labels: {level: high}, actions: [task.check_tier]}}
"""


def cases_of(club: Path, text: str) -> Path:
    (club / "club_test.yaml").write_text(text, encoding="utf-8")
    return club / "club.yaml"


def test_check_says_what_is_sound_and_what_is_doubtful(told: Any, club: Path) -> None:
    ended = told("check", club / "club.yaml", "--format", "json")
    assert ended.code in (0, 1)
    assert bool(json.loads(ended.out)["problems"]) == (ended.code == 1)


def test_tests_that_pass_end_with_0(told: Any, club: Path) -> None:
    ended = told("test", cases_of(club, CASES))
    assert (ended.code, ended.out) == (0, "1 passed, 0 failed\n")


def test_a_failed_test_is_told_with_its_place_and_ends_with_1(told: Any, club: Path) -> None:
    policy = cases_of(
        club, CASES.replace("level: high", "level: low").replace("check_tier", "other")
    )
    ended = told("test", policy)
    assert ended.code == 1
    assert "club_test.yaml:4:3: high_points" in ended.out
    assert "level is high, expected low" in ended.out
    assert json.loads(told("test", policy, "--format", "json").out)["failed"] == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [("who: good", "who: nobody"), ("cases:", "csaes:"), ("2027-02-01", "2027-02-31"),
     ("points: 2500", "points: many")],
)  # fmt: skip
def test_a_faulty_test_file_ends_with_3(told: Any, club: Path, old: str, new: str) -> None:
    ended = told("test", cases_of(club, CASES.replace(old, new)))
    assert ended.code == 3
    assert "club_test.yaml:" in ended.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_explain_tells_why_in_both_languages_and_masks_persons(
    told: Any, club: Path, language: str
) -> None:
    given = ["explain", club / "club.yaml", club / "customer.csv", *ON, "--id", "001"]
    ended = told(*given, "--language", language)
    assert ended.code == 0
    assert "greet" in ended.out and "check_tier" in ended.out
    assert not any(secret in ended.out for secret in ("王小明", "1980-02-06", "13800000001"))
    assert json.loads(told(*given, "--format", "json").out)["explanation"]


@pytest.mark.parametrize(
    ("given", "code"), [(["--id", "9"], 2), (["--id", "1"], 2), (["--id", "002"], 4),
                        (["--id", "001", "--subject", "cutomer"], 2)],
)  # fmt: skip
def test_explain_needs_a_sound_record(told: Any, club: Path, given: list[str], code: int) -> None:
    ended = told("explain", club / "club.yaml", club / "customer.csv", *ON, *given)
    assert (ended.code, ended.out) == (code, "")


def test_the_calendar_of_a_policy_says_when_it_acts(told: Any, club: Path) -> None:
    plain, own = (
        told("calendar", "--year", 2027),
        told("calendar", club / "club.yaml", "--year", 2027),
    )
    assert plain.code == own.code == 0
    assert "2027-02-06" in plain.out and "\t" in plain.out
    assert "2027-02-05" in own.out
    assert json.loads(told("calendar", "--year", 2027, "--format", "json").out)
    assert told("calendar", "--year", 1900).code == told("calendar", "--year", 2100).code == 2


def test_the_language_comes_from_the_environment_unless_it_is_said(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL")
    monkeypatch.delenv("LC_MESSAGES")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    given = ["run", club / "club.yaml", club / "customer.csv", *ON]
    assert "措施" in told(*given).out
    assert "actions: 2" in told(*given, "--language", "en").out
    assert "actions: 2" in told(*given, "--language=en").out


def test_errors_speak_the_language_that_was_asked_for(told: Any, club: Path) -> None:
    given = ["run", club / "club.yaml", club / "absent.csv", *ON]
    assert "cannot read" in told(*given).err
    assert "cannot read" not in told(*given, "--language=zh").err


def test_schema_rule_and_new_answer(told: Any, club: Path) -> None:
    assert json.loads(told("schema").out) and json.loads(told("schema", club / "club.yaml").out)
    assert told("rule", "lr404").code == 0
    assert json.loads(told("rule", "LR404", "--format", "json").out)["code"] == "LR404"
    assert told("rule", "LR999").code == 2
    assert told("new", club / "mine").code == 0
    assert told("test", club / "mine").code == 0
    assert told("check", club / "mine").code == 0
    assert told("new", club / "mine").code == 2


def test_a_shipped_policy_is_copied_and_called_by_name(told: Any, club: Path) -> None:
    ended = told("new", club / "ours", "--like", "menswear")
    assert (ended.code, ended.out.split(";")[0]) == (
        0,
        f"a policy like menswear is in {club / 'ours'}",
    )
    copied, shipped = load_policy(club / "ours"), load_policy("menswear")
    assert copied == shipped and (club / "ours" / "handbook.csv").is_file()
    assert told("check", club / "ours").code == told("check", "menswear").code == 0
    assert "LR472" in (ended := told("new", club / "more", "--like", "mensware")).err
    assert ended.code == 2 and "menswear" in ended.err and not (club / "more").exists()


@effort.ALL
def test_the_cases_of_a_shipped_policy_are_found_by_its_name(told: Any, club: Path) -> None:
    ended = told("test", "menswear", "--format", "json")
    assert ended.code == 0 and json.loads(ended.out)["passed"] > 100


def test_facts_are_built_from_raw_tables(told: Any, club: Path) -> None:
    out = club / "facts.csv"
    ended = told("snapshot", ROOT / "examples" / "store", *ON, "--out", out)
    assert ended.code == 0
    assert out.read_text(encoding="utf-8").startswith("id,")
    empty = club / "nothing"
    empty.mkdir()
    assert told("snapshot", empty, *ON, "--out", club / "no.csv").code == 4
    assert told("snapshot", club / "absent", *ON, "--out", club / "no.csv").code == 4
    assert not (club / "no.csv").exists()


RAW = "customer_id,occurred_at,amount\n0001,2027-01-01,5\n0002,2027/1/9,5\n"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"purchase.csv": RAW.replace("2027-01-01", "?")}, "LR435"),
        ({"purchase.csv": RAW.replace("amount", "sum")}, "LR431"),
        ({"customer.csv": "id\n0001\n"}, "LR430"),
        ({"purchase.csv": RAW.replace("9,5", "9")}, "LR419"),
        ({}, "LR430"),
        (None, "LR100"),
    ],
)
def test_faults_of_raw_tables_are_told_in_the_language_that_was_asked_for(
    told: Any, club: Path, raw: dict[str, str] | None, code: str
) -> None:
    if raw is not None:
        (club / "raw").mkdir()
    for name, text in (raw or {}).items():
        (club / "raw" / name).write_text(text, encoding="utf-8")
    given = ["snapshot", club / "raw", *ON, "--out", club / "facts.csv", "--language"]
    for language in ("en", "zh"):
        ended = told(*given, language)
        assert (ended.code, ended.err[:5]) == (4, code)
        words = set(re.findall(r"[A-Za-z_]+", ended.err.replace(str(club / "raw"), "")))
        english = words & {"is", "the", "table", "row", "given", "column", "such", "cells", "no"}
        assert bool(english) == (language == "en"), english
    assert not (club / "facts.csv").exists()


def test_a_few_rows_that_cannot_be_read_are_set_aside_and_told(told: Any, club: Path) -> None:
    (club / "raw").mkdir()
    (club / "raw" / "purchase.csv").write_text(RAW, encoding="utf-8")
    out = club / "facts.csv"
    for language, aside in (("en", "were set aside"), ("zh", "已另放")):
        ended = told("snapshot", club / "raw", *ON, "--out", out, "--language", language)
        assert ended.code == 0 and "2027-02-05" in ended.out
        first, second = ended.err.splitlines()
        assert first.startswith("LR445") and aside in first
        assert second.startswith("LR435") and "'2027/1/9'" in second and "0002" in second
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("0001,2027-01-01")


def test_returns_and_receipts_of_a_till_are_read_by_the_verb(told: Any, club: Path) -> None:
    lines = ["customer_id,occurred_at,amount,order_id"]
    lines += [f"0001,2027-01-0{day} 10:00,{amount},{order}" for day, amount, order in
              [(1, 60, "1"), (1, 40, "1"), (2, 30, "2"), (3, -30, "C2")]]  # fmt: skip
    (club / "raw").mkdir()
    table, out = club / "raw" / "purchase.csv", club / "facts.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    given = ["snapshot", club / "raw", *ON, "--out", out, "--language", "en"]
    ended = told(*given)
    assert (ended.code, ended.err) == (0, "")
    (row,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert (row["purchases_12m"], row["amount_12m"], row["last_purchase_on"]) == (
        "2", "100.0", "2027-01-02"
    )  # fmt: skip
    table.write_text(
        "\n".join(line.rpartition(",")[0] for line in [*lines, lines[1]]), encoding="utf-8"
    )
    ended = told(*given)
    assert (ended.code, ended.err[:5]) == (0, "LR446") and "order_id" in ended.err


@pytest.mark.parametrize("value", ["many", "2000000", "[1, 2]", "0.123456789123", "1 day"])
def test_points_per_amount_of_a_policy_that_is_no_use_is_told(
    told: Any, club: Path, value: str
) -> None:
    policy = club / "points.yaml"
    figure = f"parameters: {{points_per_amount: {{value: {value}}}}}"
    policy.write_text(f"format: 1\npolicy: points\n{figure}\n", encoding="utf-8")
    given = [ROOT / "examples" / "store", *ON, "--out", club / "no.csv", "--policy", policy]
    ended = told("snapshot", *given)
    assert ended.code == 4 and "points_per_amount is" in ended.err, ended.err


def test_no_command_and_help_explain_the_verbs(told: Any) -> None:
    assert told().code == 2
    helped = told("--help")
    assert helped.code == 0 and "explain" in helped.out
    assert told("frobnicate").code == 2
