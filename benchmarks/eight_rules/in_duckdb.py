# SPDX-License-Identifier: Apache-2.0
"""The eight rules over a table in DuckDB: one SQL script, from Parquet file to Parquet files.

`python -m benchmarks.eight_rules.in_duckdb --help`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.eight_rules.by_file import main

SCRIPT = Path(__file__).with_suffix(".sql")
KINDS = {
    "form": "UTINYINT", "priority": "BIGINT", "due_on": "DATE", "window_end": "DATE",
    "by_phone": "BOOLEAN", "by_consent": "BOOLEAN",
}  # fmt: skip
VARIABLES = ("idle_cut", "birth_month", "birth_days")
WRITTEN = "COPY (SELECT {columns} FROM {table} {order}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"


def run(source: Path, day: Mapping[str, Any], out: Path, held_out: Path, ordered: bool) -> None:
    """Write the actions of a day, and those held back, of the customers in a Parquet file."""
    order = "ORDER BY action_id" if ordered else ""
    with duckdb.connect() as connection:
        connection.execute(f"SET preserve_insertion_order = {ordered}")
        for name, value in ({"source": str(source)} | {k: day[k] for k in VARIABLES}).items():
            connection.execute(f"SET VARIABLE {name} = ?", [value])
        for name in ("forms", "outcomes"):
            _small(connection, name, day[name])
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
        columns = ", ".join(day["columns"])
        for table, file in (("actions", out), ("suppressed", held_out)):
            connection.execute(WRITTEN.format(columns=columns, table=table, order=order, file=file))


def _small(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """One of the day's small tables."""
    columns = ", ".join(f'"{each}" {KINDS.get(each, "VARCHAR")}' for each in rows[0])
    connection.execute(f"CREATE TABLE {name} ({columns})")
    row = f"({', '.join('?' * len(rows[0]))})"
    values = [value for each in rows for value in each.values()]
    connection.execute(f"INSERT INTO {name} VALUES {', '.join([row] * len(rows))}", values)


if __name__ == "__main__":
    main(run)
