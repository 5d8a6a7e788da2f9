# SPDX-License-Identifier: Apache-2.0
"""Names that differ in what turns their meaning round: who wrote one of them did not mean the other."""

import re
from collections.abc import Iterator
from itertools import permutations

SIGNS = (
    "首末近", "首上下", "本上下", "去今明", "前后", "始终", "起止", "早晚", "新老旧", "大小", "高低", "多少",
    "长短", "升降", "增减", "加减", "收付", "收发", "进出", "入出", "入退", "买卖", "买退", "购退", "有无",
    "已未", "是非", "男女", "父母", "内外", "开关", "公农", "阳阴", "阳农", "年季月周日", "正临",
)  # fmt: skip
WORDS = (
    "first last", "first previous next", "min max", "before after", "begin end", "start end", "from to",
    "opened closed", "opens closes", "upgrade downgrade", "up down", "high low", "more less",
    "old new", "day week month quarter year",
)  # fmt: skip
WORD = re.compile(r"[a-z]+")


def _pairs() -> Iterator[tuple[str, str]]:
    for group in (*SIGNS, *map(str.split, WORDS)):
        yield from permutations(group, 2)


OPPOSED = frozenset(_pairs())


def opposed(one: str, other: str) -> bool:
    """True of `上次消费` and `首次消费日`, of `first_visit` and `last_visit`."""
    mine, its = _parts(one), _parts(other)
    return any((a, b) in OPPOSED for a in mine - its for b in its - mine)


def _parts(name: str) -> set[str]:
    """The words of a name, and its signs that are no letters."""
    return {*WORD.findall(name.casefold()), *(sign for sign in name if not sign.isascii())}
