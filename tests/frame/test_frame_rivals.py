# SPDX-License-Identifier: Apache-2.0
"""Standings, and facts compared with facts, are the same in tables as in records."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conformance.backends import read_by_narwhals as listed
from effort import examples
from loyaltyrules import SnapshotError, evaluate_frame
from loyaltyrules.frame.decide import members_of
from loyaltyrules.frame.evaluate_table import in_memory
from loyaltyrules.frame.facts.ranking import placed

SOME = settings(
    max_examples=examples(20), deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
KINDS = st.sampled_from(["polars", "lazy", "pandas", "pandas_arrow", "pandas_numpy"])
DAYS = [
    None,
    date(2027, 1, 31),
    date(2027, 2, 28),
    date(2027, 3, 1),
    date(2027, 3, 10),
    date(9999, 12, 31),
]
NUMBERS = [None, 0.0, -1.5, 0.0001, 100.0, 100.4999, 100.5, 99999999999999.0, float("nan")]
CELLS = {
    "store": st.sampled_from(["s1", "s2", None]),
    "member": st.sampled_from([True, False, None]),
    "points": st.sampled_from([None, 0, 99, 100, 1999, 2000, 4999, 5000, 10**14 - 1, -(10**14) + 1]),
    "bonus": st.sampled_from([None, *map(Decimal, ("0", "100", "0.0001", "60", "80.5"))]),
    "share": st.sampled_from([None, 0.5, 1.0, 0.3333, 0.0]),
    "amount": st.sampled_from(NUMBERS), "before": st.sampled_from(NUMBERS),
    "from_on": st.sampled_from(DAYS), "to_on": st.sampled_from(DAYS),
    "seen_at": st.sampled_from([None, datetime(2027, 3, 1, 0, 0, 1), datetime(2027, 2, 28, 23, 59)]),
    "hobby": st.sampled_from([None, "golf", "茶", "golf ", ""]),
    "wish": st.sampled_from([None, "golf", "茶", "\u3000", "x/y;z"]),
    "wants": st.sampled_from([None, "golf;茶", "茶", ""]),
}  # fmt: skip


@st.composite
def customers(draw: Any) -> list[dict[str, Any]]:
    """Customers with ids of their own, in any order."""
    names = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=3, unique=True))
    ids = draw(st.lists(st.sampled_from([f"c{n}" for n in range(12)]), unique=True, max_size=7))
    return [{"id": each, **{name: draw(CELLS[name]) for name in names}} for each in ids]


@SOME
@given(rows=customers(), kind=KINDS)
def test_facts_are_compared_as_in_the_records(plan: Any, same: Any, rows: Any, kind: str) -> None:
    same(plan("rivals", "2027-03-10"), {"customer": rows}, [kind])


@SOME
@given(rows=customers(), kind=KINDS)
def test_ranks_and_shares_are_those_of_the_population(
    plan: Any, same: Any, rows: Any, kind: str
) -> None:
    bare = plan("rivals", "2027-03-10")
    try:
        whole = bare.with_population(rows)
    except SnapshotError:
        return
    same(whole, {"customer": rows}, [kind])
    same(whole, {"customer": rows[:3]}, [kind])


@SOME
@given(rows=customers(), kind=st.sampled_from(["polars", "pandas_arrow"]))
def test_columns_place_records_as_the_population_does(
    plan: Any, frame: Any, rows: Any, kind: str
) -> None:
    bare = plan("rivals", "2027-03-10")
    tables = {"customer": frame(kind, rows)}
    try:
        whole = bare.with_population(rows)
    except SnapshotError:
        return
    ranked = {each.name: each.ranking for each in bare.day(bare.on).subjects["customer"].deriving}
    among = members_of(bare, tables)
    ranks = {name: placed(each, ranked[name[1]]) for name, each in among.items()}
    found, expected = in_memory(bare, tables, "en", ranks), evaluate_frame(whole, tables)
    assert listed(found.actions) == listed(expected.actions)
    assert listed(found.labels) == listed(expected.labels)
