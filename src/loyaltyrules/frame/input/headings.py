# SPDX-License-Identifier: Apache-2.0
"""Columns that a table must have, and headings that say in words which columns they are."""

from collections.abc import Iterator, Mapping, Sequence
from unicodedata import normalize

from loyaltyrules.frame.input.required_facts import named, needing
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.problem import Problem, nearest, problem

IDENTITY = ("id", "编号", "编码", "代码", "号")  # what a heading of ids ends in


def lacking_id(plan: DayPlan, subject: str, columns: Sequence[str]) -> list[Problem]:
    """Records need an id, and child records that of their parent; customers may be without a store.

    Where it lacks, headings that are titles of facts are told with it (LR410, LR457).
    """
    declared = plan.policy.vocabulary.subjects[subject]
    name = declared.link if declared.link and subject != "customer" else "id"
    if name in columns or (declared.also and {*declared.links.values()} & {*columns}):
        return []
    facts = needing(plan, plan.policy.vocabulary.subjects)
    needed = [rule for (owner, _), rules in facts.items() if owner == subject for rule in rules]
    needed += [rule.id for rule in plan.policy.rules if rule.subject == subject]
    rules = named(list(dict.fromkeys(needed)))
    why = f"{subject} ({rules})" if rules else subject
    found = _meant_for(plan.policy, subject, name, columns)
    near = "" if found else nearest(name, columns)
    lacking = problem("LR410", None, name=name, why=why, near=near)
    return [lacking, *_meant(plan, subject, {found: name} if found else {}, columns)]


def _meant(
    plan: DayPlan, subject: str, ids: Mapping[str, str], columns: Sequence[str]
) -> Iterator[Problem]:
    """A problem for each heading that says a column in other words."""
    declared = plan.policy.vocabulary.declarations[subject]
    titles = {title: name for name, each in declared.items() for _, title in each.titles}
    for column in columns:
        name = ids.get(column) or titles.get(column.strip())
        if name is not None and name not in columns:
            yield problem("LR457", None, name=column, subject=subject, field=name)


def _meant_for(policy: Policy, subject: str, name: str, columns: Sequence[str]) -> str:
    """The heading under which the ids seem to stand: `ID`, `客户编号`, `会员号`."""
    same = [each for each in columns if normalize("NFKC", each).strip().casefold() == name]
    owner = policy.vocabulary.subjects[subject].parent if name != "id" else subject
    own, others = _calls(policy, owner or ""), _calls(policy, "")
    for each in policy.vocabulary.subjects:
        others |= _calls(policy, each)
    ids = [each for each in columns if _plain(each).endswith(IDENTITY)]
    about = [each for each in ids if _plain(each).startswith(tuple(own))]
    bare = [
        each for each in ids if name == "id" and not _plain(each).startswith(tuple(others - own))
    ]
    return next(iter([*same, *about, *sorted(bare, key=len)]), "")


def _calls(policy: Policy, subject: str) -> set[str]:
    """How a kind of record is called, in all languages."""
    known = policy.vocabulary.subjects.get(subject)
    return {_plain(each) for each in (subject, *(t for _, t in known.titles))} if known else set()


def _plain(heading: str) -> str:
    return normalize("NFKC", heading).strip().casefold()
