# SPDX-License-Identifier: Apache-2.0
"""When the occasions of a year are, and on which days a policy acts on them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias, get_args

from loyaltyrules.calendar import FIRST_DAY, DateRule, dates_in, is_provisional, to_lunar
from loyaltyrules.calendar.festivals import FESTIVALS
from loyaltyrules.plan.day import Instance
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.lengths import Lengths
from loyaltyrules.plan.moments import Tables, day_in
from loyaltyrules.plan.plan import LAST_DAY
from loyaltyrules.plan.rules import RulesOfDay
from loyaltyrules.policy.model import Base, Occasion, PassedDates, Policy, Rule, TableDates
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.language import called

RULES = get_args(DateRule)
Opening: TypeAlias = tuple[
    str, date, date, str
]  # occasion, its day, the day and the rule that opens
Opens: TypeAlias = dict[date, tuple[str, ...]]  # day → ids of the rules that open


@dataclass(frozen=True, slots=True)
class Entry:
    """One occasion of the year: its day, and what opens when."""

    id: str
    title: str
    day: date
    provisional: bool
    opens: Mapping[date, tuple[str, ...]]  # day → ids of the rules that open


def festivals_of(year: int, language: str) -> list[Entry]:
    """The festivals of a year, without a policy, by day."""
    found = [
        Entry(name, title if language == "zh" else name, day, provisional(day), {})
        for name, (title, rule) in FESTIVALS.items()
        for day in dates_in(rule, year)
    ]
    return sorted(found, key=lambda entry: (entry.day, entry.id))


def agenda(policy: Policy, year: int, language: str, tables: Tables) -> list[Entry]:
    """The occasions of a year that are the same for everybody, with the days on which rules open.

    An occasion of another year stands with them where rules open for it in this one.
    """
    found: dict[tuple[str, date], Opens] = {
        (occasion.id, day): {}
        for occasion in policy.occasions.values()
        for day in _dates(occasion.base, year, tables)
    }
    for occasion, day, opening, rule in _openings(policy, year, tables):
        if year in (day.year, opening.year):
            opens = found.setdefault((occasion, day), {})
            opens[opening] = tuple(dict.fromkeys([*opens.get(opening, ()), rule]))
    entries = [
        Entry(name, called(policy.occasions[name].titles, language, name), day, provisional(day), opens)
        for (name, day), opens in found.items()
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: (entry.day, entry.id))


def _dates(base: Base, year: int, tables: Tables) -> Iterable[date]:
    """The days of an occasion in a year; occasions of single records have none of their own."""
    if isinstance(base, PassedDates):
        return base.of_year(year)
    if isinstance(base, TableDates):
        days = (day_in(row, base.column) for row in tables.get(base.table, ()))
        return [day for day in days if day is not None and day.year == year]
    return dates_in(base, year) if isinstance(base, RULES) else ()


def _openings(policy: Policy, year: int, tables: Tables) -> Iterator[Opening]:
    """What opens for the occasions of a year, and in it, found by compiling the days."""
    rules = [each for each in policy.rules if each.moment and _has_dates(each.moment.occasion)]
    first, last = _span(policy, rules, year, tables)
    for step in range((last - first).days + 1):
        compiled = _rules_of(policy, first + timedelta(days=step), tables)
        for instance in (each for rule in rules for each in _instances(compiled, rule, year)):
            moment, opened = instance.rule.moment, instance.opened
            if moment and moment.occasion and opened and opened.occasion_day:
                day = compiled.folding.day
                yield moment.occasion.id, opened.occasion_day, day, instance.rule.id


def _rules_of(policy: Policy, day: date, tables: Tables) -> RulesOfDay:
    return RulesOfDay(Folding(policy, day, tables), tables)


def _has_dates(occasion: Occasion | None) -> bool:
    """True of occasions that are the same day for everybody."""
    return occasion is not None and isinstance(occasion.base, (*RULES, PassedDates, TableDates))


def _span(policy: Policy, rules: Iterable[Rule], year: int, tables: Tables) -> tuple[date, date]:
    """The first and last day on which rules open for occasions of the year, whatever figures hold."""
    ends = date(year, 1, 1), date(year, 12, 31)
    changes = {since for each in policy.parameters.values() for since, _ in each.values}
    known = [_rules_of(policy, day, tables) for day in changes | {*ends}]
    moved = [each for compiled in known for rule in rules for each in _lengths(compiled, rule)]
    landed = [each.opening(end) for each in moved for end in ends]
    days = [*ends, *(day for each in landed for day in (each.first, each.last))]
    since, until = policy.in_force
    return max(min(days), FIRST_DAY, since or FIRST_DAY), min(
        max(days), LAST_DAY, until or LAST_DAY
    )


def _lengths(compiled: RulesOfDay, rule: Rule) -> Iterator[Lengths]:
    """The periods of a rule's moment for each of its actions, as far as figures have a value."""
    for lead in {form.opens for form in rule.actions}:
        with suppress(PolicyError):
            yield from (way.lengths for way in compiled.periods.ways(rule, lead))


def _instances(compiled: RulesOfDay, rule: Rule, year: int) -> list[Instance]:
    """The rule as it opens on a day; outside the year, where a figure has no value, it does not."""
    try:
        return list(compiled.instances(rule))
    except PolicyError:
        if compiled.folding.day.year == year:
            raise
        return []


def provisional(day: date) -> bool:
    """True where the Observatory warns that the lunar date may move by a day."""
    try:
        return is_provisional(to_lunar(day))
    except ValueError:
        return False


def as_records(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries for machines."""
    return [
        {
            "id": entry.id, "title": entry.title, "date": entry.day.isoformat(),
            "provisional": entry.provisional,
            "opens": {day.isoformat(): list(rules) for day, rules in sorted(entry.opens.items())},
        }
        for entry in entries
    ]  # fmt: skip
