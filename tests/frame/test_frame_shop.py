# SPDX-License-Identifier: Apache-2.0
"""Tables of stores, customers, purchases and cards together say what each customer's record says."""

from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from effort import examples

SOME = settings(
    max_examples=examples(16), deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
KINDS = st.sampled_from(["polars", "lazy", "pandas", "pandas_arrow", "pandas_numpy"])
DAYS = [date(2027, 3, day) for day in (15, 17, 18, 19, 20, 31)]
MOMENTS = [
    None,
    *(datetime(2027, 3, day, 9, 30) for day in (15, 17, 18, 20)),
    datetime(2027, 2, 17),
]
AMOUNTS = [None, 0.0, 0.0001, 99.9999, 100.0, 150.0, 200.0, 300.0, 33.33, 1e9]


@st.composite
def tables(draw: Any) -> dict[str, list[dict[str, Any]]]:
    """A few stores, customers, purchases and cards, some of them without their parents."""

    def several(most: int, **cells: Any) -> list[dict[str, Any]]:
        count = draw(st.integers(0, most))
        return [{name: draw(cell) for name, cell in cells.items()} for _ in range(count)]

    parent = st.sampled_from(["c1", "c2", "c3", "c3", "c9"])
    found = {
        "store": several(2, id=st.sampled_from(["s1", "s2"]),
                         grade=st.sampled_from(["flagship", "plain", None]),
                         opened_on=st.sampled_from([None, *DAYS]), reward=st.sampled_from([None, 1, 20])),
        "customer": several(
            4, id=st.sampled_from(["c1", "c2", "c3", "c4"]),
            store_id=st.sampled_from(["s1", "s2", "s9", None]),
            tier=st.sampled_from([None, "A", "B", "C"]), phone=st.sampled_from([None, "13800000001"]),
            consent=st.sampled_from([True, True, False, None]), big_from=st.sampled_from([None, 100, 200]),
            share=st.sampled_from([None, 0.1, 0.3333]), contacts=st.sampled_from([None, 0, 1, 2]),
            joined_on=st.sampled_from([None, *DAYS]), left_on=st.sampled_from([None, *DAYS]),
        ),
        "purchase": several(
            6, id=st.sampled_from([f"p{n}" for n in range(40)]), customer_id=parent,
            occurred_at=st.sampled_from(MOMENTS), amount=st.sampled_from(AMOUNTS),
            pieces=st.sampled_from([None, 1, 3]), returned=st.sampled_from([None, True, False, False]),
        ),
        "card": several(3, id=st.sampled_from([f"k{n}" for n in range(20)]), customer_id=parent,
                        ready_on=st.sampled_from([None, *DAYS]), collected_on=st.sampled_from([None, *DAYS])),
    }  # fmt: skip
    for rows in found.values():
        rows.sort(key=lambda row: row["id"])
    given = draw(st.sets(st.sampled_from(["store", "purchase", "card"])))
    return {name: rows for name, rows in found.items() if name in {"customer", *given}}


@SOME
@given(rows=tables(), kind=KINDS)
def test_children_and_parents_count_as_in_the_records(
    plan: Any, same: Any, rows: Any, kind: str
) -> None:
    same(plan("shop", "2027-03-20"), rows, [kind])


@SOME
@given(rows=tables(), kind=KINDS)
def test_a_span_of_days_gives_what_the_records_give(
    plan: Any, same: Any, rows: Any, kind: str
) -> None:
    same(plan("shop", "2027-04-01", "2027-03-29"), rows, [kind])
    same(plan("shop", "2027-03-22", "2027-03-19"), rows, [kind])
