# SPDX-License-Identifier: Apache-2.0
"""Values as they come from CSV, JSON and data frames, read in the type of their fact."""

from collections.abc import Sized
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from loyaltyrules.fact.coerce import LARGEST, FactFault, coerce

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIER = Type("word", words=("A", "B", "1"))
ALL = [TEXT, WHOLE, NUMBER, SHARE, YES_NO, DATE, DATETIME, LIST, TIER]
MISSING = [
    None, "", "   ", "\t\n", float("nan"), Decimal("nan"), pd.NaT, pd.NA, np.nan, np.float32("nan"),
    np.datetime64("NaT"), [], (), {}, set(), np.array([]),
]  # fmt: skip


def read(value: object, kind: Type) -> Any:
    return coerce(value, kind, SHANGHAI)


def refused(value: object, kind: Type) -> str:
    with pytest.raises(FactFault) as caught:
        read(value, kind)
    return caught.value.code


@pytest.mark.parametrize("kind", ALL, ids=str)
@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_every_way_of_saying_nothing_is_missing(value: object, kind: Type) -> None:
    known_to_be_empty = (
        kind == LIST and isinstance(value, Sized) and not isinstance(value, str | dict)
    )
    assert read(value, kind) == (() if known_to_be_empty else None)


@pytest.mark.parametrize(("value", "text"), [
    (" 007 ", "007"), ("123456789012345678", "123456789012345678"), 
    (123456789012345678, "123456789012345678"),
    (7, "7"), (7.0, "7"), (7.5, "7.5"), (np.int64(7), "7"), (np.float64(7), "7"), (np.str_("x"), "x"),
    (Decimal("7.0"), "7"), ("上海", "上海"), ("nan", "nan"), (-3, "-3"),
])  # fmt: skip
def test_texts_keep_their_digits(value: object, text: str) -> None:
    found = read(value, TEXT)
    assert (type(found), found) == (str, text)


@pytest.mark.parametrize("value", [
    True, date(2027, 1, 1), b"x", object(), 1e17, float("inf"), 123456789012345678.0, 10**99,
    Decimal("Infinity"), Decimal("1e99"), ["x"], {"a": 1},
])  # fmt: skip
def test_what_is_no_text_or_has_lost_digits_is_refused(value: object) -> None:
    assert refused(value, TEXT) == "LR402"


@pytest.mark.parametrize(
    "value", [5, 5.0, "5", " 5 ", "5.0", "+5", Decimal("5.0"), np.int32(5), np.float64(5), "5e0"]
)
def test_whole_numbers_come_in_many_forms(value: object) -> None:
    found = read(value, WHOLE)
    assert (type(found), found) == (int, 5)


@pytest.mark.parametrize(("value", "code"), [
    (5.5, "LR402"), ("5.5", "LR402"), (True, "LR402"), ("five", "LR402"), ("1,000", "LR402"),
    ("1_000", "LR402"),
    ("５", "LR402"), ("0x1F", "LR402"), ("--5", "LR402"), ("5 6", "LR402"), (float("inf"), "LR402"),
    ("inf", "LR402"), ("NaN", "LR402"), (date(2027, 1, 1), "LR402"), ([5], "LR402"), (b"5", "LR402"),
    (LARGEST, "LR406"), (-LARGEST, "LR406"), (10**15, "LR406"), (1e15, "LR406"), ("1e9999", "LR406"),
    ("9" * 5000, "LR406"), (0.00001, "LR405"), ("1e-9999", "LR405"),
])  # fmt: skip
def test_what_is_no_whole_number_is_refused(value: object, code: str) -> None:
    assert refused(value, WHOLE) == code


def test_a_number_too_long_to_be_written_is_refused() -> None:
    assert [refused(10**5000, kind) for kind in (WHOLE, NUMBER, TEXT)] == [
        "LR406",
        "LR406",
        "LR402",
    ]


@pytest.mark.parametrize(("value", "number"), [
    (0.1, "0.1"), ("0.1234", "0.1234"), (2.675, "2.675"), (Decimal("1.50"), "1.5"), ("1.50000", "1.5"),
    (LARGEST - 1, str(LARGEST - 1)), ("-3.5", "-3.5"), (".5", "0.5"), (np.float64(0.25), "0.25"),
])  # fmt: skip
def test_numbers_are_exact_decimals(value: object, number: str) -> None:
    found = read(value, NUMBER)
    assert isinstance(found, Decimal)
    assert found == Decimal(number)


@pytest.mark.parametrize("value", [
    "0.12345", "0.30000000000000004", Decimal("0.00001"), Decimal(0.1), 1 / 3, 0.00001, 2.00000001,
    np.float32(1 / 3),
])  # fmt: skip
def test_more_than_four_decimals_are_refused(value: object) -> None:
    assert refused(value, NUMBER) == "LR405"


def test_shares_may_be_in_per_cent() -> None:
    assert [read(value, SHARE) for value in ("20%", " 20 % ", "0.2", 0.2)] == [Decimal("0.2")] * 4
    assert read("12.34%", SHARE) == Decimal("0.1234")
    assert refused("12.345%", SHARE) == "LR405"
    assert refused("%", SHARE) == "LR402"


@pytest.mark.parametrize("value", [
    True, "true", "TRUE", "Yes", " yes ", "1", 1, 1.0, "1.0", "是", "Y", np.bool_(True), np.int64(1),
    Decimal(1),
])  # fmt: skip
def test_yes_is_said_in_many_ways(value: object) -> None:
    assert read(value, YES_NO) is True


@pytest.mark.parametrize("value", [
    False, "false", "No", "0", 0, 0.0, "0.0", "否", "n", np.bool_(False), Decimal("0.0"),
])  # fmt: skip
def test_no_is_said_in_many_ways(value: object) -> None:
    assert read(value, YES_NO) is False


@pytest.mark.parametrize("value", ["maybe", 2, -1, 0.5, "yes no", date(2027, 1, 1), [True], "不"])
def test_anything_else_is_neither_yes_nor_no(value: object) -> None:
    assert refused(value, YES_NO) == "LR402"


@pytest.mark.parametrize("value", [
    date(2027, 2, 6), datetime(2027, 2, 6, 23, 59), "2027-02-06", " 2027-02-06 ", "2027-02-06T23:59:59",
    "2027-02-06 08:30", pd.Timestamp("2027-02-06 12:00"), np.datetime64("2027-02-06"),
    np.datetime64("2027-02-06T10:00:00", "ns"), "2027-02-05T16:00:00Z", "2027-02-06T23:59:59+08:00",
    datetime(2027, 2, 5, 16, tzinfo=UTC), pd.Timestamp("2027-02-05 16:00", tz="UTC"),
    datetime(2027, 2, 5, 11, tzinfo=timezone(timedelta(hours=-5))),
])  # fmt: skip
def test_a_date_is_the_local_day(value: object) -> None:
    found = read(value, DATE)
    assert (type(found), found) == (date, date(2027, 2, 6))


def test_an_instant_is_a_point_in_time_with_the_wall_of_the_zone() -> None:
    point = datetime(2027, 2, 6, 0, 0, 1, 500_000, tzinfo=UTC)
    for value in ("2027-02-06T00:00:01.5+00:00", pd.Timestamp("2027-02-06 00:00:01.5", tz="UTC")):
        found = read(value, DATETIME)
        assert (type(found), found) == (datetime, point)
        assert found.isoformat() == "2027-02-06T08:00:01.500000+08:00"
    for value in (date(2027, 2, 6), "2027-02-06", datetime(2027, 2, 6)):  # local times
        assert read(value, DATETIME) == datetime(2027, 2, 5, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
)
def test_the_ends_of_the_calendar_are_dates(value: str) -> None:
    assert read(value, DATE).isoformat() == value[:10]


@pytest.mark.parametrize(("value", "code"), [
    ("2027-02-30", "LR404"), ("06/02/2027", "LR404"), ("2027/02/06", "LR404"), ("20270206", "LR404"),
    ("2027-2-6", "LR404"), ("2027年2月6日", "LR404"), ("soon", "LR404"), ("2027-02-06x", "LR404"),
    ("２０２７-02-06", "LR404"), (20270206, "LR402"), (44000.0, "LR402"), (True, "LR402"),
])  # fmt: skip
def test_what_is_no_date_is_refused(value: object, code: str) -> None:
    assert refused(value, DATE) == code
    assert refused(value, DATETIME) == code


def test_lists_come_as_text_or_as_lists() -> None:
    values: list[Any] = ["sms; email", "sms；email;", ["sms", "email"], ("sms", " email ")]
    values += [np.array(["sms", "email"]), pd.Series(["sms", "email"]), ["sms", None, "email", ""]]
    for value in values:
        assert read(value, LIST) == ("sms", "email")
    assert read({"b", "a", "c"}, LIST) == ("a", "b", "c")
    assert read([1, 2.0], LIST) == ("1", "2")
    assert read(np.array(["sms"]), LIST) == ("sms",)


@pytest.mark.parametrize(
    "value, expected", [(";", None), (" ；; ", None), ([None], ()), (["", " "], ())]
)
def test_a_cell_of_nothing_says_nothing_and_a_list_of_nothing_is_empty(
    value: object, expected: object
) -> None:
    assert read(value, LIST) == expected


@pytest.mark.parametrize("value", [5, {"a": 1}, [["a"]], b"ab", True])
def test_what_is_no_list_is_refused(value: object) -> None:
    assert refused(value, LIST) == "LR402"


def test_words_are_those_of_the_vocabulary() -> None:
    assert [read(value, TIER) for value in ("A", " B ", 1, 1.0)] == ["A", "B", "1", "1"]
    assert [refused(value, TIER) for value in ("D", "a", 2)] == ["LR403"] * 3
    assert refused(True, TIER) == "LR402"


@settings(deadline=None)
@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_number_is_the_same_as_text_and_as_decimal(number: Decimal) -> None:
    assert read(str(number), NUMBER) == read(number, NUMBER) == number


JUNK = st.one_of(
    st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.decimals(),
    st.lists(st.text()), st.binary(), st.none(), st.dictionaries(st.text(), st.text()),
    st.datetimes(timezones=st.just(UTC)), st.complex_numbers(),
)  # fmt: skip


@settings(deadline=None)
@given(JUNK, st.sampled_from(ALL))
def test_any_value_is_read_or_refused(value: object, kind: Type) -> None:
    try:
        read(value, kind)
    except FactFault as fault:
        assert fault.code in {"LR402", "LR403", "LR404", "LR405", "LR406"}
