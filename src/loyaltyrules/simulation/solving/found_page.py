# SPDX-License-Identifier: Apache-2.0
"""What solve found as a page that somebody reads and prints; for all records, or by group."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loyaltyrules.host import page
from loyaltyrules.host.page import Number
from loyaltyrules.problem.language import called, mark
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.shown import pages
from loyaltyrules.simulation.shown.charts.look import svg
from loyaltyrules.simulation.shown.titles import Titles, change_text, first_large, number_text
from loyaltyrules.simulation.solving import found_charts as charts
from loyaltyrules.simulation.solving.grain import Grain
from loyaltyrules.simulation.solving.question import ASIDE, Question

if TYPE_CHECKING:
    from loyaltyrules.simulation.solving.found import Found, FoundBy

TITLE = mark("Which value of {figure}: {title}")
WANTED = mark("wanted: {measure} {sign} {bound}")
STEPS = mark("Steps around the value")
ALL_ALIKE = mark("Between the values of a row no record changes.")
SHARE, COUNT, CHANGE = mark("Share"), mark("Number"), mark("Change")
HERE, BESIDE, NOW = mark("found"), mark("beside it"), mark("now")
SPAN, UPTO, FROM = mark("{first} to {last}"), mark("up to {last}"), mark("from {first}")
GROUPS, GROUP = mark("Values by group"), mark("Group")
OF_GROUPS = (
    mark("Value"),
    SHARE,
    mark("Beside it"),
    mark("Share beside it"),
    mark("Ties"),
    mark("Why"),
)
REACH = mark("{count} groups: {figure} from {least} to {most}.")
ONE_VALUE = mark("{count} groups: {figure} always {least}.")
LACKING = mark("{count} groups have no value.")
POLICY = mark("Policy")
AROUND = 6  # steps that the table tells to each side


def found_page(found: "Found", language: str) -> str:
    """The page for all records, in one language."""
    asked, titles = found.question, Titles(found.question.policy, language)
    drawn = page.figure(svg(charts.chart(found, language)), charts.title(asked, titles))
    lines = [first_large(each) for each in str(found.explain(language)).split("\n")]
    return _page(
        asked, titles, [page.points(lines, "lead"), page.section(drawn, _steps(found, titles))]
    )


def _page(asked: Question, titles: Titles, parts: Sequence[str]) -> str:
    policy, language = asked.policy, titles.language
    named = called(policy.titles, language, policy.name)
    title = titles.say(TITLE, figure=asked.title(language), title=named)
    sign = charts.WRITTEN.get(asked.goal.sign, asked.goal.sign)
    told = {"measure": asked.measure(language), "sign": sign, "bound": asked.bound}
    head = page.head(title, titles.say(WANTED, **told))
    foot = pages.foot([pages.identity(titles.say(POLICY), policy, titles)])
    return page.page(title, language, [head, *parts, foot])


def _steps(found: "Found", titles: Titles) -> str:
    """Some steps to both sides of the value, or of what comes nearest."""
    asked, rows = found.question, [*_told(found)]
    at = found.next_value if found.value is None else found.value
    if at is None or not rows:
        return ""
    own = _step_at(asked, at)
    place = next((n for n, row in enumerate(rows) if row.last is None or row.last >= own), 0)
    near = range(max(0, place - AROUND), min(len(rows), place + AROUND + 1))
    today = charts.present(found)
    shown = [n for n, row in enumerate(rows)
             if n in near or (today and row.holds(_step_at(asked, today[0])))]  # fmt: skip
    listed = [rows[n].cells(asked, titles, _marks(found, rows[n], titles)) for n in shown]
    heads = [charts.axis(asked, titles), *map(titles.say, (SHARE, COUNT, CHANGE)), ""]
    return (
        page.heading(titles.say(STEPS)) + page.table(titles.say(ALL_ALIKE), heads, listed)
    )  # fmt: skip


class _Step:
    """The values, in steps of the figure, at which no record changes, and the share there."""

    def __init__(self, first: int | None, last: int | None, said: Sequence[Any]) -> None:
        self.first, self.last = first, last
        self.share, self.count, self.change = said

    def cells(self, asked: Question, titles: Titles, marks: str) -> list[page.Cell]:
        share = "" if self.share is None else f"{self.share * 100:.2f}%"
        change = Number("" if self.change is None else change_text(self.change))
        span = _span(asked, titles, self.first, self.last)
        return [Number(span), Number(share), Number(number_text(self.count)), change, marks]

    def holds(self, step: int) -> bool:
        return (self.first is None or self.first <= step) and (
            self.last is None or step <= self.last
        )


def _told(found: "Found") -> Iterator[_Step]:
    """The rows of the curve with the first and last value of each."""
    rows, first, before = cells(found.curve)[1], None, None
    for place, (value, share, count) in enumerate(rows):
        last = _step_of(found.question, value)
        behind = place == len(rows) - 1
        yield _Step(
            last if behind and first is not None else first, None if behind else last,
            (share, count, None if before is None else count - before),
        )  # fmt: skip
        first, before = last + 1, count


def _span(asked: Question, titles: Titles, first: int | None, last: int | None) -> str:
    grain = _grain(asked)
    texts = [
        "" if step is None else _valued(asked, grain.value(step), titles) for step in (first, last)
    ]
    if first == last:
        return texts[0]
    told = {"first": texts[0], "last": texts[1]}
    if first is None:
        return titles.say(UPTO, last=texts[1])
    return titles.say(FROM, first=texts[0]) if last is None else titles.say(SPAN, **told)


def _valued(asked: Question, value: Any, titles: Titles) -> str:
    """A value without its unit, which the head of the column has."""
    if isinstance(value, int | Decimal) and asked.figure.type.kind != "share":
        return number_text(value)
    return asked.valued(value, titles.language)


def _marks(found: "Found", row: _Step, titles: Titles) -> str:
    """What is told of a row: found, beside it, now."""
    today = charts.present(found)
    known = (
        (HERE, found.value), (BESIDE, found.next_value), (NOW, today[0] if today else None)
    )  # fmt: skip
    asked = found.question
    said = (titles.say(word) for word, value in known
            if value is not None and row.holds(_step_at(asked, value)))  # fmt: skip
    return titles.say(", ").join(said)


def _grain(asked: Question) -> Grain:
    grain = Grain.of(asked.figure)
    assert grain is not None  # the question was checked
    return grain


def _step_at(asked: Question, value: Any) -> int:
    return _grain(asked).step(value)


def _step_of(asked: Question, cell: Any) -> int:
    """The step of a value as frames hold it."""
    if isinstance(cell, date):
        return cell.toordinal()
    if isinstance(cell, str):
        return int(cell.split(" ")[0])
    return _grain(asked).step(Decimal(str(cell)))


# ---- by group


def by_group_page(found: "FoundBy", language: str) -> str:
    """The page with a row for each group, in one language."""
    asked = found.question
    titles = Titles(asked.policy, language)
    drawn = page.figure(svg(charts.by_group(found, language)), charts.group_title(found, titles))
    rows = [_group(group, each, titles) for group, each in found.founds]
    heads = [titles.say(each) for each in (GROUP, *OF_GROUPS)]
    table = page.table(titles.say(GROUPS), heads, rows, "full")
    lead = page.points(_reach(found, titles), "lead")
    return _page(asked, titles, [lead, page.section(drawn, table)])


def _reach(found: "FoundBy", titles: Titles) -> Iterator[str]:
    asked = found.question
    known = [each.value for _, each in found.founds if each.value is not None]
    if known:
        steps = sorted(known, key=lambda value: _step_at(asked, value))
        least, most = (asked.valued(each, titles.language) for each in (steps[0], steps[-1]))
        told = {"figure": asked.title(titles.language), "count": number_text(len(known))}
        yield titles.say(ONE_VALUE if least == most else REACH, least=least, most=most, **told)
    if lacking := len(found.founds) - len(known):
        yield titles.say(LACKING, count=number_text(lacking))
    if found.set_aside:
        yield first_large(titles.say(ASIDE, count=found.set_aside))


def _group(group: Any, each: "Found", titles: Titles) -> list[page.Cell]:
    asked = each.question

    def value(found: Any) -> Number:
        return Number("" if found is None else asked.valued(found, titles.language))

    def share(part: float | None, count: int | None) -> Number:
        return Number("" if count is None else asked.shown(part, count))

    why = [part for part in each.whys(titles.language) if part]
    return [
        charts.group_text(group, titles),
        value(each.value), share(each.share, each.count),
        value(each.next_value), share(each.next_share, each.next_count),
        pages.number(each.ties), "; ".join(why),
    ]  # fmt: skip
