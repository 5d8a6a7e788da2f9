# SPDX-License-Identifier: Apache-2.0
"""Texts that cannot be written for anybody, since a table or a column that they read is not there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from loyaltyrules.cli.notes import table_name
from loyaltyrules.cli.terminal import Terminal
from loyaltyrules.expression.tree import Node, references_in
from loyaltyrules.policy.model import Aggregate, Policy, Rank
from loyaltyrules.problem.language import mark
from loyaltyrules.report.summary import Counts

Missing = Mapping[str, Iterable[str]]  # by subject the facts that are lacking
Fact = tuple[str, str]
NO_TABLE = mark(
    "note: {count} texts of these actions cannot be written without a table of {subject}"
)
NO_COLUMN = mark(
    "note: {count} texts of these actions cannot be written without the column {name} of {subject}"
)


def lacking_texts(policy: Policy, counts: Counts, missing: Missing) -> dict[str, int]:
    """How many texts of actions lack a table (`store`) or a column (`store.name`).

    `counts` says of each template and kind of record how many actions there are.
    """
    found: Counter[str] = Counter()
    for (name, subject), count in counts.items():
        template = policy.templates.get(name)
        fields = template.fields.get(subject, {}) if template else {}
        for each in {*_lacks(policy, subject, fields.values(), missing)}:
            found[each] += count
    return dict(sorted(found.items()))


def _lacks(policy: Policy, subject: str, nodes: Iterable[Node], missing: Missing) -> Iterator[str]:
    open_ = [(each.owner or subject, each.name) for node in nodes for each in references_in(node)]
    seen: set[Fact] = set()
    while open_:
        fact = open_.pop()
        if fact not in seen:
            seen.add(fact)
            derived = policy.derived.get(fact[0], {}).get(fact[1])
            if derived is None:
                yield from _lacking(policy, *fact, missing)
            elif isinstance(derived.origin, Node):
                read = references_in(derived.origin)
                open_ += [(each.owner or fact[0], each.name) for each in read]
            elif not isinstance(derived.origin, Rank):
                yield from _uncounted(policy, derived.origin, missing)


def _lacking(policy: Policy, subject: str, name: str, missing: Missing) -> Iterator[str]:
    facts = {*missing.get(subject, ())}
    if _not_there(policy, subject, facts):
        yield subject
    elif name in facts:
        yield f"{subject}.{name}"


def _uncounted(policy: Policy, counted: Aggregate, missing: Missing) -> Iterator[str]:
    if counted.default is None and _not_there(
        policy, counted.over, {*missing.get(counted.over, ())}
    ):
        yield counted.over


def _not_there(policy: Policy, subject: str, facts: set[str]) -> bool:
    """True of a table that is not there at all: what lacks is what its rows are found by."""
    known = policy.vocabulary.subjects.get(subject)
    return known is not None and bool(facts & {"id", *known.links.values()})


def tell_lacking_texts(terminal: Terminal, policy: Policy, lacking: Mapping[str, int]) -> None:
    """Note how many texts cannot be written, and what they lack."""
    for what, count in lacking.items():
        name, _, column = what.partition(".")
        subject = table_name(policy, name, terminal.language)
        said = NO_COLUMN if column else NO_TABLE
        terminal.warn(terminal.say(said, count=count, subject=subject, name=column))
