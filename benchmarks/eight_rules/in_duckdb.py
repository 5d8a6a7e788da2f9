# SPDX-License-Identifier: Apache-2.0
"""The eight rules over a table in DuckDB: one SQL script, from Parquet file to Parquet files.

`python -m benchmarks.eight_rules.in_duckdb --help`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.eight_rules.by_file import main

SCRIPT = Path(__file__).with_name("in_duckdb.sql")
KINDS = {"priority": "BIGINT", "due_on": "DATE", "window_end": "DATE", "by_phone": "BOOLEAN",
         "by_consent": "BOOLEAN"}  # fmt: skip


def run(source: Path, day: Mapping[str, Any], out: Path, held_out: Path, ordered: bool) -> None:
    """Write the actions of a day, and those held back, of the customers in a Parquet file."""
    with duckdb.connect() as connection:
        if not ordered:
            connection.execute("SET preserve_insertion_order = false")
        _forms(connection, day["forms"])
        settings = {
            "source": str(source), "today": day["today"], "idle_cut": day["idle_cut"],
            "birth_month": day["birth_month"], "birth_days": day["birth_days"],
        }  # fmt: skip
        for name, value in settings.items():
            connection.execute(f"SET VARIABLE {name} = ?", [value])
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
        order = "ORDER BY action_id" if ordered else ""
        for table, file in (("actions", out), ("suppressed", held_out)):
            connection.execute(
                f"COPY (SELECT {', '.join(day['columns'])} FROM {table} {order}) TO '{file}'"
            )


def _forms(connection: duckdb.DuckDBPyConnection, forms: list[dict[str, Any]]) -> None:
    """The small table of the day's actions."""
    names = dict.fromkeys(name for form in forms for name in form)
    columns = ", ".join(f'"{name}" {KINDS.get(name, "VARCHAR")}' for name in names)
    connection.execute(f"CREATE TABLE forms ({columns})")
    rows = [[form.get(name) for name in names] for form in forms]
    connection.executemany(f"INSERT INTO forms VALUES ({', '.join('?' * len(names))})", rows)


if __name__ == "__main__":
    main(run)
