# SPDX-License-Identifier: Apache-2.0
"""render: the texts of a day; coverage: the rows of a handbook, and what acted in a year."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

POLICY = """\
format: 1
policy: club
language: en
facts:
  customer:
    name:   {type: text, personal: yes}
    phone:  {type: text, personal: yes}
    points: {type: whole, default: 0}
occasions:
  party: {solar: 02-06, opens: 1 day}
words:
  greeting: {kind: message.send, channel: sms, template: party, needs: phone}
rules:
  greet: {for: customer, at: party, do: greeting, source: HB-1}
  never: {for: customer, at: party, if: points > 9000, do: call, source: HB-2}
  rich:  {for: customer, at: month_end, if: points > 10, do: task.call, source: [HB-1, HB-3]}
templates:
  party: {en: "Come to the party, {name}!", zh: "{name}，来聚会吧！"}
"""
CASES = """\
given:
  one: {name: Ann, phone: "1"}
cases:
  greeted: {who: one, on: 2027-02-05, expect: {actions: [message.send party]}, source: [HB-1, HB-2]}
"""
HANDBOOK = """\
row,zh,en,left_out_zh,left_out_en
HB-1,问候,Greet everybody,,
HB-2,少见,Seldom,,
HB-3,致电,Call,,
HB-4,不做,Not this,太难,too hard
"""
DAY = ("--on", "2027-02-05")


@pytest.fixture
def club(tmp_path: Path) -> Path:
    for name, text in (
        ("policy.yaml", POLICY),
        ("club_test.yaml", CASES),
        ("handbook.csv", HANDBOOK),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "customers").mkdir()
    table = "id,name,phone,points\n1,Ann,138,20\n2,,139,0\n3,Cid,,0\n"
    (tmp_path / "customers" / "customer.csv").write_text(table, encoding="utf-8")
    return tmp_path


def test_render_tells_each_text_and_why_there_is_none(told: Any, club: Path) -> None:
    ended = told("render", club, club / "customers", *DAY, "--language", "en")
    assert (ended.code, ended.err) == (0, "texts: 1; blocked: 2\n")
    assert ended.out.splitlines()[1:] == [
        "1\t2027-02-05\tsms\tCome to the party, Ann!",
        "2\t2027-02-05\tsms\tblocked: data missing (name)",
        "3\t2027-02-05\tsms\tblocked: data missing (phone)",
    ]


def test_render_speaks_chinese_and_of_one_customer(told: Any, club: Path) -> None:
    ended = told("render", club, club / "customers", *DAY, "--language", "zh", "--id", "1")
    assert "Ann，来聚会吧！" in ended.out
    assert "139" not in ended.out


@pytest.mark.parametrize(("language", "called"), [("zh", "短信"), ("en", "text message")])
def test_render_calls_channels_as_the_reader_does_and_files_by_their_codes(
    told: Any, club: Path, language: str, called: str
) -> None:
    titles = "channels: {sms: {zh: 短信, en: text message}}\n"
    (club / "policy.yaml").write_text(POLICY + titles, encoding="utf-8")
    given = ("render", club, club / "customers", *DAY, "--language", language)
    rows = [line.split("\t") for line in told(*given).out.splitlines()]
    assert {row[2] for row in rows[1:]} == {called}
    told(*given, "--out", club / "texts.csv")
    assert set(pl.read_csv(club / "texts.csv")["channel"]) == {"sms"}
    assert {each["channel"] for each in json.loads(told(*given, "--format", "json").out)} == {"sms"}


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
def test_render_writes_the_texts_to_a_file(told: Any, club: Path, ending: str) -> None:
    out = club / f"texts.{ending}"
    told("render", club, club / "customers", *DAY, "--out", out, "--language", "en")
    read = {"csv": pl.read_csv, "parquet": pl.read_parquet, "jsonl": pl.read_ndjson}[ending]
    table = read(out)
    assert table["status"].to_list() == ["ready", "blocked_missing_data", "blocked_missing_data"]
    assert table["lacking"].to_list() == [None, "name", "phone"]
    assert table["text"].to_list()[0] == "Come to the party, Ann!"


def test_render_is_readable_for_machines(told: Any, club: Path) -> None:
    ended = told("render", club, club / "customers", *DAY, "--format", "json", "--language", "en")
    first, *_ = json.loads(ended.out)
    assert first["action_id"] == "club/greet/customer/1/2027-02-06/message.send:sms:party"


def test_coverage_accounts_for_every_row_of_the_handbook(told: Any, club: Path) -> None:
    ended = told("coverage", club, "--format", "json", "--language", "en")
    rows = {row["row"]: row for row in json.loads(ended.out)["rows"]}
    assert list(rows) == ["HB-1", "HB-2", "HB-3", "HB-4"]
    assert (rows["HB-1"]["parts"], rows["HB-1"]["cases"]) == (["greet", "rich"], ["greeted"])
    assert rows["HB-4"]["left_out"] == "too hard"
    assert [row for row, each in rows.items() if not each["accounted"]] == ["HB-3"]
    assert ended.code == 1


def test_coverage_ends_with_0_when_every_row_is_accounted_for(told: Any, club: Path) -> None:
    (club / "club_test.yaml").write_text(CASES.replace("HB-2]", "HB-2, HB-3]"), encoding="utf-8")
    ended = told("coverage", club, "--language", "en")
    assert ended.code == 0
    assert "rows: 4" in ended.out and "not accounted for: 0" in ended.out


def test_coverage_tells_what_acted_in_a_year_and_what_did_not(told: Any, club: Path) -> None:
    command = ("coverage", club, club / "customers", "--year", "2027", "--language", "en")
    found = json.loads(told(*command, "--format", "json").out)
    rows = {row["row"]: row for row in found["rows"]}
    assert rows["HB-1"]["acted"] == {"greet": "2027-02-05", "rich": "2027-01-31"}
    assert found["silent_rules"] == ["never"]
    assert "rules that acted in 2027: 2; that did not: never" in told(*command).out


def test_coverage_refuses_half_of_a_year_run_and_a_faulty_list(told: Any, club: Path) -> None:
    assert told("coverage", club, club / "customers").code == 2
    (club / "handbook.csv").write_text("row,zh\nHB-1,问候\n", encoding="utf-8")
    assert "LR422" in told("coverage", club, "--language", "en").err
    (club / "handbook.csv").write_text(HANDBOOK + "HB-1,,,,\n", encoding="utf-8")
    assert "LR104" in told("coverage", club, "--language", "en").err


def test_the_cases_of_the_present_folder_are_run_where_no_policy_is_named(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(club)
    assert told("test", "--language", "en").out == "1 passed, 0 failed\n"


def test_a_snapshot_that_is_neither_file_nor_folder_is_refused(told: Any, club: Path) -> None:
    ended = told("run", club, "/dev/null", *DAY, "--language", "en")
    assert ended.code == 4
    assert "LR411" in ended.err


def test_render_tells_the_rows_that_it_sets_aside(told: Any, club: Path) -> None:
    table = "id,name,phone,points\n1,Ann,138,20\n2,Bob,139,many\n3,Cid,137,1\n3,Eve,137,1\n"
    (club / "customers" / "customer.csv").write_text(table, encoding="utf-8")
    ended = told("render", club, club / "customers", *DAY, "--language", "en")
    assert "Ann" in ended.out and "Bob" not in ended.out and "Eve" not in ended.out
    assert "LR402" in ended.err and "LR408" in ended.err
