# SPDX-License-Identifier: Apache-2.0
"""Signs that look right and are not: blanks of web pages, quotes never closed, other encodings."""

from pathlib import Path

import pytest

from loyaltyrules import PolicyError, load_policy
from loyaltyrules.problem.problem import Problem

HEAD = "format: 1\npolicy: x\n"
TABLE = """\
words:
  call: {kind: call}
  visit: {kind: visit}
facts:
  customer:
    tier: {type: [A, B]}
tables:
  festivals:
    for: customer
    by: tier
    at: daily
    rows:
      A: [call, visit]
      B: call
"""


def faults(tmp_path: Path, text: str | bytes) -> list[Problem]:
    file = tmp_path / "p.yaml"
    file.write_bytes(text if isinstance(text, bytes) else (HEAD + text).encode())
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    return list(caught.value.problems)


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2003", "\u200b"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A: [call", "A:X[call"), ("call, visit]", "call,Xvisit]"), ("      A: [", "XXXXXXA: ["),
        ("A: [", "AX: ["), ("call, visit]", "callX, visit]"), ("A: [", "A: X["),
    ],
)  # fmt: skip
def test_a_blank_of_another_kind_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, blank: str
) -> None:
    found = faults(tmp_path, TABLE.replace(old, new.replace("X", blank)))[0]
    assert (found.code, found.line) == ("LR162", 15)
    assert found.place is not None and found.place.excerpt[found.place.column - 1] == blank


def test_such_a_blank_in_a_mapping_on_one_line_is_told(tmp_path: Path) -> None:
    found = faults(tmp_path, TABLE.replace("{kind: call}", "{kind:\u00a0call}"))[0]
    assert (found.code, found.line) == ("LR162", 4)


@pytest.mark.parametrize(
    "text",
    [
        'zh: "　　尊敬的客户"',
        "zh: |-\n      　　尊敬的客户",
        "zh: >\n      　　尊敬的\n      　客户",
    ],
)
def test_a_text_may_begin_with_wide_blanks(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"{HEAD}templates:\n  letter:\n    {text}\n", encoding="utf-8")
    assert dict(load_policy(file).templates["letter"].texts)["zh"].startswith("　　尊敬的")


@pytest.mark.parametrize(
    "text",
    [
        'templates:\n  a: {zh: "您好，{name}}\n  b: {zh: "再见。"}\n',
        'templates:\n  a:\n    zh: "您好，{name}\n    en: "Hello"\n',
        'templates:\n  a:\n    zh: "您好，客户”\n    en: "Hello"\n',
        'note:\n  - "您好，\n  - 客户\n',
    ],
)
def test_a_quote_that_is_not_closed_is_told_where_it_opens(tmp_path: Path, text: str) -> None:
    (found,) = faults(tmp_path, text)
    assert found.code == "LR161" and found.place is not None
    assert found.place.excerpt[found.place.column - 1] == '"'
    assert "您好" in found.place.excerpt


def test_a_text_over_two_lines_is_no_open_quote(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, 'note: "first,\n  second"\nowner: [x\n')
    assert found.code == "LR101"


@pytest.mark.parametrize(
    ("encoding", "why"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("gb18030", "GB18030 (GBK)"), ("gbk", "GBK")],
)
def test_another_encoding_is_called_by_its_name(tmp_path: Path, encoding: str, why: str) -> None:
    found = faults(tmp_path, f"{HEAD}title: 门店客户关怀政策\n".encode(encoding))
    assert [each.code for each in found] == ["LR117"] and why in str(PolicyError(found))


def test_one_garbled_line_is_told_as_such(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, f"{HEAD}title: 门店客户关怀政策\nnote: ".encode() + b"\xd6\n")
    assert "from line 4 on: most lines are UTF-8" in str(PolicyError([found]))


BEHIND = [
    """zh: "粽香时节"，{store.brand}祝您""", """zh: '粽香时节'，您好""", """zh: "粽香"时节""",
    """zh: "粽香", 祝您好""", """zh: "粽香" {store.brand}""", """{zh: "粽香"时节, en: x}""",
    """{en: x, zh: "粽香" 时节}""",
]  # fmt: skip


@pytest.mark.parametrize("text", BEHIND)
def test_a_text_that_goes_on_behind_quotes_is_told_to_stand_in_quotes(
    tmp_path: Path, text: str
) -> None:
    line = f"  t: {text}\n" if text.startswith("{") else f"  t:\n    {text}\n"
    found = faults(tmp_path, f"templates:\n{line}")
    assert [each.code for each in found] == ["LR167"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("""{zh: "您好"，en: "x"}""", "LR102"), ("""{"zh"："您好"}""", "LR102"),
     ("""{zh: "x", en: y z: w}""", "LR")],
)  # fmt: skip
def test_a_sign_between_texts_in_quotes_is_told_as_a_sign(
    tmp_path: Path, text: str, code: str
) -> None:
    found = faults(tmp_path, f"templates:\n  t: {text}\n")
    assert found[0].code.startswith(code)
    assert "LR167" not in [each.code for each in found]
