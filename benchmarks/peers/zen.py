# SPDX-License-Identifier: Apache-2.0
"""zen-engine: a decision graph behind a loader that keeps its compiled content.

The graph is one expression node, quicker than a decision table for each rule. The same expressions
compiled without a graph are timed too. Plain Python makes day numbers before, and ids after.
"""

import json
from typing import Any

import zen

from benchmarks.eight_rules import by_hand
from benchmarks.peers.day import Decided, Decider, Given, Peer, Today, facts, stating, today

SINCE = "(bought ?? joined)"


def expressions(on: Today) -> dict[str, str]:
    """The conditions of the rules; the first that holds gives the word."""
    birthday = f"birth_month == {on.birth_month} and birth_day in {list(on.birth_days)}"
    return {
        "points_tier": 'points >= 5000 ? "A" : points >= 2000 ? "B" : "C"',
        "move": f'tier == null ? "" : tier != "C" and {SINCE} != null and {SINCE} <= {on.idle_cut} ? "idle"'
        ' : tier != "C" and before >= 4 and 2 * now <= before ? "slowing"'
        ' : points >= 5000 and tier != "A" or points >= 2000 and tier == "C" ? "upgrade" : ""',
        "festival": _cell("festival", "tier", on.festival),
        "birthday": f'tier != null and {birthday} ? "birthday." + tier : ""',
        "after_sale": _cell("after_sale", "bought", on.after_sale),
        "occupation_day": _cell("occupation", "occupation", on.occupation),
        "consent_held": 'consent == null ? "consent_unknown" : consent ? "" : "no_consent"',
        "number_held": 'phone_status in ["vacant", "expired"] ? "invalid_phone"'
        ' : phone == null ? "missing_data:mobile_phone" : ""',
    }


def _cell(group: str, fact: str, values: tuple[str, ...] | tuple[int, ...]) -> str:
    literal = '"{}"' if values and isinstance(values[0], str) else "{}"
    cases = [f'{fact} == {literal.format(each)} ? "{group}.{each}" : ' for each in values]
    return "".join(cases) + '""'


def graph(on: Today) -> dict[str, Any]:
    """A JSON decision model: input, one expression node, output."""
    rows = [{"id": key, "key": key, "value": text} for key, text in expressions(on).items()]
    nodes = [
        _node("input", "inputNode", {}),
        _node("rules", "expressionNode", {"expressions": rows}),
        _node("output", "outputNode", {}),
    ]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("input", "rules"), ("rules", "output"))
    ]
    return {"nodes": nodes, "edges": edges}


def _node(name: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    position = {"x": 0, "y": 0}
    return {"id": name, "name": name, "type": kind, "content": content, "position": position}


def by_graph(day: by_hand.Prepared) -> Decider:
    content = zen.ZenDecisionContent(json.dumps(graph(today(day))))
    evaluate = zen.ZenEngine({"loader": lambda key: content}).evaluate
    state = stating(day)

    def decide(given: Given) -> Decided:
        customer, context = given
        words = evaluate("eight_rules", context)["result"]
        return state(customer, [*map(words.__getitem__, WORDS)])

    return decide


def by_expression(day: by_hand.Prepared) -> Decider:
    listed = ", ".join(f"({each})" for each in expressions(today(day)).values())
    evaluate, state = zen.compile_expression(f"[{listed}]").evaluate, stating(day)

    def decide(given: Given) -> Decided:
        customer, context = given
        return state(customer, evaluate(context))

    return decide


def given(customer: by_hand.Customer) -> Given:
    return customer, facts(customer)


WORDS = ("points_tier", "move", "festival", "birthday", "after_sale", "occupation_day",
         "consent_held", "number_held")  # fmt: skip
PEER = Peer(given, by_graph)
EXPRESSION = Peer(given, by_expression)
