# SPDX-License-Identifier: Apache-2.0
"""What is public is documented: keys, functions, codes, names, verbs, kinds; and all links lead somewhere."""

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

import loyaltyrules
from loyaltyrules import history
from loyaltyrules.action.action import COLUMNS
from loyaltyrules.action.kinds import CHANNELS, FAMILIES, KINDS
from loyaltyrules.calendar import SCHEDULES, SOLAR_TERMS
from loyaltyrules.cli.app import app
from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.expression.functions import FUNCTIONS, SINCE
from loyaltyrules.expression.tokens import SYNONYMS
from loyaltyrules.expression.types import KINDS as TYPES
from loyaltyrules.policy.shape import PolicyShape
from loyaltyrules.problem.codes import CODES
from loyaltyrules.testing.cases import TestsShape

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
LANGUAGES = [REFERENCE / "policy-language.md", REFERENCE / "policy-language.zh.md"]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"^```[^\n]*\n.*?^```$", re.MULTILINE | re.DOTALL)
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return CODE.sub("", text_of(page))


def quoted(page: Path) -> set[str]:
    """Everything that stands in backquotes in the prose of a page."""
    return set(re.findall(r"`([^`\n]+)`", prose(page)))


def models(shape: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A shape and all shapes in it."""
    yield shape
    for field in shape.model_fields.values():
        for each in inside(field.annotation):
            yield from models(each)


def inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from inside(part)


def keys(shape: type[BaseModel]) -> set[str]:
    """Every key that a document of this shape may have, however deep."""
    return {
        field.alias or name for model in models(shape) for name, field in model.model_fields.items()
    }


@pytest.mark.parametrize("page", LANGUAGES, ids=lambda page: page.name)
def test_every_section_and_key_of_policies_and_test_files_is_documented(page: Path) -> None:
    known = {word for each in quoted(page) for word in re.findall(r"\w+", each)}
    texts = {"zh", "en"}  # the languages of templates are shown in the examples
    assert keys(PolicyShape) - known - texts == set()
    assert keys(TestsShape) - known == set()
    assert {"include", "extends"} <= known


@pytest.mark.parametrize("page", LANGUAGES, ids=lambda page: page.name)
def test_every_word_of_the_language_is_documented(page: Path) -> None:
    known = {word for each in quoted(page) for word in re.findall(r"[\w/]+", each)}
    hidden = {"word", "period"}  # types that facts are not declared with
    assert {*FUNCTIONS, *SINCE, "if"} - known == set()
    assert {*TYPES, "money"} - known - hidden == set()
    assert set(SCHEDULES) - quoted(page) == set()
    assert set(SOLAR_TERMS) - known == set()
    assert all(word in prose(page) for word in SYNONYMS)


def listed_with(page: Path, row: str) -> set[str]:
    """What stands in backquotes in the first column of the table that has the row."""
    tables = re.findall(r"(?:^\|.*\n)+", prose(page), re.MULTILINE)
    (table,) = (each for each in tables if f"| {row}" in each)
    cells = [line.split("|")[1] for line in table.splitlines()]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("page", LANGUAGES, ids=lambda page: page.name)
def test_every_aggregate_has_its_row_and_an_example(page: Path) -> None:
    assert {*AGGREGATES} - listed_with(page, "`count` `any`") == set()
    examples = " ".join(CODE.findall(text_of(page)))
    assert [name for name in AGGREGATES if f"{{{name}: purchase" not in examples] == []


@pytest.mark.parametrize("page", LANGUAGES, ids=lambda page: page.name)
def test_every_function_has_its_row(page: Path) -> None:
    rows = {each.partition("(")[0] for each in listed_with(page, "`if(condition, a, b)`")}
    assert rows == {*FUNCTIONS, *SINCE, "if"}


def test_the_language_reference_shows_the_same_examples_in_both_languages() -> None:
    english, chinese = (CODE.findall(text_of(page)) for page in LANGUAGES)
    assert english == chinese


@pytest.mark.parametrize("page", LANGUAGES, ids=lambda page: page.name)
def test_both_language_references_have_the_same_number_of_headings_and_rows(page: Path) -> None:
    english = prose(LANGUAGES[0])
    for mark in (r"^## ", r"^### ", r"^\| "):
        found = re.findall(mark, prose(page), re.MULTILINE)
        assert len(found) == len(re.findall(mark, english, re.MULTILINE)), mark


def test_every_column_kind_and_channel_of_actions_is_documented() -> None:
    page = REFERENCE / "actions.md"
    assert {*COLUMNS, *KINDS, *FAMILIES, *CHANNELS} - quoted(page) == set()
    listed = re.findall(r"^\| `(\w+)` \|", prose(page).split("## Kinds")[0], re.MULTILINE)
    assert tuple(listed) == COLUMNS


def test_every_code_has_its_place_and_the_page_is_up_to_date() -> None:
    headings = re.findall(r"^## (.*)$", text_of(REFERENCE / "problems.md"), re.MULTILINE)
    assert headings == sorted(CODES)
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "docs.py"), "--check"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_public_name_is_documented_with_its_arguments() -> None:
    text = text_of(REFERENCE / "python.md")
    headings = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    assert set(loyaltyrules.__all__) - headings == set()
    assert {name for name in history.__all__ if name not in text} == set()
    for name in sorted(headings):
        thing = getattr(loyaltyrules, name, None) or getattr(history, name)
        if inspect.isfunction(thing):
            signature = re.search(rf"^`{name}\((.*)\) -> .*`$", text, re.MULTILINE)
            assert signature, name
            named = re.findall(r"(\w+):", signature[1])
            assert named == list(inspect.signature(thing).parameters), name


def test_every_verb_and_every_option_of_the_command_line_is_documented() -> None:
    page = REFERENCE / "command-line.md"
    sections = dict(
        re.findall(r"^## (\w+)\n(.*?)(?=^## )", text_of(page), re.MULTILINE | re.DOTALL)
    )
    assert set(COMMANDS) <= set(sections)
    for verb, command in COMMANDS.items():
        said = set(re.findall(r"`([^`\n]+)`", sections[verb]))
        for parameter in command.params:
            name = (
                parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.name.upper()
            )
            assert name in said, f"{verb} {name}"
        options = {each for each in said if each.startswith("--")}
        assert options <= {opt for each in command.params for opt in each.opts}, verb


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_the_documentation_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), target
        if anchor and goal.suffix == ".md":
            assert anchor in anchors(goal), target


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}
