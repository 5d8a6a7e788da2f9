# SPDX-License-Identifier: Apache-2.0
"""What mutated policies and records brought up, each as the kind that it is."""

from collections.abc import Callable
from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from loyaltyrules import (
    Action,
    ArgumentError,
    FrameError,
    Policy,
    PolicyError,
    SnapshotError,
    apply,
    compile_day,
    evaluate,
    load_policy,
)
from loyaltyrules.history import facts_as_of
from loyaltyrules.testing.cases import read_cases

HEAD = "format: 1\npolicy: found\nlanguage: en\n"
FACTS = "facts: {customer: {a: {type: number}, tags: {type: list}}}\n"
RULE = "rules: {r: {for: customer, once_per: id, do: call}}\n"
DEEP: Any = []
for _ in range(50_000):
    DEEP = [DEEP]
CIRCLE: Any = {"id": "1"}
CIRCLE["a"] = CIRCLE
UNWRITABLE = [DEEP, 10**5000, CIRCLE, "\ud800", "\x1b[31m" * 9000]
MOST = 5000  # characters of a fault


@pytest.fixture
def policy(tmp_path: Path) -> Callable[[str], Policy]:
    def load(text: str) -> Policy:
        file = tmp_path / "policy.yaml"
        file.write_text(HEAD + text, encoding="utf-8")
        return load_policy(file)

    return load


def refused(load: Callable[[str], Policy], text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(PolicyError) as caught:
        load(text)
    return [(each.code, each.line) for each in caught.value.problems]


@pytest.mark.parametrize("day", [
    date.min, date.max, datetime.max, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC),
])  # fmt: skip
def test_the_first_and_last_days_that_there_are_lie_outside_of_the_calendar(
    policy: Callable[[str], Policy], day: Any
) -> None:
    for given in ((day, None), (day, "2027-02-05")):
        with pytest.raises(PolicyError) as caught:
            compile_day(policy(FACTS), *given)
        assert [each.code for each in caught.value.problems] == ["LR306"]


@pytest.mark.parametrize(
    "value", UNWRITABLE, ids=["deep", "long", "circle", "half sign", "escapes"]
)
def test_what_cannot_be_written_is_refused_wherever_it_is_handed_in(
    policy: Callable[[str], Policy], value: Any
) -> None:
    known = policy(FACTS + RULE + "reference: {event: {columns: {id: text, day: date}}}\n")
    plan = compile_day(known, "2027-02-05")
    ready = evaluate(plan, {"id": "1"}).actions[0]
    calls: list[Callable[[], Any]] = [
        lambda: compile_day(known, value),
        lambda: compile_day(known, "2027-02-05", tables={"event": [{"id": "1", "day": value}]}),
        lambda: compile_day(known, "2027-02-05", tables={"event": [{"id": value, "day": "x"}]}),
        lambda: evaluate(plan, {"id": "1", "a": value}),
        lambda: evaluate(plan, {"id": value, "a": "x"}),
        lambda: Action.from_dict(ready.to_dict() | {"due_on": value}),
        lambda: Action.from_dict(ready.to_dict() | {"sets": [value]}),
        lambda: Action.from_dict(ready.to_dict() | {"adds": [["a", value]]}),
        lambda: Action.from_dict(ready.to_dict() | {"status": value}),
        lambda: apply({"id": "1"}, Action.from_dict(ready.to_dict() | {"rule": value})),
        lambda: apply({"id": value}, ready),
        lambda: apply({"id": "1"}, ready, [value]),
        lambda: apply({"id": "1"}, ready._replace(sets=(("a", value), ("a", None))), []),
        lambda: apply({"id": "1", "a": value}, ready._replace(sets=(), adds=(("a", 1),))),
    ]  # fmt: skip
    for call in calls:
        told = fault_of(call)
        assert len(told.encode()) < MOST, told[:200]
        assert "\x1b" not in told, told[:200]


def faults_in(tmp_path: Path, text: str) -> list[tuple[str, int | None]]:
    """The faults of a file of tests."""
    file = tmp_path / "policy_test.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        list(read_cases(file))
    return [(each.code, each.line) for each in caught.value.problems]


def fault_of(call: Callable[[], Any]) -> str:
    """The text of a refusal; nothing where there is none."""
    try:
        call()
    except (PolicyError, SnapshotError, ArgumentError) as error:
        return str(error)
    except ValueError as error:
        assert type(error) is ValueError  # as the pages say of actions
        return str(error)
    return ""


def test_controls_in_ids_are_told_as_what_they_are(policy: Callable[[str], Policy]) -> None:
    plan = compile_day(policy(FACTS), "2027-02-05")
    with pytest.raises(SnapshotError) as caught:
        evaluate(plan, {"id": "\x1b[31m\u202e1\x00", "a": "x"})
    assert r"\x1b[31m\u202e1\x00" in str(caught.value)


def test_dataclasses_are_read_as_they_are_however_deep_their_values(
    policy: Callable[[str], Policy],
) -> None:
    @dataclass
    class Inner:
        b: int = 7

    @dataclass
    class Row:
        id: str = "1"
        a: int = 5
        more: Inner = field(default_factory=Inner)
        module: Any = pytest  # nobody can copy it
        deep: Any = field(default_factory=lambda: DEEP)

    plan = compile_day(policy(FACTS), "2027-02-05")
    snapshot = plan.snapshot(Row())
    assert snapshot.facts["a"] == 5
    assert set(snapshot.ignored) == {"more_b", "module", "deep"}


def test_dataclasses_in_a_circle_are_no_record(policy: Callable[[str], Policy]) -> None:
    row = make_dataclass("Row", ["id", "other"])("1", None)
    row.other = row
    with pytest.raises(SnapshotError) as caught:
        compile_day(policy(FACTS), "2027-02-05").snapshot(row)
    assert [each.code for each in caught.value.problems] == ["LR421"]


@pytest.mark.parametrize("how", ["mean", "weighted"])
def test_a_score_without_factors_is_a_fault(policy: Callable[[str], Policy], how: str) -> None:
    way = f"{{score: {how}, A: 1, B: rest}}"
    label = f"labels: {{t: {{for: customer, values: [A, B], ways: {{w: {way}}}}}}}\n"
    assert refused(policy, FACTS + label) == [("LR147", 5)]


@pytest.mark.parametrize("written", ["none", "soon", "1.5", "''", "9" * 30])
def test_a_priority_is_a_whole_number(policy: Callable[[str], Policy], written: str) -> None:
    rule = f"rules: {{r: {{for: customer, once_per: id, do: {{do: call, priority: {written}}}}}}}\n"
    assert refused(policy, FACTS + rule) == [("LR143", 5)]


@pytest.mark.parametrize("written", [0, -1, 100])
def test_zero_is_a_priority(policy: Callable[[str], Policy], written: int) -> None:
    word = f"words: {{w: {{kind: call, priority: {written}}}}}\n"
    decision = evaluate(
        compile_day(policy(FACTS + word + RULE.replace("call", "w")), "2027-02-05"), {"id": "1"}
    )
    assert [each.priority for each in decision.actions] == [written]


@pytest.mark.parametrize(("said", "code"), [
    ("source: [[X-1]]", "LR143"), ("source: {a: b}", "LR143"), ("origin: guess", "LR142"),
    ("origin: [proposed]", "LR142"), ("note: [a]", "LR143"),
])  # fmt: skip
def test_what_a_row_of_a_table_says_beside_its_words_has_its_shape(
    policy: Callable[[str], Policy], said: str, code: str
) -> None:
    table = f"""tables:
  t:
    for: customer
    by: [schedule, role]
    rows:
      monday:
        guide: task.look
        {said}
"""
    assert refused(policy, FACTS + table) == [(code, 12)]


def test_a_dimension_of_a_table_without_a_name_is_a_fault(policy: Callable[[str], Policy]) -> None:
    table = "tables: {t: {for: customer, by: ['', role], rows: {monday: {guide: call}}}}\n"
    assert ("LR111", 5) in refused(policy, FACTS + table)


@pytest.mark.parametrize("length", ["190 years", "69000 days"])
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("base", ["event", "new_year", "month_end", "born_on", "birthday"])
def test_a_moment_at_the_ends_of_all_days_is_decided(
    policy: Callable[[str], Policy], base: str, side: str, length: str
) -> None:
    known = policy(f"""facts: {{customer: {{born_on: {{type: date}}}}}}
reference:
  event:
    columns: {{id: text, day: date}}
    rows: [{{id: first, day: 0001-01-01}}, {{id: last, day: 9999-12-31}}]
occasions:
  event: {{rows: event, day: day}}
  new_year: {{solar: 01-01, opens: {length}}}
  birthday: {{anniversary: born_on}}
rules:
  r: {{for: customer, at: {length} {side} {base}, do: task.look, within: {length}}}
""")
    for day in ("2027-02-05", "1901-02-20", "2099-12-31"):
        for born in (None, "0001-01-01", "9999-12-31", "2000-01-01"):
            decision = evaluate(compile_day(known, day), {"id": "1", "born_on": born})
            assert len(decision.actions) <= 2


@pytest.mark.parametrize(
    "zone", ["Asia", "x" * 5000, "Mars/Olympus", "zone.tab", "/x" * 60, "", "\ud800"]
)
def test_what_is_no_time_zone_is_told(policy: Callable[[str], Policy], zone: str) -> None:
    rows = pl.DataFrame({"customer_id": ["1"], "occurred_at": ["2026-01-01"], "amount": ["1"]})
    with pytest.raises(FrameError) as caught:
        facts_as_of({"purchase": rows}, on="2027-02-05", timezone=zone)
    assert [each.code for each in caught.value.problems] == ["LR138"]
    if zone.isprintable():
        assert refused(policy, f"timezone: '{zone}'\n{FACTS}") == [("LR138", 4)]


RAW = {"customer_id": "1", "occurred_at": "2026-01-01", "amount": "1"}
COLUMNS: list[tuple[Any, Callable[[Any], Any]]] = [
    (pd.DataFrame, lambda each: pd.Series([each], dtype=object)),
    (pl.DataFrame, lambda each: pl.Series([each], dtype=pl.Object)),
]


@pytest.mark.parametrize("name", RAW)
@pytest.mark.parametrize(("frame", "column"), COLUMNS, ids=["pandas", "polars"])
def test_a_raw_cell_of_whatever_type_is_read_or_told(
    name: str, frame: Any, column: Callable[[Any], Any]
) -> None:
    for value in (np.void(b"x"), 10**5000, "\ud800", {1}, object()):
        cells = {each: column(value if each == name else of) for each, of in RAW.items()}
        try:
            facts_as_of({"purchase": frame(cells)}, on="2027-02-05")
        except FrameError as error:
            assert str(error).encode()


def test_given_records_that_are_like_each_other_are_told(tmp_path: Path) -> None:
    told = faults_in(
        tmp_path, "given: {a: {like: b}, b: {like: a}}\ncases: {one: {who: a, on: 2027-02-05}}\n"
    )
    assert told == [("LR148", 1)]


@pytest.mark.parametrize("expected", ["''", "'  '", "{}"])
def test_an_action_that_is_expected_says_which(tmp_path: Path, expected: str) -> None:
    case = f"{{who: a, on: 2027-02-05, expect: {{actions: [call, {expected}]}}}}"
    assert faults_in(tmp_path, f"given: {{a: {{}}}}\ncases: {{one: {case}}}\n") == [("LR143", 2)]
