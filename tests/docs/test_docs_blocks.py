# SPDX-License-Identifier: Apache-2.0
"""Every block of code in the documentation runs, loads, or gives the output that stands under it.

A comment before a block says how it is used:

`<!-- yaml: shop -->`                  sections beside those of `tests/docs/bases/shop.yaml`
`<!-- yaml: over policies/menswear -->`  a policy that extends the one named
`<!-- yaml: fault LR135 in shop -->`   sections that are refused with this code
`<!-- yaml: test of shop -->`          a test file of that base (or of `policies/…`); its cases pass
`<!-- yaml: plain -->`                 YAML that is no policy
`<!-- output -->`                      the text block under it is what the block above it prints

Without a comment a YAML block is a whole policy where it has the key `policy:`, else it is laid over
policies/menswear. Python blocks of one page run in
order, in a copy of the repository's examples and policies; so do lines of `sh` blocks that begin with
`loyaltyrules`. Such a line ends with exit code 0, or with the one that a comment `# exit 1` names.
"""

import contextlib
import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import effort
from conformance import engines
from loyaltyrules import PolicyError, load_policy
from loyaltyrules.cli.app import main
from loyaltyrules.testing.cases import read_cases
from loyaltyrules.testing.runner import run_case

ROOT = Path(__file__).parents[2]
BASES = Path(__file__).parent / "bases"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
HEAD = "format: 1\npolicy: docs\nlanguage: en\n"


@dataclass(frozen=True)
class Block:
    """One block of code: where it stands, in which language, and the comment before it."""

    page: Path
    line: int
    language: str
    note: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """All blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, found.start("language")) + 1, found["language"],
              found["note"] or "", found["text"])
        for found in BLOCK.finditer(text)
    ]  # fmt: skip


YAML = [each for page in PAGES for each in blocks(page) if each.language in ("yaml", "yml")]


def running(page: Path) -> Any:
    """A page as a parameter; one that starts Spark belongs to the tests of Spark."""
    on_spark = "pyspark" in page.read_text(encoding="utf-8")
    marks = [*engines.ON_SPARK, effort.ALL] if on_spark else ()
    return pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


RUNNING = [
    running(page)
    for page in PAGES
    if any(block.language in ("python", "sh") for block in blocks(page))
]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with a copy of what the documentation's examples speak of."""
    for name in ("examples", "policies"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("block", effort.each(YAML, 3), ids=lambda block: block.name)
def test_every_yaml_block_of_the_documentation_loads(block: Block, workplace: Path) -> None:
    note = block.note.removeprefix("yaml: ") if block.note.startswith("yaml: ") else ""
    match note.split():
        case ["plain"]:
            assert yaml.safe_load(block.text) is not None
        case ["over", path]:
            load_policy(written(workplace, block.text, f"{HEAD}extends: ../../{path}\n"))
        case ["fault", code, "in", base]:
            with pytest.raises(PolicyError) as caught:
                load_policy(beside(workplace, base, block.text))
            assert code in [each.code for each in caught.value.problems]
        case ["test", "of", base]:
            run_tests(workplace, base, block.text)
        case [base]:
            load_policy(beside(workplace, base, block.text))
        case [] if "policy:" in block.text:
            load_policy(whole(workplace, block.text))
        case _:
            load_policy(written(workplace, block.text, f"{HEAD}extends: ../menswear\n"))


def whole(workplace: Path, text: str) -> Path:
    """A policy of its own, beside the shipped ones."""
    folder = workplace / "policies" / "docs"
    folder.mkdir()
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    return folder


def written(workplace: Path, text: str, head: str) -> Path:
    """A policy of a head and the sections of a block."""
    folder = whole(workplace, f"{head}include: fragment.yaml\n")
    (folder / "fragment.yaml").write_text(text, encoding="utf-8")
    return folder


def beside(workplace: Path, base: str, text: str) -> Path:
    """The sections of a block beside those of a base."""
    folder = whole(workplace, f"{HEAD}include: [base.yaml, fragment.yaml]\n")
    shutil.copy(BASES / f"{base}.yaml", folder / "base.yaml")
    (folder / "fragment.yaml").write_text(text, encoding="utf-8")
    return folder


def run_tests(workplace: Path, base: str, text: str) -> None:
    folder = workplace / base if "/" in base else whole(workplace, f"{HEAD}include: base.yaml\n")
    if "/" not in base:
        shutil.copy(BASES / f"{base}.yaml", folder / "base.yaml")
    file = folder / "docs_test.yaml"
    file.write_text(text, encoding="utf-8")
    policy = load_policy(folder)
    results = [run_case(policy, case) for case in read_cases(file)]
    assert results
    assert [each.failures for each in results] == [()] * len(results)


@pytest.mark.parametrize("page", effort.each(RUNNING, 3))
def test_every_python_and_shell_block_of_the_documentation_runs(
    page: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workplace)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    space: dict[str, Any] = {"__name__": "documentation"}
    printed = ""
    for block in blocks(page):
        if block.language == "python":
            printed = run_python(block, space)
        elif block.language == "sh":
            printed = "".join(run_shell(block, monkeypatch))
        elif block.note == "output":
            assert tidy(printed) == tidy(block.text), block.name


def run_python(block: Block, space: dict[str, Any]) -> str:
    out = io.StringIO()
    code = compile("\n" * block.line + block.text, str(block.page), "exec")
    with contextlib.redirect_stdout(out):
        exec(code, space)
    return out.getvalue()


def run_shell(block: Block, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """What the lines of a block print that call the command line; other lines are for people."""
    for line in block.text.replace("\\\n", " ").splitlines():
        command, _, comment = line.partition("  #")
        if not command.startswith("loyaltyrules ") or at_length(command):
            continue
        found = re.search(r"exit (\d)", comment)
        code, out, err = run_command(shlex.split(command), patch)
        assert code == int(found[1] if found else 0), f"{block.name}: {err}"
        yield out + err


def at_length(command: str) -> bool:
    """A command that is left out with less effort: all cases of a policy, which other tests run."""
    return not effort.WHOLE and command.startswith("loyaltyrules test policies/")


def run_command(words: list[str], patch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """How a command ends, and what it says in its two streams."""
    patch.setattr(sys, "argv", words)
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


def tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
