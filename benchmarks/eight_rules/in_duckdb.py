# SPDX-License-Identifier: Apache-2.0
"""The eight rules over a table in DuckDB: one SQL script, from Parquet file to Parquet files.

`python -m benchmarks.eight_rules.in_duckdb --help`.
"""

from pathlib import Path

import duckdb

from benchmarks.eight_rules.by_file import main

SCRIPT = Path(__file__).with_suffix(".sql")


def run(source: Path, day: Path, out: Path, held_out: Path, ordered: bool) -> None:
    """Write the actions of a day, and those held back, of the customers in a Parquet file."""
    order = "ORDER BY action_id" if ordered else ""
    with duckdb.connect() as connection:
        connection.execute(f"SET preserve_insertion_order = {ordered}")
        connection.execute("SET VARIABLE source = ?", [str(source)])
        connection.execute("SET VARIABLE day = ?", [str(day)])
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
        for view, file in (("actions", out), ("suppressed", held_out)):
            connection.execute(
                f"COPY (FROM {view} {order}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
            )


if __name__ == "__main__":
    main(run)
