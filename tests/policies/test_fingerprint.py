# SPDX-License-Identifier: Apache-2.0
"""The fingerprint of a policy is of what it means: not of places, layout, comments or the order of names."""

import copy
import json
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from effort import each
from loyaltyrules import (
    Plugins,
    Policy,
    PolicyError,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
)
from shipped import menswear

MENSWEAR = Path(__file__).parents[2] / "policies" / "menswear"
KNOWN = menswear()
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
    """Every mapping with its keys in the other order, but for those of which the first that holds counts."""
    if isinstance(data, dict):
        kept = ("cases", "states", "moves")
        return {k: data[k] if k in kept else backwards(data[k]) for k in reversed(data)}
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


# ---- every entry of a policy


class AsText(yaml.SafeLoader):
    """Reads every value as text, as policies are read."""


AsText.yaml_implicit_resolvers = {}
KERNEL = Path(__file__).parents[1] / "kernel" / "policies"
WORDS = ("sms", "email", "store_manager", "proposed", "unknown", "pass")


def entries(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """All that stands in a document, each with where."""
    listed = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in listed:
        yield (*path, key), value
        if isinstance(value, dict | list):
            yield from entries(value, (*path, key))


def otherwise(value: Any) -> Iterator[Any]:
    """What may stand in the place of an entry; None takes it out."""
    yield None
    if isinstance(value, list):
        yield value[::-1]
    if isinstance(value, str):
        yield re.sub(r"[0-9]+", lambda found: str(int(found[0]) + 1), value, count=1)
        yield value.replace(" and ", " or ").replace(">=", ">")
        yield {"yes": "no", "no": "yes"}.get(value, f"{value}x")
        yield from WORDS if value.isidentifier() else ()


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with one entry changed, or without it."""
    found = copy.deepcopy(data)
    at = found
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return found


@pytest.mark.parametrize(
    "name", ["complaints", "events", "gate", "modes", "scorecard", "standings"]
)
def test_it_changes_with_every_entry_that_changes_the_policy(tmp_path: Path, name: str) -> None:
    data = yaml.load((KERNEL / f"{name}.yaml").read_text("utf-8"), AsText)
    file = tmp_path / "policy.yaml"

    def loaded(document: Any) -> Policy | None:
        file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
        try:
            return load_policy(file)
        except PolicyError:
            return None

    known = loaded(data)
    assert known is not None
    tried = [(path, new) for path, value in entries(data) for new in otherwise(value)]
    others = 0
    for path, new in each(tried, 13):
        found = loaded(changed(data, path, new))
        if found is not None:
            assert (found.fingerprint == known.fingerprint) == (found == known), (path, new)
            others += found != known
    assert others > 2


@pytest.mark.parametrize("name", ["aggregates", "complaints", "events", "gate", "occasions"])
def test_in_what_order_names_stand_does_not_count(
    fingerprint: Callable[[str], str], name: str
) -> None:
    data = yaml.load((KERNEL / f"{name}.yaml").read_text("utf-8"), AsText)
    told = [yaml.safe_dump(each, sort_keys=False) for each in (data, backwards(data))]
    assert len({fingerprint(text) for text in told}) == 1 and told[0] != told[1]


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
