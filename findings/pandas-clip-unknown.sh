#!/usr/bin/env bash
# A cap turns an unknown score into the best score, in pandas on Arrow columns.
#
# Expected: clip leaves NaN alone, as pandas does on NumPy columns, and Polars.
# Happens: on double[pyarrow] NaN becomes the upper bound where there is one, else the lower one: Arrow's
#   smaller of two takes the number when the other is NaN. DuckDB's least() gives the cap as well, for another
#   reason (NaN is its greatest number), and its greatest() gives NaN. Polars contradicts itself: its clip
#   keeps NaN, its min_horizontal gives the cap.
# Why it matters: "at most 1" is written in each of these ways. A customer without visits has the ratio 0 / 0;
#   under the cap this customer is among the best of all, and no check for missing values finds that again.
#   Fill or test for NaN before the cap.
# Known: Arrow's page of the function says that NaN yields to numbers; pandas says of clip only that a missing
#   bound is no bound. That nulls became the bound was mended in narwhals in 2026.
# Packages: pandas 3.1.1, numpy 2.4.6, pyarrow 26.0.1, polars 2.1.0, duckdb 2.0.1.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"${PYTHON:-python3}" -m venv "$room/venv"
"$room/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.1
cd "$room"
"$room/venv/bin/python" -I - <<'PYTHON'
import sys

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.compute as arrow
import pyarrow.parquet

score = arrow.divide(pyarrow.array([2.0, 0.0, 5.0]), pyarrow.array([5.0, 0.0, 3.0]))
pyarrow.parquet.write_table(pyarrow.table({"score": score}), "scores.parquet")
held = pandas.read_parquet("scores.parquet", dtype_backend="pyarrow")["score"]
plain = pandas.read_parquet("scores.parquet")["score"]
frame = polars.read_parquet("scores.parquet")
column = polars.col("score")

cap = {
    "pandas, Arrow column, clip(0, 1)": held.clip(0, 1).iloc[1],
    "pandas, Arrow column, clip(lower=0)": held.clip(lower=0).iloc[1],
    "pandas, NumPy column, clip(0, 1)": plain.clip(0, 1).iloc[1],
    "Polars clip(0, 1)": frame.select(column.clip(0, 1)).item(1, 0),
    "Polars min_horizontal(score, 1)": frame.select(polars.min_horizontal(column, 1.0)).item(1, 0),
    "DuckDB least(score, 1)": duckdb.sql("select least(score, 1) from 'scores.parquet'").fetchall()[1][0],
    "DuckDB greatest(score, 0)": duckdb.sql("select greatest(score, 0) from 'scores.parquet'").fetchall()[1][0],
}

versions = f"pyarrow {pyarrow.__version__}, polars {polars.__version__}, duckdb {duckdb.__version__}"
print(f"packages: pandas {pandas.__version__}, {versions}")
print(f"guess: the score {held.iloc[1]} of a customer without visits stays nan under a cap")
for way, value in cap.items():
    print(f"seen, {way}: {value}")

seen = [str(value) for value in cap.values()]
stated = ["1.0", "0.0", "nan", "nan", "1.0", "1.0", "nan"]
if seen != stated:
    sys.exit(f"changed: {seen} instead of {stated}")
print("as stated")
PYTHON
