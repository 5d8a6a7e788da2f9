# SPDX-License-Identifier: Apache-2.0
"""Which rows of a handbook are carried by which parts of a policy, and shown by which cases."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from loyaltyrules.fact.declaration import Texts
from loyaltyrules.policy.model import Grounds, Policy
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Place, problem
from loyaltyrules.testing.cases import Case

HANDBOOK = "handbook.csv"
COLUMNS = ("row", "zh", "en", "left_out_zh", "left_out_en")


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of a handbook's list: what it says, and why it is left out where it is."""

    id: str
    texts: Texts = ()
    left_out: Texts = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the parts of the policy that name it, the cases that show it, its rules' first days."""

    statement: Statement
    parts: tuple[str, ...]
    cases: tuple[str, ...]
    acted: Mapping[str, date] = field(default_factory=dict)

    @property
    def accounted(self) -> bool:
        """True of a row that is carried and shown, or left out with a reason."""
        return bool(self.parts and self.cases) or bool(self.statement.left_out)


def read_handbook(policy: Path) -> list[Statement]:
    """The rows of the handbook, from `handbook.csv` beside the policy; empty where there is none.

    Raises:
        PolicyError: columns are missing (LR422), or a row stands twice (LR104).
    """
    file = (policy if policy.is_dir() else policy.parent) / HANDBOOK
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if lacking:
            place = Place(str(file), 1, 1)
            raise PolicyError([problem("LR422", place, columns=", ".join(lacking))])
        listed = [(rows.line_num, row) for row in rows]
    first: dict[str, int] = {}
    for line, row in listed:
        if first.setdefault(row["row"], line) != line:
            place = Place(str(file), line, 1)
            raise PolicyError([problem("LR104", place, name=row["row"], line=first[row["row"]])])
    return [_statement(row) for _, row in listed]


def _statement(row: Mapping[str, str]) -> Statement:
    texts = tuple((each, row[each]) for each in ("zh", "en") if row[each])
    left_out = tuple((each, why) for each in ("zh", "en") if (why := row[f"left_out_{each}"]))
    return Statement(row["row"], texts, left_out)


def coverage(
    policy: Policy,
    cases: Iterable[Case],
    handbook: Iterable[Statement] = (),
    acted: Mapping[str, date] | None = None,
) -> list[Row]:
    """Every row of the handbook, then every other that the policy or its cases name.

    Args:
        policy: The policy.
        cases: Its cases.
        handbook: The rows that there should be, in their order.
        acted: Rules that acted, each with the first day.
    """
    parts: dict[str, dict[str, None]] = {}
    shown: dict[str, dict[str, None]] = {}
    for name, grounds in _grounded(policy):
        for row in grounds.source:
            parts.setdefault(row, {})[name] = None
    for case in cases:
        for row in case.shape.source:
            shown.setdefault(row, {})[case.name] = None
    listed = {each.id: each for each in handbook}
    listed |= {each: Statement(each) for each in sorted({*parts, *shown} - set(listed))}
    return [
        Row(
            statement, tuple(parts.get(row, ())), tuple(shown.get(row, ())),
            {rule: acted[rule] for rule in parts.get(row, ()) if acted and rule in acted},
        )
        for row, statement in listed.items()
    ]  # fmt: skip


def _grounded(policy: Policy) -> Iterator[tuple[str, Grounds]]:
    for rule in policy.rules:
        yield rule.id, rule.grounds
        for form in rule.actions:
            yield rule.id, form.grounds
    for name, parameter in policy.parameters.items():
        yield f"parameters.{name}", parameter.grounds
    for facts in policy.derived.values():
        for name, derived in facts.items():
            yield name, derived.grounds
    for occasion in policy.occasions.values():
        yield f"occasions.{occasion.id}", occasion.grounds
    for name, template in policy.templates.items():
        yield f"templates.{name}", template.grounds
    for name, block in policy.blocks.items():
        yield f"blocks.{name}", block.grounds
    for sieve in policy.gate:
        yield sieve.id, sieve.grounds
    yield from policy.grounded
