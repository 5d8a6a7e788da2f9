# SPDX-License-Identifier: Apache-2.0
"""The figures in which two policies differ."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from loyaltyrules.expression.types import Value
from loyaltyrules.expression.written import shown
from loyaltyrules.policy.model import Parameter, Policy
from loyaltyrules.problem.language import called
from loyaltyrules.report.naming import value_name, word_name
from loyaltyrules.simulation.base.renamed import renamed

COLUMNS = ("name", "title", "old", "new", "source", "origin")


class Differing(NamedTuple):
    """A figure as both policies have it; one of them may lack it."""

    name: str
    old: Parameter | None
    new: Parameter | None

    @property
    def either(self) -> Parameter:
        found = self.new or self.old
        assert found is not None
        return found


def differing(old: Policy, new: Policy) -> Iterator[Differing]:
    """The figures that are not the same, by the name that they have now."""
    names = renamed(old.parameters, new.parameters)
    former = {now: was for was, now in names.items()}
    for name in sorted({*old.parameters, *new.parameters} - names.keys()):
        before, after = old.parameters.get(former.get(name, name)), new.parameters.get(name)
        if _said(before) != _said(after):
            yield Differing(name, before, after)


def on_day(each: Differing, day: date) -> tuple[Value | None, Value | None]:
    """What both say on a day."""
    return (
        each.old.on(day) if each.old else None,
        each.new.on(day) if each.new else None,
    )


def table(old: Policy, new: Policy, language: str) -> dict[str, list[str]]:
    """The differing figures as columns of texts: values by day, title, sources and origin."""
    found: dict[str, list[str]] = {name: [] for name in COLUMNS}
    for each in differing(old, new):
        ground = each.either.grounds
        row = (
            each.name, called(each.either.titles, language, each.name),
            written(old, each.old, language), written(new, each.new, language),
            "; ".join(ground.source), ground.origin,
        )  # fmt: skip
        for name, text in zip(COLUMNS, row, strict=True):
            found[name].append(text)
    return found


def written(policy: Policy, figure: Parameter | None, language: str) -> str:
    """The values of a figure with their days and unit."""
    dated = () if figure is None else figure.values
    return "; ".join(
        f"{valued(policy, figure, value, language)}{'' if since == date.min else f' ({since})'}"
        for since, value in dated
        if figure is not None
    )


def valued(policy: Policy, figure: Parameter, value: Any, language: str) -> str:
    """One value of a figure with its unit; a share as percent."""
    if figure.type.kind == "share" and isinstance(value, int | Decimal):
        return f"{shown(Decimal(value) * 100)}%"
    unit = word_name(policy, figure.type.unit or "", language) if figure.type.unit else ""
    said = value_name(policy, value, language)
    return f"{said} {unit}" if unit and value is not None else said


def _said(figure: Parameter | None) -> Mapping[str, object] | None:
    return None if figure is None else {"type": figure.type, "values": figure.values}
