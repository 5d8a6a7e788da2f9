# SPDX-License-Identifier: Apache-2.0
"""The calendar of a policy shows every day on which a rule opens for an occasion, and no other."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import effort
from loyaltyrules import Policy, PolicyError, compile_day, load_policy
from loyaltyrules.plan.plan import reference_tables
from loyaltyrules.policy.model import Anniversary
from loyaltyrules.report.agenda import Entry, agenda

ROOT = Path(__file__).parents[2]
Opening = tuple[str, date, date, str]  # occasion, its day, the day and the rule that opens

POLICY = """
parameters: {lead: {values: {2020-01-01: 5 days, 2027-04-20: 9 days}}}
reference:
  launch:
    columns: {on: date, text: text}
    rows: [{id: a, on: 2027-03-31}, {id: b, on: 2027-03-31, text: y}, {id: c, on: 2028-01-02}]
occasions:
  labour: {solar: 05-01}
  new_year: {solar: 01-01, opens: 2 days}
  spring: {lunar: 1/1}
  launch: {rows: launch, day: on}
  born: {anniversary: born_on}
words: {ring: {kind: call, opens: 3 days}}
facts: {customer: {born_on: {type: date}}}
rules:
  before: {for: customer, at: 3 days before labour, do: task.a}
  after: {for: customer, at: 3 days after labour, do: task.a}
  on_it: {for: customer, at: labour, do: [task.a, ring]}
  window: {for: customer, at: labour, within: 5 days, do: task.a, late: task.late}
  far: {for: customer, at: 45 days before labour, do: task.a}
  months: {for: customer, at: 2 months after labour, do: task.a}
  years: {for: customer, at: 14 months before new_year, do: task.a}
  figure: {for: customer, at: lead before labour, do: task.a}
  eve: {for: customer, at: new_year, do: [task.a, ring]}
  moon: {for: customer, at: 40 days before spring, do: task.a}
  launched: {for: customer, at: 1 month before launch, do: task.a}
  newest: {for: customer, at: launch, if: launch.text = "y", do: task.a}
  own: {for: customer, at: 3 days after born, do: task.a}
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Policy]:
    """A policy from its sections as text."""

    def load(text: str) -> Policy:
        file = tmp_path / "written.yaml"
        file.write_text(f"format: 1\npolicy: written\nlanguage: en\n{text}", encoding="utf-8")
        return load_policy(file)

    return load


def calendar(policy: Policy, year: int) -> list[Entry]:
    return agenda(policy, year, "en", reference_tables(policy, {}))


def shown(entries: list[Entry]) -> set[Opening]:
    """What a calendar says that opens."""
    return {
        (entry.id, entry.day, day, rule)
        for entry in entries
        for day, rules in entry.opens.items()
        for rule in rules
    }


def opened(policy: Policy, first: date, last: date) -> Iterator[Opening]:
    """What opens on the days from `first` to `last`, as the engine compiles each of them."""
    for day in (first + timedelta(days=step) for step in range((last - first).days + 1)):
        compiled = compile_day(policy, day).day(day)
        for subject in {rule.subject for rule in policy.rules if rule.moment}:
            for each in compiled.subjects[subject].instances:
                occasion = each.rule.moment.occasion if each.rule.moment else None
                if occasion and not isinstance(occasion.base, Anniversary):
                    assert each.opened is not None
                    assert each.opened.occasion_day is not None
                    yield occasion.id, each.opened.occasion_day, day, each.rule.id


def test_every_opening_of_a_year_is_shown_and_nothing_else(
    written: Callable[[str], Policy],
) -> None:
    policy = written(POLICY)
    found = shown(calendar(policy, 2027))
    engine = set(opened(policy, date(2025, 6, 1), date(2028, 12, 31)))
    assert found == {each for each in engine if 2027 in (each[1].year, each[2].year)}
    days = {(rule, str(day)) for name, _, day, rule in found if name == "labour"}
    assert days == {
        ("before", "2027-04-28"), ("after", "2027-05-04"), ("on_it", "2027-04-28"),
        ("on_it", "2027-05-01"), ("window", "2027-05-01"), ("window.late", "2027-05-07"),
        ("far", "2027-03-17"), ("months", "2027-07-01"), ("figure", "2027-04-22"),
    }  # fmt: skip


def test_the_calendar_of_the_shipped_policy_is_what_its_days_open() -> None:
    policy = load_policy(ROOT / "policies" / "menswear")
    last = date(2027, 12, 31) if effort.WHOLE else date(2027, 2, 14)
    found = {each for each in shown(calendar(policy, 2027)) if date(2027, 1, 1) <= each[2] <= last}
    assert found == set(opened(policy, date(2027, 1, 1), last))
    assert len(found) > (30 if effort.WHOLE else 10)


def test_an_occasion_that_opens_nothing_has_its_day(written: Callable[[str], Policy]) -> None:
    policy = written("occasions: {labour: {solar: 05-01}, leap: {solar: 02-29}}\n")
    assert [(each.id, str(each.day), each.opens) for each in calendar(policy, 2027)] == [
        ("labour", "2027-05-01", {})
    ]
    assert [each.id for each in calendar(policy, 2028)] == ["leap", "labour"]


FIGURED = """
parameters: {lead: {values: {SINCE: 5 days}}}
occasions: {labour: {solar: 05-01}, new_year: {solar: 01-02}}
rules:
  early: {for: customer, at: lead before labour, do: task.a}
  first: {for: customer, at: lead before new_year, do: task.a}
"""


def test_before_its_first_figure_and_outside_its_force_a_policy_opens_nothing(
    written: Callable[[str], Policy],
) -> None:
    begun = written(FIGURED.replace("SINCE", "2027-01-01"))
    found = {(rule, str(day)) for _, _, day, rule in shown(calendar(begun, 2027))}
    assert found == {("early", "2027-04-26"), ("first", "2027-12-28")}
    late = written(FIGURED.replace("SINCE", "2027-02-01"))
    with pytest.raises(PolicyError, match="LR308"):
        calendar(late, 2027)
    force = "in_force: {from: 2027-05-01, to: 2027-12-27}\n"
    ended = written(FIGURED.replace("SINCE", "2020-01-01") + force)
    assert shown(calendar(ended, 2027)) == set()
    assert {each.id for each in calendar(ended, 2027)} == {"labour", "new_year"}
