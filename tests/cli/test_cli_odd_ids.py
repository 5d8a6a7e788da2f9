# SPDX-License-Identifier: Apache-2.0
"""Ids may hold any sign, also line breaks and NUL: they come out of every kind of file as they went in."""

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest

IDS = [
    "a\nb",
    "a\r\nb",
    "a\rb",
    "a\x00b",
    "\x00",
    "a\x1ab",
    'a"b',
    "a,b",
    "a\tb",
    "a/b%",
    "\ufeffa",
]
POLICY = """
format: 1
policy: odd
facts: {customer: {points: {type: whole}, name: {type: text}}}
rules: {r: {for: customer, if: points > 1, once_per: name, do: {do: task.x, value: name}}}
"""
WRITE = {
    ".csv": pl.DataFrame.write_csv,
    ".parquet": pl.DataFrame.write_parquet,
    ".jsonl": pl.DataFrame.write_ndjson,
}
NAMES = ("subject_id", "value", "occurrence")


def read(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))
    frame = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_ndjson(file)
    return frame.to_dicts()


@pytest.mark.parametrize("given", WRITE)
@pytest.mark.parametrize("wanted", WRITE)
def test_odd_ids_come_out_as_they_went_in(
    told: Any, tmp_path: Path, given: str, wanted: str
) -> None:
    policy, customers, out = tmp_path / "p.yaml", tmp_path / f"c{given}", tmp_path / f"out{wanted}"
    policy.write_text(POLICY, "utf-8")
    frame = pl.DataFrame({"id": IDS, "name": IDS, "points": ["5"] * len(IDS)})
    WRITE[given](frame, customers)
    assert told("run", policy, customers, "--on", "2027-05-04", "--out", out).code == 0
    found = [tuple(row[name] for name in NAMES) for row in read(out)]
    assert sorted(found) == sorted((each, each, each) for each in IDS)
