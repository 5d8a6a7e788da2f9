# SPDX-License-Identifier: Apache-2.0
"""rule-engine: one rule for the day, parsed once, whose value is a list.

It knows dates but compares day numbers sooner, and makes no ids: plain Python does both around it.
A context with types was not quicker; `or` was quicker than `in` over literals.
"""

import rule_engine

from benchmarks.eight_rules import by_hand
from benchmarks.peers.day import Decided, Decider, Given, Peer, Today, facts, stating, today

SINCE = "(bought ?? joined)"


def text(on: Today) -> str:
    """The conditions of the rules; the first that holds gives the word."""
    days = " or ".join(f"birth_day == {each}" for each in on.birth_days)
    words = [
        'points >= 5000 ? "A" : (points >= 2000 ? "B" : "C")',
        'tier == null ? "" : ('
        f'tier != "C" and {SINCE} != null and {SINCE} <= {on.idle_cut} ? "idle" : ('
        'tier != "C" and before >= 4 and 2 * now <= before ? "slowing" : ('
        'points >= 5000 and tier != "A" or points >= 2000 and tier == "C" ? "upgrade" : "")))',
        _cell("festival", "tier", on.festival),
        f'birth_month == {on.birth_month} and ({days}) and tier != null ? "birthday." + tier : ""',
        _cell("after_sale", "bought", on.after_sale),
        _cell("occupation", "occupation", on.occupation),
        'consent == null ? "consent_unknown" : (consent ? "" : "no_consent")',
        'phone_status == "vacant" or phone_status == "expired" ? "invalid_phone"'
        ' : (phone == null ? "missing_data:mobile_phone" : "")',
    ]
    return f"[{', '.join(words)}]"


def _cell(group: str, fact: str, values: tuple[str, ...] | tuple[int, ...]) -> str:
    literal = '"{}"' if values and isinstance(values[0], str) else "{}"
    cases = [f'{fact} == {literal.format(each)} ? "{group}.{each}" : (' for each in values]
    return "".join(cases) + '""' + ")" * len(cases)


def decider(day: by_hand.Prepared) -> Decider:
    evaluate, state = rule_engine.Rule(text(today(day))).evaluate, stating(day)

    def decide(given: Given) -> Decided:
        customer, thing = given
        return state(customer, evaluate(thing))

    return decide


def given(customer: by_hand.Customer) -> Given:
    return customer, facts(customer)


PEER = Peer(given, decider)
