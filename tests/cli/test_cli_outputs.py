# SPDX-License-Identifier: Apache-2.0
"""Where output may go: over old results and through links, never over inputs, devices or pipes."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
ON = ("--on", "2027-02-05")


def linked(make: Callable[[Path, Path], None]) -> Callable[[Path], Path]:
    def output(club: Path) -> Path:
        make(club / "link.csv", club / "customer.csv")
        return club / "link.csv"

    return output


INPUTS = {
    "the file itself": lambda club: club / "customer.csv",
    "by another path": lambda club: club / ".." / club.name / "customer.csv",
    "a symbolic link": linked(lambda link, file: link.symlink_to(file)),
    "a hard link": linked(lambda link, file: link.hardlink_to(file)),
    "a link to a link": linked(lambda link, file: _two_links(link, file)),
}


def _two_links(link: Path, file: Path) -> None:
    link.with_suffix(".other").symlink_to(file)
    link.symlink_to(link.with_suffix(".other"))


@pytest.mark.parametrize("option", ["--out", "--suppressed", "--faults", "--labels", "--report"])
def test_no_output_overwrites_the_customers(told: Any, club: Path, option: str) -> None:
    table = club / "customer.csv"
    before = table.read_bytes()
    ended = told("run", club / "club.yaml", table, *ON, option, table)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("LR450 cannot write ") and "input" in ended.err
    assert table.read_bytes() == before


@pytest.mark.parametrize("folder", [True, False], ids=["of a folder", "a file"])
@pytest.mark.parametrize("way", INPUTS)
def test_an_input_is_known_by_whatever_name(told: Any, club: Path, way: str, folder: bool) -> None:
    output = INPUTS[way](club)
    before = (club / "customer.csv").read_bytes()
    given = club if folder else club / "customer.csv"
    for verb in ("run", "render"):
        ended = told(verb, club / "club.yaml", given, *ON, "--out", output)
        assert ended.code == 2 and "LR450" in ended.err
    assert (club / "customer.csv").read_bytes() == before


def test_a_new_file_that_the_folder_would_be_read_with_is_refused(told: Any, club: Path) -> None:
    for name in ("purchase.csv", "purchase"):
        ended = told("run", club / "club.yaml", club, *ON, "--out", club / name)
        assert ended.code == 2 and "LR450" in ended.err
    assert told("run", club / "club.yaml", club, *ON, "--out", club / "actions.csv").code == 0


def test_no_part_is_added_to_a_folder_of_parts(told: Any, club: Path) -> None:
    parts = club / "parts"
    parts.mkdir()
    table = pl.read_csv(club / "customer.csv", infer_schema=False)
    table.write_parquet(parts / "1.parquet")
    for name, code in (("2.parquet", 2), ("1.parquet", 2), ("2.csv", 0)):
        assert told("run", club / "club.yaml", parts, *ON, "--out", parts / name).code == code


def test_raw_tables_are_not_overwritten_by_what_is_made_of_them(told: Any, club: Path) -> None:
    raw = club / "raw"
    raw.mkdir()
    for name in ("customer.csv", "purchase.csv"):
        (raw / name).write_bytes((ROOT / "examples" / "cdnow" / name).read_bytes())
    before = (raw / "customer.csv").read_bytes()
    for out in ("customer.csv", "contact.csv"):
        ended = told("snapshot", raw, "--on", "1998-01-01", "--out", raw / out)
        assert ended.code == 2 and "LR450" in ended.err
    assert (raw / "customer.csv").read_bytes() == before


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(told: Any, club: Path) -> None:
    (club / "elsewhere").mkdir()
    link, file = club / "out.csv", club / "elsewhere" / "actions.csv"
    link.symlink_to(file)
    for _ in ("a file to be", "one that is there"):
        assert told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", link).code == 0
        assert link.is_symlink() and link.resolve() == file
        assert pl.read_csv(file).height == 2
    assert os.listdir(file.parent) == ["actions.csv"]


def test_two_names_of_one_file_are_one_file(told: Any, club: Path) -> None:
    (club / "labels.csv").symlink_to(club / "out.csv")
    given = ("--out", club / "out.csv", "--labels", club / "labels.csv")
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, *given)
    assert ended.code == 2 and "given twice" in ended.err


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


@pytest.mark.parametrize("make", [_pipe, _socket])
def test_pipes_and_sockets_are_not_replaced(
    told: Any, club: Path, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(club)
    make(club / "out.csv")
    (club / "link.csv").symlink_to("out.csv")
    for out in ("out.csv", "link.csv"):
        ended = told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", club / out)
        assert ended.code == 2
        assert ended.err.startswith("LR450 cannot write ") and "device or a pipe" in ended.err
    assert not (club / "out.csv").is_file()


@pytest.mark.parametrize("name", ["/dev/null", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("through_a_link", [False, True])
def test_devices_are_refused_whatever_they_lead_to(
    told: Any, club: Path, name: str, through_a_link: bool
) -> None:
    out = club / "out"
    if through_a_link:
        out.symlink_to(name)
    given = ("--report", out if through_a_link else name)
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, *given)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("LR450 cannot write ")
    assert Path("/dev/null").is_char_device()


def test_a_circle_of_links_is_told(told: Any, club: Path) -> None:
    (club / "out.csv").symlink_to("out.csv")
    given = ("--out", club / "out.csv")
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, *given)
    assert ended.code == 2 and "symbolic links" in ended.err


def test_what_cannot_be_written_is_told_in_chinese_without_english(told: Any, club: Path) -> None:
    given = ("--out", club / "customer.csv", "--language", "zh")
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, *given)
    assert "不能写入" in ended.err and "input" not in ended.err


def test_the_list_of_the_handbook_of_a_policy_is_an_input(told: Any, club: Path) -> None:
    folder = club / "policy"
    folder.mkdir()
    (club / "club.yaml").rename(folder / "policy.yaml")
    (folder / "handbook.csv").write_text("id,text\nA,a\n", encoding="utf-8")
    given = (folder, club / "customer.csv", *ON, "--out")
    ended = told("run", *given, folder / "handbook.csv")
    assert ended.code == 2 and "LR450" in ended.err
    for _ in range(2):  # what a run wrote there may be written again
        assert told("run", *given, folder / "out.csv").code == 0


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_who_may_read_an_old_result_may_read_the_new_one(told: Any, club: Path, mode: int) -> None:
    out = club / "out.csv"
    out.touch(mode)
    out.chmod(mode)
    assert told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", out).code == 0
    assert out.stat().st_mode & 0o777 == mode and out.stat().st_size


@pytest.mark.parametrize("name", ["handbook.csv", "texts.csv"])
@pytest.mark.parametrize("given", ["policy/policy.yaml", "policy", "own", "own/policy.yaml"])
def test_what_a_policy_is_read_from_and_the_handbook_beside_it_are_inputs(
    told: Any, club: Path, given: str, name: str
) -> None:
    folders = [club / "policy", club / "own", club / "raw"]
    for folder in folders:
        folder.mkdir()
    whole = (club / "club.yaml").read_text(encoding="utf-8")
    (club / "policy" / "policy.yaml").write_text(whole + "include: texts.yaml\n", encoding="utf-8")
    (club / "policy" / "texts.yaml").write_text("templates: {t: {en: Hi}}\n", encoding="utf-8")
    (club / "policy" / "texts.csv").symlink_to("texts.yaml")
    (club / "policy" / "handbook.csv").write_text("row,en\nA,a\n", encoding="utf-8")
    (club / "own" / "policy.yaml").write_text("extends: ../policy\n", encoding="utf-8")
    (club / "raw" / "purchase.csv").write_text("customer_id,occurred_at,amount\n1,2027-01-01,5\n")
    out = club / "policy" / name
    before = out.read_bytes()
    for command in (
        ("run", club / given, club / "customer.csv"),
        ("render", club / given, club / "customer.csv"),
        ("snapshot", club / "raw", "--policy", club / given),
    ):
        ended = told(*command, *ON, "--out", out)
        assert (ended.code, ended.err[:5]) == (2, "LR450"), command[0]
        assert told(*command, *ON, "--out", club / "policy" / "out.csv").code == 0
    assert out.read_bytes() == before


@pytest.mark.parametrize("mode", [0o700, 0o750])
def test_who_may_look_into_an_old_folder_may_look_into_the_new_one(
    told: Any, club: Path, mode: int
) -> None:
    out = club / "out"
    out.mkdir()
    out.chmod(mode)
    assert told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", out).code == 0
    assert out.stat().st_mode & 0o777 == mode
    parts = [part.stat() for part in out.iterdir()]
    assert {part.st_mode & 0o777 for part in parts} == {mode & 0o666}
