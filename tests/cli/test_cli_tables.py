# SPDX-License-Identifier: Apache-2.0
"""Tables as offices write them: what cannot be read is named, in the reader's language."""

import codecs
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ON = ("--on", "2027-02-05")
ENGLISH = re.compile(r"\b(the|cells|heading|line|encoding|more|fewer|separated|by|of|than|row)\b")
CHINESE = "id,name,tier\n001,王小明,A\n002,陈,C\n003,李四光,B\n"


def refused(told: Any, club: Path, name: str, content: bytes, language: str = "en") -> str:
    """What is told of a table that is refused; the Chinese has no English sentence in it."""
    (club / name).write_bytes(content)
    given = ("run", club / "club.yaml", club / name, *ON)
    ended = told(*given, "--language", language)
    assert (ended.code, ended.out) == (4, "")
    chinese = told(*given, "--language", "zh").err.replace(str(club), "")
    assert not ENGLISH.search(chinese), chinese
    return str(ended.err)


@pytest.mark.parametrize(
    "heading", ["id,tier,points,tier", "id,id,tier,points", '"tier",id,"tier",points']
)
def test_two_columns_of_one_name_are_refused_with_both_places(
    told: Any, club: Path, heading: str
) -> None:
    said = refused(told, club, "twice.csv", f"{heading}\n1,A,5,B\n".encode())
    names = heading.replace('"', "").split(",")
    twice = next(name for name in names if names.count(name) > 1)
    places = [f"{'ABCD'[place]}1" for place, name in enumerate(names) if name == twice]
    assert said.startswith("LR425") and f"{twice} ({', '.join(places)})" in said


def test_columns_behind_z_are_named_as_spreadsheets_name_them(told: Any, club: Path) -> None:
    names = [f"c{number}" for number in range(60)]
    names[0], names[26], names[52] = "id", "tier", "tier"
    heading, row = ",".join(names), ",".join("1" * len(names))
    assert "tier (AA1, BA1)" in refused(told, club, "wide.csv", f"{heading}\n{row}\n".encode())


def test_columns_without_a_name_are_not_of_one_name(told: Any, club: Path) -> None:
    (club / "c.csv").write_text("id,tier,,\n1,A,,\n", encoding="utf-8")
    assert told("run", club / "club.yaml", club / "c.csv", *ON).code == 0


def test_a_name_that_stands_twice_in_a_record_of_json_is_refused(told: Any, club: Path) -> None:
    rows = '{"id": "1", "tier": "A"}\n{"id": "2", "tier": "A", "tier": "B"}\n'
    said = refused(told, club, "twice.jsonl", rows.encode())
    assert said.startswith("LR419 line 2 of ") and "twice" in said


@pytest.mark.parametrize(
    "record", [{"id": "\ud800"}, {"id": "1", "name": "a\udfff"}, {"id": "1", "n\ud912": 1}]
)
def test_half_of_a_sign_in_json_is_told_with_its_line(
    told: Any, club: Path, record: dict[str, Any]
) -> None:
    rows = '{"id": "0"}\n' + json.dumps(record)
    assert refused(told, club, "half.jsonl", rows.encode()).startswith("LR419 line 2 of ")


def test_whole_signs_written_by_their_numbers_are_read(told: Any, club: Path) -> None:
    rows = json.dumps({"id": "1", "name": "王😀", "points": 1}) + "\n"
    assert "\\u" in rows
    (club / "c.jsonl").write_text(rows, encoding="utf-8")
    assert told("run", club / "club.yaml", club / "c.jsonl", *ON).code == 0


ENCODINGS = {
    "UTF-16 as Excel writes it": (codecs.BOM_UTF16_LE + CHINESE.encode("utf-16-le"), "UTF-16"),
    "UTF-16, the other way": (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "UTF-16"),
    "UTF-16 without a mark": (CHINESE.encode("utf-16-le"), "UTF-16"),
    "a line of Latin-1": (CHINESE.encode() + "004,Müller,C\n".encode("latin-1"), "line 5"),
    "a line of GB18030": (CHINESE.encode() + "004,张三,C\n".encode("gb18030"), "line 5"),
    "noise": (b"id,name\n" + bytes(range(128, 256)), "line 2"),
}


@pytest.mark.parametrize("case", ENCODINGS)
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_another_encoding_is_called_one(told: Any, club: Path, case: str, ending: str) -> None:
    content, named = ENCODINGS[case]
    said = refused(told, club, f"c.{ending}", content)
    assert said.startswith("LR452") and "encoding" in said and named in said
    assert "编码" in refused(told, club, f"c.{ending}", content, "zh")


@pytest.mark.parametrize("name", ["联通", "王", "欧阳娜娜", "Ärmel 王", "马咔咔"])
def test_short_texts_in_gb18030_are_read_as_such(told: Any, club: Path, name: str) -> None:
    text = "id,name,tier,points\n1,名字是,A,5000\n2," + name + ",C,5000\n"
    (club / "c.csv").write_bytes(text.encode("gb18030"))
    assert told("run", club / "club.yaml", club / "c.csv", *ON).code == 0


def test_line_ends_of_old_macs_are_told(told: Any, club: Path) -> None:
    content = CHINESE.replace("\n", "\r").encode()
    assert refused(told, club, "mac.csv", content).startswith("LR453")


@pytest.mark.parametrize(
    ("sign", "named", "chinese"),
    [("\t", "tabs", "制表符"), (";", "semicolons", "分号"), ("|", "vertical bars", "竖线"),
     ("，", "full-width commas", "全角逗号")],
)  # fmt: skip
def test_another_separator_is_named(
    told: Any, club: Path, sign: str, named: str, chinese: str
) -> None:
    content = CHINESE.replace(",", sign).encode()
    said = refused(told, club, "other.csv", content)
    assert said.startswith("LR454") and f"separated by {named}" in said
    assert chinese in refused(told, club, "other.csv", content, "zh")


FIRST = "C1,王小明,13912345678,a.b@example.com,1980-05-12,123456789,男"


def test_values_in_the_place_of_a_heading_are_told_and_not_repeated(told: Any, club: Path) -> None:
    said = refused(told, club, "none.csv", f"{FIRST}\n{FIRST.replace('C1', 'C2')}\n".encode())
    assert said.startswith("LR455") and "no heading" in said
    assert not any(value in said for value in FIRST.split(","))


NO_NAMES = [
    "13912345678", "unknown_13912345678", "a.b@example.com", "2027-03-09", "123456789",
    "+86 139-1234-5678", "2027年2月5日",
]  # fmt: skip


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_column_that_is_named_like_a_value_is_not_repeated(
    told: Any, club: Path, name: str
) -> None:
    pl.DataFrame({"id": ["1"], name: ["x"], "colour": ["red"]}).write_csv(club / "c.csv")
    given = ("run", club / "club.yaml", club / "c.csv", *ON, "--report", club / "report.json")
    ended = told(*given)
    assert ended.code == 0
    assert "seems to have no heading" in ended.err and "colour" in ended.err
    machine = told(*given, "--format", "json").out + (club / "report.json").read_text("utf-8")
    assert name not in ended.out + ended.err + machine
    assert json.loads((club / "report.json").read_text("utf-8"))["without_heading"] == ["customer"]
