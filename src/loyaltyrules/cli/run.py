# SPDX-License-Identifier: Apache-2.0
"""run: a policy over files of records, for a day or a span; explain: the same for one record."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from polars import LazyFrame

from loyaltyrules.cli.parts import parts, sampled
from loyaltyrules.cli.reading import read_tables, read_to_the_end, scan_tables, split_tables
from loyaltyrules.cli.records import record, with_siblings
from loyaltyrules.cli.streaming import ACTIONS, Decided, Told, at_once, decide, lazily, ranked
from loyaltyrules.cli.terminal import FAULTY_DATA, FINE, Terminal
from loyaltyrules.cli.writing import check_paths, write_all
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.frame.canonical import Fault
from loyaltyrules.frame.kinds import POLARS
from loyaltyrules.frame.lacking import named
from loyaltyrules.frame.result import fault_frame
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.plan import DayPlan, compile_day, reference_tables
from loyaltyrules.policy.load import load_policy
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.language import choose, mark
from loyaltyrules.problem.problem import Problem, nearest, problem
from loyaltyrules.problem.render import as_record, message
from loyaltyrules.report.explain import explain
from loyaltyrules.report.naming import word_name
from loyaltyrules.report.summary import Tally, summary

DECIDING = mark("evaluating …")


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the parts of a result go; None means nowhere."""

    actions: Path | None = None
    suppressed: Path | None = None
    faults: Path | None = None
    labels: Path | None = None
    report: Path | None = None

    @property
    def paths(self) -> list[Path]:
        given = (self.actions, self.suppressed, self.faults, self.labels, self.report)
        return [path for path in given if path is not None]


def run(
    terminal: Terminal, policy_path: Path, snapshot: Path, on: date, since: date | None,
    outputs: Outputs, strict: bool, sample: int | None,
) -> int:  # fmt: skip
    """Evaluate a policy over a file or folder of records; returns the exit code."""
    check_paths(outputs.paths)
    policy = load_policy(policy_path)
    with (
        TemporaryDirectory(prefix="loyaltyrules-") as folder,
        terminal.working(DECIDING) as told,
        read_to_the_end(snapshot, policy),
    ):
        tables, reference = split_tables(scan_tables(snapshot, policy), policy)
        good, aside = _reference(policy, tables, reference)
        plan = compile_day(policy, on, since, good)
        found = _decided(plan, tables, sample, Path(folder), outputs.labels is not None, told)
        refused = strict and bool(found.faults or aside)
        figures = Figures(terminal, found, aside)
        figures.write(Outputs() if refused else outputs)
    _tell(terminal, found, figures.summary)
    if aside and terminal.style == "text":
        terminal.problems(aside)
    if refused:
        terminal.warn(terminal.say("nothing was written: there are faulty rows"))
    return FAULTY_DATA if refused else FINE


def _decided(
    plan: DayPlan, tables: Mapping[str, LazyFrame], sample: int | None, folder: Path, labels: bool,
    told: Told,
) -> Decided:  # fmt: skip
    """Decide all customers or some of them; shares and ranks are always those among all."""
    everybody = parts(tables, plan.policy, folder / "all")
    placed = ranked(plan, everybody, folder)
    if sample is None:
        return decide(plan, everybody, placed, folder, labels, told)
    chosen = parts(sampled(tables, plan.policy, sample), plan.policy, folder / "some")
    return decide(plan, chosen, [at_once(placed)] * len(chosen), folder, labels, told)


@dataclass(frozen=True, slots=True)
class Figures:
    """A run on its way to files: actions are counted as they are written, or for the count alone."""

    terminal: Terminal
    found: Decided
    aside: list[Problem]
    tally: Tally = field(default_factory=Tally)

    @property
    def summary(self) -> dict[str, Any]:
        found, language = self.found, self.terminal.language
        told = summary(found.plan, self.tally, found.faults, found.notes)
        return told | {"reference_faults": [as_record(each, language) for each in self.aside]}

    def write(self, outputs: Outputs) -> None:
        found = self.found
        actions = partial(found.actions, False, self.tally.actions)
        suppressed = partial(found.actions, True, self.tally.suppressed)
        for path, frames in ((outputs.actions, actions), (outputs.suppressed, suppressed)):
            if path is None:
                deque(frames(), maxlen=0)
        faults = partial(fault_frame, found.faults, POLARS, self.terminal.language)
        wanted: list[tuple[Path | None, Callable[[], Any]]] = [
            (outputs.actions, lambda: lazily(actions, ACTIONS)),
            (outputs.suppressed, lambda: lazily(suppressed, ACTIONS)),
            (outputs.labels, lambda: lazily(found.labels, found.label_schema)),
            (outputs.faults, faults),
            (outputs.report, lambda: self.summary),
        ]
        write_all({path: content for path, content in wanted if path is not None})


def _reference(
    policy: Policy, tables: Mapping[str, Any], reference: Mapping[str, Any]
) -> tuple[Tables, list[Problem]]:
    """The good rows of reference tables, and what is wrong with the others.

    Of tables that are evaluated too, such as stores, the evaluation tells the faulty rows.
    """
    aside: list[Problem] = []
    own = {name: table for name, table in reference.items() if name not in tables}
    shared = {name: table for name, table in reference.items() if name in tables}
    good = reference_tables(policy, own, aside) | reference_tables(policy, shared, [])
    return good, aside


def _tell(terminal: Terminal, found: Decided, figures: Mapping[str, Any]) -> None:
    if terminal.style == "json":
        terminal.json(figures)
        return
    span = figures["on"]
    terminal.line(terminal.say("{policy} on {day}", policy=figures["policy"], day=span))
    policy = found.plan.policy
    subjects = policy.vocabulary.subjects
    titles = {name: choose(subjects[name].titles, terminal.language, name) for name in subjects}
    records = ", ".join(f"{titles[name]} {count}" for name, count in figures["records"].items())
    terminal.line(terminal.say("records: {records}", records=records))
    if figures["set_aside"]:
        terminal.line(terminal.say("rows set aside: {count}", count=figures["set_aside"]))
    terminal.line(terminal.say("actions: {count}", count=figures["actions"]))
    rows = [(_status(terminal, policy, n), count) for n, count in figures["by_kind"].items()]
    terminal.table(
        [terminal.say("kind and status"), terminal.say("count")],
        rows,
    )
    if figures["suppressed"]:
        terminal.line(terminal.say("held back: {count}", count=figures["suppressed"]))
        reasons = figures["by_reason"].items()
        terminal.table(
            [terminal.say("reason"), terminal.say("count")],
            [(word_name(policy, reason, terminal.language), count) for reason, count in reasons],
        )
    _tell_notes(terminal, found.faults, figures)


STATUS = {
    "ready": mark("ready"), "pending_approval": mark("awaits approval"),
    "blocked_missing_data": mark("data missing"),
    "blocked_missing_template": mark("text missing"),
}  # fmt: skip


def _status(terminal: Terminal, policy: Policy, named: str) -> str:
    """`call ready` in the reader's words."""
    kind, _, status = named.partition(" ")
    return (
        f"{word_name(policy, kind, terminal.language)} {terminal.say(STATUS.get(status, status))}"
    )


def _tell_notes(terminal: Terminal, faults: Sequence[Fault], figures: Mapping[str, Any]) -> None:
    for subject, names in figures["ignored_columns"].items():
        listed = ", ".join(f"{name} ({near}?)" if near else name for name, near in names.items())
        terminal.warn(terminal.say("note: columns of {subject} that the policy does not read: {names}",
                                   subject=subject, names=listed))  # fmt: skip
    for subject, names in figures["missing_columns"].items():
        listed = ", ".join(f"{name} ({named(rules)})" for name, rules in names.items())
        terminal.warn(terminal.say("note: columns that {subject} lacks, and rules that need them: {names}",
                                   subject=subject, names=listed))  # fmt: skip
    for rule, facts in figures["undecided"].items():
        listed = ", ".join(f"{name} ({count})" for name, count in facts.items())
        terminal.warn(terminal.say("note: {rule} was not decided for lack of {facts}",
                                   rule=rule, facts=listed))  # fmt: skip
    for fault in faults[:20]:
        row = terminal.say("row {row} of {subject}", row=fault.row, subject=fault.subject)
        terminal.warn(f"{row}: {fault.problem.code} {message(fault.problem, terminal.language)}")
    if len(faults) > 20:
        terminal.warn(terminal.say("… and {count} more faults", count=len(faults) - 20))


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
