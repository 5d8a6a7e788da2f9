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
    contract, *_ = settings["tool"]["importlinter"]["contracts"]  # of stages, then of rooms
    start = LINES.index("```text") + 1
    assert LINES[start : start + len(contract["layers"]) + 1] == [*contract["layers"], "```"]


def test_what_chooses_among_the_tests_is_explained_for_contributors() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    markers = {each.split(":")[0] for each in settings["tool"]["pytest"]["ini_options"]["markers"]}
    effort = (ROOT / "tests" / "effort.py").read_text(encoding="utf-8")
    variables = set(re.findall(r'environ\.get\("(\w+)"', effort))
    assert len(markers) > 0 and len(variables) == 3
    told = set(re.findall(r"`([\w-]+)[`=]", "\n".join(LINES)))
    assert markers | variables <= told


def test_contributors_are_told_both_selections_and_every_change_is_tried_with_all() -> None:
    targets = re.findall(r"^(test[\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets == ["test"]
    for said in ("make test", "make test EFFORT=all"):
        assert any(line.startswith(f"| `{said}` |") for line in LINES)
    checks = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("make test EFFORT=all ") for line in checks)


def test_the_page_for_contributors_stays_one_page_that_the_readmes_name() -> None:
    assert len(LINES) < 120
    for name in ("README.md", "README.zh.md"):
        assert "(CONTRIBUTING.md)" in (ROOT / name).read_text(encoding="utf-8")
