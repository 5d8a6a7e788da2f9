# SPDX-License-Identifier: Apache-2.0
"""Work as charts: by month and role, by kind, and the days over capacity."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from loyaltyrules.problem.language import mark
from loyaltyrules.simulation.shown.charts import Bar, Said, Work, bars, nothing, together, work
from loyaltyrules.simulation.working.work_told import Row, Told

MONTHS, KINDS = mark("Work by month and role"), mark("Work by kind")
OVER = mark("Days over capacity, by month and role")
NUMBER, DAYS = mark("How many actions"), mark("Days of stores")
MONTH, ROLE = mark("Month"), mark("Role")
OTHERS = mark("Other kinds ({count})")
NOTHING = mark("There is nothing to do on these days.")
OTHER_ROLES, ROLES = mark("Other roles ({count})"), 6  # that a column is made of
SHOWN = 12  # kinds that have a bar of their own


def chart(told: Told) -> Any:
    """All of it, one below the other."""
    if not told.whole["count"]:
        return nothing(told.titles.say(NOTHING))
    drawn = [by_month(told), by_kind(told)]
    return together([*drawn, *([over(told)] if told.over else [])])


def by_month(told: Told) -> Any:
    """How many actions are due in each month, by role; the role with most work stands below."""
    say = told.titles.say
    said = Said(say(MONTHS), say(MONTH), say(NUMBER), say(ROLE))
    return work(_columns(told, _counted(told.rows("month", "role"))), said)


def by_kind(told: Told) -> Any:
    """How many actions there are of each kind, most first; of many kinds the rest together."""
    rows = sorted(told.rows("kind"), key=lambda row: (-row["count"], row["kind"]))
    drawn = [Bar(told.kind(row["kind"]), "", row["count"]) for row in rows[:SHOWN]]
    if rest := rows[SHOWN:]:
        name = told.titles.say(OTHERS, count=len(rest))
        drawn.append(Bar(name, "", sum(row["count"] for row in rest)))
    return bars(drawn, Said(told.titles.say(KINDS), told.titles.say(NUMBER)))


def over(told: Told) -> Any:
    """On how many days of stores a role is asked for more than it can, by month."""
    say = told.titles.say
    found = Counter((str(row["day"])[:7], str(row["role"])) for row in told.over)
    return work(_columns(told, found), Said(say(OVER), say(MONTH), say(DAYS), say(ROLE)))


def _counted(rows: Iterable[Row]) -> Counter[tuple[str, str]]:
    return Counter({(row["month"] or "", row["role"] or ""): row["count"] for row in rows})


def _columns(told: Told, counts: Counter[tuple[str, str]]) -> list[Work]:
    """A part of a column for each month and role, the months in their order, most work first."""
    sums = Counter[str]()
    for (_, role), number in counts.items():
        sums[role] += number
    roles = sorted(sums, key=lambda role: (-sums[role], role))
    own = roles if len(roles) <= ROLES else roles[: ROLES - 1]
    rest, others = roles[len(own) :], told.titles.say(OTHER_ROLES, count=len(roles) - len(own))
    found = list[Work]()
    for month in told.months:
        found += [Work(told.month(month), told.role(role), counts[month, role]) for role in own]
        if rest:
            found.append(Work(told.month(month), others, sum(counts[month, r] for r in rest)))
    return found
