# SPDX-License-Identifier: Apache-2.0
"""Which texts look like somebody's number or address, and which do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.fact.looks import looks_like_a_value, looks_personal
from loyaltyrules.fact.snapshot import shown

MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
BEFORE = st.sampled_from(["", "+86", "+86 ", "+86-", "86", "0086", "(+86) ", "tel ", "客户"])


@given(MOBILE, BEFORE, st.sampled_from(["", " ", "-"]), st.sampled_from(["", "x", " ext", "号"]))
def test_a_mobile_number_is_known_however_it_is_written(
    number: str, before: str, gap: str, after: str
) -> None:
    written = before + gap.join((number[:3], number[3:7], number[7:])) + after
    assert looks_personal(written) and looks_like_a_value(written)
    digits = "".join(filter(str.isdigit, shown(written)))
    assert number not in digits


@given(st.emails())
def test_an_email_is_known(address: str) -> None:
    assert looks_personal(address)
    assert shown(address) != address


@pytest.mark.parametrize(
    "text",
    ["", "A", "钻石", "2027-02-05", "2027/2/5", "2027-02-05T10:30:00+08:00", "1,234,567.89", "6200",
     "20270205", "900000000000000017", "0000123456789", "12345678901234", "c-001", "V001", "@home",
     "a@b", "tier_since", "amount_12m", "10086"],
)  # fmt: skip
def test_other_texts_are_not(text: str) -> None:
    assert not looks_personal(text)
    assert shown(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "tier",
        "amount_12m",
        "2027",
        "12m",
        "现有级别",
        "Q1 2027",
        "x0",
        "phone (work)",
        "联系电话",
    ],
)
def test_names_of_columns_are_no_values(name: str) -> None:
    assert not looks_like_a_value(name)


@pytest.mark.parametrize("text", ["a" * 200_000, "a@" * 100_000, "1 " * 100_000, "+1-" * 60_000])
def test_long_texts_are_looked_at_in_no_time(text: str) -> None:
    looks_personal(text)
    looks_like_a_value(text)
    assert len(shown(text)) < 100
