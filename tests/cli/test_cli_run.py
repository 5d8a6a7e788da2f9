# SPDX-License-Identifier: Apache-2.0
"""run: what goes in, what comes out, and how it ends."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame.streaming import split

ON = ("--on", "2027-02-05")
IDS = [
    "club/check_tier/customer/003/2027-02/task.check_tier",
    "club/greet/customer/001/2027-02-06/message.send:sms",
]


def ids(path: Path) -> list[str]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [row["action_id"] for row in csv.DictReader(file)]
    frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_ndjson(path)
    return frame["action_id"].to_list()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_actions_are_written_in_the_format_of_the_ending(
    told: Any, club: Path, ending: str
) -> None:
    out = club / f"out.{ending}"
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", out)
    assert ended.code == 0
    assert ids(out) == IDS


def test_csv_has_all_columns_null_as_an_empty_cell_and_plain_line_ends(
    told: Any, club: Path
) -> None:
    out, held = club / "out.csv", club / "held.csv"
    told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", out, "--suppressed", held)
    text = out.read_bytes().decode("utf-8")
    assert "\r" not in text and text.endswith("\n")
    assert text.split("\n")[0] == ",".join(COLUMNS)
    assert len(COLUMNS) == 32
    assert ",,,," in text.split("\n")[1]
    assert "no_consent,,source,0,,gate.no_consent" in held.read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_offices_write(
    told: Any, club: Path, encoding: str
) -> None:
    table, out = club / "customer.csv", club / "labels.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Ärmel", "李"), encoding=encoding)
    assert told("run", club / "club.yaml", table, *ON, "--out", out).code == 0
    assert ids(out) == IDS


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_json_lines_and_parquet_are_read_like_csv(told: Any, club: Path, ending: str) -> None:
    table = pl.read_csv(club / "customer.csv", infer_schema=False)
    given, out = club / f"given.{ending}", club / "out.csv"
    (table.write_parquet if ending == "parquet" else table.write_ndjson)(given)
    assert told("run", club / "club.yaml", given, *ON, "--out", out).code == 0
    assert ids(out) == IDS


def test_lists_inside_json_records_are_child_records(told: Any, club: Path) -> None:
    record = {"id": 7, "points": "1", "purchases": [{"amount": 5, "sold_on": "2027-02-02"}]}
    (club / "one.jsonl").write_text(json.dumps(record) + "\n\n" + '{"id": "8"}', encoding="utf-8")
    out = club / "out.csv"
    assert told("run", club / "club.yaml", club / "one.jsonl", *ON, "--out", out).code == 0
    assert ids(out) == ["club/after_sale/purchase/7-1/2027-02-02/call:phone"]


def test_a_folder_of_tables_is_read_by_their_names(told: Any, club: Path) -> None:
    text = "id,customer_id,amount,sold_on\np1,001,5.00,2027-02-02\np2,009,1,2027-02-02\n"
    (club / "purchase.csv").write_text(text, encoding="utf-8")
    out, faults = club / "out.csv", club / "faults.csv"
    ended = told("run", club / "club.yaml", club, *ON, "--out", out, "--faults", faults)
    assert ended.code == 0
    assert ids(out) == ["club/after_sale/purchase/p1/2027-02-02/call:phone", *IDS]
    assert "purchase,2,p2,customer_id,009,LR415" in faults.read_text(encoding="utf-8")


def test_a_child_table_of_headings_alone_means_no_child_records(told: Any, club: Path) -> None:
    (club / "purchase.csv").write_text("id,customer_id,amount,sold_on\n", encoding="utf-8")
    ended = told("run", club / "club.yaml", club, *ON, "--format", "json")
    assert ended.code == 0
    assert json.loads(ended.out)["records"] == {"customer": 2, "purchase": 0}


def test_faulty_rows_are_set_aside_counted_and_told_with_their_row(told: Any, club: Path) -> None:
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON)
    assert "rows set aside: 1" in ended.out
    assert "row 2 of customer: LR404 born_on of 002" in ended.err
    assert "1980-02-30" not in ended.out + ended.err


def test_strict_refuses_faulty_rows_and_writes_nothing(told: Any, club: Path) -> None:
    out = club / "out.csv"
    out.write_text("before", encoding="utf-8")
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", out, "--strict")
    assert ended.code == 4
    assert out.read_text(encoding="utf-8") == "before"
    assert "nothing was written" in ended.err


def test_an_unknown_column_is_a_note_and_no_refusal(told: Any, club: Path) -> None:
    table = club / "customer.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("points", "pointss"), encoding="utf-8"
    )
    ended = told("run", club / "club.yaml", table, *ON)
    assert ended.code == 0
    assert "pointss (points?)" in ended.err


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "LR409"),
        ("headings.csv", b"id,tier\n", "LR409"),
        ("no_id.csv", b"tier,points\nA,5\n", "LR410"),
        ("ragged.csv", b"id,tier\n1,A\n2,A,5\n", "LR419"),
        ("short.csv", b"id,tier,points\n1,A,5\n2,A\n", "LR419"),
        ("noise.csv", bytes(range(128, 256)), "LR452"),
        ("broken.jsonl", b'{"id": "1"}\n{"id": \n', "LR419"),
        ("list.jsonl", b"[1, 2]\n", "LR419"),
        ("noise.parquet", b"PAR1 no", "LR409"),
        ("table.xlsx", b"PK", "LR411"),
        ("absent.csv", None, "LR100"),
    ],
)
def test_tables_that_cannot_be_read_end_with_4(
    told: Any, club: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (club / name).write_bytes(content)
    ended = told("run", club / "club.yaml", club / name, *ON)
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith(code)


def broken_off(file: Path) -> None:
    """A Parquet file of many customers, sound at its beginning and its end, with noise in its middle."""
    count = 20_000
    ids = [f"c{number * 7919 % 99_991:05d}" for number in range(count)]
    table = pl.DataFrame({"id": ids, "customer_id": ids, "points": range(count)})
    table.write_parquet(file, row_group_size=4_000)
    content = bytearray(file.read_bytes())
    middle = slice(len(content) // 2 - 2_000, len(content) // 2 + 2_000)
    content[middle] = bytes(number * 37 % 256 for number in range(4_000))
    file.write_bytes(content)


@pytest.mark.parametrize("in_parts", [False, True], ids=["at once", "in parts"])
@pytest.mark.parametrize(
    ("place", "told_as"),
    [("c.parquet", "c.parquet"), ("folder/customer.parquet", "customer.parquet"),
     ("folder/purchase.parquet", "purchase.parquet"), ("parts/one.parquet", "parts")],
)  # fmt: skip
def test_a_file_that_breaks_off_in_its_middle_is_told_by_name(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch, place: str, told_as: str, in_parts: bool
) -> None:
    if in_parts:
        monkeypatch.setattr(split, "SIZE", 5_000)
    file = club / place
    file.parent.mkdir(exist_ok=True)
    broken_off(file)
    if file.stem == "purchase":
        (file.parent / "customer.csv").write_bytes((club / "customer.csv").read_bytes())
    given = file.parent if file.parent != club else file
    ended = told("run", club / "club.yaml", given, *ON, "--out", club / "out.csv")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("LR409") and told_as in ended.err.splitlines()[0]
    assert not (club / "out.csv").exists()


def test_a_ragged_row_is_told_with_its_line(told: Any, club: Path) -> None:
    (club / "ragged.csv").write_text('id,tier\n1,"A"\n\n2,A,5\n', encoding="utf-8")
    said = told("run", club / "club.yaml", club / "ragged.csv", *ON).err
    assert "line 4 of" in said and "more cells than in the heading" in said


@pytest.mark.parametrize(
    "options",
    [
        ["--on", "2100-01-01"], ["--on", "1901-01-01"], ["--on", "2027-02-30"], ["--on", "05.02.2027"],
        [], [*ON, "--since", "2027-02-05"], [*ON, "--since", "2027-02-09"], [*ON, "--frob"],
        [*ON, "--out", "no/such/folder/out.csv"], [*ON, "--out", "out.xlsx"], [*ON, "--out", "."],
        [*ON, "--out", "same.csv", "--labels", "same.csv"], [*ON, "--language", "fr"],
    ],
)  # fmt: skip
def test_wrong_use_ends_with_2_and_json_stays_json(
    told: Any, club: Path, options: list[str]
) -> None:
    given = ["run", club / "club.yaml", club / "customer.csv", *options]
    assert told(*given).code == 2
    ended = told(*given, "--format", "json")
    assert ended.code == 2
    assert json.loads(ended.out)["problems"]


@pytest.mark.parametrize("old, new", [("solar: 02-06", "lunar: 13/1"), ("level = high", "level = hgh"),
                                      ("party:", "[")])  # fmt: skip
def test_a_faulty_policy_ends_with_3(told: Any, club: Path, old: str, new: str) -> None:
    policy = club / "club.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    for verb in (["run", policy, club / "customer.csv", *ON], ["check", policy], ["test", policy]):
        ended = told(*verb)
        assert (ended.code, ended.out) == (3, "")
        assert "club.yaml:" in ended.err
        assert json.loads(told(*verb, "--format", "json").out)["problems"]


def test_nothing_is_left_when_the_disk_fails_half_way(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", full)
    before = sorted(club.iterdir())
    given = ["--out", club / "a.csv", "--labels", club / "l.parquet"]
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, *given)
    assert ended.code != 0
    assert "No space left" in ended.err
    assert sorted(club.iterdir()) == before


def test_the_report_is_json_for_machines(told: Any, club: Path) -> None:
    report = club / "report.json"
    told("run", club / "club.yaml", club / "customer.csv", *ON, "--report", report)
    figures = json.loads(report.read_text(encoding="utf-8"))
    assert (figures["actions"], figures["suppressed"], figures["set_aside"]) == (2, 1, 1)


def test_the_same_bytes_come_out_for_any_hash_seed_and_order_of_rows(club: Path) -> None:
    heading, *rows = (club / "customer.csv").read_text(encoding="utf-8").splitlines()
    rows = [row for row in rows if not row.startswith("002")]
    found = set()
    for seed, order in (("1", rows), ("2", rows[::-1])):
        (club / "mixed.csv").write_text("\n".join([heading, *order]) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "loyaltyrules.cli.app", "run", "club.yaml", "mixed.csv", *ON,
                   "--out", "out.csv", "--suppressed", "held.jsonl", "--labels", "labels.csv"]  # fmt: skip
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LANG": "zh_CN.UTF-8", "LC_ALL": ""}
        ended = subprocess.run(command, cwd=club, env=environment, capture_output=True, check=True)
        assert "措施" in ended.stdout.decode("utf-8")
        assert b"\x1b[" not in ended.stdout
        written = [(club / name).read_bytes() for name in ("out.csv", "held.jsonl", "labels.csv")]
        found.add((ended.stdout, *written))
    assert len(found) == 1
