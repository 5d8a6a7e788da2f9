# SPDX-License-Identifier: Apache-2.0
"""The page for contributors names files that exist, and the layers that are checked."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "loyaltyrules"
LINES = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
ENDING = re.compile(r"\.(py|md|po|toml)$")


def paths(line: str) -> list[str]:
    """What stands in backquotes and looks like a path; options behind it do not count."""
    words = (quoted.split()[0] for quoted in re.findall(r"`([^`]+)`", line))
    return [word for word in words if "/" in word or ENDING.search(word)]


def test_every_path_for_contributors_exists() -> None:
    named = {path for line in LINES for path in paths(line)}
    named -= {".venv/bin/python"}
    assert len(named) > 20
    missing = {path for path in named if not any((top / path).exists() for top in (ROOT, SOURCE))}
    assert missing == set()


def test_the_layers_for_contributors_are_those_that_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract, _ = settings["tool"]["importlinter"]["contracts"]  # of stages, then of rooms
    start = LINES.index("```text") + 1
    assert LINES[start : start + len(contract["layers"]) + 1] == [*contract["layers"], "```"]


def test_the_page_for_contributors_stays_one_page_that_the_readmes_name() -> None:
    assert len(LINES) < 120
    for name in ("README.md", "README.zh.md"):
        assert "(CONTRIBUTING.md)" in (ROOT / name).read_text(encoding="utf-8")
