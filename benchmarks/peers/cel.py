# SPDX-License-Identifier: Apache-2.0
"""common-expression-language: one program for the day, compiled once, run on a prepared Context.

CEL says neither dates of a calendar nor actions: plain Python makes day numbers before, and ids
after. One program that gives a list was quicker than a program for each rule.
"""

import cel

from benchmarks.eight_rules import by_hand
from benchmarks.peers.day import Decided, Decider, Given, Peer, Today, facts, stating, today

SINCE = "(bought != null ? bought : joined)"


def program(on: Today) -> str:
    """The conditions of the rules; the first that holds gives the word."""
    birthday = f"birth_month == {on.birth_month} && birth_day in {list(on.birth_days)}"
    words = [
        'points >= 5000 ? "A" : points >= 2000 ? "B" : "C"',
        f'tier == null ? "" : tier != "C" && {SINCE} != null && {SINCE} <= {on.idle_cut} ? "idle"'
        ' : tier != "C" && before >= 4 && 2 * now <= before ? "slowing"'
        ' : points >= 5000 && tier > "A" || points >= 2000 && tier > "B" ? "upgrade" : ""',
        _cell("festival", "tier", on.festival),
        f'tier != null && {birthday} ? "birthday." + tier : ""',
        _cell("after_sale", "bought", on.after_sale),
        _cell("occupation", "occupation", on.occupation),
        'consent == null ? "consent_unknown" : consent ? "" : "no_consent"',
        'phone_status in ["vacant", "expired"] ? "invalid_phone"'
        ' : phone == null ? "missing_data:mobile_phone" : ""',
    ]
    return f"[{', '.join(words)}]"


def _cell(group: str, fact: str, values: tuple[str, ...] | tuple[int, ...]) -> str:
    """`fact == a ? "group.a" : fact == b ? "group.b" : ""`"""
    literal = '"{}"' if values and isinstance(values[0], str) else "{}"
    cases = [f'{fact} == {literal.format(each)} ? "{group}.{each}" : ' for each in values]
    return "".join(cases) + '""'


def decider(day: by_hand.Prepared) -> Decider:
    execute, state = cel.compile(program(today(day))).execute, stating(day)

    def decide(given: Given) -> Decided:
        customer, context = given
        return state(customer, execute(context))

    return decide


def given(customer: by_hand.Customer) -> Given:
    return customer, cel.Context(variables=facts(customer))


PEER = Peer(given, decider)
