# SPDX-License-Identifier: Apache-2.0
"""A walk through history as a page that somebody reads and prints."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from loyaltyrules.host import page
from loyaltyrules.policy.model import Label
from loyaltyrules.problem.language import called, mark
from loyaltyrules.problem.render import message
from loyaltyrules.simulation.base.ordered import UNKNOWN, cells
from loyaltyrules.simulation.replaying import story_charts as charts
from loyaltyrules.simulation.replaying.story_told import Told
from loyaltyrules.simulation.shown import pages
from loyaltyrules.simulation.shown.charts.look import svg
from loyaltyrules.simulation.shown.titles import number_text, share_text

TITLE = mark("Policies walk through history: {title}")
WALKED = mark("{count} steps from {first} to {last}")
LEFT = mark("{told}; {left} more are not walked yet")
AT_END = mark("{label} on {day}, {policy}: {words}.")
OF_WORD, OF_WORDS = mark("{word} {count}"), mark("{word} {count} ({share})")
TURNING = mark("{policy}: {some} move up and down within 12 months ({label}).")
STEADY = mark("{policy}: nobody moves up and down within 12 months.")
COUNTS, DAY = mark("Number of {records} by word after each step"), mark("Day")
OTHERS, AT_LAST = mark("The other labels"), mark("Number by word on {day}")
LABEL, WORD, COLUMN = mark("Label"), mark("Word"), mark("{policy}: {word}")
OSCILLATING = mark("Who moves up and down")
OF_OSCILLATING = (mark("Policy"), LABEL, mark("Number"), mark("Ids"))
MORE = mark("{ids} and {count} more")
NOTES, NOTHING = mark("What to know beside this"), mark("Nobody was a customer on these days.")
SHOWN = 20  # ids of a policy and label that the page lists


def story_page(told: Told) -> str:
    """The page, in one language."""
    titles, policy = told.general, told.first
    title = titles.say(TITLE, title=called(policy.titles, titles.language, policy.name))
    parts = (
        page.head(title, _days(told)),
        page.points([*_at_end(told), *_turning(told)] or [titles.say(NOTHING)], "lead"),
        *(_label(told, each) for each in told.on_file),
        _others(told), _oscillating(told), _notes(told),
        pages.foot([*_identities(told), _days(told)]),
    )  # fmt: skip
    return page.page(title, titles.language, parts)


def _days(told: Told) -> str:
    """The steps that were walked, and how many were not."""
    days, say = told.days, told.general.say
    ends = {"first": days[0], "last": days[-1]} if days else {"first": "–", "last": "–"}
    walked = say(WALKED, count=len(days), **ends)
    return say(LEFT, told=walked, left=told.left) if told.left else walked


def _at_end(told: Told) -> Iterator[str]:
    """What each policy makes of everybody at the end."""
    for label in told.on_file:
        titles = told.titles(label)
        for policy in told.policies:
            if counts := _last(told, label, policy):
                known = sum(n for word, n in counts.items() if word != UNKNOWN)
                words = titles.say(", ").join(
                    titles.say(
                        OF_WORD if word == UNKNOWN else OF_WORDS, word=titles.word(word),
                        count=number_text(number), share=share_text(number, known),
                    )
                    for word, number in counts.items()
                )  # fmt: skip
                said = {"label": titles.label(label), "day": told.days[-1]}
                yield titles.say(AT_END, policy=told.name(policy), words=words, **said)


def _last(told: Told, label: Label, policy: str) -> Mapping[str, int]:
    """The counts of the last step; a word that nobody has and the label has not is left out."""
    day = told.days[-1] if told.days else None
    return {
        each.word: each.number
        for each in told.of_label(label)
        if each.on == day and each.policy == policy
    }


def _turning(told: Told) -> Iterator[str]:
    """How many move up and down, under each policy."""
    found = _ids(told)
    for policy in told.policies:
        own = {label: ids for (name, label), ids in found.items() if name == policy}
        for label, ids in own.items():
            said = {"policy": told.name(policy), "some": told.general.some(len(ids), "customer")}
            yield told.general.say(TURNING, label=_title(told, label), **said)
        if not own and told.days:
            yield told.general.say(STEADY, policy=told.name(policy))


def _ids(told: Told) -> dict[tuple[str, str], list[str]]:
    found = defaultdict[tuple[str, str], list[str]](list)
    for policy, identity, label, _ in cells(told.story.oscillating)[1]:
        found[str(policy), str(label)].append(str(identity))
    return found


def _title(told: Told, name: str) -> str:
    own = (told.titles(each).label(each) for each in told.labels if each.name == name)
    return next(own, name)


def _label(told: Told, label: Label) -> str:
    """The chart of a label, and its counts step by step."""
    titles = told.titles(label)
    by: dict[date, dict[tuple[str, str], int]] = {}
    for each in told.of_label(label):
        by.setdefault(each.on, {})[each.policy, each.word] = each.number
    columns = [*dict.fromkeys((p, w) for p in told.policies for w in (*label.words, UNKNOWN)
               if any((p, w) in counts for counts in by.values()))]  # fmt: skip
    rows: list[list[page.Cell]] = [
        [day.isoformat(), *(pages.number(counts.get(each)) for each in columns)]
        for day, counts in by.items()
    ]
    several = len(told.policies) > 1
    heads = [
        titles.say(COLUMN, policy=told.name(p), word=titles.word(w)) if several else titles.word(w)
        for p, w in columns
    ]
    records = titles.records(label.subject)
    return page.section(
        page.heading(titles.label(label)),
        page.figure(svg(charts.of_label(told, label)), charts.label_title(told, label)),
        page.table(titles.say(COUNTS, records=records), [titles.say(DAY), *heads], rows),
    )


def _others(told: Told) -> str:
    """The labels that are not on file, as the last step decided them."""
    say = told.general.say
    rows: list[list[page.Cell]] = []
    for label in told.labels:
        if label in told.on_file:
            continue
        own = {policy: _last(told, label, policy) for policy in told.policies}
        for word in dict.fromkeys(w for counts in own.values() for w in counts):
            numbers = (pages.number(counts.get(word)) for counts in own.values())
            titles = told.titles(label)
            if any(counts.get(word) for counts in own.values()):
                rows.append([titles.label(label), titles.word(word), *numbers])
    if not rows:
        return ""
    heads = [say(LABEL), say(WORD), *map(told.name, told.policies)]
    return page.section(
        page.heading(say(OTHERS)), page.table(say(AT_LAST, day=told.days[-1]), heads, rows)
    )


def _oscillating(told: Told) -> str:
    """Who moves up and down: ids, and of many the first."""
    say, found = told.general.say, _ids(told)
    if not found:
        return ""
    rows = [
        (told.name(policy), _title(told, label), pages.number(len(ids)), _listed(told, ids))
        for (policy, label), ids in found.items()
    ]
    heading = say(OSCILLATING)
    return page.section(
        page.heading(heading), page.table(heading, [*map(say, OF_OSCILLATING)], rows, "full")
    )


def _listed(told: Told, ids: list[str]) -> str:
    text = told.general.say(", ").join(ids[:SHOWN])
    more = len(ids) - SHOWN
    return told.general.say(MORE, ids=text, count=number_text(more)) if more > 0 else text


def _notes(told: Told) -> str:
    notes = [message(each, told.language) for each in told.story.notes]
    heading = page.heading(told.general.say(NOTES))
    return page.section(heading, page.points(notes)) if notes else ""


def _identities(told: Told) -> Iterator[str]:
    """The policies, so that each can be found again."""
    for name, policy in told.policies.items():
        yield pages.identity(told.name(name), policy, told.general)
