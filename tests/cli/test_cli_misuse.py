# SPDX-License-Identifier: Apache-2.0
"""Whatever is written on the command line, and whatever the disk does: a problem, never a traceback."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli.processes import COMMAND

ON = ("--on", "2027-02-05")
LONG = "x" * 5000
HELLO = "  hello: {kind: message.send, channel: sms, template: t}\n"


@pytest.mark.parametrize(
    "day", ["2027/2/5", "05.02.2027", "2027-02-30", "20270205", "tomorrow", ""]
)
@pytest.mark.parametrize("option", ["--on", "--since"])
def test_what_is_no_day_is_told_with_the_form_to_write(
    told: Any, club: Path, day: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {"--on": "2027-02-05", option: day}
    given = ["run", club / "club.yaml", club / "customer.csv"]
    given += [each for pair in days.items() for each in pair]
    ended = told(*given)
    assert (ended.code, ended.out) == (2, "")
    assert f"{option}: {day!r} is no day" in ended.err and "2027-02-05" in ended.err
    assert json.loads(told(*given, "--format", "json").out)["problems"][0]["code"] == "LR451"
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "不是日期" in told(*given).err


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "club.yaml", "customer.csv", "--on", "0001-01-01"],
        ["run", "club.yaml", "customer.csv", "--on", "9999-12-31"],
        ["run", "club.yaml", "customer.csv", *ON, "--since", "0001-01-01"],
        ["run", "club.yaml", "customer.csv", *ON, "--since", "9999-12-31"],
        ["render", "club.yaml", "customer.csv", "--on", "0001-01-01"],
        ["explain", "club.yaml", "customer.csv", "--on", "0001-01-01", "--id", "001"],
        ["snapshot", ".", "--on", "0001-01-01", "--out", "facts.csv"],
        ["coverage", "club.yaml", "customer.csv", "--year", "20000"],
        ["coverage", "club.yaml", "customer.csv", "--year", "0"],
        ["coverage", "club.yaml", "customer.csv", "--year", "-5"],
        ["calendar", "--year", "20000"],
    ],
)
def test_days_and_years_outside_of_the_calendar_are_told(
    told: Any, club: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(club)
    ended = told(*arguments)
    assert (ended.code, ended.out) == (2, "") and ended.err.startswith("LR")


FIRST, LAST = "1901-02-19", "2099-12-31"


@pytest.mark.parametrize("verb", ["run", "render", "explain", "snapshot", "coverage"])
def test_the_calendar_that_is_told_is_the_one_that_holds(told: Any, club: Path, verb: str) -> None:
    (club / "purchase.csv").write_text("id,customer_id,occurred_at,amount\n1,1,2027-01-01,5\n")
    policy, table = club / "club.yaml", club / "customer.csv"
    command = {
        "run": ["run", policy, table, "--on"],
        "render": ["render", policy, table, "--on"],
        "explain": ["explain", policy, table, "--id", "001", "--on"],
        "snapshot": ["snapshot", club, "--out", club / "facts.csv", "--on"],
        "coverage": ["coverage", policy, table, "--year"],
    }[verb]
    ends = ("1901", "2099") if verb == "coverage" else (FIRST, LAST)
    beyond = ("1900", "2100") if verb == "coverage" else ("1901-02-18", "2100-01-01", "2100-02-08")
    assert {told(*command, day).code for day in ends} == {0}
    for day in beyond:
        ended = told(*command, day)
        assert (ended.code, ended.out) == (2, "")
        assert f" {day} is outside the calendar: {ends[0]} – {ends[1]}." in ended.err


@pytest.mark.parametrize("since", ["1901-02-17", "2100-01-01"])
def test_the_days_of_a_span_are_told_as_they_were_written(
    told: Any, club: Path, since: str
) -> None:
    given = ("run", club / "club.yaml", club / "customer.csv", "--on", "1901-02-20", "--since")
    ended = told(*given, since)
    assert ended.code == 2 and ended.err.startswith(f"LR306 {since} is outside")
    assert told(*given, "1901-02-18").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", LONG], 3), (["test", LONG], 3), (["schema", LONG], 3),
        (["calendar", LONG, "--year", "2027"], 3), (["coverage", LONG], 3),
        (["run", LONG, "customer.csv", *ON], 3), (["run", "club.yaml", LONG, *ON], 4),
        (["explain", "club.yaml", LONG, *ON, "--id", "1"], 4), (["new", LONG], 4),
        (["snapshot", LONG, *ON, "--out", "facts.csv"], 4),
        (["run", "club.yaml", "customer.csv", *ON, "--out", f"{LONG}.csv"], 2),
        (["run", "club.yaml", "customer.csv", *ON, "--out", f"{LONG}/out.csv"], 2),
        (["run", "club.yaml", "customer.csv", *ON, "--out", f"{'x' * 250}.csv"], 4),
    ],
)  # fmt: skip
def test_names_that_no_file_can_have_are_told(
    told: Any, club: Path, arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(club)
    ended = told(*arguments)
    assert ended.code == code and ended.err.startswith("LR")
    assert sorted(each.name for each in club.iterdir()) == ["club.yaml", "customer.csv"]


def on_a_full_disk(club: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C"}
    with Path("/dev/full").open("wb") as full:
        return subprocess.run(
            [*COMMAND, *arguments], cwd=club, env=environment, stdout=full, stderr=subprocess.PIPE
        )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "club.yaml", "customer.csv", *ON, "--out", "out.csv"],
        ["run", "club.yaml", "customer.csv", *ON, "--format", "json"],
        ["run", "club.yaml", "absent.csv", *ON, "--format", "json"],
        ["schema"], ["rule", "LR404"], ["--help"], ["run", "--help"],
    ],
    ids=lambda each: " ".join(each)[:40],
)  # fmt: skip
def test_that_there_is_no_room_on_standard_output_is_told_on_the_other(
    club: Path, arguments: list[str]
) -> None:
    ended = on_a_full_disk(club, *arguments)
    said = ended.stderr.decode()
    assert ended.returncode == 4
    assert "LR100 cannot read or write standard output: No space left on device" in said
    assert "Traceback" not in said and "Exception ignored" not in said


def test_whoever_stops_reading_hears_no_complaint(club: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [*COMMAND, "run", "club.yaml", "customer.csv", *ON, "--language", "en"]
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run(command, cwd=club, stdout=pipe, stderr=subprocess.PIPE)
    assert ended.returncode == 0
    assert b"Error" not in ended.stderr and b"standard output" not in ended.stderr


def test_signs_that_break_lines_do_not_break_the_lines_of_a_table(told: Any, club: Path) -> None:
    text = 'id,tier,points\n"a\nb",C,5000\n"c\td",C,5000\n'
    (club / "customer.csv").write_text(text, encoding="utf-8")
    policy = (club / "club.yaml").read_text(encoding="utf-8")
    policy = policy.replace("do: task.check_tier", "do: hello").replace(
        "words:\n", f"words:\n{HELLO}"
    )
    (club / "club.yaml").write_text(
        policy + 'templates: {t: {en: "Hi", zh: "好"}}\n', encoding="utf-8"
    )
    lines = told("render", club / "club.yaml", club / "customer.csv", *ON).out.splitlines()
    assert [line.count("\t") for line in lines] == [3] * len(lines) and len(lines) == 3


def test_that_there_is_no_folder_for_rows_that_wait_is_told(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    given = ("run", club / "club.yaml", club / "customer.csv", *ON)
    for place in (none, lambda: str(club / "absent")):
        monkeypatch.setattr("loyaltyrules.cli.run.gettempdir", place)
        ended = told(*given)
        assert (ended.code, ended.out) == (4, "") and ended.err.startswith("LR100")
