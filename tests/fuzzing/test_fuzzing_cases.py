# SPDX-License-Identifier: Apache-2.0
"""Cases that once broke a law are driven again; what draws and judges cases does so as it says."""

from pathlib import Path
from time import thread_time

import pytest
from fuzz import drive, laws
from fuzz.__main__ import broken
from fuzz.case import Case, drawn, kept
from fuzz.drive import drive as driven

from loyaltyrules import PolicyError

KEPT = sorted((Path(__file__).parents[2] / "fuzz" / "kept").glob("*.json"))
SOUND = Case({"policy.yaml": "format: 1\npolicy: m\nfacts: {customer: {a: {type: whole}}}\n"})


@pytest.mark.parametrize("file", KEPT, ids=lambda each: each.stem)
def test_a_case_that_was_found_once_keeps_the_laws(file: Path) -> None:
    driven(kept(file.read_text(encoding="utf-8")))


def test_a_case_is_all_in_its_number() -> None:
    told = {number: drawn(number).written() for number in range(2000)}
    again = {number: drawn(number).written() for number in reversed(range(2000))}
    assert told == again  # whatever was drawn and run before
    assert len(set(told.values())) > 1900
    assert all(kept(each).written() == each for each in told.values())


def test_cases_come_to_decisions_and_to_refusals() -> None:
    laws.DONE.clear()
    for number in range(300):
        assert broken(drawn(number)) is None, number
    done = laws.DONE
    assert done["load"] > done["load refused"] > 0 or done["load refused"] > 20
    assert done["evaluate"] > done["evaluate refused"] > 0
    assert min(done[each] for each in ("explain", "data", "approve", "apply", "compile")) > 0


def test_whatever_else_than_a_refusal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(drive, "load_policy", failing)
    assert broken(SOUND) == "laws.py: KeyError" or "KeyError" in str(broken(SOUND))


def test_a_fault_without_its_chinese_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "message", lambda *_: "the same")
    monkeypatch.setattr(laws, "remedy", lambda *_: "the same")
    found = broken(Case({"policy.yaml": "format: 1\n"}))
    assert found is not None and "is not told in Chinese" in found


def test_a_step_that_takes_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        end = thread_time() + 0.05
        while thread_time() < end:
            pass
        raise PolicyError([])

    monkeypatch.setattr(laws, "SECONDS", 0.01)
    monkeypatch.setattr(drive, "load_policy", slow)
    found = broken(SOUND)
    assert found is not None and "processor time" in found


def test_a_value_error_of_python_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "load_policy", lambda *_: int("x"))
    found = broken(SOUND)
    assert found is not None and "ValueError" in found
