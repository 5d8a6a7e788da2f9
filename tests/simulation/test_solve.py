# SPDX-License-Identifier: Apache-2.0
"""A threshold is exact: it is what plain runs of the policies beside it say."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import (
    ArgumentError,
    Policy,
    PolicyError,
    compile_day,
    evaluate_frame,
    load_policy,
    solve,
    sweep,
)
from loyaltyrules.calendar import Period
from loyaltyrules.expression.evaluator import SIGNS
from loyaltyrules.simulation import count, share
from simulation.conftest import KINDS, Shop, rows_of
from simulation.test_compare import CUSTOMERS, MENSWEAR
from simulation.test_compare import ON as FEBRUARY

ON = date(2027, 2, 5)
POLICY = """
format: 1
policy: x
language: en
parameters:
  whole: {value: 3, unit: points}
  fine: {value: "2.5"}
  part: {value: 50%}
  since: {value: 2027-01-03}
  days: {value: 3 days}
  months: {value: 2 months}
  dated: {values: {2020-01-01: 2, 2027-01-01: 4, 2028-01-01: 9}, unit: points}
  step: {value: 2}
  two: {value: 2 points}
facts:
  customer:
    points: {type: whole, unit: points}
    amount: {type: number}
    used: {type: share}
    last: {type: date, absent: unknown}
    event: {type: date}
    other: {type: whole}
    inside: {type: yes/no}
    shop: {type: text}
labels:
  size:
    for: customer
    values: [A, B, C]
    if: inside
    ways: {w: {cases: {CASES}}}
"""
TESTS = {
    "points >= whole": "whole", "whole <= points": "whole", "points > whole": "whole", "whole < points": "whole",
    "points < whole": "whole", "points <= whole": "whole", "not points >= whole": "whole",
    "points - two >= whole": "whole", "points >= whole * 2": "whole", "points + whole * step > two": "whole",
    "points >= two - whole": "whole", "points >= whole * other": "whole", "points > dated": "dated",
    "amount >= fine": "fine", "amount * 2 > fine + 1": "fine", "amount / 3 < fine": "fine",
    "used >= part": "part", "used < part": "part", "last >= since": "since", "since > last": "since",
    "event < since": "since", "last + days <= today": "days", "last > today - days": "days",
    "last + months <= today": "months", "event + months > today": "months",
    "points >= whole and amount > 1": "whole", "points >= whole or other = 1": "whole",
}  # fmt: skip
CASES = ("A: TEST, B: other >= 1, C: rest", "A: other >= 2, B: TEST, C: rest", "A: other = 3, B: not TEST, C: rest",
         "A: TEST, B: not TEST and other > 1, C: rest")  # fmt: skip


@cache
def policy_of(test: str, cases: str) -> Policy:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        own = cases.replace("not TEST", f"not ({test})").replace("TEST", test).replace("rest", '"yes"')
        path.write_text(POLICY.replace("CASES", own), encoding="utf-8")
        return load_policy(path)


RECORDS = st.lists(st.fixed_dictionaries({
    "points": st.sampled_from([None, 0, 1, 2, 3, 3, 4, 7]), "amount": st.sampled_from([None, "0.5", "1.25", "2.5", "2.51"]),
    "used": st.sampled_from([None, "0.1", "0.5", "1"]), "other": st.sampled_from([None, 0, 1, 2, 3]),
    "last": st.sampled_from([None, date(2027, 1, 1), date(2027, 2, 3), date(2026, 12, 31), date(2024, 2, 29)]),
    "event": st.sampled_from([None, date(2027, 1, 1), date(2026, 11, 30)]),
    "inside": st.sampled_from([True, True, False, None]), "shop": st.sampled_from([None, "n", "s"]),
}), min_size=1, max_size=12)  # fmt: skip
SCHEMA = {"id": pl.String, "points": pl.Int64, "amount": pl.String, "used": pl.String, "other": pl.Int64,
          "last": pl.Date, "event": pl.Date, "inside": pl.Boolean, "shop": pl.String}  # fmt: skip
WANTS = st.tuples(
    st.sampled_from(["<=", "<", ">=", ">"]), st.sampled_from(["A", "B", "C"]), st.booleans(),
    st.sampled_from([Decimal("0"), Decimal("0.25"), Decimal("0.5"), Decimal("1")]),
)  # fmt: skip


def frame_of(records: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{"id": f"{n:02}", **each} for n, each in enumerate(records)], schema=SCHEMA)


def words(policy: Policy, frame: pl.DataFrame) -> dict[str, str | None]:
    plan = compile_day(policy, ON)
    return dict(evaluate_frame(plan, frame).labels.select("subject_id", "size").iter_rows())


def measured(found: dict[str, str | None], word: str, counted: bool) -> Fraction | None:
    known = [each for each in found.values() if each is not None]
    if counted:
        return Fraction(known.count(word))
    return Fraction(known.count(word), len(known)) if known else None


def moved(value: Any, by: int) -> Any:
    """The next value of a figure."""
    match value:
        case date():
            return value + timedelta(days=by)
        case Period(months, days):
            return Period(months + by * (months > 0), days + by * (months == 0))
        case Decimal():
            return value + by * Decimal(1).scaleb(value.as_tuple().exponent)
    return value + by


@settings(max_examples=examples(150))
@given(st.sampled_from(sorted(TESTS)), st.sampled_from(CASES), RECORDS, WANTS)
def test_a_threshold_is_what_runs_beside_it_say(
    test: str, cases: str, records: list[dict[str, Any]], wanted: tuple[str, str, bool, Decimal]
) -> None:
    sign, word, counted, bound = wanted
    policy, name, frame = policy_of(test, cases), TESTS[test], frame_of(records)
    bound = bound * 4 if counted else bound
    measure = count("size", word) if counted else share("size", word)
    want = {"<=": measure <= bound, "<": measure < bound, ">=": measure >= bound, ">": measure > bound}
    found = solve(policy, name, frame, on=ON, want=want[sign])

    def at(value: Any) -> dict[str, str | None]:
        return words(policy.with_({name: value}), frame)

    def holds(value: Any) -> bool:
        got = measured(at(value), word, counted)
        return got is not None and SIGNS[sign](got, Fraction(bound))

    curve = found.curve.rows()
    for value, share_, number in curve:
        got = at(value)
        assert measured(got, word, True) == number
        exact = measured(got, word, False)
        assert share_ == (None if exact is None else float(exact))
    if found.value is None:
        assert found.why
        assert not any(holds(value) for value, *_ in curve)
        return
    assert found.why is None
    assert holds(found.value)
    assert measured(at(found.value), word, True) == found.count
    if found.next_value is None:
        assert all(holds(value) for value, *_ in curve)
        return
    assert not holds(found.next_value)
    towards = 1 if _order(found.next_value) < _order(found.value) else -1
    if towards == 1:
        assert moved(found.next_value, 1) == found.value
    else:  # the threshold is the lowest value there is
        below = (v for v, *_ in curve if _order(v) < _order(found.next_value))
        assert all(map(holds, below))
    here, there = at(found.next_value), at(moved(found.next_value, towards))
    changed = [e for e in here if _part(here[e], word) != _part(there[e], word)]
    assert found.ties == len(changed) > 0


def _part(given: str | None, word: str) -> tuple[bool, bool]:
    return given == word, given is not None


def _order(value: Any) -> Any:
    """A value, or a cell of the curve, as what can be put in order."""
    if isinstance(value, str):
        return int(value.split()[0])
    return value.months or value.days if isinstance(value, Period) else value
