# SPDX-License-Identifier: Apache-2.0
"""Policies made at random, valid by construction: their texts, and days for them."""

from datetime import date, timedelta
from typing import Any

import yaml
from hypothesis import strategies as st

from conformance.conditions import condition, two_days, two_figures
from conformance.draft_facts import (
    declared,
    write_aggregates,
    write_chain,
    write_computed,
    write_labels,
    write_lookups,
    write_staged,
    write_standings,
    write_subjects,
)
from conformance.draft_rules import (
    write_changes,
    write_each,
    write_gate,
    write_occasions,
    write_rules,
    write_tables,
    write_words,
    write_workflow,
)
from conformance.drafts import GIVEN, Draft
from conformance.values import ZONES, Draw, of_kind, one_of

DAYS = [
    date(2027, 2, 5), date(2024, 2, 29), date(2027, 3, 1), date(2027, 12, 31), date(2028, 1, 1),
    date(1901, 3, 1), date(2099, 12, 31), date(2027, 2, 28), date(2026, 9, 24),
]  # fmt: skip


@st.composite
def policy_texts(draw: Draw) -> tuple[str, date, date | None]:
    """The text of a policy, a day for it, and where it is a span the day before its first."""
    on = one_of(draw, DAYS)
    draft = Draft(draw, on)
    write_subjects(draft)
    for subject in ("item", "purchase", "customer", "store"):
        if subject in draft.given:
            write_aggregates(draft, subject)
            write_computed(draft, subject)
            write_lookups(draft, subject)
            write_chain(draft, subject)
            write_labels(draft, subject)
    write_staged(draft)
    write_standings(draft)
    write_occasions(draft)
    write_words(draft)
    for subject in draft.given:
        write_rules(draft, subject)
    write_each(draft)
    write_tables(draft)
    write_workflow(draft)
    write_gate(draft)
    head = {"format": "1", "policy": "made", "language": "en", "version": "7"}
    head["timezone"] = one_of(draw, ZONES)
    since = on - timedelta(days=draw(st.integers(2, 4))) if draw(st.integers(0, 4)) == 0 else None
    write_changes(draft)
    return written(head | draft.sections), on, since


@st.composite
def condition_texts(draw: Draw) -> tuple[str, date, None]:
    """The text of a policy of many rules, each with a condition over few facts, so that rows are alike."""
    on = one_of(draw, DAYS)
    draft = Draft(draw, on)
    facts = GIVEN["customer"]
    draft.given["customer"], draft.derived["customer"] = facts, ()
    draft.sections["facts"] = {"customer": {each.name: declared(draft, each) for each in facts}}
    for number in range(one_of(draw, (1, 1, 2, 3, 14))):
        scope = tuple(draw(st.lists(st.sampled_from(facts), min_size=1, max_size=2, unique=True)))
        if number % 2:  # one more of a kind that it can be compared with
            scope += tuple(each for each in facts if each.kind == scope[0].kind)[-2:]
        test = condition(draw, scope, number % 3)
        if number < 2 and draw(st.booleans()):  # what columns compute by themselves
            test = two_figures(draw, facts) if number else two_days(draw, of_kind(facts, "date"))
        said = {"for": "customer", "once_per": "id", "if": test, "do": f"task.t{number}"}
        draft.put("rules", f"rule_{number}", said)
    head = {"format": "1", "policy": "made", "language": "en"}
    return written(head | draft.sections), on, None


class _Plain(yaml.SafeDumper):
    """YAML without aliases, which policies refuse."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(sections: dict[str, Any]) -> str:
    """The sections as YAML."""
    return str(
        yaml.dump(sections, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000)
    )
