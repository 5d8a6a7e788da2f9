# SPDX-License-Identifier: Apache-2.0
"""The words and signs of an expression. Chinese words of the language are the same tokens."""

import re
from dataclasses import dataclass

PATTERN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<date>[0-9]{4}-[0-9][0-9]-[0-9][0-9])"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<percent>%?)"
    r'|"(?P<text>[^"]*)"'
    r"|(?P<name>[^\W\d_]\w*(?:\.\w+)*)"
    r"|(?P<sign>>=|<=|!=|==|[=<>()+\-*/,\[\]])"
)
SYNONYMS = {"且": "and", "或": "or", "非": "not", "属于": "in", "缺失": "missing", "今天": "today"}
UNITS = {
    "day": "days", "days": "days", "天": "days", "日": "days",
    "week": "weeks", "weeks": "weeks", "周": "weeks",
    "month": "months", "months": "months", "个月": "months", "月": "months",
    "year": "years", "years": "years", "年": "years",
    "hour": "hours", "hours": "hours", "小时": "hours",
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
