# SPDX-License-Identifier: Apache-2.0
"""business-rules: groups of rules over variables, run in turn; actions note the words.

Its variables are methods by design, so coalescing, sums and day numbers are plain Python in them;
every comparison is the library's own. Where only the first rule counts, a group stops at it.
"""

from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_TEXT
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    string_rule_variable,
)

from benchmarks.eight_rules import by_hand
from benchmarks.peers.day import Decided, Decider, Given, Peer, Today, facts, stating, today

NEVER = 10**7  # a day number after all others
WORDS = (
    "points_tier",
    "move",
    "festival",
    "birthday",
    "after_sale",
    "occupation",
    "consent",
    "number",
)
Rule = dict[str, Any]


class Variables(BaseVariables):  # type: ignore[misc]
    """The facts of one customer, as text, numbers and yes or no; never None."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known

    @numeric_rule_variable()
    def points(self) -> int:
        return int(self.known["points"])

    @string_rule_variable()
    def tier(self) -> str:
        return self.known["tier"] or ""

    @numeric_rule_variable()
    def idle_since(self) -> int:
        return self.known["bought"] or self.known["joined"] or NEVER

    @numeric_rule_variable()
    def before(self) -> int:
        return int(self.known["before"])

    @numeric_rule_variable()
    def fallen(self) -> int:
        return int(self.known["before"] - 2 * self.known["now"])

    @numeric_rule_variable()
    def bought(self) -> int:
        return self.known["bought"] or NEVER

    @numeric_rule_variable()
    def birth_month(self) -> int:
        return self.known["birth_month"] or 0

    @numeric_rule_variable()
    def birth_day(self) -> int:
        return self.known["birth_day"] or 0

    @string_rule_variable()
    def occupation(self) -> str:
        return self.known["occupation"] or ""

    @string_rule_variable()
    def phone_status(self) -> str:
        return str(self.known["phone_status"])

    @boolean_rule_variable()
    def consent_is_known(self) -> bool:
        return self.known["consent"] is not None

    @boolean_rule_variable()
    def consent(self) -> bool:
        return bool(self.known["consent"])

    @boolean_rule_variable()
    def has_phone(self) -> bool:
        return self.known["phone"] is not None


class Actions(BaseActions):  # type: ignore[misc]
    """The words that the rules give."""

    def __init__(self) -> None:
        self.words = dict.fromkeys(WORDS, "")

    @rule_action(params={"word": FIELD_TEXT, "value": FIELD_TEXT})
    def say(self, word: str, value: str) -> None:
        self.words[word] = value


def groups(on: Today) -> list[list[Rule]]:
    """Rules by the word that they give; the first of a group that holds gives it."""
    no_c = _any("tier", "equal_to", "A", "B")
    month, days = _is("birth_month", "equal_to", on.birth_month), on.birth_days
    return [
        [_rule("points_tier", "A", _is("points", "greater_than_or_equal_to", 5000)),
         _rule("points_tier", "B", _is("points", "greater_than_or_equal_to", 2000)),
         _rule("points_tier", "C", _is("points", "less_than", 2000))],
        [_rule("move", "idle", no_c, _is("idle_since", "less_than_or_equal_to", on.idle_cut)),
         _rule("move", "slowing", no_c, _is("before", "greater_than_or_equal_to", 4),
               _is("fallen", "greater_than_or_equal_to", 0)),
         _rule("move", "upgrade", _any("tier", "equal_to", "B", "C"),
               _is("points", "greater_than_or_equal_to", 5000)),
         _rule("move", "upgrade", _is("tier", "equal_to", "C"),
               _is("points", "greater_than_or_equal_to", 2000))],
        _cell("festival", "tier", on.festival),
        [_rule("birthday", f"birthday.{tier}", month, _any("birth_day", "equal_to", *days),
               _is("tier", "equal_to", tier)) for tier in "ABC"],
        _cell("after_sale", "bought", on.after_sale),
        _cell("occupation", "occupation", on.occupation),
        [_rule("consent", "consent_unknown", _is("consent_is_known", "is_false", None)),
         _rule("consent", "no_consent", _is("consent", "is_false", None))],
        [_rule("number", "invalid_phone", _any("phone_status", "equal_to", "vacant", "expired")),
         _rule("number", "missing_data:mobile_phone", _is("has_phone", "is_false", None))],
    ]  # fmt: skip


def _rule(word: str, value: str, *conditions: Rule) -> Rule:
    params = {"word": word, "value": value}
    return {"conditions": {"all": [*conditions]}, "actions": [{"name": "say", "params": params}]}


def _is(name: str, operator: str, value: Any) -> Rule:
    return {"name": name, "operator": operator, "value": value}


def _any(name: str, operator: str, *values: Any) -> Rule:
    return {"any": [_is(name, operator, value) for value in values]}


def _cell(group: str, fact: str, values: tuple[str, ...] | tuple[int, ...]) -> list[Rule]:
    return [_rule(group, f"{group}.{each}", _is(fact, "equal_to", each)) for each in values]


def decider(day: by_hand.Prepared) -> Decider:
    listed, state = [each for each in groups(today(day)) if each], stating(day)

    def decide(given: Given) -> Decided:
        customer, variables = given
        actions = Actions()
        for rules in listed:
            run_all(rules, variables, actions, stop_on_first_trigger=True)
        return state(customer, [*actions.words.values()])

    return decide


def given(customer: by_hand.Customer) -> Given:
    return customer, Variables(facts(customer))


PEER = Peer(given, decider)
