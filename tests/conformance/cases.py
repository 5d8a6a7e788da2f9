# SPDX-License-Identifier: Apache-2.0
"""A case: a policy, a day or span, and tables for it. `agree` is the law that all cases keep."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from conformance.backends import DTYPES, Backend, Columns
from conformance.oracle import beyond, by_columns, one_by_one, records, sound, told
from conformance.policies import condition_texts, policy_texts
from conformance.tables import many_customers, rows_of, tables_of
from conformance.values import Draw
from loyaltyrules import DayPlan, Policy, PolicyError, compile_day, evaluate_frame, load_policy

PARTS = ("faults", "labels", "actions", "suppressed", "changes", "undecided", "ignored")


@dataclass(frozen=True, slots=True)
class Case:
    """A policy as text, the day or span, and the tables.

    `ranked` where standings are known; `stores` where they come with the plan, not as a table; `now` where
    the run knows the moment.
    """

    text: str
    on: date
    since: date | None
    tables: Mapping[str, Columns]
    ranked: bool = False
    stores: Columns | None = None
    now: str | None = None

    def __repr__(self) -> str:
        known = {**self.tables, **({"stores of the plan": self.stores} if self.stores else {})}
        lines = [f"{n}.{c}: {v}" for n, t in known.items() for c, v in t.items()]
        tables = "\n  ".join(lines)
        head = f"on {self.on} since {self.since} now {self.now}, ranked {self.ranked}"
        return f"\n{head}\n{self.text}\n  {tables}\n"

    @property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """The tables as plain rows."""
        return {name: rows_of(each) for name, each in self.tables.items()}

    def plan(self) -> DayPlan:
        """The plan of the case."""
        plan = compile_day(loaded(self.text), self.on, self.since, now=self.now)
        if self.stores:
            good, _ = sound(plan, {"store": rows_of(self.stores)})
            plan = compile_day(plan.policy, self.on, self.since, good, self.now)
        if not self.ranked or "customer" not in self.tables:
            return plan
        good, _ = sound(plan, self.rows)
        return plan.with_population(records(plan, "customer", good))


@lru_cache(maxsize=64)
def loaded(text: str) -> Policy:
    """The policy of a text. One that is refused is a fault of what makes policies, and told as such."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "policy.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            return load_policy(file)
        except PolicyError as error:
            raise AssertionError(f"a faulty policy was made:\n{error}\n\n{text}") from error


@st.composite
def cases(draw: Draw, holds: Sequence[str] = DTYPES) -> Case:
    """Cases whose tables hold columns of these types."""
    text, on, since = draw(policy_texts())
    tables = draw(tables_of(loaded(text), on, holds))
    referred = "store" in tables and len(tables) > 1 and draw(st.integers(0, 2)) == 0
    stores = tables.pop("store") if referred else None
    clock = draw(st.sampled_from((None, None, "00:00", "10:30", "23:59:59")))
    now = f"{on}T{clock}" if clock else None
    return Case(text, on, since, tables, draw(st.booleans()), stores, now)


@st.composite
def condition_cases(draw: Draw, holds: Sequence[str] = DTYPES) -> Case:
    """Cases of many conditions over many customers, and nothing else."""
    text, on, since = draw(condition_texts())
    return Case(text, on, since, draw(many_customers(loaded(text), on, holds)))


def agree(case: Case, backend: Backend) -> None:
    """The tables say what their rows say one by one."""
    with within_64_bits(case):
        _compared(case.plan(), case, backend)


@contextmanager
def within_64_bits(case: Case) -> Iterator[None]:
    """Let pass what fails where a policy derives figures that are too large: see test_found.py."""
    try:
        yield
    except Exception as error:
        told_so = str(error).startswith("LR406") or "Int128" in str(error)
        if not told_so and not beyond(case.plan(), case.rows):
            raise


def _compared(plan: DayPlan, case: Case, backend: Backend) -> None:
    expected = one_by_one(plan, case.rows, case.tables, backend.numbered)
    frames = {name: backend.make(each) for name, each in case.tables.items()}
    with by_columns():
        result = evaluate_frame(plan, frames)
    found = told(result, backend.rows)
    if case.since or "occasions:" in case.text:  # a rule may open twice on a day: see test_found.py
        expected["undecided"], found["undecided"] = (
            set(each["undecided"]) for each in (expected, found)
        )
    if not backend.numbered:  # rows of engines come in no order
        expected["changes"], found["changes"] = map(
            _ordered, (expected["changes"], found["changes"])
        )
    for part in PARTS:
        assert found[part] == expected[part], differing(part, found[part], expected[part])


def _ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: [*map(str, row)])


def differing(part: str, found: Any, expected: Any) -> str:
    """What only the table says, and what only the rows say; the first line tells kinds of failure apart."""
    more = [each for each in found if each not in expected]
    less = [each for each in expected if each not in found]
    codes = [sorted({each[-1] for each in side}) if part == "faults" else len(side) > 0
             for side in (more, less)]  # fmt: skip
    pairs = zip(found, expected, strict=False)
    order = "" if more or less else next((f"\n  first: {a} / {b}" for a, b in pairs if a != b), "")
    return f"{part} differ {codes}\n  only the table: {more}\n  only the rows: {less}{order}"
