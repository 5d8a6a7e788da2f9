# SPDX-License-Identifier: Apache-2.0
"""Derived facts that are made of each other: each is worked out once a record, however long the chain."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import effort
from loyaltyrules import (
    DayPlan,
    Plugins,
    Policy,
    PolicyError,
    SnapshotError,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    load_policy,
)
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.types import WHOLE
from loyaltyrules.frame.keys import by_signature, together

ON = date(2027, 2, 5)
ROWS = [{"id": "a", "contacts": 3}, {"id": "b", "contacts": 0}, {"id": "c"}]
HEAD = """format: 1
policy: deep
language: en
subjects: {store: {}, customer: {of: store}}
facts:
  store:
    size: {type: whole}
"""
RULE = """rules:
  said:
    for: customer
    once_per: id
    if: %s
    do: {do: task.say, value: %s}
"""
Loads = Callable[..., Policy]


@pytest.fixture
def loads(tmp_path: Path) -> Loads:
    """Load a policy of derived facts of customers, by name, and of a condition and a value."""

    def load(
        customer: dict[str, str], condition: str, value: str = "contacts",
        store: dict[str, str] | None = None, plugins: Plugins | None = None,
    ) -> Policy:  # fmt: skip
        text = HEAD + _facts(store or {})
        text += "  customer:\n    contacts: {type: whole}\n    last_on: {type: date}\n"
        file = tmp_path / "policy.yaml"
        file.write_text(text + _facts(customer) + RULE % (condition, value), encoding="utf-8")
        return load_policy(file, plugins=plugins)

    return load


def _facts(facts: dict[str, str]) -> str:
    return "".join(f"    {name}:\n      is: {text}\n" for name, text in facts.items())


def _chain(first: str, link: str, count: int) -> dict[str, str]:
    """Facts d0, d1 and so on, each of the one before."""
    links = {f"d{n}": link.replace("?", f"d{n - 1}") for n in range(1, count)}
    return {"d0": first, **links}


def _by_rows(plan: DayPlan, rows: Iterable[dict[str, Any]] = ROWS) -> list[tuple[str, Any]]:
    made = [evaluate(plan, row) for row in rows]
    for each in made:
        assert explain(each)
    return [(action.subject_id, action.value) for each in made for action in each.actions]


def _by_table(plan: DayPlan, rows: list[dict[str, Any]] = ROWS) -> list[tuple[str, Any]]:
    return evaluate_frame(plan, pl.DataFrame(rows)).actions.select("subject_id", "value").rows()


@pytest.mark.parametrize(
    ("first", "link", "test", "value", "expected"),
    effort.each([
        ("contacts + 1", "? + 1", "d999 > 1", "d999", [("a", "1003"), ("b", "1000")]),
        ("contacts", "?", "d999 > 1", "d999", [("a", "3")]),
        ("contacts > 1", "not ?", "not d999", "contacts", [("a", "3")]),
        ("contacts / 3", "(? + ?) / 2", "d999 > 0", "d999", [("a", "1")]),
        ("date_of", "? + 1 day", "d999 > 2027-02-05", "d999", []),
    ], 6),
)  # fmt: skip
def test_a_chain_of_a_thousand_facts_is_decided_by_rows_and_tables(
    loads: Loads, monkeypatch: pytest.MonkeyPatch,
    first: str, link: str, test: str, value: str, expected: list[tuple[str, str]],
) -> None:  # fmt: skip
    facts = _chain(first.replace("date_of", "last_on"), link, 1000)
    plan = compile_day(loads(facts, test, value), on=ON)
    assert _by_rows(plan) == expected
    assert _by_table(plan) == expected
    monkeypatch.setattr(by_signature, "FEW", 0)
    assert _by_table(compile_day(plan.policy, on=ON)) == expected
    monkeypatch.setattr(together, "_by_one_key", lambda *_: None)
    assert _by_table(compile_day(plan.policy, on=ON)) == expected


def test_facts_may_stand_before_those_that_they_read(loads: Loads) -> None:
    facts = dict(reversed(_chain("contacts + 1", "? + 1", 1000).items()))
    assert _by_rows(compile_day(loads(facts, "d999 > 1000"), on=ON)) == [("a", "3")]


def test_a_circle_of_a_thousand_facts_is_refused(loads: Loads) -> None:
    with pytest.raises(PolicyError) as caught:
        loads(_chain("d999 + 1", "? + 1", 1000), "d999 > 1")
    assert "LR212" in {each.code for each in caught.value.problems}


@pytest.mark.parametrize(
    ("first", "link"), [("size / 8", "(? + ?) / 2"), ("size > 1", "not not ?")]
)
def test_chains_of_a_parent_that_comes_as_reference_data_are_decided(
    loads: Loads, first: str, link: str
) -> None:
    last = "store.d199 > 0" if "/" in first else "store.d199"
    policy = loads({}, last, "store.d199", store=_chain(first, link, 200))
    stores = [{"id": "S1", "size": 2}, {"id": "S2"}]
    plan = compile_day(policy, on=ON, tables={"store": stores})
    rows = [{"id": "a", "store_id": "S1"}, {"id": "b", "store_id": "S2"}]
    expected = [("a", "0.25" if "/" in first else "yes")]
    assert _by_rows(plan, rows) == _by_table(plan, rows) == expected


def test_facts_of_reference_data_may_read_each_other(loads: Loads) -> None:
    policy = loads(
        {}, "store.big", store={"known": "size is not missing", "big": "known and size > 1"}
    )
    plan = compile_day(policy, on=ON, tables={"store": [{"id": "S1", "size": 2}]})
    assert _by_rows(plan, [{"id": "a", "store_id": "S1", "contacts": 1}]) == [("a", "1")]


class _Counted:
    """A function of a plug-in that gives back its number, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = Counter[int]()

    def __call__(self, number: int, link: int) -> int:
        self.asked[link] += 1
        return number

    @property
    def plugins(self) -> Plugins:
        return Plugins(functions={"counted": Function(lambda kinds: WHOLE, self)})


def test_each_fact_of_a_diamond_is_worked_out_once_a_record(loads: Loads) -> None:
    counted = _Counted()
    facts = {"d0": "counted(contacts, 0)"}
    facts |= {f"d{n}": f"counted(d{n - 1} + d{n - 1} - d{n - 1}, {n})" for n in range(1, 60)}
    policy = loads(facts, "d59 > 1 and d59 < 9", "d59", plugins=counted.plugins)
    decision = evaluate(compile_day(policy, on=ON), ROWS[0])
    assert counted.asked == dict.fromkeys(range(60), 1)
    explain(decision)
    assert counted.asked == dict.fromkeys(range(60), 2)
    counted.asked.clear()
    assert _by_table(compile_day(policy, on=ON), ROWS[:2]) == [("a", "3")]
    assert counted.asked == dict.fromkeys(range(60), 2)


def test_what_a_diamond_reads_in_the_end_is_asked_a_bounded_number_of_times(loads: Loads) -> None:
    """Short facts are written out; what they read is asked for each that is, but never for the chain."""
    counted = _Counted()
    facts = _chain("counted(contacts, 0) + 0", "? + ? - ?", 60)
    policy = loads(facts, "d59 > 1", plugins=counted.plugins)
    evaluate(compile_day(policy, on=ON), ROWS[0])
    assert counted.asked == {0: 1}


def test_figures_without_bound_are_faults_of_their_records(loads: Loads) -> None:
    policy = loads(_chain("contacts * 99999", "? * 99999", 11), "d10 > 1", "d10")
    plan = compile_day(policy, on=ON)
    with pytest.raises(SnapshotError) as caught:
        evaluate(plan, ROWS[0])
    assert [each.code for each in caught.value.problems] == ["LR406"]
    rows = [*ROWS, {"id": "d", "contacts": 0}]
    result = evaluate_frame(plan, pl.DataFrame(rows))
    assert result.faults.select("row", "id", "code").rows() == [(1, "a", "LR406")]
    assert result.notes.set_aside == 1


def test_squares_of_squares_are_faults_however_many_digits_they_have(loads: Loads) -> None:
    plan = compile_day(loads(_chain("contacts * 99999", "? * ?", 60), "d59 > 1", "d59"), on=ON)
    with pytest.raises(SnapshotError, match="LR406"):
        evaluate(plan, ROWS[0])
    assert evaluate_frame(plan, pl.DataFrame(ROWS)).faults["id"].to_list() == ["a"]


def test_figures_that_shrink_without_bound_end_at_nothing(loads: Loads) -> None:
    policy = loads(_chain("contacts * 0.000001", "? * ?", 60), "contacts > d59", "contacts / d59")
    plan = compile_day(policy, on=ON)
    assert _by_rows(plan) == _by_table(plan) == [("a", None)]


def test_a_shared_fact_is_that_of_the_day_of_its_moment(loads: Loads) -> None:
    """A rule that opens before its day asks for what is true on that day, written out or not."""
    long = " + ".join(["0"] * 150)
    said = {}
    for name, more in (("short", "0"), ("long", long)):
        text = f"days_since(last_on) + {more}"
        policy = loads({"d0": text}, "d0 > 0", "d0")
        file = Path(policy.rules[0].place.file)  # type: ignore[union-attr]
        rule = "rules:\n  said:\n    for: customer\n    at: 1 year after last_on\n"
        rule += "    if: d0 > 0\n    do: say\nwords:\n"
        rule += "  say: {kind: task.say, opens: 3 days, value: d0}\n"
        file.write_text(file.read_text().split("rules:")[0] + rule, encoding="utf-8")
        policy = load_policy(file)
        assert policy.derived["customer"]["d0"].shared == (name == "long")
        rows = [{"id": "a", "last_on": date(2026, 2, 8)}, {"id": "b", "last_on": date(2025, 2, 8)}]
        said[name] = _by_rows(compile_day(policy, on=ON), rows)
        assert said[name] == _by_table(compile_day(policy, on=ON), rows)
    assert said["short"] == said["long"] == [("a", "365")]


@pytest.mark.parametrize("word", effort.each(["or", "and"], 2))
def test_conditions_of_a_thousand_parts_are_decided(loads: Loads, word: str) -> None:
    sign = "=" if word == "or" else "!="
    parts = f" {word} ".join(f"contacts {sign} {n + 2}" for n in range(1000))
    plan = compile_day(loads({}, parts), on=ON)
    assert _by_rows(plan) == _by_table(plan) == ([("a", "3")] if word == "or" else [("b", "0")])


@pytest.mark.parametrize(
    "text",
    [
        "(" * 60 + "contacts" + ")" * 60,
        "".join(f"if(contacts = {n}, {n}, " for n in range(60)) + "0" + ")" * 60,
        " + ".join(["contacts"] * 300),
        " or ".join(["contacts = 1"] * 2000),
        "*".join(["contacts"] * 100),
    ],
)
def test_what_is_too_long_or_too_deep_is_told_where_it_stands(loads: Loads, text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        loads({"d0": text}, "d0 > 1")
    (found,) = caught.value.problems
    assert found.code == "LR112"
    assert found.place is not None and found.place.line > len(HEAD.splitlines())
