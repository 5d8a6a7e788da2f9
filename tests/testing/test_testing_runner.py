# SPDX-License-Identifier: Apache-2.0
"""A policy's own tests: what passes, what fails and why, what is no test at all."""

from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import PolicyError, load_policy
from loyaltyrules.testing.cases import read_cases
from loyaltyrules.testing.runner import run_case

POLICY = """\
format: 1
policy: tested
language: en
facts:
  customer: {tier: {type: [A, B, C]}, points: {type: whole}, phone: {type: text}}
labels:
  level: {for: customer, values: [high, low], cases: {high: points >= 2000, low: rest}}
words:
  ring: {kind: call, needs: phone, purpose: care}
rules:
  ring: {for: customer, if: level = high, once_per: month, do: ring}
  note: {for: customer, if: level = high and tier = A, once_per: month, do: task.note}
gate:
  - {hold: not_a, which: purpose is not missing and tier != A, unknown: pass}
"""
GIVEN = "given:\n  base: {tier: A, points: 2000, phone: '13800000001'}\n  low: {like: base, points: none}\n"


def failures(folder: Path, case: str) -> list[str]:
    """What a case of the file finds wrong, each as its sentence filled."""
    (folder / "tested.yaml").write_text(POLICY, encoding="utf-8")
    file = folder / "tested_test.yaml"
    file.write_text(f"{GIVEN}cases:\n  one: {case}\n", encoding="utf-8")
    policy = load_policy(folder / "tested.yaml")
    (found,) = [run_case(policy, each) for each in read_cases(file)]
    return [each.sentence.format(**each.details) for each in found.failures]


@pytest.mark.parametrize(
    "case",
    [
        "{who: base, on: 2027-02-05, expect: {actions: [call, task.note], suppressed: none}}",
        "{who: base, on: 2027-02-05, expect: {rules: note, actions: task.note}}",
        "{who: base, on: 2027-02-05, with: {tier: B}, expect: {suppressed: [{reason: not_a}]}}",
        "{who: low, on: 2027-02-05, expect: {labels: {level: none}, undecided: [ring, note]}}",
        "{who: base, on: 2027-02-05, change: points, label: level, rows: {1999: low, none: none}}",
        "{who: base, on: 2027-02-05, with: {phone: none}, expect: {rules: ring, actions:"
        " [{kind: call, status: blocked_missing_data}]}}",
    ],
)
def test_cases_that_hold_pass(tmp_path: Path, case: str) -> None:
    assert failures(tmp_path, case) == []


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("expect: {labels: {level: low}}", "level is high, expected low"),
        ("expect: {rules: note, actions: none}", "not expected: task.note"),
        ("expect: {rules: note, actions: [call]}", "expected call, left are: task.note"),
        ("expect: {undecided: [ring]}", "undecided rules: [], expected ['ring']"),
        (
            "change: points, label: level, rows: {1999: high}",
            "points 1999: level is low, expected high",
        ),
    ],
)
def test_what_does_not_hold_is_told(tmp_path: Path, expect: str, told: str) -> None:
    found = failures(tmp_path, f"{{who: base, on: 2027-02-05, {expect}}}")
    assert found and found[0].startswith(told)


@pytest.mark.parametrize(
    "case",
    [
        "{who: nobody, on: 2027-02-05}", "{who: base}", "{who: base, on: 2027-02-30}",
        "{who: base, on: 2027-02-05, expects: {}}", "{who: base, on: 2027-02-05, population: [nobody]}",
    ],
)  # fmt: skip
def test_what_is_no_test_is_a_fault_with_its_place(tmp_path: Path, case: str) -> None:
    with pytest.raises(PolicyError) as caught:
        failures(tmp_path, case)
    places: list[Any] = [each.place for each in caught.value.problems]
    assert all(place.file.endswith("tested_test.yaml") and place.line >= 5 for place in places)
