# SPDX-License-Identifier: Apache-2.0
"""Policies made at random, valid by construction, over four subjects: facts, labels, rules, a gate."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import yaml
from hypothesis import strategies as st

from conformance import expressions as ex
from conformance.expressions import Draw, Fact, Scope, one_of

TIERS, STATUSES = ("A", "B", "C"), ("formal", "temporary", "visitor")
GIVEN: dict[str, tuple[Fact, ...]] = {
    "store": (
        Fact("grade", "word", ("flagship", "plain")), Fact("opened_on", "date"),
        Fact("reward", "number", unit="CNY"), Fact("brand", "text"),
    ),
    "customer": (
        Fact("tier", "word", TIERS), Fact("wanted", "word", TIERS), Fact("status", "word", STATUSES),
        Fact("积分", "whole"), Fact("visits", "whole"), Fact("amount", "number", unit="CNY"),
        Fact("before", "number", unit="CNY"), Fact("score", "number"), Fact("rate", "share"),
        Fact("consent", "yes/no"), Fact("member", "yes/no"), Fact("joined_on", "date"),
        Fact("left_on", "date"), Fact("born_on", "date"), Fact("seen_at", "datetime"),
        Fact("hobby", "text"), Fact("wish", "text"), Fact("phone", "text", personal=True),
        Fact("likes", "list"), Fact("wants", "list"),
    ),
    "purchase": (
        Fact("occurred_at", "datetime"), Fact("paid", "number", unit="CNY"), Fact("pieces", "whole"),
        Fact("returned", "yes/no"), Fact("called_on", "date"), Fact("brand", "text"),
        Fact("channel", "word", ("web", "till")),
    ),
    "item": (Fact("price", "number"), Fact("sort", "text"), Fact("sent_on", "date")),
}  # fmt: skip
PARENTS = {"customer": "store", "purchase": "customer", "item": "purchase"}
DEFAULTS = {
    "word": None, "whole": "0", "number": "100", "share": "20%", "yes/no": "yes",
    "date": "2020-02-29", "datetime": "2027-02-01T10:00", "text": "golf", "list": "golf;茶",
}  # fmt: skip
DAYS = [
    date(2027, 2, 5), date(2024, 2, 29), date(2027, 3, 1), date(2027, 12, 31), date(2028, 1, 1),
    date(1901, 3, 1), date(2099, 12, 31), date(2027, 2, 28), date(2026, 9, 24),
]  # fmt: skip
CHANNELS = ("sms", "phone", "email", "letter")
SCHEDULES = (
    "daily", "daily", "daily", "monday", "friday", "month_end", "quarter_end", "year_start",
)  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A policy while it is written: its sections, and the facts of each subject known so far."""

    draw: Draw
    on: date
    sections: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Scope] = field(default_factory=dict)
    derived: dict[str, Scope] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    occasions: list[str] = field(default_factory=list)

    def own(self, subject: str) -> Scope:
        """What a record says of itself."""
        return self.given[subject] + self.derived[subject]

    def below(self, subject: str) -> Scope:
        """What conditions of aggregates over a subject read: its own facts, those given of the parent."""
        parent = PARENTS.get(subject, "")
        return self.own(subject) + named(parent, self.given.get(parent, ()))

    def scope(self, subject: str) -> Scope:
        """What rules of a subject read: its own facts and those of all above it."""
        found, above = self.own(subject), PARENTS.get(subject, "")
        while above in self.given:
            known = self.given[above] if above == "store" else self.own(above)
            found, above = found + named(above, known), PARENTS.get(above, "")
        return found

    def put(self, section: str, name: str, value: Any) -> None:
        self.sections.setdefault(section, {})[name] = value

    def put_fact(self, subject: str, fact: Fact, said: dict[str, Any]) -> None:
        self.sections["facts"][subject][fact.name] = said
        self.derived[subject] = (*self.derived[subject], fact)

    def few(self, most: int) -> int:
        return int(self.draw(st.integers(0, most)))


def named(parent: str, facts: Scope) -> Scope:
    """Facts as children call them: `customer.tier`."""
    return tuple(replace(each, name=f"{parent}.{each.name}") for each in facts)


@st.composite
def policy_texts(draw: Draw) -> tuple[str, date, date | None]:
    """The text of a policy, a day for it, and where it is a span the day before its first."""
    on = one_of(draw, DAYS)
    draft = Draft(draw, on)
    _subjects(draft)
    for subject in ("item", "purchase", "customer", "store"):
        if subject in draft.given:
            _aggregates(draft, subject)
            _computed(draft, subject)
            _labels(draft, subject)
    _standings(draft)
    _occasions(draft)
    _words(draft)
    for subject in draft.given:
        _rules(draft, subject)
    _tables(draft)
    _workflow(draft)
    _gate(draft)
    head = {"format": "1", "policy": "made", "language": "en", "version": "7"}
    since = on - timedelta(days=draw(st.integers(2, 4))) if draw(st.integers(0, 4)) == 0 else None
    return written(head | draft.sections), on, since


@st.composite
def condition_texts(draw: Draw) -> tuple[str, date, None]:
    """The text of a policy of many rules, each with a condition over few facts, so that rows are alike."""
    on = one_of(draw, DAYS)
    draft = Draft(draw, on)
    facts = GIVEN["customer"]
    draft.given["customer"], draft.derived["customer"] = facts, ()
    draft.sections["facts"] = {"customer": {each.name: _declared(draft, each) for each in facts}}
    for number in range(14):
        scope = tuple(draw(st.lists(st.sampled_from(facts), min_size=1, max_size=2, unique=True)))
        if number % 2:  # one more of a kind that it can be compared with
            scope += tuple(each for each in facts if each.kind == scope[0].kind)[-2:]
        test = ex.condition(draw, scope, number % 3)
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


# ---- facts


def _subjects(draft: Draft) -> None:
    chosen = ["customer"]
    chosen += ["purchase"] if draft.few(2) else []
    chosen += ["item"] if "purchase" in chosen and not draft.few(2) else []
    chosen = ["store", *chosen] if draft.few(1) else chosen
    subjects: dict[str, Any] = {}
    for name in chosen:
        parent = PARENTS.get(name)
        subjects[name] = {"of": parent} if parent in chosen else {}
        _given(draft, name)
    draft.sections["subjects"] = subjects


def _given(draft: Draft, subject: str) -> None:
    pool = GIVEN[subject]
    least = min(len(pool), 4)
    facts = draft.draw(st.lists(st.sampled_from(pool), min_size=least, max_size=9, unique=True))
    draft.given[subject], draft.derived[subject] = tuple(facts), ()
    draft.sections.setdefault("facts", {})[subject] = {f.name: _declared(draft, f) for f in facts}


def _declared(draft: Draft, fact: Fact) -> dict[str, Any]:
    kind = {"CNY": "money"}.get(fact.unit, fact.kind)
    said: dict[str, Any] = {"type": list(fact.words) if fact.words else kind}
    if not draft.few(3):
        said["default"] = fact.words[-1] if fact.words else DEFAULTS[fact.kind]
    elif fact.kind in ("date", "datetime") and (fact.name == "born_on" or not draft.few(2)):
        said["absent"] = "unknown"
    if fact.personal:
        said["personal"] = "yes"
    return said


def _computed(draft: Draft, subject: str) -> None:
    for number in range(draft.few(3)):
        draw, scope = draft.draw, draft.own(subject)
        if subject == "customer" and not draft.few(3):
            scope = draft.scope(subject)
        kind = one_of(draw, ("yes/no", "number", "date", "text", "list"))
        name, unit = f"made_{number}", ""
        match kind:
            case "yes/no":
                said = ex.condition(draw, scope)
            case "number":
                said, unit = ex.number(draw, scope)
            case "date":
                said = ex.day(draw, scope)
            case "text":
                said = f'if({ex.condition(draw, scope, 1)}, "golf", "茶")'
            case _:
                facts = draw(
                    st.lists(st.sampled_from(draft.given[subject]), min_size=1, max_size=3)
                )
                said = f"lacking({', '.join(each.name for each in facts)})"
        personal = any(each.personal and each.name in said for each in scope)
        fact = Fact(name, kind, unit=unit, personal=personal and kind != "list")
        draft.put_fact(subject, fact, {"is": said})


def _aggregates(draft: Draft, subject: str) -> None:
    children = [name for name in draft.given if PARENTS.get(name) == subject]
    for number in range(draft.few(5) if children else 0):
        child = one_of(draft.draw, children)
        fact, said = _aggregate(draft, child, f"sum_{number}")
        if draft.few(1):
            said["where"] = ex.condition(draft.draw, draft.below(child), 1)
        if not draft.few(4) and not fact.personal:
            said["default"] = DEFAULTS[fact.kind]
        draft.put_fact(subject, fact, said)


def _aggregate(draft: Draft, child: str, name: str) -> tuple[Fact, dict[str, Any]]:
    draw, own = draft.draw, draft.own(child)
    choices = ["count", "any", "sum", "mean", "max", "min", "list"]
    choices += ["latest", "earliest"] if ex.of_kind(own, "date", "datetime") else []
    function = one_of(draw, choices)
    if function in ("count", "any"):
        return Fact(name, "whole" if function == "count" else "yes/no"), {function: child}
    if function in ("latest", "earliest"):
        fact = one_of(draw, ex.of_kind(own, "date", "datetime"))
        return replace(fact, name=name), {function: f"{child}.{fact.name}"}
    if function == "list":
        return _listed(draft, child, name)
    value, unit = ex.number(draw, own, 1)
    return Fact(name, "number", unit=unit), {function: f"{child}.{value}"}


def _listed(draft: Draft, child: str, name: str) -> tuple[Fact, dict[str, Any]]:
    facts = [Fact("id", "text"), *ex.of_kind(draft.own(child), "text", "word", "date", "list")]
    fact = one_of(draft.draw, facts)
    order = draft.draw(st.lists(st.sampled_from([f.name for f in draft.own(child)]), max_size=2))
    said: dict[str, Any] = {"list": f"{child}.{fact.name}"}
    said |= {"by": order} if order else {}
    said |= {"take": str(draft.few(3) + 1)} if draft.few(1) else {}
    return Fact(name, "list", personal=fact.personal), said


def _standings(draft: Draft) -> None:
    order = [f.name for f in ex.of_kind(draft.own("customer"), *ex.COUNTED)]
    groups = [f.name for f in ex.of_kind(draft.given["customer"], "text", "word")]
    for number in range(draft.few(2) if order else 0):
        by = draft.draw(st.lists(st.sampled_from(order), min_size=1, max_size=2, unique=True))
        kinds: list[tuple[str, dict[str, Any]]] = [
            ("whole", {"rank": by}), ("yes/no", {"top": "50%", "by": by}),
            ("whole", {"part": by[0], "parts": "3"}),
        ]  # fmt: skip
        kind, said = one_of(draft.draw, kinds)
        said |= {"within": one_of(draft.draw, groups)} if groups and draft.few(1) else {}
        said |= {"smallest": "2"} if not draft.few(2) else {}
        draft.put_fact("customer", Fact(f"place_{number}", kind), said)


def _labels(draft: Draft, subject: str) -> None:
    for number in range(draft.few(2)):
        name, draw, scope = f"{subject}_{number}", draft.draw, draft.own(subject)
        said: dict[str, Any] = {"for": subject, "values": ["high", "mid", "low"]}
        if draft.few(1):
            said["if"] = ex.condition(draw, scope, 1)
        if draft.few(1):
            said["cases"] = {
                "low": ex.condition(draw, scope, 1), "high": ex.condition(draw, scope, 1), "mid": "rest",
            }  # fmt: skip
        else:
            ways = {f"way_{n}": _way(draft, scope) for n in range(draft.few(1) + 1)}
            said |= {"ways": ways, "decide": one_of(draw, list(ways))}
        draft.put("labels", name, said)
        draft.derived[subject] += (Fact(name, "word", ("high", "mid", "low")),)
    if subject == "customer" and "tier" in {each.name for each in draft.given[subject]}:
        _standing(draft)


def _way(draft: Draft, scope: Scope) -> dict[str, Any]:
    words = ex.of_kind(scope, "word")
    counted = ex.of_kind(scope, *ex.COUNTED)
    match one_of(draft.draw, ("bands", "score", "map")):
        case "score" if counted:
            factor = one_of(draft.draw, counted)
            return {
                "score": "mean", "marks": {"much": "3", "some": "2", "none": "1"},
                "factors": {factor.name: {"much": "2000", "some": "100", "none": "rest"}},
                "high": "2.5", "mid": "2", "low": "rest",
            }  # fmt: skip
        case "map" if words:
            fact = one_of(draft.draw, words)
            return {"map": fact.name, "high": fact.words[0], "low": ", ".join(fact.words[1:])}
    return {
        "bands": ex.number(draft.draw, scope).text,
        "high": "2000",
        "mid": "99.9999",
        "low": "rest",
    }


def _standing(draft: Draft) -> None:
    """A label with a word on file, and moves of it."""
    if draft.few(1):
        return
    draw, scope = draft.draw, draft.own("customer")
    since = one_of(draw, [*(f.name for f in ex.of_kind(scope, "date")), "id"])
    moves = {
        "up": {"if": "proposed.class > tier", "to": "proposed.class"},
        "down": {"if": ex.condition(draw, scope, 1), "to": "lower(tier, 1)"},
    }
    extra = {"do": "task.move", "since": since, "approver": "store_manager"}
    bands = {"bands": ex.number(draw, scope).text, "A": "5000", "B": "100", "C": "rest"}
    said = {
        "for": "customer", "values": list(TIERS), "standing": "tier", "ways": {"points": bands},
        "moves": {name: each | extra for name, each in moves.items()},
    }  # fmt: skip
    draft.put("labels", "class", said)
    draft.derived["customer"] += (Fact("proposed.class", "word", TIERS),)


# ---- rules


def _occasions(draft: Draft) -> None:
    on = draft.on
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
        draft.put("occasions", name, pool[name])
        draft.occasions.append(name)
    if not draft.few(2):
        _launches(draft, near)


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
    texts = ex.of_kind(scope, "text")
    test = f"{one_of(draft.draw, texts).name} in launch.sorts" if texts else "yes"
    do = {"do": "task.launch", "value": "launch.text"}
    draft.put("rules", "launched", {"for": subject, "at": "launch", "if": test, "do": do})


def _words(draft: Draft) -> None:
    customers = [each.name for each in draft.given["customer"]]
    draft.put("words", "ring", {"kind": "call", "purpose": "care", "priority": "10"})
    draft.put("words", "greet", {
        "kind": "message.send", "channel": "sms", "template": "hello", "purpose": "care",
        "needs": draft.draw(st.lists(st.sampled_from(customers), max_size=2, unique=True)),
        "due": one_of(draft.draw, ("opening", "occasion")), "instead": "ask",
    })  # fmt: skip
    draft.put("words", "offer", {
        "kind": "message.send", "channel": "email", "template": "news", "purpose": "sale",
        "priority": "60", "opens": "1 day",
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


def _rules(draft: Draft, subject: str) -> None:
    for number in range(2 + draft.few(2) if subject == "customer" else draft.few(2)):
        scope, draw = draft.scope(subject), draft.draw
        said: dict[str, Any] = {"for": subject} | _moment(draft, subject)
        if draft.few(2):
            said["if"] = ex.condition(draw, scope)
        if not draft.few(5):
            said["unless"] = ex.condition(draw, scope, 1)
        said["do"] = _deeds(draft, subject, scope)
        if not draft.few(2):
            said["priority"] = str(draft.few(3) + 1)
        if not draft.few(2):
            said["within"] = one_of(draw, ("2 days", "24 hours", "1 month"))
            if "once_per" not in said and draft.few(1):
                said["late"] = "escalate store_manager"
        draft.put("rules", f"{subject}_rule_{number}", said)


def _moment(draft: Draft, subject: str) -> dict[str, Any]:
    draw, own = draft.draw, draft.own(subject)
    dates = [each.name for each in ex.of_kind(own, "date", "datetime") if "." not in each.name]
    periods = ("", "", "", "1 day after ", "3 days before ", "1 month after ", "2 days after ")
    period = one_of(draw, periods)
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
            return {"at": f"{period}{one_of(draw, SCHEDULES)}"}
        case "occasion":
            return {"at": f"{period}{one_of(draw, draft.occasions)}"}
        case "at":
            return {"at": f"{period}{one_of(draw, dates)}"}
    return {"from": f"{period}{one_of(draw, dates)}"}


def _deeds(draft: Draft, subject: str, scope: Scope) -> list[Any]:
    words = [*draft.words, *(["greet"] if subject == "customer" else [])]
    least = int(subject == "customer")
    found: list[Any] = draft.draw(
        st.lists(st.sampled_from(words), min_size=least, max_size=2, unique=True)
    )
    if "greet" in found and "ask" in found:
        found.remove("ask")
    for number in range(draft.few(1) + (not found)):
        deed: dict[str, Any] = {"do": f"task.t{number}"}
        deed |= {"value": ex.stated(draft.draw, scope)} if draft.few(3) else {}
        deed |= {"to": ex.stated(draft.draw, scope)} if not draft.few(3) else {}
        found.append(deed)
    return found


def _tables(draft: Draft) -> None:
    draw, scope = draft.draw, draft.own("customer")
    given = {each.name for each in draft.given["customer"]}
    words = [each for each in ex.of_kind(scope, "word") if "." not in each.name]
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


def _workflow(draft: Draft) -> None:
    known = {each.name for each in draft.given.get("purchase", ())}
    if not {"occurred_at", "called_on"} <= known or draft.few(1):
        return
    done = {"is": ex.condition(draft.draw, draft.given["purchase"], 1), "final": "yes"}
    called = {
        "until": "called_on", "do": "task.call_back", "role": "sales_guide", "within": "2 days",
        "late": "escalate store_manager", "next": "asked",
    }  # fmt: skip
    asked = {"do": "task.ask_again", "value": ex.stated(draft.draw, draft.own("purchase"))}
    states = {"done": done, "bought": called, "asked": {"do": [asked], "next": "done"}}
    said = {"for": "purchase", "begins": "occurred_at", "states": states}
    draft.put("workflows", "callback", said)


def _gate(draft: Draft) -> None:
    draw, scope, sieves = draft.draw, draft.given["customer"], list[dict[str, Any]]()
    for _ in range(1 + draft.few(3)):
        test = ex.condition(draw, scope, 1)
        pool: list[dict[str, Any]] = [
            {"hold": "no_consent", "which": f"purpose is not missing and ({test})"},
            {"hold": "held", "which": test, "unknown": "pass"},
            {"hold": "no_sms", "which": f"channel = sms and ({test})", "instead": "ask"},
            {"merge": ["channel", "purpose"]}, {"merge": ["due_on"], "which": "kind = call"},
            {"cap": "1", "which": "purpose is not missing"}, {"cap": "2"},
            {"approve": "area_supervisor", "which": f"kind = call and ({test})"},
        ]  # fmt: skip
        whole = ex.of_kind(scope, "whole")
        if whole:
            cap = {"cap": "3", "already": one_of(draw, whole).name}
            pool.append(cap | ({"unknown": "pass"} if draft.few(1) else {}))
        sieves.append(one_of(draw, pool))
    if sieves:
        draft.sections["gate"] = sieves
