# SPDX-License-Identifier: Apache-2.0
"""run --changes writes what the actions of the run change, and enough to carry them out."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loyaltyrules import Action, apply, compile_day, evaluate_frame, load_policy
from loyaltyrules.action.changes import CHANGE_COLUMNS

ROOT = Path(__file__).parents[2]
CUSTOMERS = ROOT / "examples" / "store" / "customer.csv"
ON = ("--on", "2027-02-05")
READ = {".csv": lambda path: pl.read_csv(path, infer_schema=False), ".parquet": pl.read_parquet,
        ".jsonl": pl.read_ndjson, "": lambda path: pl.read_parquet(path / "*.parquet")}  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Any:
    policy = load_policy("menswear")
    customers = pl.read_csv(CUSTOMERS, infer_schema=False)
    plan = compile_day(policy, on="2027-02-05").with_population(customers)
    return policy, customers, evaluate_frame(plan, customers)


@pytest.mark.parametrize("ending", [*READ])
def test_changes_are_written_in_every_format(
    told: Any, tmp_path: Path, known: Any, ending: str
) -> None:
    out = tmp_path / f"changes{ending}"
    assert told("run", "menswear", CUSTOMERS, *ON, "--changes", out).code == 0
    _, _, result = known
    found = READ[ending](out)  # type: ignore[no-untyped-call]
    assert found.columns == [*CHANGE_COLUMNS] and found.height > 10
    assert found.rows() == result.changes.rows()


def test_what_a_run_wrote_is_enough_to_carry_its_actions_out(
    told: Any, tmp_path: Path, known: Any
) -> None:
    actions, changes = tmp_path / "actions.csv", tmp_path / "changes.csv"
    told("run", "menswear", CUSTOMERS, *ON, "--out", actions, "--changes", changes)
    policy, customers, _ = known
    with changes.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = {each["id"]: each for each in customers.to_dicts()}
    with actions.open(encoding="utf-8", newline="") as file:
        listed = [Action.from_dict(each) for each in csv.DictReader(file)]
    (grant, *_) = [each for each in listed if each.kind == "cashback.grant"]
    record = records[grant.subject_id]
    after = apply(record, grant, rows, policy=policy)
    assert after["cashback_granted_on"].isoformat() == "2027-02-05"
    before = Decimal(record["cashback_granted"] or 0)
    assert after["cashback_granted"] == before + Decimal(grant.value or 0)


def test_where_nothing_changes_the_file_has_its_heading(told: Any, club: Path) -> None:
    out = club / "changes.csv"
    told("run", club / "club.yaml", club / "customer.csv", *ON, "--changes", out)
    assert out.read_text(encoding="utf-8") == ",".join(CHANGE_COLUMNS) + "\n"


def test_the_fingerprint_stands_in_the_report(told: Any, club: Path) -> None:
    out = club / "report.json"
    ended = told(
        "run", club / "club.yaml", club / "customer.csv", *ON, "--report", out, "--format=json"
    )
    mark = load_policy(club / "club.yaml").fingerprint
    assert json.loads(out.read_text("utf-8"))["fingerprint"] == mark
    assert json.loads(ended.out)["fingerprint"] == mark
    said = told("run", club / "club.yaml", club / "customer.csv", *ON)
    assert said.out.splitlines()[-1] == f"decided by club, version 0, fingerprint {mark}"


def test_tables_that_rules_need_and_that_are_not_there_are_told(told: Any) -> None:
    (note,) = [
        line
        for line in told("run", "menswear", CUSTOMERS, *ON).err.splitlines()
        if "no table of purchase" in line
    ]
    assert note.startswith("note: there is no table of purchase, and rules need it: ")
