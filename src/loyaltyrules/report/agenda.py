# SPDX-License-Identifier: Apache-2.0
"""When the occasions of a year are, and on which days a policy acts on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from loyaltyrules.calendar import DateRule, dates_in, is_provisional, to_lunar
from loyaltyrules.calendar.festivals import FESTIVALS
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.rules import RulesOfDay
from loyaltyrules.policy.model import Base, Occasion, PassedDates, Policy
from loyaltyrules.problem.language import choose

RULES = get_args(DateRule)


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
    """The occasions of a policy in a year, with the days on which its rules open for them."""
    opening = _openings(policy, year, tables)
    found = []
    for occasion in policy.occasions.values():
        for day in _dates(occasion.base, year):
            title = choose(occasion.titles, language, occasion.id)
            opens = opening.get((occasion.id, day), {})
            found.append(Entry(occasion.id, title, day, provisional(day), opens))
    return sorted(found, key=lambda entry: (entry.day, entry.id))


def _dates(base: Base, year: int) -> tuple[date, ...]:
    """The days of an occasion in a year; occasions of single records have none of their own."""
    if isinstance(base, PassedDates):
        return tuple(base.of_year(year))
    return dates_in(base, year) if isinstance(base, RULES) else ()


def _openings(
    policy: Policy, year: int, tables: Tables
) -> dict[tuple[str, date], dict[date, tuple[str, ...]]]:
    """For every occasion's day the days on which rules open, found by compiling the days."""
    found: dict[tuple[str, date], dict[date, tuple[str, ...]]] = {}
    rules = [each for each in policy.rules if each.moment and _has_dates(each.moment.occasion)]
    first = date(year, 1, 1) - timedelta(days=31)
    for step in range(366 + 31):
        day = first + timedelta(days=step)
        compiled = RulesOfDay(Folding(policy, day), tables)
        for rule in rules:
            for instance in compiled.instances(rule):
                _note(found, day, instance)
    return found


def _has_dates(occasion: Occasion | None) -> bool:
    """True of occasions that are the same day for everybody."""
    return occasion is not None and isinstance(occasion.base, (*RULES, PassedDates))


def _note(
    found: dict[tuple[str, date], dict[date, tuple[str, ...]]], day: date, instance: Any
) -> None:
    moment = instance.rule.moment
    if moment is None or moment.occasion is None:
        return
    for occasion_day in dict.fromkeys(recipe.window_end for recipe in instance.recipes):
        days = found.setdefault((moment.occasion.id, occasion_day), {})
        days[day] = tuple(dict.fromkeys([*days.get(day, ()), instance.rule.id]))


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
