# SPDX-License-Identifier: Apache-2.0
"""On any table the facts equal those of a plain loop, whatever kind of frame holds it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from math import floor
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

import effort
from effort import examples
from loyaltyrules.history import facts_as_of

pytestmark = pytest.mark.filterwarnings("ignore::loyaltyrules.history.HistoryWarning")

Row = dict[str, Any]
IDS = ("7", "07", "007", "900000000000000017", "客1")
YEAR = relativedelta(months=12)
DAYS = (date(2025, 2, 28), date(2024, 2, 29), date(2027, 2, 5), date(2024, 12, 31))


@dataclass(frozen=True)
class Purchase:
    """One raw row of purchases; amount in ten-thousandths."""

    customer: str | None
    day: date
    scaled: int
    points: int | None
    returned: bool | None
    order: str | None
    return_of: str | None
    own: str = ""


@dataclass(frozen=True)
class Contact:
    """One raw contact."""

    customer: str | None
    day: date
    direction: str


def reference(
    bought: Sequence[Purchase],
    reached: Sequence[Contact],
    ids: Sequence[str],
    on: date,
    rate: Decimal,
) -> dict[str, Row]:
    """Compute the facts one customer at a time, as the words of the handbook say."""
    return {i: {**_of_purchases(bought, i, on, rate), **_of_contacts(reached, i, on)} for i in ids}


def _counted(bought: Sequence[Purchase], who: str, on: date) -> list[list[Purchase]]:
    """The rows of a customer that count, receipt by receipt."""
    known = [p for p in bought if p.day <= on]
    taken = {p.return_of for p in known if p.return_of}
    receipts: dict[str, list[Purchase]] = {}
    for p in known:
        if p.customer != who or p.return_of or taken & {p.own, p.order}:
            continue
        if not p.returned or p.scaled < 0:
            receipts.setdefault(f"order {p.order}" if p.order else p.own, []).append(p)
    return list(receipts.values())


def _points(rows: Sequence[Purchase], rate: Decimal) -> int:
    """The points of a receipt: those told, and those of the money that does not tell its own."""
    told = sum(-abs(p.points) if p.scaled < 0 else p.points for p in rows if p.points is not None)
    money = Decimal(sum(p.scaled for p in rows if p.points is None)) / 10_000 * rate
    return told + (-floor(-money) if money < 0 else floor(money))


def _of_purchases(bought: Sequence[Purchase], who: str, on: date, rate: Decimal) -> Row:
    receipts = _counted(bought, who, on)
    own = [(min(p.day for p in rows), sum(p.scaled for p in rows)) for rows in receipts]
    year = [(day, scaled) for day, scaled in own if day + YEAR > on]
    before = [(day, scaled) for day, scaled in own if day + YEAR <= on < day + YEAR * 2]
    return {
        "first_purchase_on": min((day for day, scaled in own if scaled >= 0), default=None),
        "last_purchase_on": max((day for day, scaled in own if scaled >= 0), default=None),
        "purchases_12m": sum(scaled >= 0 for _, scaled in year),
        "purchases_prev_12m": sum(scaled >= 0 for _, scaled in before),
        "purchases_total": sum(scaled >= 0 for _, scaled in own),
        "amount_12m": sum(scaled for _, scaled in year) / 10_000,
        "amount_prev_12m": sum(scaled for _, scaled in before) / 10_000,
        "amount_total": sum(scaled for _, scaled in own) / 10_000,
        "points_accumulated": sum(_points(rows, rate) for rows in receipts),
    }


def _of_contacts(reached: Sequence[Contact], who: str, on: date) -> Row:
    own = [c for c in reached if c.customer == who and c.direction == "out" and c.day <= on]
    return {
        "contacts_7d": sum(c.day + timedelta(days=7) > on for c in own),
        "contacts_30d": sum(c.day + timedelta(days=30) > on for c in own),
        "last_contact_on": max((c.day for c in own), default=None),
    }


def near(on: date) -> st.SearchStrategy[date]:
    """Days of all ages, most of them close to a cut."""
    marks = st.sampled_from([0, 6, 7, 29, 30, 364, 365, 366, 730, 731, 1100])
    return st.builds(lambda m, d: on - timedelta(days=m + d), marks, st.integers(-2, 2))


def histories(on: date) -> st.SearchStrategy[tuple[list[Purchase], list[Contact]]]:
    """Raw tables of a few customers, anonymous rows among them."""
    ids = st.sampled_from((*IDS, None))
    purchase = st.builds(
        Purchase,
        ids,
        near(on),
        st.integers(-20_000, 99_999_999) | st.integers(0, 10**13),
        st.none() | st.integers(-5, 5_000),
        st.sampled_from([None, False, False, True]),
        st.sampled_from([None, None, None, "o1", "o2", "p0"]),
        st.sampled_from([None, None, None, None, "p0", "p1", "o1", "of another table", ""]),
    )
    contact = st.builds(Contact, ids, near(on), st.sampled_from(["in", "out", "out"]))
    bought = st.lists(purchase, max_size=12).map(
        lambda rows: [replace(row, own=f"p{place}") for place, row in enumerate(rows)]
    )
    return st.tuples(bought, st.lists(contact, max_size=8))


def as_date(day: date) -> object:
    return day


def as_text(day: date) -> object:
    return day.isoformat()


def as_datetime(day: date) -> object:
    return datetime.combine(day, time(23, 59, 59))


def raw_tables(
    bought: Sequence[Purchase], reached: Sequence[Contact], form: Callable[[date], object]
) -> dict[str, Mapping[str, list[Any]]]:
    """Lay the records out as columns of raw tables."""
    return {
        "purchase": {
            "customer_id": [p.customer for p in bought],
            "occurred_at": [form(p.day) for p in bought],
            "amount": [p.scaled / 10_000 for p in bought],
            "points_earned": [p.points for p in bought],
            "returned": [p.returned for p in bought],
            "id": [p.own for p in bought],
            "order_id": [p.order for p in bought],
            "return_of": [p.return_of for p in bought],
        },
        "customer": {"id": list(IDS), "tier": ["A", "B", None, "C", "B"]},
        "contact": {
            "customer_id": [c.customer for c in reached],
            "at": [form(c.day) for c in reached],
            "direction": [c.direction for c in reached],
        },
    }


def rows_of(frame: Any) -> list[Row]:
    """Give any kind of frame as plain records, missing as None."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pd.DataFrame):
        frame = pa.Table.from_pandas(frame, preserve_index=False)
    rows: list[Row] = frame.to_dicts() if isinstance(frame, pl.DataFrame) else frame.to_pylist()
    return rows


@pytest.mark.parametrize(
    ("form", "kind"),
    effort.each([*product(
        (as_date, as_text, as_datetime), (pl.DataFrame, pl.LazyFrame, pd.DataFrame, pa.table)
    )], 3),
)  # fmt: skip
@settings(deadline=None, max_examples=examples(40))
@given(choice=st.data())
def test_facts_equal_those_of_a_plain_loop(
    kind: Callable[[Any], Any], form: Callable[[date], object], choice: st.DataObject
) -> None:
    on = choice.draw(st.sampled_from(DAYS))
    bought, reached = choice.draw(histories(on))
    rate = choice.draw(st.sampled_from([Decimal(1), Decimal("0.1"), Decimal("0.7"), Decimal(0)]))
    tables = {name: kind(columns) for name, columns in raw_tables(bought, reached, form).items()}

    result = facts_as_of(tables, on=on, points_per_amount=rate)

    assert type(result) is type(tables["customer"])
    rows = rows_of(result)
    assert [row["id"] for row in rows] == sorted(IDS)
    facts = {row.pop("id"): {k: v for k, v in row.items() if k != "tier"} for row in rows}
    assert facts == reference(bought, reached, sorted(IDS), on, rate)


@settings(deadline=None, max_examples=examples(50))
@given(choice=st.data())
def test_the_order_of_rows_changes_nothing(choice: st.DataObject) -> None:
    on = choice.draw(st.sampled_from(DAYS))
    bought, reached = choice.draw(histories(on))
    tables = raw_tables(bought, reached, as_date)
    turned = raw_tables(bought[::-1], choice.draw(st.permutations(reached)), as_date)

    one, other = (
        facts_as_of(
            {n: pl.DataFrame(t, strict=False) for n, t in given.items()}, on=on, points_per_amount=1
        )
        for given in (tables, turned)
    )

    assert one.equals(other)
