# SPDX-License-Identifier: Apache-2.0
"""Every trap of policy files has its framed text in English and in Chinese, kept word by word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loyaltyrules import PolicyError, load_policy
from loyaltyrules.problem import language as languages
from loyaltyrules.problem.render import render

FOLDER = Path(__file__).parent / "problems"
CASES = sorted(file.stem for file in FOLDER.glob("*.yaml") if not file.stem.startswith("_"))
CATALOGUE = Path(languages.__file__).parent.parent / "locale/zh_CN/LC_MESSAGES/loyaltyrules.mo"


def problems_of(case: str, monkeypatch: pytest.MonkeyPatch) -> PolicyError:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(PolicyError) as caught:
        load_policy(f"{case}.yaml")
    return caught.value


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("case", CASES)
def test_the_text_of_a_problem_is_the_golden_one(
    case: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    golden_text: Callable[[Path, str], None],
) -> None:
    if language == "zh" and not CATALOGUE.exists():
        pytest.skip("the Chinese catalogue is not built")
    error = problems_of(case, monkeypatch)
    text = "\n\n".join(render(each, language) for each in error.problems) + "\n"
    golden_text(FOLDER / f"{case}.{language}.txt", text)


@pytest.mark.parametrize("case", CASES)
def test_the_marked_spot_is_in_the_line_that_is_shown(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in problems_of(case, monkeypatch).problems:
        if each.place and each.place.excerpt:
            file = FOLDER / each.place.file
            raw = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
            line = raw.split("\n")[each.place.line - 1]
            assert each.place.excerpt == line.replace("\x07", "\ufffd")
            assert 1 <= each.place.column <= len(line) + 1


def test_no_golden_text_is_without_its_case() -> None:
    texts = {file.name.split(".")[0] for file in FOLDER.glob("*.txt")}
    assert texts == set(CASES)
