# SPDX-License-Identifier: Apache-2.0
"""Changes of a policy as the lines of a file that extends it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeAlias

import yaml

from loyaltyrules.expression.written import shown
from loyaltyrules.fact.tolerance import meant
from loyaltyrules.policy.model import Parameter, Policy
from loyaltyrules.policy.reader.document import read_text
from loyaltyrules.policy.reader.files import written_out
from loyaltyrules.policy.reader.merging import FIGURES, OVERRIDDEN, REMOVED
from loyaltyrules.policy.reader.model import Document, Path
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import nearest, problem

FILE = "with_"  # where a change stands, as problems tell it
ALWAYS = date.min.isoformat()
WIDE = 10_000  # no line is broken
Changes: TypeAlias = Mapping[str | tuple[str, ...], Any]


def laid_over(policy: Policy, base: Document, changes: Changes) -> Document:
    """The document that says the changes.

    Raises:
        PolicyError: a name or path that the policy has not (LR510), or a value that no policy holds (LR511).
    """
    paths = [(path_of(policy, base, name), value) for name, value in changes.items()]
    data: dict[Any, Any] = {}
    for line, (path, value) in enumerate(sorted(paths, key=lambda each: len(each[0])), 1):
        into: Any = data
        for step in path[:-1]:
            into = into.setdefault(step, {}) if isinstance(into, dict) else None
        if not isinstance(into, dict) or path[-1] in into:
            name = ".".join(map(str, path))
            raise PolicyError([problem("LR104", None, name=name, line=line)])
        into[path[-1]] = _entry(policy, base, path, value)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=WIDE)
    return written_out(read_text(text, FILE))


def path_of(policy: Policy, base: Document, name: str | Sequence[str]) -> Path:
    """The path of what is changed: of a figure by its name or title, of any part by its steps.

    Raises:
        PolicyError: there is no such part (LR510).
    """
    figures = _figures(policy)
    if isinstance(name, str) and name in figures:
        return "parameters", figures[name]
    parts = name.split(".") if isinstance(name, str) else [*map(str, name)]
    sections: dict[str, Any] = dict.fromkeys((*OVERRIDDEN, *FIGURES), {})  # empty where it has none
    found, left, known = _steps({**sections, **base.data}, parts)
    if len(left) > 1 or len(found) + len(left) < 2 or known is None:
        near = nearest(left[0], known or ()) if left else ""
        meant = ".".join((*found, near, *left[1:])) if near else nearest(".".join(parts), figures)
        raise PolicyError([problem("LR510", None, name=".".join(parts), near=meant)])
    return (*found, *left)


def _figures(policy: Policy) -> dict[str, str]:
    """The figures by their names, and by titles that are those of one alone."""
    titled = Counter(t for each in policy.parameters.values() for t in {t for _, t in each.titles})
    by_title = {
        text: name
        for name, each in policy.parameters.items()
        for _, text in each.titles
        if titled[text] == 1
    }
    return {**by_title, **{name: name for name in policy.parameters}}


def _steps(data: Any, parts: list[str]) -> tuple[list[str], list[str], Mapping[str, Any] | None]:
    """A path step by step as far as there is one; what is left, and the names where it ends.

    Keys may hold dots.
    """
    steps: list[str] = []
    while parts and isinstance(data, dict):
        lengths = range(len(parts), 0, -1)
        key = next((k for n in lengths if (k := ".".join(parts[:n])) in data), None)
        if key is None:
            return steps, parts, data
        steps, data, parts = [*steps, key], data[key], parts[key.count(".") + 1 :]
    return steps, parts, data if isinstance(data, dict) or not parts else None


def _entry(policy: Policy, base: Document, steps: Path, value: Any) -> Any:
    """What is written at a path; figures may be given as values, or as values by day."""
    if len(steps) == 2 and steps[0] == "parameters" and steps[1] in policy.parameters:
        figure, there = policy.parameters[str(steps[1])], base.data["parameters"][steps[1]]
        if not isinstance(value, Mapping):
            return (
                {"value": _figure_text(figure, there, steps, value)}
                if value is not None
                else REMOVED
            )
        if dated := _dated(value):
            new = {day: _figure_text(figure, there, steps, each) for day, each in dated.items()}
            return {"values": dict(sorted({**_before(there), **new}.items()))}
    return _text(steps, value)


def _dated(value: Mapping[Any, Any]) -> dict[str, Any]:
    """Values by the day from which they count; empty where a key is no day."""
    found = {}
    for day, each in value.items():
        try:
            known = day if isinstance(day, date) else date.fromisoformat(str(day))
        except ValueError:
            return {}
        found[(known.date() if isinstance(known, datetime) else known).isoformat()] = each
    return found


def _before(there: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a figure has already: those by day stay, a single one counts from ever."""
    dated = there.get("values")
    return dict(dated) if isinstance(dated, dict) else {ALWAYS: there.get("value", "")}


def _figure_text(figure: Parameter, there: Mapping[str, Any], path: Path, value: Any) -> Any:
    """A value of a figure; a number is in the unit of the figure, that of a share a part of one."""
    text = _text(path, value)
    if (
        isinstance(value, bool)
        or not isinstance(value, Real | Decimal)
        or not isinstance(text, str)
    ):
        return text
    if figure.type.kind == "share":
        return f"{shown(Decimal(text) * 100)}%"
    return f"{text} {figure.type.unit}" if figure.type.unit and not there.get("unit") else text


def _text(path: Path, value: Any) -> Any:
    """A value as the reader gives it: texts, in lists and mappings."""
    match value:
        case None:
            return REMOVED
        case str():
            return value
        case Mapping():
            return {_key(path, key): _text((*path, str(key)), each) for key, each in value.items()}
        case list() | tuple():
            return [_text(path, each) for each in value]
        case bool() | Decimal() | date():
            return shown(value)
        case Integral():
            return str(int(value))
        case Real() if isfinite(value):
            return shown(meant(float(value)) or Decimal(str(float(value))))
    text = shown(value)
    if text == str(value):  # nothing that expressions know
        name = ".".join(map(str, path))
        raise PolicyError([problem("LR511", None, name=name, found=type(value).__name__)])
    return text


def _key(path: Path, key: Any) -> str:
    return shown(key) if isinstance(key, date | bool) else str(key)
