# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with raw tables, by its kind; the problems tell the place and the remedy."""

from collections.abc import Iterable

from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import render


class HistoryWarning(UserWarning):
    """Facts were given, but a reader must know what they lack; `.problems` says it.

    Rows that were set aside, returns of purchases that are not there, rows that look like the lines
    of one receipt. Python shows a warning once for each place; `warnings.catch_warnings` collects it.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n\n".join(map(render, self.problems))


class HistoryError(FrameError, ValueError):
    """The raw tables or the arguments cannot give facts."""

    def _detail(self, name: str) -> str:
        return dict(self.problems[0].details)[name]


class MissingTableError(HistoryError):
    """A table without which there are no facts was not given."""

    @property
    def table(self) -> str:
        """Name of the missing table, e.g. `purchase`."""
        return self._detail("table")


class MissingColumnError(HistoryError):
    """A table lacks a column that the facts are computed from."""

    @property
    def table(self) -> str:
        """Name of the table."""
        return self._detail("table")

    @property
    def column(self) -> str:
        """Name of the first column that is missing."""
        return self._detail("name")


class FaultyColumnError(HistoryError):
    """Most rows of a table have a cell that cannot be read as what its column stands for."""

    @property
    def table(self) -> str:
        """Name of the table."""
        return self._detail("table")

    @property
    def counts(self) -> dict[str, int]:
        """Faulty rows per column."""
        told = (dict(each.details) for each in self.problems)
        return {details["field"]: int(details["count"]) for details in told}
