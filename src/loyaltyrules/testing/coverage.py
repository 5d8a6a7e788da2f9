# SPDX-License-Identifier: Apache-2.0
"""Which rows of the catalogue are carried by which parts of a policy, and shown by which cases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loyaltyrules.policy.model import Grounds, Policy
from loyaltyrules.testing.cases import Case


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the catalogue: the parts of the policy that name it, the cases that show it."""

    id: str
    parts: tuple[str, ...]
    cases: tuple[str, ...]


def coverage(policy: Policy, cases: Iterable[Case]) -> list[Row]:
    """Every row that the policy or its cases name, in the order of ids."""
    parts: dict[str, dict[str, None]] = {}
    shown: dict[str, dict[str, None]] = {}
    for name, grounds in _grounded(policy):
        for row in grounds.source:
            parts.setdefault(row, {})[name] = None
    for case in cases:
        for row in case.shape.source:
            shown.setdefault(row, {})[case.name] = None
    ids = sorted({*parts, *shown})
    return [Row(each, tuple(parts.get(each, ())), tuple(shown.get(each, ()))) for each in ids]


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
    for sieve in policy.gate:
        yield sieve.id, sieve.grounds
    yield from policy.musts
