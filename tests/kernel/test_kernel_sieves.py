# SPDX-License-Identifier: Apache-2.0
"""The family of sieves: each has its key, its lowering, its effect in rows and in tables, and its page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest

from conformance.oracle import by_columns
from loyaltyrules import Policy, PolicyError, compile_day, evaluate, evaluate_frame, load_policy
from loyaltyrules.decision.gate import gate_of
from loyaltyrules.decision.sieves import Sifting, by_due_day, numbers, sift
from loyaltyrules.policy.lowering.gate import SIEVES
from loyaltyrules.policy.model import Approve, Cap, Hold, Merge, Move, Reserve, Sieve, Step
from loyaltyrules.policy.schema import schema
from loyaltyrules.policy.shape import Grounded, SieveShape
from loyaltyrules.problem.render import message

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = ("policy-language.md", "policy-language.zh.md")
ON = date(2027, 3, 2)
RULES = """
format: 1
policy: sieves
language: en
facts: {customer: {vip: {type: yes/no}, phone: {type: text}}}
words:
  ask: {kind: call, purpose: asking}
  write: {kind: message.send, channel: sms, needs: phone, instead: ask}
rules:
  one: {for: customer, at: daily, do: {do: call, priority: 10}}
  two: {for: customer, at: daily, do: {do: call, priority: 20}}
gate:
"""
CUSTOMERS = {"id": ["yes", "no", "unknown"], "vip": ["yes", "no", None]}
READY = ("ready", None, ON)
BOTH = {"one": READY, "two": READY}
Said = tuple[str, str | None, date]  # status, reason, due day
Statuses = Mapping[str, Said]


@dataclass(frozen=True)
class Example:
    """A sieve as it is written, and what it does to the two calls of each customer."""

    key: str
    written: str
    of_a_vip: Statuses
    unknown: Statuses


HELD, ASKED = ("suppressed", "not_now", ON), ("pending_approval", None, ON)
SECOND = {"one": READY, "two": ("suppressed", "merged", ON)}
CAPPED = {"one": READY, "two": ("suppressed", "frequency_cap", ON)}
PUT_OFF = ("ready", None, date(2027, 3, 4))
EXAMPLES: Mapping[type, Example] = {
    Hold: Example(
        "hold", "{hold: not_now, which: vip and rule = one}", BOTH | {"one": HELD},
        BOTH | {"one": ("suppressed", "not_now_unknown", ON)},
    ),
    Merge: Example("merge", "{merge: channel, which: vip}", SECOND, SECOND),
    Cap: Example("cap", "{cap: 1, which: vip}", CAPPED, CAPPED),
    Reserve: Example(
        "reserve", "{reserve: 1, for: asking, ahead: 1 day, which: vip and rule = one}", BOTH, BOTH
    ),
    Approve: Example(
        "approve", "{approve: manager, which: vip and rule = one}",
        BOTH | {"one": ASKED}, BOTH | {"one": ASKED},
    ),
    Move: Example(
        "move", "{move: next, which: vip and rule = one, unless: [tuesday, wednesday]}",
        BOTH | {"one": PUT_OFF}, BOTH | {"one": ("suppressed", "no_day_unknown", ON)},
    ),
}  # fmt: skip
BEHIND = dict.fromkeys(EXAMPLES, "") | {Reserve: "\n  - {cap: 9}"}
EACH = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


def loaded(tmp_path: Path, text: str) -> Policy:
    file = tmp_path / "policy.yaml"
    file.write_text(text.replace("rule = one", 'rule = "one"'), encoding="utf-8")
    return load_policy(file)


def codes(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, text)
    return [each.code for each in caught.value.problems]


def test_every_kind_of_sieve_has_a_key_and_an_example() -> None:
    assert set(EXAMPLES) == set(get_args(Sieve))
    assert [each.key for each in EXAMPLES.values()] == list(SIEVES)


@EACH
def test_its_key_makes_it(tmp_path: Path, kind: type) -> None:
    sieve = loaded(tmp_path, f"{RULES}  - {EXAMPLES[kind].written}{BEHIND[kind]}\n").gate[0]
    assert type(sieve) is kind
    assert sieve.id == f"gate.{sieve.reason}"


def test_steps_of_the_gate_have_the_keys_of_the_sieves_and_no_others() -> None:
    beside = {key for each in SIEVES.values() for key in each.beside}
    own = {*SieveShape.model_fields} - {*Grounded.model_fields}
    assert own == {*SIEVES, *beside, "which"}
    assert {name.rstrip("_") for name in own} <= {*schema()["$defs"]["SieveShape"]["properties"]}


@pytest.mark.parametrize("page", LANGUAGES)
def test_both_references_have_a_row_for_each_key(page: str) -> None:
    text = (DOCS / "reference" / page).read_text(encoding="utf-8")
    section = text.split("\n## `gate`\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    own = {*SieveShape.model_fields} - {*Grounded.model_fields}
    assert sorted(rows) == sorted(name.rstrip("_") for name in own)


def test_the_explanation_names_each_key() -> None:
    page = DOCS / "explanation" / "how-a-decision-is-made.md"
    section = page.read_text(encoding="utf-8").split("\n## The gate\n")[1].split("\n## ")[0]
    assert set(SIEVES) <= set(re.findall(r"`(\w+)`", section))


@EACH
def test_it_does_in_rows_and_in_tables_what_it_says(tmp_path: Path, kind: type) -> None:
    example = EXAMPLES[kind]
    plan = compile_day(loaded(tmp_path, f"{RULES}  - {example.written}{BEHIND[kind]}\n"), on=ON)
    expected = {"yes": example.of_a_vip, "no": BOTH, "unknown": example.unknown}
    for name, vip in zip(*CUSTOMERS.values(), strict=True):
        decision = evaluate(plan, {"id": name, "vip": vip})
        found = [each._asdict() for each in (*decision.actions, *decision.suppressed)]
        assert statuses(found) == {name: expected[name]}
    with by_columns():
        result = evaluate_frame(plan, pl.DataFrame(CUSTOMERS))
    assert statuses([*result.actions.to_dicts(), *result.suppressed.to_dicts()]) == expected


def statuses(actions: list[dict[str, Any]]) -> dict[str, dict[str, Said]]:
    """Status, reason and due day of each action, by customer and rule."""
    found: dict[str, dict[str, Said]] = {}
    for each in actions:
        of_customer = found.setdefault(each["subject_id"], {})
        of_customer[each["rule"]] = each["status"], each["reason"], each["due_on"]
    return found


@EACH
def test_what_looks_at_each_action_by_itself_also_sifts_what_replaces_blocked_ones(
    tmp_path: Path, kind: type
) -> None:
    written = EXAMPLES[kind].written.replace("which: vip", "which: purpose = asking and vip")
    head = RULES.replace("{do: call, priority: 10}", "write").replace("do: call", "do: ask")
    plan = compile_day(loaded(tmp_path, f"{head}  - {written}{BEHIND[kind]}\n"), on=ON)
    decision = evaluate(plan, {"id": "c", "vip": "yes"})
    (replaced,) = [
        each
        for each in (*decision.actions, *decision.suppressed)
        if (each.rule, each.kind) == ("one", "call")
    ]
    said = replaced.status, replaced.reason, replaced.due_on
    assert (said != READY) == kind.one_by_one  # type: ignore[attr-defined]


def test_a_kind_of_sieve_that_nothing_knows_is_told_and_never_passed_by(tmp_path: Path) -> None:
    plan = compile_day(loaded(tmp_path, f"{RULES}  - {{hold: x}}\n"), on=ON)
    (known,) = plan.policy.gate
    unknown: Any = Step(known.which, "new", known.grounds)
    at = Sifting(gate_of(plan, plan.day(ON)).sieves, 0, [{}], [], [])
    for asked in (lambda: sift(unknown, at), lambda: numbers(unknown), lambda: by_due_day(unknown)):
        with pytest.raises(AssertionError):
            asked()


def test_sieves_may_look_into_the_reference_tables_of_the_plan(tmp_path: Path) -> None:
    head = RULES.replace("rules:", "reference: {rest_day: {columns: {day: date}}}\nrules:")
    rows = [{"day": date(2027, 3, 3)}]
    policy = loaded(tmp_path, f"{head}  - {{hold: x}}\n")
    plan = compile_day(policy, on=ON, tables={"rest_day": rows})
    sieves = gate_of(plan, plan.day(ON)).sieves
    assert (sieves.policy, sieves.tables["rest_day"]) == (policy, tuple(rows))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("step", ["which: vip", "hold: x, cap: 1", *(f"{key}: " for key in SIEVES)])
def test_a_step_that_is_no_sieve_or_two_is_a_fault_that_names_every_key(
    tmp_path: Path, step: str, language: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, f"{RULES}  - {{{step}}}\n")
    (found,) = caught.value.problems
    assert (found.code, found.line) == ("LR136", RULES.count("\n") + 1)
    assert ", ".join(SIEVES) in message(found, language)


@pytest.mark.parametrize("key", SIEVES)
def test_what_a_sieve_does_not_read_is_a_fault(tmp_path: Path, key: str) -> None:
    written = {
        "unknown": "pass", "instead": "ask", "already": "1", "unless": "monday", "per": "day",
        "history": "contact", "for": "asking", "ahead": "1 day", "across": "3 days",
    }  # fmt: skip
    said = {
        "hold": "x", "merge": "channel", "cap": "1", "reserve": "1", "approve": "manager", "move": "next",
    }[key]  # fmt: skip
    needed = {"move": {"unless": "monday"}, "reserve": {"for": "asking", "ahead": "1 day"}}.get(
        key, {}
    )
    head = RULES.replace(
        "facts: {", "subjects: {contact: {of: customer}}\nfacts: {contact: {at: {type: date}}, "
    )
    for other, value in written.items():
        keys = ", ".join(
            f"{name}: {of}" for name, of in ({key: said} | needed | {other: value}).items()
        )
        text = f"{head}  - {{{keys}}}\n  - {{cap: 9}}\n"
        if other in {each.rstrip("_") for each in SIEVES[key].beside}:
            loaded(tmp_path, text)
        else:
            assert codes(tmp_path, text) == ["LR146"]


def test_an_unknown_field_to_merge_by_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, f"{RULES}  - {{merge: [phone]}}\n")
    (found,) = caught.value.problems
    assert (found.code, dict(found.details)["known"].split(", ")[0]) == ("LR232", "kind")
