# SPDX-License-Identifier: Apache-2.0
"""What a person should know beside the result of a run, told at a length that can be read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from loyaltyrules.cli.terminal import Terminal
from loyaltyrules.fact.looks import looks_like_a_value
from loyaltyrules.frame.input.required_facts import named
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import called, mark
from loyaltyrules.problem.near import unread_near
from loyaltyrules.report.summary import facts_by_title

NAMES, RULES = 12, 10  # that are named; the report has them all
UNDECIDED = mark("note: {rule} was not decided for lack of {facts}")
NO_WORD = mark(
    "note: {rule} was not decided, as labels have no word, for lack of facts or of a case: {facts}"
)
NO_HEADING = mark(
    "note: the table of {subject} seems to have no heading: columns are named like values, left out here"
)


def table_name(policy: Policy, subject: str, language: str) -> str:
    """What a table is called: in Chinese by its title, with the name of its file behind it."""
    known = policy.vocabulary.subjects.get(subject)
    title = called(known.titles, language, subject) if known else subject
    if language == "en":
        return subject
    return f" {subject} " if title == subject else f"{title}（{subject}）"


def names_of_tables(policy: Policy, files: Mapping[str, Path], language: str) -> str:
    """Several tables as they are called, with their files."""
    names = ((table_name(policy, name, language), file.name) for name, file in files.items())
    return ", ".join(f"{name.strip()}: {file}" for name, file in names)


def unread_notes(
    terminal: Terminal, policy: Policy, ignored: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Columns that are not read: titles of facts one by one, others together."""
    for subject, names in ignored.items():
        titles = facts_by_title(policy, subject)
        table = table_name(policy, subject, terminal.language)
        for title in [name for name in names if name.strip() in titles]:
            yield terminal.say("note: {title} is the title of {name}: rename the column of {subject}",
                               title=title, name=names[title], subject=table)  # fmt: skip
        rest = [_with_near(*each) for each in names.items() if each[0].strip() not in titles]
        if rest:
            yield terminal.say("note: columns of {subject} that the policy does not read: {names}",
                               subject=table, names=_some(terminal, rest, NAMES))  # fmt: skip


def misnamed_columns(
    policy: Policy, tables: Mapping[str, pl.DataFrame]
) -> dict[str, dict[str, str]]:
    """The columns of tables that the policy does not read though it seems to be meant, each with the fact."""
    found = {}
    for subject, table in tables.items():
        declared = policy.vocabulary.declarations[subject]
        known, titles = {*declared, "id"}, facts_by_title(policy, subject)
        names = [n for n in table.columns if n not in known and not looks_like_a_value(n)]
        near = {name: unread_near(name, known, titles) for name in names}
        found[subject] = {name: each for name, each in near.items() if each}
    return found


def notes(terminal: Terminal, policy: Policy, figures: Mapping[str, Any]) -> Iterator[str]:
    """Columns that are not read, columns that are lacking, rules that were left undecided."""
    say, language = terminal.say, terminal.language
    for subject in figures["without_heading"]:
        yield say(NO_HEADING, subject=table_name(policy, subject, language))
    yield from unread_notes(terminal, policy, figures["ignored_columns"])
    for subject, names in figures["missing_columns"].items():
        if _is_not_there(policy, subject, figures):
            (rules,) = names.values()
            yield say("note: there is no table of {subject}, and rules need it: {names}",
                      subject=table_name(policy, subject, language), names=named(rules))  # fmt: skip
            continue
        lacking = [f"{name} ({named(rules)})" for name, rules in names.items()]
        yield say("note: columns that {subject} lacks, and rules that need them: {names}",
                  subject=table_name(policy, subject, language),
                  names=_some(terminal, lacking, NAMES))  # fmt: skip
    yield from _undecided(terminal, policy, figures["undecided"])


def _is_not_there(policy: Policy, subject: str, figures: Mapping[str, Any]) -> bool:
    """True of a table that is not there at all; all that is told of it is what its rows are found by."""
    found_by = {"id", *policy.vocabulary.subjects[subject].links.values()}
    return (
        subject not in figures["records"] and found_by >= figures["missing_columns"][subject].keys()
    )


def _undecided(
    terminal: Terminal, policy: Policy, rules: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    labels = {label.name for label in policy.labels}
    for rule, facts in list(rules.items())[:RULES]:
        known = {names: count for names, count in facts.items() if {*names.split(";")} <= labels}
        for said, some in ((UNDECIDED, facts.keys() - known.keys()), (NO_WORD, known)):
            lacking = [f"{names} ({count})" for names, count in facts.items() if names in some]
            if lacking:
                told = _some(terminal, lacking, NAMES)
                yield terminal.say(said, rule=rule, facts=told)
    if len(rules) > RULES:
        yield terminal.say("note: {count} more rules were not decided; --report has them all",
                           count=len(rules) - RULES)  # fmt: skip


def _with_near(name: str, near: str) -> str:
    return f"{name} ({near}?)" if near else name


def _some(terminal: Terminal, names: Sequence[str], most: int) -> str:
    listed: Iterable[str] = names[:most]
    more = len(names) - most
    tail = [terminal.say("… and {count} more", count=more)] if more > 0 else []
    return ", ".join([*listed, *tail])
