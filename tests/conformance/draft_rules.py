# SPDX-License-Identifier: Apache-2.0
"""Occasions, words, rules, tables, a workflow and a gate of a policy made at random."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from conformance.conditions import condition, stated
from conformance.drafts import PARENTS, Draft, named
from conformance.values import Fact, Scope, of_kind, one_of
from loyaltyrules.calendar import SCHEDULES, WEEKDAYS

OFTEN = (*["daily"] * 20, *SCHEDULES)


def write_occasions(draft: Draft) -> None:
    on = draft.on
    _notices(draft)
    near = [on + timedelta(days=n) for n in (0, 1, 3)]
    pool: dict[str, dict[str, Any]] = {
        "today_s": {"solar": f"{near[0]:%m-%d}"}, "morrow": {"solar": f"{near[1]:%m-%d}", "opens": "1 day"},
        "third": {"solar": f"{near[2]:%m-%d}"}, "spring": {"lunar": "1/1", "opens": "1 day"},
        "moon": {"lunar": "8/15", "opens": "1 day"}, "fathers": {"nth": "third sunday of june"},
        "eve": {"year_end": "lunar"}, "tombs": {"term": "qingming"},
    }  # fmt: skip
    for fact in draft.given["customer"]:
        if fact.kind == "date":
            calendar = one_of(draft.draw, ("solar", "lunar"))
            pool[f"day_of_{fact.name}"] = {"anniversary": fact.name, "calendar": calendar}
    for name in draft.draw(st.lists(st.sampled_from(list(pool)), min_size=1, unique=True)):
        if "opens" in pool[name]:
            pool[name]["opens"] = period(draft, draft.own("customer"), pool[name]["opens"])
        draft.put("occasions", name, pool[name])
        draft.occasions.append(name)
    if not draft.few(2):
        _launches(draft, near)


def _notices(draft: Draft) -> None:
    """The official days off, of some years and not of others."""
    rows = [
        {"day": f"{draft.on.year}-01-01", "kind": "rest"},
        {"day": str(draft.on), "kind": "work"},
    ]
    columns = {"day": "date", "kind": ["rest", "work"]}
    shape = {"columns": columns, "rows": rows if draft.on.month % 2 else []}
    draft.put("reference", "rest_day", shape)


def _launches(draft: Draft, near: list[date]) -> None:
    """A table of the policy whose rows are occasions."""
    rows = [
        {"id": f"l/{n}", "begins_on": str(each), "sorts": "golf;茶", "text": "新品"}
        for n, each in enumerate(near[: draft.few(2) + 1])
    ]
    columns = {"id": "text", "begins_on": "date", "sorts": "list", "text": "text"}
    draft.put("reference", "launch", {"columns": columns, "rows": rows})
    draft.put("occasions", "launch", {"rows": "launch", "day": "begins_on", "opens": "1 day"})
    subject, scope = "customer", draft.scope("customer")
    texts = of_kind(scope, "text")
    test = f"{one_of(draft.draw, texts).name} in launch.sorts" if texts else "yes"
    do = {"do": "task.launch", "value": "launch.text"}
    draft.put("rules", "launched", {"for": subject, "at": "launch", "if": test, "do": do})


def write_words(draft: Draft) -> None:
    customers = [each.name for each in draft.given["customer"]]
    ring = {"kind": "call", "purpose": "care", "priority": "10"}
    draft.put("words", "ring", ring | ({"hours": "09:00-20:00"} if draft.few(1) else {}))
    draft.put("words", "greet", {
        "kind": "message.send", "channel": "sms", "template": "hello", "purpose": "care",
        "needs": draft.draw(st.lists(st.sampled_from(customers), max_size=2, unique=True)),
        "due": one_of(draft.draw, ("opening", "occasion")), "instead": "ask",
    })  # fmt: skip
    draft.put("words", "offer", {
        "kind": "message.send", "channel": "email", "template": "news", "purpose": "sale",
        "priority": "60", "opens": "1 day" if draft.few(2) else "2 workdays",
    })  # fmt: skip
    draft.put(
        "words", "present", {"kind": "gift.mail", "gift": "cake", "approver": "store_manager"}
    )
    draft.put("words", "ask", {"kind": "task.ask", "role": "sales_guide"})
    said = draft.draw(st.sampled_from([*customers, ""]))
    draft.put("templates", "hello", {"en": f"Hello {{{said}}}!" if said else "Hello!"})
    missing = {"missing": "later"} if not draft.few(3) else {"en": "News!"}
    draft.put("templates", "news", missing)
    draft.words += ["ring", "offer", "present", "ask"]
    if "way" in customers:
        draft.put("words", "reach", {
            "kind": "message.send", "channel": "way", "template": "to_{channel}", "purpose": "care",
            "instead": "ask", "hours": "08:30-12:00",
        })  # fmt: skip
        for way in ("sms", "email", "wechat"):
            draft.put("templates", f"to_{way}", {"en": "Hello!"})
        said = {"for": "customer", "once_per": one_of(draft.draw, ("way", "month")), "do": "reach"}
        draft.put("rules", "reached", said | _figures(draft, draft.scope("customer")))


def write_rules(draft: Draft, subject: str) -> None:
    for number in range(2 + draft.few(2) if subject == "customer" else draft.few(2)):
        scope, draw = draft.scope(subject), draft.draw
        said: dict[str, Any] = {"for": subject} | _moment(draft, subject)
        if draft.few(2):
            said["if"] = condition(draw, scope)
        if not draft.few(5):
            said["unless"] = condition(draw, scope, 1)
        said["do"] = _deeds(draft, subject, scope)
        if not draft.few(2):
            said["priority"] = str(draft.few(3) + 1)
        said |= _deadline(draft, subject, said)
        draft.put("rules", f"{subject}_rule_{number}", said)


def period(draft: Draft, scope: Scope, *plain: str) -> str:
    """A period: one of those that are the same for all, or one that goes by the record."""
    draw, workdays = draft.draw, ("1 workday", "3 workdays")
    if draft.few(2):
        return one_of(draw, plain)
    if draft.few(1):
        return one_of(draw, workdays)
    one, other = one_of(draw, (*plain, *workdays)), one_of(draw, (*plain, *workdays))
    return f"if({condition(draw, scope, 1)}, {one}, {other})"


def _deadline(draft: Draft, subject: str, said: dict[str, Any]) -> dict[str, Any]:
    """Until when it is to be done, and perhaps what is done when it is not."""
    scope, found = draft.scope(subject), dict[str, str]()
    dates = of_kind(scope, "date", "datetime")
    if not draft.few(2) and _counts_from_instant(draft, subject, said) and draft.few(1):
        exact = "90 minutes", "24 hours"
        test = condition(draft.draw, scope, 1)
        chosen = f"if({test}, {one_of(draft.draw, exact)}, 2 days)"
        found["within"] = one_of(draft.draw, (*exact, chosen))
    elif not draft.few(2):
        found["within"] = period(draft, scope, "2 days", "1 month")
    elif dates and not draft.few(3):
        by = one_of(draft.draw, [each.name for each in dates if not each.personal])
        found["by"] = by if draft.few(2) else f"{by} + 2 days"
    late = "once_per" not in said if "within" in found else _of_record(draft, said)
    if found and late and draft.few(1):
        found["late"] = "escalate store_manager"
    return found


def _of_record(draft: Draft, said: dict[str, Any]) -> bool:
    """True of a rule without a moment, or with one that is a day of the record."""
    at = str(said.get("at", "")).rpartition(" ")[2]
    return "at" not in said or at not in (*OFTEN, *draft.occasions, "month")


def write_each(draft: Draft) -> None:
    """Rules that are said for every row of a table, which has cells that are missing or is not there."""
    draw, subject = draft.draw, one_of(draft.draw, list(draft.given))
    if draft.few(2):
        return
    cells = {
        "least": ["0", "3", "100", ""],
        "brand": ["golf", "茶", ""],
        "grade": ["high", "low", ""],
    }
    rows = [
        {"id": f"t{n}/;"[: draft.few(2) + 2]}
        | {name: text for name, of in cells.items() if (text := one_of(draw, of))}
        for n in range(draft.few(3))
    ]
    columns = {"id": "text", "least": "whole", "brand": "text", "grade": ["high", "mid", "low"]}
    draft.put("reference", "topic", {"columns": columns, "rows": rows})
    counted = of_kind(draft.scope(subject), "whole", "number")
    texts = of_kind(draft.scope(subject), "text", "word")
    tests = [f"{each.name} > topic.least" for each in counted if not each.unit]
    tests += [f"{each.name} = topic.brand" for each in texts if each.kind == "text"]
    tests += ["topic.grade >= mid", "topic.least is not missing", "yes"]
    for number in range(draft.few(1) + 1):
        test = " or ".join([one_of(draw, tests), *([one_of(draw, tests)] if draft.few(1) else [])])
        said = {"for": subject, "each": "topic", "if": test} | _moment(draft, subject)
        if draft.few(1):
            said.pop("once_per", None)
        deed = {"do": f"task.e{number}", "value": one_of(draw, ("topic.brand", "topic.least * 2"))}
        draft.put("rules", f"each_{number}", said | {"do": [deed]})


def _moment(draft: Draft, subject: str) -> dict[str, Any]:
    draw, own = draft.draw, draft.own(subject)
    dates = [each.name for each in of_kind(own, "date", "datetime") if "." not in each.name]
    before, moment = "", one_of(draw, dates) if dates else ""
    if not draft.few(1):
        far = period(draft, draft.scope(subject), "1 day", "3 days", "1 month", "2 days")
        before = f"{far} {one_of(draw, ('before', 'after'))} "
    choices = ["while"] * 5 + ["schedule"]
    choices += ["occasion", "occasion"] if subject == "customer" else []
    choices += ["at", "at", "from"] if dates else []
    match one_of(draw, choices):
        case "while":
            names = [each.name for each in own if "." not in each.name and not each.personal]
            facts = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
            periods = draw(st.lists(st.sampled_from(("month", "week", "year")), max_size=1))
            return {"once_per": [*facts, *periods] or ["id"]}
        case "schedule":
            return {"at": f"{before}{one_of(draw, OFTEN)}"}
        case "occasion":
            return {"at": f"{before}{one_of(draw, draft.occasions)}"}
        case "at":
            return {"at": f"{_by_hours(draft, own, moment) or before}{moment}"}
    return {"from": f"{_by_hours(draft, own, moment) or before}{moment}"}


def _by_hours(draft: Draft, own: Scope, moment: str) -> str:
    """Hours from a moment that is an instant, now and then."""
    if moment not in {each.name for each in of_kind(own, "datetime")} or draft.few(2):
        return ""
    return str(one_of(draft.draw, ("90 minutes after ", "24 hours before ")))


def _counts_from_instant(draft: Draft, subject: str, said: dict[str, Any]) -> bool:
    at = str(said.get("at") or said.get("from"))
    known = at.split(" ")[-1] in {each.name for each in of_kind(draft.own(subject), "datetime")}
    return known and "workday" not in at


def _deeds(draft: Draft, subject: str, scope: Scope) -> list[Any]:
    words = [*draft.words, *(["greet"] if subject == "customer" else [])]
    known = subject != "store" and "reach" in draft.sections["words"]
    words += ["reach", "reach"] if known else []
    least = int(subject == "customer")
    found: list[Any] = draft.draw(
        st.lists(st.sampled_from(words), min_size=least, max_size=2, unique=True)
    )
    if {"greet", "reach"} & {*found} and "ask" in found:
        found.remove("ask")
    for number in range(draft.few(1) + (not found)):
        deed: dict[str, Any] = {"do": f"task.t{number}"}
        deed |= {"value": stated(draft.draw, scope)} if draft.few(3) else {}
        deed |= {"to": stated(draft.draw, scope)} if not draft.few(3) else {}
        deed |= _figures(draft, scope) if not draft.few(2) else {}
        people = [e.name for e in of_kind(scope, "text", "word", "whole") if not e.personal]
        deed |= {"assignee": one_of(draft.draw, people)} if people and not draft.few(2) else {}
        deed |= {"hours": "8:05-23:59"} if not draft.few(2) else {}
        found.append(deed)
    return found


def _figures(draft: Draft, scope: Scope) -> dict[str, dict[str, str]]:
    """Several figures under names, in no order of the alphabet."""
    names = draft.draw(st.permutations(("b", "a", "份额")))[: 1 + draft.few(2)]
    return {"figures": {name: stated(draft.draw, scope) for name in names}}


def write_changes(draft: Draft) -> None:
    """Facts that actions set or add to; the rules are there already."""
    for name, rule in draft.sections.get("rules", {}).items():
        for deed in rule["do"] if isinstance(rule["do"], list) else ():
            if isinstance(deed, dict) and draft.few(3):
                word = f"{name}_{deed['do'][len('task.') :]}"
                draft.put("words", word, {"kind": deed["do"], **_changes(draft, rule["for"])})
                deed["do"] = word


def _changes(draft: Draft, subject: str) -> dict[str, dict[str, str]]:
    targets = [each for each in draft.given[subject] if not each.personal]
    above = PARENTS.get(subject, "")
    while above in draft.given:
        targets += [each for each in named(above, draft.given[above]) if not each.personal]
        above = PARENTS.get(above, "")
    chosen = draft.draw(st.lists(st.sampled_from(targets), min_size=1, max_size=3, unique=True))
    found: dict[str, dict[str, str]] = {}
    for fact in chosen:
        alike = [each.name for each in draft.scope(subject) if _alike(each, fact)]
        alike += ["today"] if fact.kind == "date" else []
        adds = fact.kind in ("whole", "number") and draft.few(3)
        found.setdefault("adds" if adds else "sets", {})[fact.name] = one_of(draft.draw, alike)
    return found


def _alike(one: Fact, other: Fact) -> bool:
    kind = (one.kind, one.unit, one.words) == (other.kind, other.unit, other.words)
    return kind and not one.personal


def write_tables(draft: Draft) -> None:
    draw, scope = draft.draw, draft.own("customer")
    given = {each.name for each in draft.given["customer"]}
    words = [each for each in of_kind(scope, "word") if "." not in each.name]
    cells: list[Any] = ["none", "ring", "present", ["ring", "offer"]]
    pick = st.sampled_from(cells)
    if words and draft.few(1):
        fact = one_of(draw, words)
        names = draw(st.lists(st.sampled_from(draft.occasions), min_size=1, unique=True))
        rows = {name: {word: draw(pick) for word in fact.words} for name in names}
        draft.put(
            "tables", "feasts", {"for": "customer", "by": ["occasion", fact.name], "rows": rows}
        )
    if len(words) > 1 and not draft.few(2):
        one, other = words[0], words[-1]
        rows = {row: {word: draw(pick) for word in other.words} for row in one.words}
        said = {"for": "customer", "by": [one.name, other.name], "once_per": "month", "rows": rows}
        draft.put("tables", "crossed", said)
    dates = [name for name in ("joined_on", "left_on", "born_on") if name in given]
    if words and dates and not draft.few(2):
        fact = one_of(draw, words)
        rows = {word: one_of(draw, ("none", "3 days", "12 months")) for word in fact.words}
        said = {
            "for": "customer", "by": fact.name, "cells": "every", "since": one_of(draw, dates),
            "do": "task.check", "rows": rows,
        }  # fmt: skip
        draft.put("tables", "checks", said)


def write_workflow(draft: Draft) -> None:
    known = {each.name for each in draft.given.get("purchase", ())}
    if not {"occurred_at", "called_on"} <= known or draft.few(1):
        return
    done = {"is": condition(draft.draw, draft.given["purchase"], 1), "final": "yes"}
    called = {
        "until": "called_on", "do": "task.call_back", "role": "sales_guide", "within": "2 days",
        "late": "escalate store_manager", "next": "asked",
    }  # fmt: skip
    asked = {"do": "task.ask_again", "value": stated(draft.draw, draft.own("purchase"))}
    states = {"done": done, "bought": called, "asked": {"do": [asked], "next": "done"}}
    said = {"for": "purchase", "begins": "occurred_at", "states": states}
    draft.put("workflows", "callback", said)


def _days(draft: Draft) -> list[str]:
    """Days on which nothing is to be due, that of the draft often among them."""
    on = draft.on.weekday()
    near = ("rest day", WEEKDAYS[on], WEEKDAYS[(on + 1) % 7], WEEKDAYS[(on + 2) % 7])
    days = st.lists(st.sampled_from((*near, *WEEKDAYS)), min_size=1, max_size=4, unique=True)
    return list(draft.draw(days))


def _over_days(draft: Draft, test: str) -> Iterator[dict[str, Any]]:
    """Caps of longer periods, with a history where there are child records, and places kept of them."""
    period = one_of(draft.draw, ("day", "2 days", "30 days", "month"))
    yield {"cap": one_of(draft.draw, ("0", "1", "2", "none")), "per": period, "already": "0"}
    yield {
        "reserve": "1",
        "for": one_of(draft.draw, ("care", "sale")),
        "ahead": "3 days",
        "which": test,
    }
    dates = of_kind(draft.given.get("purchase", ()), "date", "datetime")
    if not dates:
        return
    history = {"history": f"purchase.{one_of(draft.draw, dates).name}", "per": period}
    yield {"cap": "2", **history, "which": test}
    if any(each.name == "channel" for each in draft.given["purchase"]):
        said = "channel is not missing and " if draft.few(1) else "channel is missing or "
        yield {"cap": "1", **history, "which": f"{said}({test})", "unknown": "pass"}


def write_gate(draft: Draft) -> None:
    draw, scope, sieves = draft.draw, draft.given["customer"], list[dict[str, Any]]()
    for _ in range(1 + draft.few(3)):
        test = condition(draw, scope, 1)
        pool: list[dict[str, Any]] = [
            {"hold": "no_consent", "which": f"purpose is not missing and ({test})"},
            {"hold": "held", "which": test, "unknown": "pass"},
            {"hold": "no_sms", "which": f"channel = sms and ({test})", "instead": "ask"},
            {"merge": ["channel", "purpose"]}, {"merge": ["due_on"], "which": "kind = call"},
            {"merge": ["channel", "purpose"], "across": one_of(draw, ("0 days", "1 day", "3 days"))},
            {"merge": ["kind"], "across": "2 days", "which": test},
            {"hold": "no_way", "which": test, "instead": "own"},
            {"cap": "1", "which": "purpose is not missing"}, {"cap": "2"},
            {"approve": "area_supervisor", "which": f"kind = call and ({test})"},
            {"move": "next", "unless": _days(draft), "which": test},
            {"move": "next", "unless": _days(draft), "unknown": "pass"},
        ]  # fmt: skip
        whole = of_kind(scope, "whole")
        if whole:
            cap = {"cap": "3", "already": one_of(draw, whole).name}
            pool.append(cap | ({"unknown": "pass"} if draft.few(1) else {}))
        pool += [*_over_days(draft, test)]
        sieves.append(one_of(draw, pool))
    if any("reserve" in each for each in sieves):
        sieves.append({"cap": "2", "per": "3 days", "already": "0"})
    if sieves:
        draft.sections["gate"] = sieves
