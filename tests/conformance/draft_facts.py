# SPDX-License-Identifier: Apache-2.0
"""Subjects, facts and labels of a policy made at random."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from conformance.conditions import condition
from conformance.drafts import GIVEN, PARENTS, TIERS, Draft, named
from conformance.values import COUNTED, Fact, Scope, day, of_kind, one_of
from conformance.values import number as figure
from loyaltyrules.expression.aggregates import AGGREGATES, AggregateFunction
from loyaltyrules.expression.types import WHOLE

DEFAULTS: dict[str, Any] = {
    "word": None, "whole": "0", "number": "100", "share": "20%", "yes/no": "yes",
    "date": "2020-02-29", "datetime": "2027-02-01T10:00", "text": "golf", "list": "golf;茶",
}  # fmt: skip


def write_subjects(draft: Draft) -> None:
    chosen = ["customer"]
    chosen += ["purchase"] if draft.few(2) else []
    chosen += ["item"] if "purchase" in chosen and not draft.few(2) else []
    chosen = ["store", *chosen] if draft.few(1) else chosen
    subjects: dict[str, Any] = {}
    for name in chosen:
        parent = PARENTS.get(name)
        subjects[name] = {"of": parent} if parent in chosen else {}
        if name == "purchase" and "store" in chosen and draft.few(2):
            subjects[name]["also"], draft.twice = "store", True
        _given(draft, name)
    draft.sections["subjects"] = subjects


def _given(draft: Draft, subject: str) -> None:
    pool = GIVEN[subject]
    least = min(len(pool), 4)
    facts = draft.draw(st.lists(st.sampled_from(pool), min_size=least, max_size=9, unique=True))
    draft.given[subject], draft.derived[subject] = tuple(facts), ()
    draft.sections.setdefault("facts", {})[subject] = {f.name: declared(draft, f) for f in facts}


def declared(draft: Draft, fact: Fact) -> dict[str, Any]:
    kind = {"CNY": "money"}.get(fact.unit, fact.kind)
    said: dict[str, Any] = {"type": list(fact.words) if fact.words else kind}
    if not draft.few(3):
        said["default"] = fact.words[-1] if fact.words else DEFAULTS[fact.kind]
        if fact.kind == "list" and not draft.few(1):
            said["default"] = []
    elif fact.kind in ("date", "datetime") and (fact.name == "born_on" or not draft.few(2)):
        said["absent"] = "unknown"
    if fact.personal:
        said["personal"] = "yes"
    return said


def write_computed(draft: Draft, subject: str) -> None:
    for number in range(draft.few(3)):
        draw, scope = draft.draw, draft.own(subject)
        if subject == "customer" and not draft.twice and not draft.few(3):
            scope = draft.scope(subject)
        kind = one_of(draw, ("yes/no", "number", "date", "text", "list"))
        name, unit = f"made_{number}", ""
        match kind:
            case "yes/no":
                said = condition(draw, scope)
            case "number":
                said, unit = figure(draw, scope)
            case "date":
                said = day(draw, scope)
            case "text":
                said = f'if({condition(draw, scope, 1)}, "golf", "茶")'
            case _:
                said = _list(draft, subject)
        personal = any(each.personal and each.name in said for each in scope)
        fact = Fact(name, kind, unit=unit, personal=personal and not said.startswith("lacking"))
        draft.put_fact(subject, fact, {"is": said})


def _list(draft: Draft, subject: str) -> str:
    """A list of gaps, of words by their conditions, or of what two lists have in common or not."""
    draw, own = draft.draw, draft.given[subject]
    facts = draw(st.lists(st.sampled_from(own), min_size=1, max_size=3))
    gaps = f"lacking({', '.join(each.name for each in facts)})"
    tests = [condition(draw, own, 1) for _ in range(2)]
    words = f'chosen("golf", {tests[0]}, "茶", {tests[1]})'
    lists = [gaps, words, *(each.name for each in of_kind(own, "list"))]
    one, other = one_of(draw, lists), one_of(draw, lists)
    made: str = one_of(draw, (gaps, words, f"without({one}, {other})", f"both({one}, {other})"))
    return made


COLUMNS = (
    Fact("word", "text"), Fact("least", "whole"), Fact("rate", "share"), Fact("open", "yes/no"),
    Fact("since", "date"), Fact("parts", "list"), Fact("at", "datetime"),
    Fact("class", "word", TIERS),
)  # fmt: skip
CELLS: dict[str, tuple[str, ...]] = {
    "word": ("golf", "茶", ""), "least": ("0", "3", "2000", ""), "rate": ("20%", "0.5"),
    "open": ("yes", "no", "yes", "yes", ""), "since": ("2024-02-29", "2027-02-05", "2020-01-01", ""),
    "parts": ("golf;茶", "x", "[]"), "at": ("2027-02-05T10:00", ""), "class": ("A", "C", "B"),
}  # fmt: skip


def write_lookups(draft: Draft, subject: str) -> None:
    """Facts looked up in a table that the policy brings."""
    draw = draft.draw
    for number in range(draft.few(2)):
        table = f"guide_{draft.few(1)}"
        if table not in draft.sections.get("reference", {}):
            kinds = {each.name: list(each.words) or each.kind for each in COLUMNS}
            rows = [_row(draft, n) for n in range(one_of(draw, (0, 1, 3, 5, 20)))]
            draft.put("reference", table, {"columns": kinds, **({"rows": rows} if rows else {})})
        column = one_of(draw, COLUMNS)
        scope = draft.own(subject) + named(table, COLUMNS)
        order = [f"{sign}{each.name}" for each in COLUMNS for sign in ("", "-")]
        said: dict[str, Any] = {
            "first": f"{table}.{column.name}",
            "where": condition(draw, scope, 1),
        }
        if draft.few(1):
            said["by"] = draw(st.lists(st.sampled_from(order), min_size=1, max_size=2))
        draft.put_fact(subject, replace(column, name=f"found_{number}"), said)


def _row(draft: Draft, number: int) -> dict[str, str]:
    cells = {name: one_of(draft.draw, values) for name, values in CELLS.items()}
    return {"id": f"g{number}", **{name: cell for name, cell in cells.items() if cell != "[]"}}


def write_chain(draft: Draft, subject: str) -> None:
    """A figure that is made of another, and so on: too long to be written out."""
    counted = [each for each in of_kind(draft.own(subject), *COUNTED) if not each.personal]
    if not counted or draft.few(3):
        return
    first = one_of(draft.draw, counted)
    link = one_of(draft.draw, ("(? + ?) / 2", "? + ? - ?", "if(? > 3, ?, ? - 1)", "max(?, 3) * 1"))
    for number in range(draft.few(9) + 3):
        before = f"link_{number - 1}" if number else first.name
        fact = Fact(f"link_{number}", "number", unit=first.unit)
        draft.put_fact(subject, fact, {"is": link.replace("?", before)})


def write_aggregates(draft: Draft, subject: str) -> None:
    children = [name for name in draft.given if PARENTS.get(name) == subject]
    children += ["purchase"] * 2 if draft.twice and subject == "store" else []
    for number in range(draft.few(5) if children else 0):
        child = one_of(draft.draw, children)
        fact, said = _aggregate(draft, child, f"sum_{number}")
        if draft.few(1):
            said["where"] = condition(draft.draw, draft.below_by(subject, child), 1)
        if not draft.few(4) and not fact.personal:
            said["default"] = DEFAULTS[fact.kind] or fact.words[-1]
        draft.put_fact(subject, fact, said)


def write_staged(draft: Draft) -> None:
    """What children know by what their parents derive, and what is counted by that in turn."""
    for child, parent in (
        ("item", "purchase"),
        ("purchase", "customer"),
        ("customer", "store"),
    ) * 2:
        if parent not in draft.given or child not in draft.given or draft.few(1):
            continue
        above = named(parent, draft.own(parent))
        if parent != "store" and draft.few(1):  # what waits for the parent
            said = condition(draft.draw, draft.own(child) + above, 1)
            personal = any(each.personal and each.name in said for each in draft.own(child) + above)
            name = f"waits_{len(draft.derived[child])}"
            draft.put_fact(child, Fact(name, "yes/no", personal=personal), {"is": said})
        fact, said_ = _aggregate(draft, child, f"staged_{len(draft.derived[parent])}")
        said_["where"] = condition(draft.draw, draft.own(child) + above, 1)
        draft.put_fact(parent, fact, said_)


def _aggregate(draft: Draft, child: str, name: str) -> tuple[Fact, dict[str, Any]]:
    draw, own = draft.draw, draft.own(child)
    function = one_of(draw, [key for key, each in AGGREGATES.items() if _possible(each, own)])
    aggregate = AGGREGATES[function]
    if not aggregate.takes:
        return Fact(name, aggregate.result(WHOLE).kind), {function: child}
    if aggregate.picks:
        return _picked(draft, child, name, function)
    if aggregate.texts:
        return _ordered(draft, child, name, function)
    dates = of_kind(own, *(aggregate.takes - {*COUNTED}))
    if {*COUNTED} <= aggregate.takes and (not dates or draft.few(2)):
        value, unit = figure(draw, own, 1)
        return Fact(name, "number", unit=unit), {function: f"{child}.{value}"}
    fact = one_of(draw, dates)
    return replace(fact, name=name), {function: f"{child}.{fact.name}"}


def _possible(aggregate: AggregateFunction, own: Scope) -> bool:
    """Numbers can always be written."""
    counted = not aggregate.takes or {*COUNTED} <= aggregate.takes
    return counted or bool(of_kind(own, *aggregate.takes))


def _ordered(draft: Draft, child: str, name: str, function: str) -> tuple[Fact, dict[str, Any]]:
    facts = [Fact("id", "text"), *of_kind(draft.own(child), "text", "word", "date", "list")]
    fact = one_of(draft.draw, facts)
    order = _order(draft, child, 0) if AGGREGATES[function].ordered else []
    said: dict[str, Any] = {function: f"{child}.{fact.name}"}
    said |= {"by": order} if order else {}
    said |= {"take": str(draft.few(3) + 1)} if AGGREGATES[function].cut and draft.few(1) else {}
    return Fact(name, "list", personal=fact.personal), said


def _picked(draft: Draft, child: str, name: str, function: str) -> tuple[Fact, dict[str, Any]]:
    fact = one_of(draft.draw, draft.own(child))
    said = {function: f"{child}.{fact.name}", "by": _order(draft, child, 1)}
    return replace(fact, name=name), said


def _order(draft: Draft, child: str, least: int) -> list[str]:
    """Facts to order by, some in falling order."""
    names = [f"{sign}{each.name}" for each in draft.own(child) for sign in ("", "-")]
    return draft.draw(st.lists(st.sampled_from(names), min_size=least, max_size=2))


def write_standings(draft: Draft) -> None:
    counted = of_kind(draft.own("customer"), *COUNTED)
    order = [f"{sign}{each.name}" for each in counted for sign in ("", "-")]
    groups = [f.name for f in of_kind(draft.given["customer"], "text", "word")]
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


def write_labels(draft: Draft, subject: str) -> None:
    for number in range(draft.few(2)):
        name, draw, scope = f"{subject}_{number}", draft.draw, draft.own(subject)
        said: dict[str, Any] = {"for": subject, "values": ["high", "mid", "low"]}
        if draft.few(1):
            said["if"] = condition(draw, scope, 1)
        if draft.few(1):
            said["cases"] = {
                "low": condition(draw, scope, 1), "high": condition(draw, scope, 1), "mid": "rest",
            }  # fmt: skip
        else:
            ways = {f"way_{n}": _way(draft, scope) for n in range(draft.few(1) + 1)}
            said |= {"ways": ways, "decide": one_of(draw, list(ways))}
        draft.put("labels", name, said)
        draft.derived[subject] += (Fact(name, "word", ("high", "mid", "low")),)
    if subject == "customer" and "tier" in {each.name for each in draft.given[subject]}:
        _standing(draft)


def _way(draft: Draft, scope: Scope) -> dict[str, Any]:
    words = of_kind(scope, "word")
    counted = of_kind(scope, *COUNTED)
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
        "bands": figure(draft.draw, scope).text,
        "high": "2000",
        "mid": "99.9999",
        "low": "rest",
    }


def _standing(draft: Draft) -> None:
    """A label with a word on file, and moves of it."""
    if draft.few(1):
        return
    draw, scope = draft.draw, draft.own("customer")
    since = one_of(draw, [*(f.name for f in of_kind(scope, "date")), "id"])
    moves = {
        "up": {"if": "proposed.class > tier", "to": "proposed.class"},
        "down": {"if": condition(draw, scope, 1), "to": "lower(tier, 1)"},
    }
    extra = {"do": "task.move", "since": since, "approver": "store_manager"}
    bands = {"bands": figure(draw, scope).text, "A": "5000", "B": "100", "C": "rest"}
    said = {
        "for": "customer", "values": list(TIERS), "standing": "tier", "ways": {"points": bands},
        "moves": {name: each | extra for name, each in moves.items()},
    }  # fmt: skip
    draft.put("labels", "class", said)
    draft.derived["customer"] += (Fact("proposed.class", "word", TIERS),)
