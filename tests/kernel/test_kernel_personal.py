# SPDX-License-Identifier: Apache-2.0
"""What is personal leaves in no action: not in what it states, not in its days, not in its id."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import Policy, PolicyError, load_policy
from loyaltyrules.expression import tree
from loyaltyrules.expression.types import TEXT
from loyaltyrules.policy.lowering.personal import reaching
from loyaltyrules.policy.model import ActionForm, Anniversary, Moment, Occasion, Rule

FACTS = """
format: 1
policy: personal
language: en
subjects: {{card: {{of: customer}}}}
facts:
  customer:
    phone: {{type: text, personal: yes}}
    born: {{type: date, personal: yes}}
    weight: {{type: whole, personal: yes}}
    grade: {{type: [A, B], personal: yes}}
    tier: {{type: [A, B]}}
    alias: {{type: text}}
    points: {{type: whole}}
    joined: {{type: date}}
    of_age: {{is: born + 18 years}}
    numbers: {{list: card.number}}
    hushed: {{is: points * 2, personal: yes}}
  card:
    number: {{type: text, personal: yes}}
    issued: {{type: date}}
    closed: {{type: date, personal: yes}}
occasions:
  birthday: {{anniversary: born}}
{0}
"""
RULE = """
rules:
  r:
    for: {subject}
    {moment}
    do: {do}
"""


def rule(moment: str = "at: daily", do: str = "task.a", subject: str = "customer") -> str:
    return RULE.format(moment=moment.replace("\n", "\n    "), do=do, subject=subject)


def word(said: str, moment: str = "at: daily") -> str:
    return f"words:\n  w:\n    kind: task.a\n    {said}\n{rule(moment, 'w')}"


def move(standing: str = "tier", to: str = "B", since: str = "joined") -> str:
    return (
        f"labels:\n  class:\n    for: customer\n    values: [A, B]\n    standing: {standing}\n"
        "    cases: {A: points > 5, B: rest}\n    moves:\n      up:\n        if: points > 9\n"
        f"        to: {to}\n        since: {since}\n        do: task.a\n"
    )


def workflow(begins: str = "issued", until: str = "issued", since: str = "") -> str:
    return (
        f"workflows:\n  w:\n    for: card\n    begins: {begins}\n    states:\n      one:\n"
        f"        until: {until}\n        do: task.a\n        within: 3 days\n        late: task.b\n"
        f"      two:\n        {since}\n        do: task.c\n"
    )


WAYS = {
    "value of a rule": rule("at: daily\nvalue: phone  # here"),
    "value in place": rule(do="{do: task.a, value: phone}  # here"),
    "value of a word": word("value: phone  # here"),
    "value of the rule, not that of the word": word("value: alias", "at: daily\nvalue: phone  # here"),
    "to": rule("at: daily\nto: phone  # here"),
    "sets": word("sets:\n      points: 1\n      alias: phone  # here"),
    "adds": word("adds:\n      points: weight  # here"),
    "sets by the word that it changes to": word("to: phone  # here\n    sets: {alias: alias}"),
    "the word emitted in place of a blocked one": (
        "words:\n  other:\n    kind: task.b\n    value: phone  # here\n"
        f"  w: {{kind: task.a, needs: alias, instead: other}}\n{rule(do='w')}"
    ),
    "once_per": rule("once_per: phone  # here"),
    "once_per of several": rule("once_per:\n  - month\n  - phone  # here"),
    "a dated moment": rule("at: born  # here"),
    "a moment before it": rule("at: 3 days before born  # here"),
    "a moment after it": rule("from: 18 years after born  # here\nwithin: 3 days\nlate: task.b"),
    "a derived moment": rule("from: of_age  # here"),
    "a list of child records": rule("once_per: numbers  # here"),
    "a fact of the parent": rule("once_per: customer.phone  # here", subject="card"),
    "a derived fact that is itself personal": rule("at: daily\nvalue: hushed  # here"),
    "the choice between two": rule('at: daily\nvalue: if(points > 1, phone, "none")  # here'),
    "once_per of a table": (
        "tables:\n  t:\n    for: customer\n    by: tier\n    once_per: born  # here\n"
        "    rows: {A: task.a, B: none}\n"
    ),
    "since of a table": (
        "tables:\n  t:\n    for: customer\n    by: tier\n    cells: every\n    since: born  # here\n"
        "    do: task.a\n    rows: {A: 3 days, B: none}\n"
    ),
    "at of a table": (
        "tables:\n  t:\n    for: customer\n    by: tier\n    at: born  # here\n"
        "    rows: {A: task.a, B: none}\n"
    ),
    "the tier that a move starts from": move("grade  # here"),
    "the tier that a move ends at": move(to="grade  # here"),
    "since of a move": move(since="born  # here"),
    "begins of a workflow": workflow(begins="closed  # here"),
    "since of a state": workflow(since="since: closed  # here"),
    "until of the state before": workflow(until="closed  # here"),
    "the word that a sieve emits instead": (
        "words:\n  w:\n    kind: task.a\n    value: phone  # here\n"
        f"gate:\n  - {{hold: x, instead: w}}\n{rule()}"
    ),
}  # fmt: skip
ALLOWED = {
    "an anniversary": rule("at: birthday"),
    "days before an anniversary": rule("at: 3 days before birthday\nwithin: 2 days"),
    "a condition": rule("at: daily\nif: born < 2000-01-01 and phone is not missing"),
    "a value that only depends on it": rule('at: daily\nvalue: if(born is missing, "no", "yes")'),
    "what is lacking": rule("at: daily\nvalue: lacking(phone, born)"),
    "a need": word("needs: phone"),
    "a state that only begins when there is one": workflow(since="since: issued"),
    "a sieve": f"gate:\n  - {{hold: x, which: phone is missing}}\n{rule()}",
    "a cell of a table": "tables: {t: {for: customer, by: grade, at: daily, rows: {A: task.a, B: none}}}",
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Policy]:
    """The policy with these sections."""

    def load(sections: str) -> Policy:
        (tmp_path / "p.yaml").write_text(FACTS.format(sections), encoding="utf-8")
        return load_policy(tmp_path / "p.yaml")

    return load


@pytest.mark.parametrize("way", WAYS)
def test_every_way_out_is_refused_where_it_is_written(made: Any, way: str) -> None:
    with pytest.raises(PolicyError) as caught:
        made(WAYS[way])
    lines = FACTS.format(WAYS[way]).split("\n")
    here = next(number for number, line in enumerate(lines, 1) if "# here" in line)
    assert [(each.code, each.line) for each in caught.value.problems] == [("LR235", here)]


@pytest.mark.parametrize("way", ALLOWED)
def test_what_only_decides_may_read_what_is_personal(made: Any, way: str) -> None:
    assert made(ALLOWED[way]).rules


def test_every_expression_of_a_rule_is_looked_at_but_those_that_only_decide() -> None:
    birthday = Occasion("o", Anniversary(fact("born"), fact("calendar")), fact("opens"))
    moment = Moment(birthday, "", fact("dated"), fact("offset"), 1, fact("then"))
    form = ActionForm(
        "w", "task.a", opens=fact("word opens"), value=fact("value"), from_value=fact("from_value"),
        to_value=fact("to_value"), sets=(("x", fact("sets")),), adds=(("x", fact("adds")),),
        instead=ActionForm("w", "task.b", value=fact("instead")),
    )  # fmt: skip
    whole = Rule(
        "r", "customer", "at", fact("condition"), (form,), moment, (fact("once_per"),),
        within=fact("within"),
    )  # fmt: skip
    assert {each.name for each in reaching(whole) if isinstance(each, tree.FactRef)} == {
        "dated", "offset", "then", "word opens", "value", "from_value", "to_value", "sets", "adds",
        "instead", "once_per", "within",
    }  # fmt: skip


def fact(name: str) -> tree.Node:
    return tree.FactRef(name, TEXT)
