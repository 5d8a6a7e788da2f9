# SPDX-License-Identifier: Apache-2.0
"""Mistakes of a clerk in a copy of the menswear policy: told at the right place, with the remedy."""

import shutil
from pathlib import Path

import pytest

from loyaltyrules import PolicyError, load_policy

MENSWEAR = Path(__file__).parents[2] / "policies" / "menswear"


@pytest.fixture
def policy(tmp_path):
    return Path(shutil.copytree(MENSWEAR, tmp_path / "menswear"))


def faults(policy: Path, file: str, old: str, new: str) -> list[tuple[str, str, int | None]]:
    """The codes, files and lines told after one change."""
    path = policy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        load_policy(policy)
    return [(each.code, Path(each.file or "").name, each.line) for each in error.value.problems]


def line_of(file: str, text: str) -> int:
    lines = (MENSWEAR / file).read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_row_written_twice_with_other_cells_is_told_not_a_crash(policy):
    again = "      元旦:   {A: [短信祝福], B: none, C: none}\n      元旦:   {rest"
    found = faults(policy, "festivals.yaml", "      元旦:   {rest", again)
    assert ("LR104", "festivals.yaml", line_of("festivals.yaml", "元旦:   {rest") + 1) in found


def test_a_colon_without_a_space_is_told_in_its_own_line(policy):
    line = line_of("festivals.yaml", "A: [电话祝福, 上门赠礼]")
    found = faults(policy, "festivals.yaml", "A: [电话祝福, 上门赠礼]", "A:[电话祝福, 上门赠礼]")
    assert found == [("LR118", "festivals.yaml", line)]


@pytest.mark.parametrize(("new", "code"), [("value:5000,", "LR118"), ("value: 5,000,", "LR119")])
def test_a_figure_written_wrongly_is_told_for_what_it_is(policy, new, code):
    line = line_of("parameters.yaml", "value: 5000,")
    found = faults(policy, "parameters.yaml", "value: 5000,", new)
    assert (code, "parameters.yaml", line) in found


def test_a_wrong_word_is_told_once_and_nothing_means_none(policy):
    line = line_of("festivals.yaml", "A: [电话祝福, 上门赠礼]")
    change = "A: [电话祝福, 上门赠礼]", "A: 无"
    assert faults(policy, "festivals.yaml", *change) == [("LR224", "festivals.yaml", line)]


def test_a_full_width_comma_between_words_is_told_as_one(policy):
    line = line_of("festivals.yaml", "A: [电话祝福, 上门赠礼]")
    change = "A: [电话祝福, 上门赠礼]", "A: [电话祝福，上门赠礼]"
    assert faults(policy, "festivals.yaml", *change) == [("LR102", "festivals.yaml", line)]


def test_a_template_that_is_missing_is_told_once_however_many_cells_need_it(policy):
    found = faults(policy, "templates.yaml", "  sms_new_year:", "  sms_new_yaer:")
    assert [each[0] for each in found] == ["LR227"]


def test_an_occasion_without_a_usable_date_brings_no_second_fault(policy):
    line = line_of("calendar.yaml", "solar: 12-25")
    change = "solar: 12-25", "solar: 12-52"
    assert faults(policy, "calendar.yaml", *change) == [("LR302", "calendar.yaml", line)]


def test_a_figure_in_another_unit_names_the_parameter(policy):
    (policy / "parameters.yaml").write_text(
        (policy / "parameters.yaml").read_text("utf-8").replace("unit: points", "unit: CNY", 1),
        encoding="utf-8",
    )
    with pytest.raises(PolicyError) as error:
        load_policy(policy)
    assert "tier_a_points" in str(error.value)


def test_a_file_that_nothing_includes_is_doubtful(policy):
    (policy / "festivals2.yaml").write_text("tables: {}\n", encoding="utf-8")
    assert [each.code for each in load_policy(policy).doubts] == ["LR607"]
