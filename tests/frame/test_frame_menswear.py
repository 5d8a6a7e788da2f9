# SPDX-License-Identifier: Apache-2.0
"""Tables of menswear customers say exactly what their rows say one by one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from effort import examples

Drawn = st.SearchStrategy[Any]
SOME = settings(
    max_examples=examples(12), deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip

NAN = float("nan")
DAYS = [date(2026, 2, 4), date(2026, 2, 5), date(2026, 2, 6), date(2027, 2, 4), date(2027, 2, 5),
        date(2024, 2, 29), date(1899, 12, 31), date(2100, 1, 1), date(9999, 12, 31)]  # fmt: skip
FORMS: Mapping[str, Sequence[Drawn]] = {
    "whole": [
        st.sampled_from([None, 0, -1, 1, 3, 1999, 2000, 4999, 5000, 10**14 - 1]),
        st.sampled_from([NAN, None, 0.0, 3.0, 1999.0, 2000.0, 4999.0, 5000.0]),
        st.sampled_from(["", None, "1999", " 2000 ", "5000.0", "5e3", "+4999", "002"]),
        st.sampled_from([2000, 2000.5, "2000", "x", True, 10**14, Decimal("2000"), None, "٣"]),
    ],
    "money": [
        st.sampled_from([None, 0, 3000, 8000]),
        st.sampled_from([NAN, 0.1, 2999.9999, 3000.0, 8000.0001, 0.00001]),
        st.sampled_from(["", "2999.9999", "8000.00", "7999.99995", "abc", "1e20"]),
        st.sampled_from([None, Decimal("3000.0000"), Decimal("2999.9999")]),
    ],
    "date": [
        st.sampled_from([None, *DAYS]),
        st.sampled_from(["", None, *map(str, DAYS), "2027-02-05T23:59:59+08:00"]),
        st.sampled_from(["2026-02-30", "gestern", "2027/02/05", "2026-02-04"]),
        st.sampled_from([None, datetime(2026, 2, 5, 16, 30), datetime(2027, 2, 4, 23, 59, 59, 5)]),
        st.sampled_from([None, datetime(2027, 2, 4, 16, 30, tzinfo=UTC)]),
        st.sampled_from([date(2027, 2, 4), "2027-02-05", datetime(2026, 2, 5, 1), 5]),
    ],
    "yes/no": [
        st.sampled_from([True, False, None]),
        st.sampled_from(["是", "否", "yes", "NO", "1", "0", "", "True", None, "1.0"]),
        st.sampled_from([1.0, 0.0, NAN]), st.sampled_from([1, 0, 2]),
        st.sampled_from([True, "是", 0, "vielleicht", None]),
    ],
    "text": [
        st.sampled_from([None, "", "teacher", "soldier", " teacher ", "教师", "\u3000teacher"]),
        st.sampled_from([13800000001, None, 0]), st.sampled_from([1.0, 13800000001.0, NAN, 2.5]),
        st.text(max_size=3), st.sampled_from(["teacher", 1, 1.0, True, None]),
    ],
    "list": [
        st.sampled_from(["", "sms;phone", "sms；phone ; email", None, ";"]),
        st.sampled_from([None, [], ["sms"], ["phone", "email"]]),
        st.sampled_from(["sms", ["sms", "phone"], 5, None]),
    ],
    "tier": [st.sampled_from([None, "A", "B", "C", ""]), st.sampled_from(["A", " B", "D", "a"])],
    "status": [
        st.sampled_from([None, "formal", "formal", "temporary", "visitor", ""]),
        st.sampled_from(["formal", "stranger"]),
    ],
    "phone_status": [st.sampled_from([None, "valid", "vacant", "expired", "unknown", ""])],
    "anything": [st.sampled_from([None, "x", 5])],
}  # fmt: skip
COLUMNS = {
    "points_accumulated": "whole", "purchases_12m": "whole", "purchases_prev_12m": "whole",
    "amount_12m": "money", "margin_12m": "money", "loyalty_score": "money",
    "last_purchase_on": "date", "last_downgrade_on": "date", "joined_on": "date",
    "tier_since": "date", "date_of_birth": "date", "tier_override_expires_on": "date",
    "tier_override_tier": "tier", "tier": "tier", "member_status": "status",
    "consent_marketing": "yes/no", "do_not_contact": "yes/no", "consent_channels": "list",
    "occupation": "text", "mobile_phone": "text", "address_home": "text", "email": "text",
    "store_id": "text", "phone_status": "phone_status", "visits_without_growth": "whole",
    "gender": "anything", "point_accumulated": "anything",
}  # fmt: skip
KINDS = st.sampled_from(["polars", "lazy", "pandas", "pandas_arrow", "pandas_numpy"])
IDS = st.sampled_from(["C1", "C2", " C2 ", "C03", "客户/4", "5", "Ü"])


@st.composite
def tables(draw: Any) -> list[dict[str, Any]]:
    """Rows of customers; each column in one of the forms that callers hand in."""
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=4, unique=True))
    chosen = dict.fromkeys(["member_status", *names])
    sound = draw(st.booleans())
    forms = {
        name: draw(st.sampled_from(FORMS[COLUMNS[name]][: 2 if sound else None])) for name in chosen
    }
    ids = draw(st.lists(IDS, min_size=0, max_size=6))
    return [{"id": each, **{name: draw(form) for name, form in forms.items()}} for each in ids]


@SOME
@given(rows=tables(), kind=KINDS)
def test_every_row_of_a_festival_day_is_decided_as_by_itself(
    plan: Any, same: Any, rows: Any, kind: str
) -> None:
    same(plan("menswear", "2027-02-05"), {"customer": rows}, [kind])


@SOME
@given(rows=tables(), kind=KINDS)
def test_every_row_of_a_span_is_decided_as_by_itself(
    plan: Any, same: Any, rows: Any, kind: str
) -> None:
    same(plan("menswear", "2027-02-15", "2027-02-13"), {"customer": rows}, [kind])
