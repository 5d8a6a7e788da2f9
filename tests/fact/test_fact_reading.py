# SPDX-License-Identifier: Apache-2.0
"""Readers answer what `coerce` answers, whatever they are handed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import effort
from loyaltyrules.expression.types import (
    DATE,
    DATETIME,
    LIST,
    NUMBER,
    SHARE,
    TEXT,
    WHOLE,
    YES_NO,
    Type,
)
from loyaltyrules.fact.coerce import FactFault, coerce
from loyaltyrules.fact.reading import reader

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = Type("word", words=("A", "B", " C ", "1", ""))
KINDS = (TEXT, WHOLE, NUMBER, SHARE, YES_NO, DATE, DATETIME, LIST, WORDS)
READERS = {kind: reader(kind, SHANGHAI) for kind in KINDS}

TEXTS = st.one_of(
    st.sampled_from(["A", " A", "C", " C ", "", " ", "1", "0", "yes", " YES", "是", "否", "true"]),
    st.dates().map(str),
    st.from_regex(r"\A\d{4}-[W\d]\d-\d\d\Z"),
    st.from_regex(r"\A[ +\d]{4}-[ +\d]{2}-[ +\d]{2}\Z"),
    st.text(max_size=12),
)
VALUES = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.dates(),
    st.datetimes(), st.lists(TEXTS, max_size=3), st.just(float("nan")), st.just({}),
)  # fmt: skip


def said(read: Any, value: object) -> tuple[str, Any]:
    try:
        found = read(value)
    except FactFault as fault:
        return "fault", fault.code
    return type(found).__name__, found


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_reader_answers_what_coerce_answers(kind: Type) -> None:
    @settings(max_examples=effort.examples(1000), deadline=None)
    @given(value=VALUES)
    @example(value="2027-W01-1")
    @example(value="2027-02-30")
    @example(value=10**14)
    @example(value=-(10**14))
    @example(value=Decimal("1.0"))
    @example(value=datetime(2027, 2, 5, 23))
    @example(value=date(2027, 2, 5))
    def check(value: object) -> None:
        expected = said(lambda each: coerce(each, kind, SHANGHAI), value)
        assert said(READERS[kind], value) == expected

    check()
