# SPDX-License-Identifier: Apache-2.0
"""A run that is told to end leaves nothing behind; what one that was killed left joins no result."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cli.processes import COMMAND, environment, hidden, many_customers, running, wait_until
from effort import each
from loyaltyrules.cli import scratch

ON = ("--on", "2027-02-05")
MANY = 400_000
SIGNALS = each([signal.SIGTERM, signal.SIGINT, signal.SIGHUP], 2)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "customer.parquet"
    many_customers(path, MANY)
    return path


@pytest.mark.parametrize("sign", SIGNALS, ids=lambda sign: sign.name)
@pytest.mark.parametrize("name", ["out.csv", "parts"])
def test_a_run_that_is_told_to_end_while_it_writes_leaves_nothing(
    club: Path, temporary: Path, many: Path, name: str, sign: signal.Signals
) -> None:
    results = club / "results"
    results.mkdir()
    given = ("run", club / "club.yaml", many, *ON, "--out", results / name)
    with running(temporary, *given) as process:
        wait_until(lambda: _content(results) > 0, process)
        process.send_signal(sign)
        _, said = process.communicate()
    assert process.returncode == 128 + sign
    assert b"Traceback" not in said
    assert not list(results.iterdir()) and not list(temporary.iterdir())


def _content(folder: Path) -> int:
    """How many bytes are written beside outputs; what ends while we look counts no more."""
    return sum(os.path.getsize(each) for each in folder.rglob("*") if each.is_file())


@pytest.mark.parametrize("sign", SIGNALS, ids=lambda sign: sign.name)
def test_a_run_that_is_told_to_end_while_it_decides_leaves_no_rows_of_customers(
    club: Path, temporary: Path, many: Path, sign: signal.Signals
) -> None:
    with running(temporary, "run", club / "club.yaml", many, *ON) as process:
        wait_until(lambda: bool(hidden(temporary)), process)
        process.send_signal(sign)
        _, said = process.communicate()
    assert process.returncode == 128 + sign, said
    assert not list(temporary.iterdir())


def test_an_old_result_stays_as_it_is_where_a_run_is_told_to_end(
    club: Path, temporary: Path, many: Path
) -> None:
    out = club / "out.csv"
    out.write_text("before", encoding="utf-8")
    with running(temporary, "run", club / "club.yaml", many, *ON, "--out", out) as process:
        wait_until(lambda: bool(hidden(club)), process)
        process.terminate()
        process.communicate()
    assert out.read_text(encoding="utf-8") == "before"


def test_a_signal_that_whoever_starts_a_run_ignores_is_ignored(
    club: Path, temporary: Path, many: Path
) -> None:
    out = club / "out.parquet"
    shell = 'trap "" HUP; exec "$@"'
    command = [
        "sh",
        "-c",
        shell,
        "sh",
        *COMMAND,
        "run",
        club / "club.yaml",
        many,
        *ON,
        "--out",
        out,
    ]
    process = subprocess.Popen(
        list(map(str, command)), env=environment(temporary), stdout=subprocess.PIPE
    )
    wait_until(lambda: bool(hidden(temporary)), process)
    process.send_signal(signal.SIGHUP)
    process.communicate()
    assert process.returncode == 0 and pl.read_parquet(out).height == 2 * MANY


@pytest.mark.parametrize("name", ["out.csv", "parts"])
def test_what_a_killed_run_left_joins_no_result_and_goes_at_the_next_run(
    told: Any, club: Path, temporary: Path, many: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = club / "results" / name
    out.parent.mkdir()
    with running(temporary, "run", club / "club.yaml", many, *ON, "--out", out) as process:
        wait_until(lambda: _content(out.parent) > 0, process)
        process.kill()
        process.communicate()
    assert hidden(out.parent) and hidden(temporary)
    monkeypatch.setattr("loyaltyrules.cli.run.gettempdir", lambda: str(temporary))
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", out)
    assert ended.code == 0
    assert list(out.parent.iterdir()) == [out] and not list(temporary.iterdir())
    found = pl.read_csv(out) if name == "out.csv" else pl.read_parquet(out / "*.parquet")
    assert found.height == 2


def test_what_a_living_run_writes_is_left_to_it(
    told: Any, club: Path, temporary: Path, many: Path
) -> None:
    out = club / "out.csv"
    with running(temporary, "run", club / "club.yaml", many, *ON, "--out", out) as process:
        wait_until(lambda: any(map(_content, hidden(club))), process)  # it holds what it writes to
        process.send_signal(signal.SIGSTOP)
        assert told("run", club / "club.yaml", club / "customer.csv", *ON, "--out", out).code == 0
        assert len(hidden(club)) == 1
        process.send_signal(signal.SIGCONT)
        process.communicate()
    assert process.returncode == 0 and pl.read_csv(out).height == 2 * MANY


def test_names_beside_an_output_are_new_each_time_and_others_are_not_swept(tmp_path: Path) -> None:
    own = [
        tmp_path / name for name in (".out.csv.notes", ".out.csv.abcdefgh", "out.csv.abcdefgh.part")
    ]
    for path in own:
        path.mkdir()
    names = set()
    for _ in range(5):
        with scratch.scratch(tmp_path, ".out.csv.") as folder:
            names.add(folder.name)
    assert len(names) == 5
    assert sorted(tmp_path.iterdir()) == sorted(own)


def test_a_link_in_the_place_of_a_leftover_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    (tmp_path / ".out.csv.abcdefgh.part").symlink_to(tmp_path / "mine")
    with scratch.scratch(tmp_path, ".out.csv."):
        pass
    assert (tmp_path / "mine" / "file").exists()
