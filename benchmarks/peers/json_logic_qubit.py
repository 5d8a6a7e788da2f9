# SPDX-License-Identifier: Apache-2.0
"""json-logic-qubit: one list of rules as JSON, given to `jsonLogic` with the facts.

JsonLogic has no dates and makes no ids: plain Python makes day numbers before, and ids after. Its
interpreter compiles nothing, so the rules are built once and made small by `if` with many branches.
"""

from typing import Any

from json_logic import jsonLogic

from benchmarks.eight_rules import by_hand
from benchmarks.peers.day import Decided, Decider, Given, Peer, Today, facts, stating, today


def rules(on: Today) -> list[Any]:
    """The conditions of the rules; the first that holds gives the word."""
    tier, points, bought = _var("tier"), _var("points"), _var("bought")
    since = {"or": [bought, _var("joined")]}
    above_c = {"in": [tier, ["A", "B"]]}
    halved = {"<=": [{"*": [2, _var("now")]}, _var("before")]}
    birthday = [
        {"===": [_var("birth_month"), on.birth_month]},
        {"in": [_var("birth_day"), [*on.birth_days]]},
        tier,
    ]
    return [
        {"if": [{">=": [points, 5000]}, "A", {">=": [points, 2000]}, "B", "C"]},
        {"if": [
            {"and": [above_c, since, {"<=": [since, on.idle_cut]}]}, "idle",
            {"and": [above_c, {">=": [_var("before"), 4]}, halved]}, "slowing",
            {"and": [{"in": [tier, ["B", "C"]]}, {">=": [points, 5000]}]}, "upgrade",
            {"and": [{"===": [tier, "C"]}, {">=": [points, 2000]}]}, "upgrade",
            "",
        ]},
        _cell("festival", tier, on.festival),
        {"if": [{"and": birthday}, {"cat": ["birthday.", tier]}, ""]},
        _cell("after_sale", bought, on.after_sale),
        _cell("occupation", _var("occupation"), on.occupation),
        {"if": [{"===": [_var("consent"), None]}, "consent_unknown", _var("consent"), "", "no_consent"]},
        {"if": [
            {"in": [_var("phone_status"), ["vacant", "expired"]]}, "invalid_phone",
            _var("phone"), "", "missing_data:mobile_phone",
        ]},
    ]  # fmt: skip


def _var(name: str) -> dict[str, str]:
    return {"var": name}


def _cell(group: str, fact: Any, values: tuple[str, ...] | tuple[int, ...]) -> Any:
    cases = [part for each in values for part in ({"===": [fact, each]}, f"{group}.{each}")]
    return {"if": [*cases, ""]} if cases else ""


def decider(day: by_hand.Prepared) -> Decider:
    logic, state = rules(today(day)), stating(day)

    def decide(given: Given) -> Decided:
        customer, data = given
        return state(customer, jsonLogic(logic, data))

    return decide


def given(customer: by_hand.Customer) -> Given:
    return customer, facts(customer)


PEER = Peer(given, decider)
