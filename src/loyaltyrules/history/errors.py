# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with raw tables, each told with its place and its remedy.

All of them are `ValueError`s. Messages name tables, columns and counts of rows, never cells: a raw
table may hold personal data.
"""

from collections.abc import Iterable


class HistoryError(ValueError):
    """The raw tables or the arguments cannot give facts; the message says what to mend."""


class MissingTableError(HistoryError):
    """A table without which there are no facts was not given.

    Attributes:
        table: Name of the missing table, e.g. `purchase`.
    """

    def __init__(self, table: str, given: Iterable[str]) -> None:
        self.table = table
        names = ", ".join(sorted(given)) or "none"
        super().__init__(f"table '{table}' is missing (given: {names}); pass it under '{table}'")


class MissingColumnError(HistoryError):
    """A table lacks a column that the facts are computed from.

    Attributes:
        table: Name of the table.
        column: Name of the missing column.
    """

    def __init__(self, table: str, column: str, present: Iterable[str]) -> None:
        self.table = table
        self.column = column
        names = ", ".join(present) or "none"
        message = f"table '{table}' has no column '{column}' (it has: {names})"
        super().__init__(f"{message}; add it or rename the right one")


class FaultyColumnError(HistoryError):
    """Cells of a table cannot be read as what their column stands for.

    Attributes:
        table: Name of the table.
        counts: Faulty rows per column, in the order of the message.
    """

    def __init__(self, table: str, faults: Iterable[tuple[str, int, str]]) -> None:
        self.table = table
        told = list(faults)
        self.counts = {column: rows for column, rows, _ in told}
        lines = (_line(table, column, rows, wanted) for column, rows, wanted in told)
        super().__init__("; ".join(lines))


def _line(table: str, column: str, rows: int, wanted: str) -> str:
    """Say of one column how many rows are faulty and what was wanted."""
    held = "1 row holds" if rows == 1 else f"{rows} rows hold"
    return f"{table}.{column}: {held} something else than {wanted}"
