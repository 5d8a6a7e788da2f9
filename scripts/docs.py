# SPDX-License-Identifier: Apache-2.0
"""Write docs/reference/problems.md from the codes of the library, in English and Chinese.

`python scripts/docs.py` writes the page; `--check` only says whether it is up to date.
"""

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from loyaltyrules.problem.codes import CODES, Code
from loyaltyrules.problem.language import say

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "problems.md"
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")
GROUPS = {
    "LR1": "shape of files and sections · 文件与版面",
    "LR2": "names, types and units · 名称、类型与单位",
    "LR3": "dates and days · 日期",
    "LR4": "records and tables · 记录与表格",
    "LR5": "approval and what-if · 审批与试算",
    "LR6": "doubtful places · 存疑之处",
}
HEAD = """\
# Problems and their remedies · 问题与改法

Written by `scripts/docs.py` from the codes of the library; do not edit. Each code says what is wrong and
how to mend it. Where a message has `‹name›` the name at fault stands. `loyaltyrules rule CODE` says
the same.

本页由 `scripts/docs.py` 生成，请勿手改。每个编号先说哪里不对，再说怎么改；`‹name›` 处是出错的名字。
命令 `loyaltyrules rule 编号` 给出同样的说明。

LR1xx to LR3xx keep a policy from loading or a day from being compiled. LR4xx is about data: in tables the
faulty rows are set aside. LR6xx are doubtful places that `check` reports; a policy may
[waive](policy-language.md#waivers) them. LR1xx–LR3xx 使政策无法载入或编译；LR4xx 是数据问题，出错的行另放；
LR6xx 是存疑之处，由 `check` 报告，可以[豁免](policy-language.zh.md#waivers)。
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_index(), "", *_entries()])


def _index() -> Iterator[str]:
    """One line a group, with links to its codes."""
    for group, codes in groupby(sorted(CODES), key=lambda code: code[:3]):
        links = " ".join(f"[{code}](#{code.lower()})" for code in codes)
        yield f"- **{group}xx** {GROUPS[group]}: {links}"


def _entries() -> Iterator[str]:
    for code in sorted(CODES):
        yield from _entry(code, CODES[code])


def _entry(name: str, code: Code) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    for language in ("en", "zh"):
        message, remedy = (_open(say(language, text)) for text in code)
        yield f"- {message}" if message.endswith((".", "。")) else f"- {message}{_STOP[language]}"
        yield f"  {remedy}"
    yield ""


_STOP = {"en": ".", "zh": "。"}


def _open(sentence: str) -> str:
    """A sentence with its placeholders left open, safe in Markdown."""
    text = PLACEHOLDER.sub(r"‹\1›", sentence).replace("{{", "{").replace("}}", "}")
    return text.replace("*", r"\*").replace("<", "&lt;") if "`" not in text else text


def main(check: bool) -> int:
    """Write the page, or compare it with the one that is there."""
    text = page().rstrip() + "\n"
    known = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if check and text != known:
        print(f"{PAGE.name} is out of date; run: python scripts/docs.py")
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    return 1 if check and text != known else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
