# SPDX-License-Identifier: Apache-2.0
"""The example to copy runs from the root of the repository, and prints the figures of the music shop."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip(
    "altair", reason="Altair is not installed: pip install 'loyaltyrules[notebook]'"
)

pytestmark = pytest.mark.xdist_group("what_if")  # the example runs once for all
ROOT = Path(__file__).parents[2]
EXPECTED = """\
A 130 43 0
B 0 348 0
C 0 0 1836
0142: A -> B: accumulated points 5033 < A级起点积分 6000 points (before: 5000 points)
Found(tier_a_points 2229 points: 19.94%; 2228 points: 20.03%, ties 2)
  accumulated points: 2008, needs >= 5000 points (A级起点积分), 2992 more
""".splitlines()
COUNTS = {"5000": {"A": 166, "B": 341, "C": 1850}, "6000": {"A": 119, "B": 388, "C": 1850}}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Where the example ran, and what it printed."""
    place = tmp_path_factory.mktemp("root")
    for name in ("examples/cdnow", "policies/menswear"):
        shutil.copytree(ROOT / name, place / name)
    command = [sys.executable, "-W", "error", str(ROOT / "examples" / "what_if.py")]
    done = subprocess.run(command, cwd=place, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return place, done.stdout.splitlines()


def test_it_prints_who_moves_where_the_threshold_lies_and_what_is_lacking(
    printed: tuple[Path, list[str]],
) -> None:
    assert [line for line in EXPECTED if line not in printed[1]] == []


def test_it_prints_the_tiers_that_both_policies_had_put_on_file(
    printed: tuple[Path, list[str]],
) -> None:
    rows = [(name, *row) for name, words in COUNTS.items() for row in words.items()]
    assert str(rows) in printed[1]


def test_it_leaves_a_page(printed: tuple[Path, list[str]]) -> None:
    page = (printed[0] / "build" / "what_if.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page and "<svg" in page


def test_it_is_short_enough_to_be_copied_and_read() -> None:
    assert len((ROOT / "examples" / "what_if.py").read_text(encoding="utf-8").splitlines()) <= 80
