# SPDX-License-Identifier: Apache-2.0
"""snapshot: customer facts out of raw tables, as of a day."""

import os
from datetime import date
from pathlib import Path
from typing import Any

from loyaltyrules.cli.outputs import Inputs, check_paths, refuse_inputs
from loyaltyrules.cli.policy_at import PolicyAt, files_of
from loyaltyrules.cli.reading import collected, read_table
from loyaltyrules.cli.terminal import FINE, Terminal
from loyaltyrules.cli.writing import write_all
from loyaltyrules.history.facts import facts_and_notes
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

RAW = ("purchase", "customer", "contact")
POINTS = "points_per_amount"  # the parameter that says how many points a unit of money earns


def snapshot(terminal: Terminal, folder: Path, on: date, out: Path, given: PolicyAt | None) -> int:
    """Build the facts of customers from a folder of raw tables; returns the exit code."""
    check_paths([out])
    if not os.path.isdir(folder):
        raise FrameError([problem("LR100", None, file=folder, why="no such folder")])
    files = {path.stem: path for path in sorted(folder.glob("*")) if path.stem in RAW}
    policy = given.load() if given else None
    read = [*files.values(), *(files_of(policy) if policy else ())]
    refuse_inputs([out], Inputs(read, folder, frozenset(RAW)))
    tables = {name: collected(read_table(path), path) for name, path in files.items()}
    facts, told = facts_and_notes(tables, on=on, points_per_amount=_points(policy, on))
    write_all({out: lambda: facts})
    terminal.line(terminal.say("{count} customers as of {day}: {file}",
                               count=len(facts), day=on, file=out))  # fmt: skip
    terminal.problems(told)
    return FINE


def _points(policy: Policy | None, on: date) -> Any:
    """The figure as it stands in the policy; what is no number is told where facts are made."""
    parameter = policy.parameters.get(POINTS) if policy else None
    return parameter.on(on) if parameter else None
