#!/usr/bin/env bash
# The same rows, the same filter, and the answer depends on how a Parquet file is cut into row groups.
#
# Expected: row groups are a matter of speed. "score > 1" finds the same rows in each layout of a file, and
#   the ones that it finds in memory.
# Happens: statistics of a row group leave NaN out. DuckDB holds that NaN is greater than 1, in memory and
#   where it reads the rows, yet skips groups whose greatest number is not: of two NaN it finds two, one or
#   none. Even "score <> 0.5" loses one. Arrow does so for "not (score <= 1)". Polars finds all in each layout.
#   The greatest score is 3 or NaN in DuckDB by who wrote the file.
# Why it matters: an export is cut by its writer's buffer, so a policy's population changes when a nightly
#   job gets another batch size. A ratio 0 / 0 is how NaN comes in. Filter on is-NaN first, or export nulls.
# Known: DuckDB has read_parquet(can_have_nan = true), off for speed; the Parquet format tells readers that
#   the statistics say nothing of NaN. Not that the two together make the answer a matter of layout.
# Packages: duckdb 2.0.1, pyarrow 26.0.1, polars 2.1.0.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"${PYTHON:-python3}" -m venv "$room/venv"
"$room/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  duckdb==2.0.1 pyarrow==26.0.1 polars==2.1.0
cd "$room"
"$room/venv/bin/python" -I - <<'PYTHON'
import sys

import duckdb
import polars
import pyarrow
import pyarrow.compute as arrow
import pyarrow.parquet as parquet

scores = pyarrow.table({"id": range(6), "score": [0.5, float("nan"), 0.7, 3.0, float("nan"), 0.2]})
for size in (6, 3, 2):
    parquet.write_table(scores, f"groups_of_{size}.parquet", row_group_size=size)
duckdb.sql("copy (from 'groups_of_6.parquet') to 'by_duckdb.parquet'")


def in_duckdb(file: str, condition: str) -> list[int]:
    return [row[0] for row in duckdb.sql(f"select id from {file} where {condition} order by id").fetchall()]


def answers(file: str) -> list[list[int]]:
    not_at_most = ~(arrow.field("score") <= 1)
    return [
        in_duckdb(f"'{file}'", "score > 1"),
        in_duckdb(f"'{file}'", "score <> 0.5"),
        parquet.read_table(file, filters=not_at_most)["id"].to_pylist(),
        polars.scan_parquet(file).filter(polars.col("score") > 1).collect()["id"].to_list(),
    ]


def greatest(file: str) -> float:
    return duckdb.sql(f"select max(score) from '{file}'").fetchall()[0][0]


memory = in_duckdb("scores", "score > 1")
seen = {size: answers(f"groups_of_{size}.parquet") for size in (6, 3, 2)}
most = [greatest("groups_of_6.parquet"), greatest("by_duckdb.parquet")]
told = in_duckdb("read_parquet('groups_of_2.parquet', can_have_nan = true)", "score > 1")

print(f"packages: duckdb {duckdb.__version__}, pyarrow {pyarrow.__version__}, polars {polars.__version__}")
print(f"guess: each layout gives what memory gives, in DuckDB {memory} for score > 1")
for size, (above, other, negated, in_polars) in seen.items():
    print(f"seen, groups of {size}: DuckDB > 1 {above}, <> 0.5 {other}; Arrow not <= 1 {negated}; Polars {in_polars}")
print(f"seen: the greatest score in DuckDB is {most[0]}, and {most[1]} when DuckDB wrote the file")
print(f"seen, groups of 2 with can_have_nan: {told}")

both = [1, 3, 4]
stated = {
    6: [both, [1, 2, 3, 4, 5], both, both],
    3: [[3, 4], [1, 2, 3, 4, 5], [3, 4], both],
    2: [[3], [2, 3, 4, 5], [3], both],
}
if (seen, memory, told, str(most)) != (stated, both, both, "[3.0, nan]"):
    sys.exit(f"changed: {seen}, {memory}, {told}, {most}")
print("as stated")
PYTHON
