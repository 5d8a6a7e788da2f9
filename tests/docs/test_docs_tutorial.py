# SPDX-License-Identifier: Apache-2.0
"""The tutorial is true: whoever does what it says, in its order, sees what it shows.

Each page is replayed in an empty folder. A comment before a block says what becomes of it:

`<!-- file: policy.yaml -->`    the block is written to this file
`<!-- append: policy.yaml -->`  the block is added at the end of the file, after an empty line
`<!-- change: policy.yaml -->`  the block takes the place of the entry of the file that has the same
                                key at the same depth, with all that stands deeper below it
`<!-- exit: 1 -->`              the last command of the console block ends with this code, not with 0

In console blocks lines with `$ ` are typed in at a terminal: the command line of this project, or
`export NAME=VALUE`. What stands below such a line is all that it says; a line `…` stands for any
number of lines left out. YAML blocks bear a second comment, `<!-- yaml: plain -->`: the other tests of
the documentation leave them alone.
"""

import contextlib
import io
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from loyaltyrules.cli.app import main

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "tutorial").glob("*.md"))
BLOCK = re.compile(
    r"(?P<notes>(?:^<!-- [^\n]* -->\n)*)^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SETTINGS = ("LC_ALL", "LC_MESSAGES", "LANG")
TERMINAL = {"TTY_COMPATIBLE": "1", "TERM": "dumb", "COLUMNS": "100", "LANG": "C.UTF-8"}


class Block(NamedTuple):
    """A block of a page: its line, its fence, what the comments before it say, and its text."""

    line: int
    language: str
    notes: dict[str, str]
    text: str


def blocks(page: str) -> Iterator[Block]:
    for found in BLOCK.finditer(page):
        notes = dict(re.findall(r"^<!-- (\w+): (.*) -->$", found["notes"], re.MULTILINE))
        notes.pop("yaml", None)
        line = page.count("\n", 0, found.start("language")) + 1
        yield Block(line, found["language"], notes, found["text"])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An empty folder, with a terminal that shows no colours."""
    monkeypatch.chdir(tmp_path)
    for name in (*SETTINGS, "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in TERMINAL.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_whoever_follows_the_tutorial_sees_what_it_shows(
    page: Path, desk: pytest.MonkeyPatch
) -> None:
    replay(page.read_text(encoding="utf-8"), desk)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2027-09-15", "2027-09-16"), ("2027-02-02, ", ""), ("lunar: 8/15", "lunar: 8/16"),
     ("nothing to mend\n", ""), ("exit: 3", "exit: 1"), ("\n…\n", "\n")],
)  # fmt: skip
def test_a_tutorial_that_shows_something_else_is_found_out(
    desk: pytest.MonkeyPatch, old: str, new: str
) -> None:
    text = PAGES[0].read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(AssertionError):
        replay(text.replace(old, new, 1), desk)


def test_the_tutorial_takes_the_same_steps_in_both_languages() -> None:
    english, chinese = (
        [(each.language, each.notes) for each in blocks(page.read_text(encoding="utf-8"))]
        for page in PAGES
    )
    setting = ("console", {})  # the Chinese page says first which language the terminal speaks
    assert chinese == [setting, *english]


def replay(page: str, desk: pytest.MonkeyPatch) -> None:
    """Do what a page says, block by block, in the folder of now."""
    for block in blocks(page):
        match list(block.notes.items()):
            case [("file", name)]:
                Path(name).write_text(block.text, encoding="utf-8")
            case [("append", name)]:
                before = Path(name).read_text(encoding="utf-8")
                Path(name).write_text(f"{before}\n{block.text}", encoding="utf-8")
            case [("change", name)]:
                before = Path(name).read_text(encoding="utf-8")
                Path(name).write_text(changed(before, block), encoding="utf-8")
            case [] | [("exit", _)] if block.language == "console":
                type_in(block, desk)
            case _:
                raise AssertionError(f"line {block.line}: nobody says what this block is for")


def changed(text: str, block: Block) -> str:
    """The text with one entry replaced by the block."""
    key = re.match(r"( *)[^:\n]+:", block.text)
    assert key, f"line {block.line}: no key"
    deeper = rf"(?:{key[1]} +[^\n]*\n)*"
    entry = re.compile(rf"^{re.escape(key[0])}[^\n]*\n{deeper}", re.MULTILINE)
    assert len(entry.findall(text)) == 1, f"line {block.line}: {key[0]!r} is not there once"
    return entry.sub(lambda _: block.text, text)


def type_in(block: Block, desk: pytest.MonkeyPatch) -> None:
    """Type the commands of a block; each says what stands below it and ends as it should."""
    nothing, *typed = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not nothing and typed, f"line {block.line}: a command begins with $"
    for each in typed:
        command, _, shown = each.partition("\n")
        if setting := re.fullmatch(r"export (\w+)=(\S+)", command):
            desk.setenv(setting[1], setting[2])
            continue
        code, said = run(shlex.split(command), desk)
        expected = int(block.notes.get("exit", 0)) if each is typed[-1] else 0
        assert code == expected, f"line {block.line}: {command}: {said}"
        if not re.fullmatch(pattern(shown), tidy(said)):
            assert tidy(said) == tidy(shown), f"line {block.line}: {command}"


def run(words: list[str], desk: pytest.MonkeyPatch) -> tuple[int, str]:
    """The exit code of a command, and all that it says, in the order in which it says it."""
    assert words[0] == "loyaltyrules"
    desk.setattr(sys, "argv", words)
    screen = io.StringIO()
    with (
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return int(ended.value.code or 0), screen.getvalue()


def pattern(shown: str) -> str:
    """What is shown, as a pattern; `…` stands for one line or more."""
    lines = tidy(shown).splitlines()
    return "\n".join(r"[^\n]*(?:\n[^\n]*)*" if line == "…" else re.escape(line) for line in lines)


def tidy(text: str) -> str:
    """Without blanks at the ends of lines, and empty lines at the end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())
