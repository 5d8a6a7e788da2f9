# SPDX-License-Identifier: Apache-2.0
"""Signs that sound or look alike, and are typed for each other in the short names of the trade.

Two letters of a name of two are too few to be called a slip, `店长` and `店员` are both meant: here it is
only one where the signs are those of one group.
"""

from collections.abc import Iterable

GROUPS = (
    "长张掌章", "购勾沟构够", "日曰目", "店点电典", "员圆园元", "管官馆", "主住助注", "经径京", "理里礼",
    "短断端", "信新心", "微危维", "话画华", "节接结街洁", "生声升", "品拼频", "会回汇", "活货获",
    "动冻懂", "区驱", "督读毒", "导到倒道", "客刻课", "服福府", "财材才", "务物", "顾故固", "部步布",
    "邮油由", "件见", "促醋", "销消", "贺和合", "卡喀",
)  # fmt: skip
GROUP = {sign: number for number, signs in enumerate(GROUPS) for sign in signs}


def alike(name: str, known: Iterable[str]) -> str:
    """The known name with one sign that is typed for another one; an empty text where none is."""
    return next((each for each in known if _alike(name, each)), "")


def _alike(one: str, other: str) -> bool:
    different = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    if len(one) != len(other) or len(different) != 1:
        return False
    a, b = different[0]
    return GROUP.get(a, a) == GROUP.get(b, b)
