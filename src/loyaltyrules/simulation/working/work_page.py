# SPDX-License-Identifier: Apache-2.0
"""The work of a span as a page that somebody reads and prints."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from loyaltyrules.host import page
from loyaltyrules.problem.language import called, mark
from loyaltyrules.simulation.base.costs import COST, MINUTES
from loyaltyrules.simulation.shown import pages
from loyaltyrules.simulation.shown.charts.look import svg
from loyaltyrules.simulation.shown.titles import first_large, number_text
from loyaltyrules.simulation.working import work_charts as charts
from loyaltyrules.simulation.working.work_told import Row, Told

TITLE = mark("What there is to do: {title}")
SPAN, UPTO = mark("from {first} to {last}"), mark("from {first} to {last}, walked up to {day}")
COUNT, SPENT = mark("{count} actions."), mark("They cost {cost}.")
WORKED = mark("They take {hours} hours.")
NO_PRICE, NO_MINUTES = (
    mark("They cost {cost}; {count} of them have no price, and are not in the sum."),
    mark(
        "They take {hours} hours; of {count} of them no minutes are told, and they are not in the sum."
    ),
)
MANY = mark("{role}: on {count} days of {stores} stores there is more to do than is possible.")
ENOUGH = mark("On no day of a store there is more to do than is possible.")
UNASKED = mark("What roles can do in a day was not said.")
ASIDE = mark("{count} rows are set aside, and count nowhere.")
BY_MONTH, MONTHS = mark("Work by month"), mark("Number of actions by month and role")
TOTAL, KIND, ACTIONS = mark("Total"), mark("Kind"), mark("Actions")
MONEY, HOURS, LACKING = mark("Cost ({currency})"), mark("Hours"), mark("No price")
GIFTS, GIFT, OF_GIFTS = (
    mark("Cost by gift"),
    mark("Gift"),
    mark("What gifts cost with all work on them"),
)
BUSIEST, DAY, OF_DAYS = (
    mark("Busiest days"),
    mark("Day"),
    mark("The {count} days with most actions"),
)
OVER, STORE = mark("Days over capacity"), mark("Store")
OF_OVER = (
    STORE,
    mark("Role"),
    mark("Days"),
    mark("Most work in a day"),
    mark("Possible"),
    mark("Unit"),
)
UNITS = {"actions": mark("actions"), MINUTES: mark("minutes")}
POLICY = mark("Policy")
DAYS = 10  # of the busiest


def work_page(told: Told) -> str:
    """The page, in one language."""
    titles, policy = told.titles, told.work.policy
    whole = told.whole  # walks, if nobody walked before
    title = titles.say(TITLE, title=called(policy.titles, titles.language, policy.name))
    head = (page.head(title, _days(told)), page.points(_headline(told), "lead"))
    parts = (_by_month(told), _over(told), _by_kind(told), _by_gift(told), _busiest(told))
    foot = pages.foot([pages.identity(titles.say(POLICY), policy, titles), _days(told)])
    return page.page(title, titles.language, (*head, *(parts if whole["count"] else ()), foot))


def _days(told: Told) -> str:
    dates = told.work.plan.dates
    ends = {"first": dates[0], "last": dates[-1]}
    if told.upto is None:
        return told.titles.say(SPAN, **ends)
    return told.titles.say(UPTO, day=told.upto, **ends)


def _headline(told: Told) -> Iterator[str]:
    """How much there is to do, and where it is too much."""
    say, whole = told.titles.say, told.whole
    yield say(COUNT, count=number_text(whole["count"]))
    if told.says(COST):
        lacking, cost = told.lacking(COST), told.money(whole[COST])
        yield say(NO_PRICE if lacking else SPENT, cost=cost, count=number_text(lacking))
    if told.says(MINUTES):
        lacking, hours = told.lacking(MINUTES), told.hours(whole[MINUTES])
        yield say(NO_MINUTES if lacking else WORKED, hours=hours, count=number_text(lacking))
    stores = defaultdict[str, Counter[str]](Counter)
    for row in told.over:
        stores[str(row["role"])][str(row["store_id"])] += 1
    for role, days in sorted(stores.items()):
        counts = {"count": number_text(days.total()), "stores": number_text(len(days))}
        yield first_large(say(MANY, role=told.role(role), **counts))
    if not stores:
        yield say(ENOUGH if told.work.able else UNASKED)
    if told.work.faults:
        yield say(ASIDE, count=number_text(len({(e.subject, e.row) for e in told.work.faults})))


def _by_month(told: Told) -> str:
    """The chart, and a column for each role."""
    say, found = told.titles.say, Counter[tuple[str, str]]()
    for row in told.rows("month", "role"):
        found[row["month"] or "", row["role"] or ""] = row["count"]
    sums = Counter[str]()
    for (_, role), number in found.items():
        sums[role] += number
    roles = [role for role, _ in sums.most_common()]
    rows = [
        (told.month(month), *_numbers([found[month, role] for role in roles]))
        for month in told.months
    ]
    rows.append((say(TOTAL), *_numbers([sums[role] for role in roles])))
    heads = [say(charts.MONTH), *map(told.role, roles), say(TOTAL)]
    return page.section(
        page.heading(say(BY_MONTH)),
        page.figure(svg(charts.by_month(told)), say(charts.MONTHS)),
        page.table(say(MONTHS), heads, rows, "total many"),
    )


def _numbers(numbers: Sequence[int]) -> list[page.Cell]:
    """Numbers and their sum; what is nothing is left out."""
    return [*(pages.number(each or None) for each in numbers), pages.number(sum(numbers))]


def _by_kind(told: Told) -> str:
    say = told.titles.say
    rows = sorted(told.rows("kind"), key=lambda row: (-row["count"], row["kind"]))
    listed = [(told.kind(str(row["kind"])), *_spent(told, row)) for row in rows]
    lacking = told.without("kind")
    listed = [
        (*cells, *_no_price(told, lacking[str(row["kind"])]))
        for cells, row in zip(listed, rows, strict=True)
    ]
    heads = [say(KIND), *_heads(told), *([say(LACKING)] if told.says(COST) else [])]
    return page.section(
        page.heading(say(charts.KINDS)),
        page.figure(svg(charts.by_kind(told)), say(charts.KINDS)),
        page.table(say(charts.KINDS), heads, listed),
    )


def _no_price(told: Told, number: int) -> list[page.Cell]:
    return [pages.number(number or None)] if told.says(COST) else []


def _by_gift(told: Told) -> str:
    """What each gift costs, the dearest first."""
    if not told.says(COST):
        return ""
    say, lacking = told.titles.say, told.without("gift")
    rows = [row for row in told.rows("gift") if row["gift"]]
    rows.sort(key=lambda row: (-row[COST], str(row["gift"])))
    listed = [
        (
            told.gift(str(row["gift"])),
            *_spent(told, row),
            *_no_price(told, lacking[str(row["gift"])]),
        )
        for row in rows
    ]
    heads = [say(GIFT), *_heads(told), say(LACKING)]
    table = page.table(say(OF_GIFTS), heads, listed)
    return page.section(page.heading(say(GIFTS)), table) if table else ""


def _busiest(told: Told) -> str:
    say = told.titles.say
    rows = [row for row in told.rows("due_on") if row["due_on"] is not None]
    rows.sort(key=lambda row: (-row["count"], row["due_on"]))
    listed = [(str(row["due_on"])[:10], *_spent(told, row)) for row in rows[:DAYS]]
    caption = say(OF_DAYS, count=len(listed))
    table = page.table(caption, [say(DAY), *_heads(told)], listed)
    return page.section(page.heading(say(BUSIEST)), table) if table else ""


def _over(told: Told) -> str:
    """By store and role: how many days are too much, and the fullest of them."""
    say = told.titles.say
    if not told.over:
        return ""
    groups = defaultdict[tuple[str, str], list[Row]](list)
    for row in told.over:
        groups[str(row["store_id"]), str(row["role"])].append(row)
    rows = [_store(told, *key, own) for key, own in sorted(groups.items())]
    return page.section(
        page.heading(say(OVER)),
        page.figure(svg(charts.over(told)), say(charts.OVER)),
        page.table(say(OVER), [*map(say, OF_OVER)], rows),
    )


def _store(told: Told, store: str, role: str, rows: Sequence[Row]) -> tuple[page.Cell, ...]:
    most = max(rows, key=lambda row: row["wanted"])
    numbers = (len(rows), most["wanted"], most["possible"])
    unit = told.titles.say(UNITS[most["unit"]])
    return store, told.role(role), *map(pages.number, numbers), unit


def _heads(told: Told) -> list[str]:
    say = told.titles.say
    money = say(MONEY, currency=told.titles.currency)
    said = ((COST, money), (MINUTES, say(HOURS)))
    return [say(ACTIONS), *(text for what, text in said if told.says(what))]


def _spent(told: Told, row: Row) -> Iterable[page.Cell]:
    """How many, what they cost, and how many hours they take."""
    yield pages.number(row["count"])
    if told.says(COST):
        yield page.Number(told.amount(row[COST]) if row[COST] else "")
    if told.says(MINUTES):
        yield page.Number(told.hours(row[MINUTES]) if row[MINUTES] else "")
