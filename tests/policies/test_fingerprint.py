# SPDX-License-Identifier: Apache-2.0
"""The fingerprint of a policy is of what it means: not of places, layout, comments or the order of names."""

import json
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from loyaltyrules import Plugins, compile_day, evaluate, evaluate_frame, load_policy

MENSWEAR = Path(__file__).parents[2] / "policies" / "menswear"
KNOWN = load_policy(MENSWEAR)
TEXT = """\
format: 1
policy: small
version: "1"
language: en
parameters:
  least: {value: 10 points, origin: proposed}
  share: {value: 20%, origin: proposed}
facts:
  customer:
    points: {type: whole, unit: points, default: 0}
    tier: {type: [A, B]}
    consent: {type: yes/no}
labels:
  level: {for: customer, values: [high, low], cases: {high: points >= least, low: rest}}
  other: {for: customer, values: [x, y], cases: {x: tier = A, y: rest}}
words:
  greet: {kind: message.send, channel: sms, template: hello, purpose: care}
  rise: {kind: task.rise, sets: {tier: A, consent: yes}}
templates:
  hello: {en: Hello!, zh: 您好！}
rules:
  one: {for: customer, once_per: id, if: level = high and consent, do: greet}
  two: {for: customer, once_per: month, if: other = x, do: [rise, task.look]}
gate:
  - {hold: no_consent, which: purpose is not missing and not consent}
  - {cap: "2"}
"""


@pytest.fixture
def fingerprint(tmp_path: Path) -> Callable[[str], str]:
    def of(text: str) -> str:
        file = tmp_path / "policy.yaml"
        file.write_text(text, encoding="utf-8")
        return load_policy(file).fingerprint

    return of


def backwards(data: Any) -> Any:
    """Every mapping with its keys in the other order, but for cases: of them the first that holds counts."""
    if isinstance(data, dict):
        return {k: data[k] if k == "cases" else backwards(data[k]) for k in reversed(data)}
    return [backwards(each) for each in data] if isinstance(data, list) else data


def test_layout_comments_and_the_order_of_names_do_not_count(
    fingerprint: Callable[[str], str],
) -> None:
    known = fingerprint(TEXT)
    assert re.fullmatch("[0-9a-f]{16}", known)
    assert fingerprint("# a comment\n\n" + TEXT.replace("\n", "  # told\n")) == known
    data = yaml.safe_load(
        TEXT.replace("yes/no", "'yes/no'").replace("consent: yes", "consent: 'yes'")
    )
    data["facts"]["customer"]["tier"]["type"] = ["A", "B"]
    assert fingerprint(yaml.safe_dump(data, sort_keys=True, allow_unicode=True)) == known
    assert fingerprint(yaml.safe_dump(backwards(data), sort_keys=False)) == known
    assert fingerprint(TEXT.replace("points >= least", "(points   >= least)")) == known


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10 points", "11 points"), ("20%", "21%"), ("Hello!", "Hello."), ("您好！", "你好！"),
        ("high, low], ", "low, high], "), ("points >= least", "points > least"), ("[A, B]", "[B, A]"),
        ("do: greet", "do: rise"), ("channel: sms", "channel: email"), ("sets: {tier: A", "sets: {tier: B"),
        ("default: 0", "default: 1"), ('version: "1"', 'version: "2"'), ("policy: small", "policy: big"),
        ("origin: proposed}\n  share", "origin: example}\n  share"), ("once_per: id", "once_per: tier"),
        ("[rise, task.look]", "[rise]"), ('cap: "2"', 'cap: "3"'), ("is not missing and ", "is missing and "),
        ("rules:\n  one", "rules:\n  uno"),
    ],
)  # fmt: skip
def test_whatever_decides_otherwise_has_another(
    fingerprint: Callable[[str], str], old: str, new: str
) -> None:
    assert TEXT.count(old) == 1
    assert fingerprint(TEXT.replace(old, new)) != fingerprint(TEXT)


def test_the_order_of_the_gate_counts(fingerprint: Callable[[str], str]) -> None:
    head, gate = TEXT.split("gate:\n")
    swapped = "".join(reversed(gate.splitlines(keepends=True)))
    assert fingerprint(f"{head}gate:\n{swapped}") != fingerprint(TEXT)


def test_it_is_the_same_elsewhere_in_other_processes_and_after_travelling(tmp_path: Path) -> None:
    shutil.copytree(MENSWEAR, tmp_path / "m")
    assert load_policy(tmp_path / "m").fingerprint == KNOWN.fingerprint
    assert pickle.loads(pickle.dumps(KNOWN)).fingerprint == KNOWN.fingerprint
    code = "from loyaltyrules import load_policy; print(load_policy('menswear').fingerprint)"
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
        )  # fmt: skip
        assert told.stdout.strip() == KNOWN.fingerprint


def test_plugins_are_told_by_their_names() -> None:
    dates = {"christmas": lambda year: []}
    assert load_policy(MENSWEAR, plugins=Plugins(dates=dates)).fingerprint != KNOWN.fingerprint


def test_it_stands_in_everything_that_is_decided() -> None:
    plan = compile_day(KNOWN, on="2027-02-05")
    assert evaluate_frame(plan, pl.DataFrame({"id": ["1"]})).notes.fingerprint == KNOWN.fingerprint
    told = json.loads(json.dumps(evaluate(plan, {"id": "1"}).to_dict(explain="zh")))
    assert told["fingerprint"] == KNOWN.fingerprint
    assert KNOWN.fingerprint in plan._repr_html_() and KNOWN.fingerprint in KNOWN._repr_html_()
