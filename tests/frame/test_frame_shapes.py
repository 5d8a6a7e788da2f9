# SPDX-License-Identifier: Apache-2.0
"""What comes back: the caller's kind of frame, every column, the same bytes for any order."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from loyaltyrules import Action, FrameError, evaluate, evaluate_frame, render
from loyaltyrules.action.action import COLUMNS, plain

STORE = Path(__file__).parents[2] / "examples" / "store"
FRAMES = ("actions", "suppressed", "labels", "faults")


def customers() -> pl.DataFrame:
    return pl.read_csv(STORE / "customer.csv", infer_schema=False)


@pytest.fixture(scope="module")
def festival(plan: Any) -> Any:
    return plan("menswear", "2027-02-05")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (customers(), pl.DataFrame),
        (customers().lazy(), pl.LazyFrame),
        (customers().to_pandas(), pd.DataFrame),
        (customers().to_pandas().convert_dtypes(dtype_backend="pyarrow"), pd.DataFrame),
        (customers().to_arrow(), type(customers().to_arrow())),
    ],
    ids=["polars", "lazy", "pandas", "pandas_arrow", "arrow"],
)
def test_the_kind_of_frame_that_was_handed_in_comes_back(
    festival: Any, rows_of: Any, given: Any, expected: type
) -> None:
    result, plain = evaluate_frame(festival, given), evaluate_frame(festival, customers())
    for name in FRAMES:
        assert isinstance(getattr(result, name), expected)
        assert rows_of(getattr(result, name)) == rows_of(getattr(plain, name))


@pytest.mark.parametrize("kind", ["polars", "lazy", "pandas", "pandas_arrow", "pandas_numpy"])
def test_frames_have_all_columns_and_types_also_when_they_are_empty(
    plan: Any, frame: Any, kind: str
) -> None:
    result = evaluate_frame(plan("shop", "2027-03-20"), frame(kind, []))
    for each in (result.actions, result.suppressed):
        eager = each.collect() if kind == "lazy" else each
        assert list(eager.columns) == list(COLUMNS)
        types = {str(eager[name].dtype) for name in set(COLUMNS) - TYPED}
        assert len(types) == 1
        assert "int64" in str(eager["priority"].dtype).lower()
        assert all("date" in str(eager[name].dtype).lower() for name in ("due_on", "window_end"))
        assert len(eager) == 0


TYPED = {"priority", "due_on", "window_end"}


def test_days_are_instants_in_pandas_but_for_frames_of_arrow_types(festival: Any) -> None:
    table = customers().to_pandas()
    acts = evaluate_frame(festival, table).actions
    assert {str(acts[name].dtype) for name in ("due_on", "window_end")} == {"datetime64[s]"}
    months = acts.set_index("due_on").resample("MS").size()
    assert months.to_dict() == {pd.Timestamp(2027, 2, 1): len(acts)}
    assert set(acts["due_on"].dt.to_period("M").astype(str)) == {"2027-02"}
    arrow = evaluate_frame(festival, table.convert_dtypes(dtype_backend="pyarrow")).actions
    assert str(arrow["due_on"].dtype) == "date32[day][pyarrow]"


def test_a_row_of_a_pandas_table_is_an_action_as_any_other(festival: Any) -> None:
    people = {row["id"]: row for row in customers().to_dicts()}
    table = evaluate_frame(festival, customers().to_pandas())
    rows = table.actions[table.actions["template"].notna()].to_dict("records")
    assert rows
    for row in rows:
        customer = people[row["subject_id"]]
        own = evaluate(festival, customer).actions
        (known,) = [each for each in own if each.action_id == row["action_id"]]
        made = Action(**row)
        assert plain(made)[:-2] == known[:-2]
        assert render(made, festival, customer) == render(known, festival, customer)


def test_rows_and_columns_in_another_order_give_the_same_bytes(festival: Any) -> None:
    table = customers()
    expected = list(written(evaluate_frame(festival, table)))
    for seed in range(2):
        names = random.Random(seed).sample(table.columns, table.width)
        shuffled = table.sample(fraction=1, shuffle=True, seed=seed).select(names)
        assert list(written(evaluate_frame(festival, shuffled))) == expected


def written(result: Any) -> Iterator[str]:
    for name in ("actions", "suppressed", "labels"):
        yield getattr(result, name).write_csv()


def test_notes_tell_of_this_run_alone(festival: Any) -> None:
    first, second = (evaluate_frame(festival, customers()).notes for _ in range(2))
    assert first == second
    assert {note.asked for note in first.stages.values()} == {len(customers())}
    assert first.ignored["customer"]["phone_checked_on"] == ""  # near to nothing


def test_a_plan_pickled_and_unpickled_gives_the_same(festival: Any) -> None:
    import pickle

    again = pickle.loads(pickle.dumps(festival))
    one, other = (evaluate_frame(each, customers()) for each in (festival, again))
    assert list(written(one)) == list(written(other))


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pl.DataFrame({"store_id": ["s1"], "tier": ["A"]}), "LR410"),
        ({"customer": pl.DataFrame({"id": ["c1"]}), "cutomer": pl.DataFrame()}, "LR414"),
        ({"purchase": pl.DataFrame({"id": ["p1"]})}, "LR410"),
        ([{"id": "c1"}], "LR413"),
        ({}, "LR413"),
        (5, "LR413"),
    ],
)
def test_tables_that_cannot_be_read_are_told(plan: Any, table: Any, code: str) -> None:
    with pytest.raises(FrameError) as caught:
        evaluate_frame(plan("shop", "2027-03-20"), table)
    assert [each.code for each in caught.value.problems] == [code]


@pytest.mark.parametrize("kind", ["polars", "pandas", "pandas_numpy"])
def test_columns_of_mixed_values_are_read_value_by_value(plan: Any, same: Any, kind: str) -> None:
    rows = [
        {"id": 1, "mobile_phone": 5000.0, "consent_marketing": True, "consent_channels": "sms"},
        {
            "id": "2",
            "mobile_phone": "x",
            "consent_marketing": "是",
            "consent_channels": ["sms", "app"],
        },
        {"id": "3", "mobile_phone": True, "consent_marketing": 1, "consent_channels": None},
    ]
    same(plan("menswear", "2027-02-05"), {"customer": rows}, [kind])


@pytest.mark.parametrize("identity", [True, float("inf"), 2.0**60, None, " ", float("nan")])
def test_an_id_that_is_none_is_a_fault_of_its_row(plan: Any, same: Any, identity: Any) -> None:
    rows = [{"id": identity, "tier": "A"}, {"id": "c1", "tier": "B"}]
    result = same(plan("shop", "2027-03-20"), {"customer": rows}, ["polars", "pandas"])
    assert [fault.row for fault in result.problems] == [1]


def test_numbers_beyond_every_machine_are_faults_of_their_rows(plan: Any) -> None:
    points = pl.Series("points", [2**64 - 1, 5], dtype=pl.UInt64)
    table = pl.DataFrame([pl.Series("id", ["c1", "c2"]), points])
    result = evaluate_frame(plan("rivals", "2027-03-10"), table)
    assert [(fault.row, fault.problem.code) for fault in result.problems] == [(1, "LR406")]


def test_a_faulty_row_of_a_repeated_id_takes_the_others_with_it(plan: Any, same: Any) -> None:
    rows = [
        {"id": "c1", "contacts": "many"},
        {"id": "c1", "contacts": None},
        {"id": "c2", "contacts": "1"},
    ]
    result = same(plan("shop", "2027-03-20"), {"customer": rows}, ["polars", "pandas"])
    assert {fault.row for fault in result.problems} == {1, 2}
