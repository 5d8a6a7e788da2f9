# SPDX-License-Identifier: Apache-2.0
"""run --now: what is late by the minute, and moments that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

POLICY = """
format: 1
policy: answers
language: en
timezone: America/New_York
subjects: {customer: {}}
facts: {customer: {received_at: {type: datetime}}}
rules:
  a: {for: customer, from: received_at, within: 30 minutes, do: task.a, role: guide, late: escalate guide}
"""


@pytest.fixture
def answers(tmp_path: Path) -> list[Any]:
    policy, table = tmp_path / "answers.yaml", tmp_path / "customers.csv"
    policy.write_text(POLICY, encoding="utf-8")
    rows = "id,received_at\nc1,2026-11-01T01:30\nc2,2026-11-01T01:30-05:00\n"  # an hour apart
    table.write_text(rows, encoding="utf-8")
    return [policy, table, "--on", "2026-11-01"]


@pytest.mark.parametrize(("now", "late"), [
    (None, 0), ("2026-11-01T01:59-04:00", 0), ("2026-11-01T02:00-04:00", 1), ("2026-11-01T02:00", 2),
])  # fmt: skip
def test_the_moment_of_the_run_tells_what_is_late(
    told: Any, tmp_path: Path, answers: list[Any], now: str | None, late: int
) -> None:
    report = tmp_path / "report.json"
    option = () if now is None else ("--now", now)
    assert told("run", *answers, *option, "--report", report).code == 0
    figures = json.loads(report.read_text(encoding="utf-8"))
    assert figures["by_kind"].get("escalate ready", 0) == late
    assert (figures["now"] is None) == (now is None)


def test_what_is_no_moment_is_misuse(told: Any, answers: list[Any]) -> None:
    assert told("run", *answers, "--now", "later").code == 2
    assert told("explain", *answers, "--id", "c1", "--now", "2026-11-01").code == 2
