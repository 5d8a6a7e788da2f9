# SPDX-License-Identifier: Apache-2.0
"""What is computed of several facts in columns, and the parts of an occurrence that columns write."""

from datetime import date

import pytest

from conformance.backends import BACKENDS, Backend, Column, Columns
from conformance.test_found import compared

KINDS = [each for each in BACKENDS if each.name in ("polars", "pyarrow", "pandas_numpy")]
KIND = pytest.mark.parametrize("backend", KINDS, ids=repr)
WHOLE = (-7, -4, -3, 0, 3, 4, 7, 8, None)


@KIND
@pytest.mark.parametrize(
    "condition",
    [
        "floor(points / 4) >= other", "floor(points / -4) >= other", "floor(points / 2.5) = other",
        "floor(spent) > other", "floor(spent / 0.3) < points", "min(points, other) > 3 - points",
        "max(points, spent) = points", "abs(points) > other", "abs(spent) <= points",
    ],
)  # fmt: skip
def test_amounts_hold_where_they_hold_in_rows(backend: Backend, condition: str) -> None:
    text = f"""
facts: {{customer: {{points: {{type: whole}}, other: {{type: whole}}, spent: {{type: number}}}}}}
rules: {{tell: {{for: customer, if: "{condition}", once_per: id, do: task.tell}}}}
"""
    pairs = [(one, other) for one in WHOLE for other in WHOLE]
    spent = [None if one is None else one * 0.3 for _, one in pairs]
    table: Columns = {
        "id": Column("text", [f"c{n}" for n in range(len(pairs))]),
        "points": Column("int64", [one for one, _ in pairs]),
        "other": Column("int64", [other for _, other in pairs]),
        "spent": Column("float64", [None if n is None else round(n, 4) for n in spent]),
    }
    compared(text, {"customer": table}, backend)


@KIND
def test_words_of_a_list_hold_where_they_hold_in_rows(backend: Backend) -> None:
    text = """
facts: {customer: {channels: {type: list}, liked: {type: list}}}
rules: {tell: {for: customer, if: 'not ("sms" in channels) or "phone" in liked', once_per: id, do: task.tell}}
"""
    lists = [None, "sms", "sms;phone", "mms", "smss;x", "phone;sms", ""]
    pairs = [(one, other) for one in lists for other in lists]
    table: Columns = {
        "id": Column("text", [f"c{n}" for n in range(len(pairs))]),
        "channels": Column("text", [one for one, _ in pairs]),
        "liked": Column("text", [other for _, other in pairs]),
    }
    compared(text, {"customer": table}, backend)


@KIND
def test_occurrences_are_named_as_in_rows(backend: Backend) -> None:
    text = """
facts:
  customer: {word: {type: text}, one: {type: date}, other: {type: date}, points: {type: whole}}
rules:
  tell: {for: customer, once_per: [word, "or_else(one, other)", "latest(one, other)", points], do: task.tell}
"""
    days = [None, date(1, 1, 1), date(999, 12, 31), date(2027, 2, 5)]
    rows = [(one, other, word) for one in days for other in days for word in (None, "a/b%", "春")]
    table: Columns = {
        "id": Column("text", [f"c/{n}%" for n in range(len(rows))]),
        "word": Column("text", [word for _, _, word in rows]),
        "one": Column("date", [one for one, _, _ in rows]),
        "other": Column("date", [other for _, other, _ in rows]),
        "points": Column("int64", [None if n % 3 else n for n in range(len(rows))]),
    }
    compared(text, {"customer": table}, backend)
