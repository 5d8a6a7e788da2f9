# SPDX-License-Identifier: Apache-2.0
"""snapshot: customer facts out of raw tables, as of a day."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from loyaltyrules.cli.reading import collected, read_table
from loyaltyrules.cli.terminal import FINE, Terminal
from loyaltyrules.cli.writing import check_paths, write_all
from loyaltyrules.history import HistoryError, facts_as_of
from loyaltyrules.policy.load import load_policy
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

RAW = ("purchase", "customer", "contact")
POINTS = "points_per_amount"  # the parameter that says how many points a unit of money earns


def snapshot(terminal: Terminal, folder: Path, on: date, out: Path, policy: Path | None) -> int:
    """Build the facts of customers from a folder of raw tables; returns the exit code."""
    check_paths([out])
    files = {path.stem: path for path in sorted(folder.glob("*")) if path.stem in RAW}
    if not files:
        raise FrameError([problem("LR409", None, file=folder)])
    tables = {name: collected(read_table(path), path) for name, path in files.items()}
    try:
        facts = facts_as_of(tables, on=on, points_per_amount=_points(policy, on))
    except HistoryError as fault:
        raise FrameError([problem("LR419", None, file=folder, why=fault)]) from fault
    write_all({out: lambda: facts})
    terminal.line(terminal.say("{count} customers as of {day}: {file}",
                               count=len(facts), day=on, file=out))  # fmt: skip
    return FINE


def _points(policy: Path | None, on: date) -> Decimal | None:
    if policy is None:
        return None
    parameter = load_policy(policy).parameters.get(POINTS)
    value = parameter.on(on) if parameter else None
    return None if value is None else Decimal(str(value))
