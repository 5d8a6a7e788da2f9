# SPDX-License-Identifier: Apache-2.0
"""The customers of the music shop, on the days of January 1998: tables say what rows say."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

import effort
from loyaltyrules import compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.action.action import COLUMNS
from loyaltyrules.history import facts_as_of

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "cdnow"
JANUARY = [date(1998, 1, 1) + timedelta(days=n) for n in range(31)]
DAYS = effort.each(JANUARY, 9, start=8)  # of odd and even days, and the eve of spring festival
POLICY = load_policy(SHOP / "policy", root=ROOT)
RAW = {
    name: pl.read_csv(SHOP / f"{name}.csv", infer_schema=False)
    for name in ("customer", "purchase", "store")
}


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_tables_say_what_their_rows_say(on: date) -> None:
    raw = {name: RAW[name] for name in ("customer", "purchase")}
    facts = facts_as_of(raw, on=on, points_per_amount=20)
    plan = compile_day(POLICY, on, tables={"store": RAW["store"]}).with_population(facts)
    decisions = [evaluate(plan, row) for row in facts.iter_rows(named=True)]
    result = evaluate_frame(plan, facts if on.day % 2 else facts.to_pandas())
    for part in ("actions", "suppressed"):
        rows = sorted(
            action[: len(COLUMNS)] for each in decisions for action in getattr(each, part)
        )
        table = getattr(result, part)
        found = table if isinstance(table, pl.DataFrame) else pl.from_pandas(table)
        assert found.with_columns(pl.col("due_on", "window_end").cast(pl.Date)).rows() == rows
    labels = (
        result.labels if isinstance(result.labels, pl.DataFrame) else pl.from_pandas(result.labels)
    )
    expected = {each.snapshot.id: each.labels["tier"] for each in decisions}
    assert dict(labels.select("subject_id", "tier").iter_rows()) == expected
    assert len(expected) == 2357 and result.faults.shape[0] == 0
