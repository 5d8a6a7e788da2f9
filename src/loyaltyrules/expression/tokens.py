# SPDX-License-Identifier: Apache-2.0
"""The words and signs of an expression. Chinese words of the language are the same tokens."""

import re
from dataclasses import dataclass
from datetime import date

PATTERN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<date>[0-9]{4}-[0-9][0-9]-[0-9][0-9]"
    r"|(?:19|20)[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2}(?![0-9.])"  # a date in another form, not a sum
    r"|(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日?)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<percent>%?)"
    r'|"(?P<text>[^"]*)"'
    r"|(?P<name>[^\W\d_]\w*(?:\.\w+)*)"
    r"|(?P<sign>>=|<=|!=|==|[=<>()+\-*/,\[\]])"
)
SYNONYMS = {"且": "and", "或": "or", "非": "not", "属于": "in", "缺失": "missing", "今天": "today"}
HABITS = {  # how people write what the language says otherwise
    "并且": "and", "而且": "and", "同时": "and", "或者": "or", "不是": "!=", "并非": "not",
    "大于等于": ">=", "不小于": ">=", "不低于": ">=", "至少": ">=", "小于等于": "<=", "不大于": "<=",
    "不高于": "<=", "不超过": "<=", "大于": ">", "高于": ">", "超过": ">", "小于": "<", "低于": "<",
    "等于": "=", "不等于": "!=", "为空": "is missing", "不为空": "is not missing",
    "没有填": "is missing", "不属于": "not in", "包含": "in", "加上": "+", "减去": "-", "乘以": "*",
    "除以": "/",
}  # fmt: skip
ONE_SIGN = {"是": "=", "为": "=", "和": "and", "空": "missing"}  # only where they stand alone
NOT_SO = "不是"
UNITS = {
    "day": "days", "days": "days", "天": "days", "日": "days",
    "week": "weeks", "weeks": "weeks", "周": "weeks",
    "month": "months", "months": "months", "个月": "months", "月": "months",
    "year": "years", "years": "years", "年": "years",
    "workday": "workdays", "workdays": "workdays", "工作日": "workdays", "个工作日": "workdays",
    "hour": "hours", "hours": "hours", "小时": "hours",
    "minute": "minutes", "minutes": "minutes", "分钟": "minutes", "分": "minutes",
}  # fmt: skip
FULL_WIDTH = dict(
    zip(
        "，、（）＞＜＝＋－＊／×÷％［］【】“”０１２３４５６７８９．：；≥≤≠",
        [*",,()><=+-*/*/%[][]", '"', '"', *"0123456789.:;", ">=", "<=", "!="],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # date number percent text name sign end
    text: str
    start: int
    end: int


def habit(text: str) -> str:
    """What a word, or one that a figure is tied to, says in the language: `大于5` is `> 5`."""
    word = max((each for each in HABITS if text.startswith(each)), key=len, default="")
    return f"{HABITS[word]} {text[len(word) :]}".strip() if word else ONE_SIGN.get(text, "")


def untied(name: str) -> str:
    """A name with words of comparison tied to it, as the language writes it: `积分大于5`, `不是会员`."""
    if name.startswith(NOT_SO):
        return f"not {name[len(NOT_SO) :]}" if name != NOT_SO else ""
    longest = sorted(HABITS, key=len, reverse=True)
    word = next((each for each in longest if each in name), "")
    before, _, after = name.partition(word) if word else ("", "", "")
    return f"{before} {HABITS[word]} {after}".strip() if before else ""


def day_meant(text: str) -> str:
    """A day written in another form, as policies write it: `2027/2/1` is `2027-02-01`."""
    parts = re.fullmatch(r"([0-9]{4})\D([0-9]{1,2})\D([0-9]{1,2})\D?", text.strip())
    try:
        return date(*map(int, parts.groups())).isoformat() if parts else ""
    except ValueError:
        return ""


class UnreadableText(ValueError):
    """A character that no token begins with; `near` is what was probably meant."""

    def __init__(self, text: str, start: int, near: str = "") -> None:
        super().__init__(text[start : start + 1])
        self.start, self.near = start, near


def tokens(text: str) -> list[Token]:
    """Split the text of an expression into tokens, the last of kind `end`.

    Raises:
        UnreadableText: at the first character that begins no token.
    """
    found, position = [], 0
    while position < len(text):
        match = PATTERN.match(text, position)
        if not match or text[position] in FULL_WIDTH:
            raise UnreadableText(text, position, FULL_WIDTH.get(text[position], ""))
        if not match["space"]:
            found.append(_token(match))
        position = match.end()
    return [*found, Token("end", "", len(text), len(text))]


def _token(match: re.Match[str]) -> Token:
    start, end = match.span()
    if match["number"]:
        return Token("percent" if match["percent"] else "number", match["number"], start, end)
    kind = next(name for name in ("date", "text", "name", "sign") if match[name] is not None)
    text = match[kind]
    return Token(kind, SYNONYMS.get(text, text) if kind == "name" else text, start, end)
