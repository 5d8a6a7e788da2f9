# SPDX-License-Identifier: Apache-2.0
"""What a sweep was about, and its rows in the reader's words, for charts and pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from loyaltyrules.expression.written import shown
from loyaltyrules.policy.model import Label, Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem
from loyaltyrules.report.naming import value_name
from loyaltyrules.simulation.base.figures import valued
from loyaltyrules.simulation.base.measures import Actions, Spending
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.shown.titles import Titles, number_text

EVERY = "*"
OF_KINDS = mark("Number of actions: {kinds}")
VALUES, NOW = mark("{title}: {count} values from {first} to {last}"), mark("{told} (now: {now})")
LISTED, FEW = mark("{title}: {values}"), 6
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Swept:
    """The policy as it is, the day, the figures that were tried, as they were named, what was asked, and
    which combinations the policy forbids, with why."""

    policy: Policy
    on: date
    figures: tuple[str, ...]
    measures: tuple[Any, ...]
    refused: tuple[tuple[tuple[Any, ...], tuple[Problem, ...]], ...] = ()


@dataclass(frozen=True, eq=False)
class Told:
    """The rows of a sweep in one language."""

    about: Swept
    frame: Any
    language: str

    @cached_property
    def titles(self) -> Titles:
        return Titles(self.about.policy, self.language)

    @cached_property
    def rows(self) -> list[Row]:
        names, rows = cells(self.frame)
        return [dict(zip(names, row, strict=True)) for row in rows]

    @cached_property
    def labels(self) -> dict[str, list[Row]]:
        """The rows of words by label."""
        return _grouped(self.rows, "label")

    @cached_property
    def measures(self) -> dict[str, list[Row]]:
        """The other rows by what was measured."""
        return _grouped(self.rows, "measure")

    @cached_property
    def across(self) -> str:
        """The figure that charts go along: the first of several values that are numbers, else the first."""
        values = {name: [*dict.fromkeys(row[name] for row in self.rows)] for name in self.figures}
        numbers = (
            name
            for name, found in values.items()
            if len(found) > 1 and all(isinstance(each, int | float) for each in found)
        )
        return next(numbers, next((n for n, v in values.items() if len(v) > 1), self.figures[0]))

    @property
    def figures(self) -> tuple[str, ...]:
        return self.about.figures

    def label(self, name: str) -> Label:
        return next(each for each in self.about.policy.labels if each.name == name)

    def measure(self, name: str) -> str:
        """What is measured, in words."""
        known = (each for each in self.about.measures if name in _names(each))
        found = next(known, None)
        if isinstance(found, Spending):
            lacking = "no " if name.startswith("no ") else ""
            return self.titles.spending(f"{lacking}{found.what}", self._kinds(found.kinds))
        if not isinstance(found, Actions):
            return self.titles.say(name)
        if found.kinds == EVERY:
            return self.titles.say("Number of actions")
        return self.titles.say(OF_KINDS, kinds=self._kinds(found.kinds))

    def _kinds(self, kinds: str) -> str:
        """A kind by its title; a pattern as it was written."""
        return kinds if set(kinds) & set("*?[") else self.titles.kind(kinds)

    def axis(self, name: str) -> str:
        """A figure with its unit."""
        title, known = self.titles.figure(name), self.about.policy.parameters.get(name)
        unit = value_name(self.about.policy, known.type.unit, self.language) if known else ""
        return self.titles.say("{title} ({unit})", title=title, unit=unit) if unit else title

    def others(self, row: Row) -> str:
        """The values of the figures that the chart does not go along."""
        told = (
            f"{self.titles.figure(n)} = {tried(row[n])}" for n in self.figures if n != self.across
        )
        return self.titles.say(", ").join(told)

    def changes(self) -> Iterator[str]:
        """Which values were tried of which figure, and which one counts today."""
        for name in self.figures:
            values, title = (
                [*dict.fromkeys(row[name] for row in self.rows)],
                self.titles.figure(name),
            )
            ends = {"first": tried(values[0]), "last": tried(values[-1])} if values else {}
            if len(values) > FEW:
                told = self.titles.say(VALUES, title=title, count=len(values), **ends)
            else:
                listed = self.titles.say(", ").join(map(tried, values)) or "–"
                told = self.titles.say(LISTED, title=title, values=listed)
            yield self._with_today(told, name)

    def _with_today(self, told: str, name: str) -> str:
        policy = self.about.policy
        if name not in policy.parameters:
            return told
        figure = policy.parameters[name]
        now = valued(policy, figure, figure.on(self.about.on), self.language)
        return self.titles.say(NOW, told=told, now=now)


def _names(measure: object) -> tuple[str, ...]:
    """What a measure is called in rows, and what it leaves out."""
    name = getattr(measure, "name", "")
    return name, f"no {name}"


def tried(value: object) -> str:
    """A value that was tried, as it is read."""
    return number_text(value) if isinstance(value, int | float) else shown(value)


def _grouped(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.get(name):
            found.setdefault(str(row[name]), []).append(row)
    return found
