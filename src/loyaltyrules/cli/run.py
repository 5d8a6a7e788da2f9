# SPDX-License-Identifier: Apache-2.0
"""run: a policy over files of records, for a day or a span; explain: the same for one record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from loyaltyrules.cli.backends import BACKENDS
from loyaltyrules.cli.elsewhere import decide_by
from loyaltyrules.cli.figures import Found, Outputs, figures
from loyaltyrules.cli.here import Here
from loyaltyrules.cli.reading import read_tables, read_to_the_end, sources, split_tables
from loyaltyrules.cli.records import record, with_siblings
from loyaltyrules.cli.telling import tell
from loyaltyrules.cli.terminal import FAULTY_DATA, FINE, Terminal
from loyaltyrules.cli.writing import check_paths
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.frame.streaming.run import Asked, decide_all
from loyaltyrules.frame.streaming.shelf import Shelf
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.plan import compile_day, reference_tables
from loyaltyrules.policy.load import load_policy
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem, nearest, problem
from loyaltyrules.report.explain import explain

DECIDING = mark("evaluating …")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run goes about it: refusing faulty rows, with some customers alone, inside of an engine."""

    strict: bool = False
    sample: int | None = None
    backend: str | None = None


def run(
    terminal: Terminal, policy_path: Path, snapshot: Path, on: date, since: date | None,
    outputs: Outputs, manner: Manner,
) -> int:  # fmt: skip
    """Evaluate a policy over a file or folder of records; returns the exit code."""
    check_paths(outputs.paths)
    backend = BACKENDS[manner.backend] if manner.backend else None
    if backend is not None:
        backend.require()
    policy = load_policy(policy_path)
    with (
        TemporaryDirectory(prefix="loyaltyrules-") as folder,
        terminal.working(DECIDING) as progress,
        read_to_the_end(snapshot, policy),
    ):
        opened = sources(snapshot, policy)
        read = {name: source.table for name, source in opened.items()}
        tables, reference = split_tables(read, policy)
        good, aside = _reference(policy, tables, reference)
        plan = compile_day(policy, on, since, good)
        found: Found
        if backend is None:
            wanted = outputs.labels is not None, outputs.changes is not None
            asked = Asked(manner.sample, *wanted)
            found = Here(decide_all(plan, tables, Shelf(Path(folder)), progress, asked))
        else:
            given = {name: opened[name] for name in tables}
            found = decide_by(backend, plan, given, Path(folder), terminal.language)
        refused = manner.strict and bool(found.faults or aside)
        counted = figures(found, aside, terminal.language)
        counted.write(Outputs() if refused else outputs, terminal.language)
    tell(terminal, found, counted.summary)
    if aside and terminal.style == "text":
        terminal.problems(aside)
    if refused:
        terminal.warn(terminal.say("nothing was written: there are faulty rows"))
    return FAULTY_DATA if refused else FINE


def _reference(
    policy: Policy, tables: Mapping[str, Any], reference: Mapping[str, Any]
) -> tuple[Tables, list[Problem]]:
    """The good rows of reference tables, and what is wrong with the others.

    Of tables that are evaluated too, such as stores, the evaluation tells the faulty rows.
    """
    aside: list[Problem] = []
    own = {name: table for name, table in reference.items() if name not in tables}
    shared = {name: table for name, table in reference.items() if name in tables}
    good = {**reference_tables(policy, own, aside), **reference_tables(policy, shared, [])}
    return good, aside


def explain_one(
    terminal: Terminal, policy_path: Path, snapshot: Path, on: date, since: date | None,
    identity: str, subject: str,
) -> int:  # fmt: skip
    """Explain the decision on one record of a file or folder; returns the exit code."""
    policy = load_policy(policy_path)
    tables, reference = split_tables(read_tables(snapshot, policy), policy)
    if subject not in policy.vocabulary.subjects:
        near = nearest(subject, policy.vocabulary.subjects)
        raise SnapshotError([problem("LR414", None, name=subject, near=near)])
    good, _ = _reference(policy, tables, reference)
    plan = with_siblings(compile_day(policy, on, since, good), tables)
    decision = evaluate(plan, record(plan, tables, subject, identity), subject)
    told = explain(decision, terminal.language)
    if terminal.style == "json":
        terminal.json({"subject": subject, "id": identity, "explanation": told.split("\n")})
    else:
        terminal.line(told)
    return FINE
