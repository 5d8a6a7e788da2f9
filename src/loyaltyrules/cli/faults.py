# SPDX-License-Identifier: Apache-2.0
"""Faults of rows as they are told: those alike together, causes before what follows from them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from loyaltyrules.fact.declaration import Subject, parents_first
from loyaltyrules.fact.snapshot import shown
from loyaltyrules.frame.input.canonical import Fault
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import called, mark, say
from loyaltyrules.problem.problem import Problem
from loyaltyrules.problem.render import message, remedy, worded

ORPHAN, WORD = "LR415", "LR403"
FEW = 5  # different words in the place of a known one that are told one by one
VALUES, ROWS = 3, 10  # of one group that are shown
GROUPED = {
    "LR401": mark("{who} without an id"),
    "LR402": mark("{who}: {field} {values} is not {expected}"),
    WORD: mark("{who}: {field} {values} is none of {words}"),
    "LR404": mark("{who}: {field} {values} is no date"),
    "LR405": mark("{who}: {field} {values} has more than four decimals"),
    "LR406": mark("{who}: {field} {values} is too large"),
    "LR408": mark("{who}: the id {values} stands on several rows that differ"),
    ORPHAN: mark("{who}: {field} {values} names no {subject}"),
}
FOLLOWS = mark("{who}: the {subject} that {field} names was set aside for a fault told above")
MEND_FIRST = mark("Mend that fault of {subject} first; these rows then count again.")
IN_EXCEL, IN_TABLE = mark("rows in Excel: {rows}"), mark("rows: {rows}")
Subjects = Mapping[str, Subject]


@dataclass(frozen=True, slots=True)
class Group:
    """Faults of one kind in one field; those that follow from others come after them."""

    follows: bool
    faults: Sequence[Fault]

    @property
    def problem(self) -> Problem:
        return self.faults[0].problem


def excel_row(fault: Fault, sheets: frozenset[str]) -> int | None:
    """The row as a spreadsheet counts it, the heading being the first; None where there is none."""
    return fault.row + 1 if fault.row and fault.subject in sheets else None


def grouped(faults: Sequence[Fault], subjects: Subjects) -> list[Group]:
    """Faults that are alike, those of parents before those of their children, followers last."""
    aside = _set_aside(faults)
    apart = _told_apart(faults)
    groups: dict[tuple[Any, ...], list[Fault]] = {}
    for each in faults:
        field, value = _field(each.problem), _value(each)
        own = value if (each.subject, each.problem.code, field) in apart else ""
        key = (_follows(each, aside), each.subject, each.problem.code, field, own)
        groups.setdefault(key, []).append(each)
    order = parents_first(sorted({each.subject for each in faults}), subjects)
    found = [Group(key[0], own) for key, own in groups.items()]
    return sorted(
        found,
        key=lambda group: (
            group.follows, order.index(group.faults[0].subject), -len(group.faults),
            group.faults[0].row, group.problem.code,
        ),
    )  # fmt: skip


def _set_aside(faults: Sequence[Fault]) -> set[tuple[str, str]]:
    """The faulty records that others name as their parents, by kind and by id as it is shown."""
    orphans = (each.problem for each in faults if each.problem.code == ORPHAN)
    parents = {dict(each.details)["subject"] for each in orphans}
    return {(each.subject, shown(each.id)) for each in faults if each.subject in parents}


def _follows(fault: Fault, aside: set[tuple[str, str]]) -> bool:
    """True of a row whose parent is there, but was set aside itself."""
    if fault.problem.code != ORPHAN:
        return False
    details = dict(fault.problem.details)
    return (details["subject"], details["value"]) in aside


def _told_apart(faults: Iterable[Fault]) -> set[tuple[str, str, str]]:
    """The fields in which only a few different words stand in the place of a known one."""
    words: dict[tuple[str, str, str], set[str]] = {}
    for each in faults:
        if each.problem.code == WORD:
            key = each.subject, WORD, _field(each.problem)
            words.setdefault(key, set()).add(_value(each))
    return {key for key, values in words.items() if len(values) <= FEW}


def _field(problem: Problem) -> str:
    return dict(problem.details).get("field", "")


def _value(fault: Fault) -> str:
    value = dict(fault.problem.details).get("value")
    return shown(fault.id) if value is None else value


def sentence(group: Group, policy: Policy, language: str) -> str:
    """What is wrong with the rows of a group, and how many they are."""
    found, many = group.problem, len(group.faults) > 1
    if not group.follows and not (many and found.code in GROUPED):
        return message(found, language)
    said = FOLLOWS if group.follows else GROUPED[found.code]
    details = {name: worded(name, text, language) for name, text in found.details}
    if "subject" in details:
        details["subject"] = _title(policy, details["subject"], language)
    details |= {"who": _who(group, policy, language), "values": _values(group.faults)}
    return say(language, said, **details)


def _title(policy: Policy, subject: str, language: str) -> str:
    """What a kind of record is called among the words of a sentence."""
    known = policy.vocabulary.subjects.get(subject)
    return subject if language == "en" or known is None else called(known.titles, language, subject)


def _who(group: Group, policy: Policy, language: str) -> str:
    """`56 customers`."""
    subject = policy.vocabulary.subjects[group.faults[0].subject]
    name = subject.listed_as if language == "en" else called(subject.titles, language, subject.name)
    return say(language, "{count} {subject}", count=len(group.faults), subject=name or subject.name)


def _values(faults: Iterable[Fault]) -> str:
    """Some of the values, the most frequent first."""
    counted = Counter(map(_value, faults))
    listed = [repr(value) for value, _ in counted.most_common(VALUES)]
    return ", ".join([*listed, *(["…"] if len(counted) > VALUES else [])])


def mended(group: Group, policy: Policy, language: str) -> str:
    """How to mend the rows of a group."""
    if group.follows:
        subject = _title(policy, dict(group.problem.details)["subject"], language)
        return say(language, MEND_FIRST, subject=subject)
    return remedy(group.problem, language)


def rows_of(group: Group, sheets: frozenset[str], language: str) -> str:
    """Where the rows of a group stand; nothing where rows have no number."""
    in_excel = group.faults[0].subject in sheets
    rows = [excel_row(each, sheets) or each.row for each in group.faults]
    listed = [str(row) for row in rows[:ROWS] if row]
    if not listed or (len(rows) == 1 and not in_excel):
        return ""
    told = ", ".join([*listed, *(["…"] if len(rows) > ROWS else [])])
    return say(language, IN_EXCEL if in_excel else IN_TABLE, rows=told)


def remedies(faults: Sequence[Fault], policy: Policy, language: str) -> Iterator[str]:
    """How to mend each fault."""
    aside = _set_aside(faults)
    for each in faults:
        yield mended(Group(_follows(each, aside), [each]), policy, language)


def with_remedies(faults: pl.DataFrame, language: str) -> pl.DataFrame:
    """An engine's table of faults with how to mend each; its rows have no number in a spreadsheet."""
    how = [remedy(Problem(code), language) for code in faults["code"]]
    return faults.with_columns(
        pl.Series("remedy", how, pl.String), pl.lit(None, pl.Int64).alias("excel_row")
    )
