# SPDX-License-Identifier: Apache-2.0
"""Each sentence of the page is said by its YAML: cases beside the page prove it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.test_docs_blocks import ROOT, Block, beside, blocks
from loyaltyrules import load_policy
from loyaltyrules.testing.cases import read_cases
from loyaltyrules.testing.runner import run_case

PAGE = ROOT / "docs" / "how-to" / "from-a-sentence-to-a-rule.md"
CHINESE = PAGE.with_name("from-a-sentence-to-a-rule.zh.md")
CASES = Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8")
SAID: dict[int, Any] = yaml.load(CASES, yaml.BaseLoader)
SECTION = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)


def sentences(page: Path) -> dict[int, str]:
    """The sentences of a page by number."""
    return {int(number): text for number, text in SECTION.findall(page.read_text("utf-8"))}


def said(page: Path) -> list[Block]:
    return [each for each in blocks(page) if each.language == "yaml"]


def test_thirty_sentences_stand_on_the_pages_of_both_languages_with_the_same_rules() -> None:
    numbers = list(range(1, 31))
    for page in (PAGE, CHINESE):
        assert [*sentences(page)] == numbers
    assert [*map(int, SAID)] == numbers
    assert [each.text for each in said(PAGE)] == [each.text for each in said(CHINESE)]
    assert len(said(PAGE)) == len(numbers)


@pytest.mark.parametrize("number", range(1, 31))
def test_a_sentence_is_said_by_its_rule(number: int, tmp_path: Path) -> None:
    workplace = tmp_path / "policies"
    workplace.mkdir()
    folder = beside(tmp_path, "shop", said(PAGE)[number - 1].text)
    file = folder / "sentence_test.yaml"
    own = re.search(rf"^{number}:\n(.*?)(?=^\d+:|\Z)", CASES, re.MULTILINE | re.DOTALL)
    assert own is not None
    file.write_text(re.sub(r"^  ", "", own[1], flags=re.MULTILINE), encoding="utf-8")
    policy = load_policy(folder)
    results = [run_case(policy, case) for case in read_cases(file)]
    assert len(results) > 0
    assert [each.failures for each in results] == [()] * len(results)
