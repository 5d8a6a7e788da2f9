# SPDX-License-Identifier: Apache-2.0
"""A failing case made small: what can be left out of policy and tables while it still fails the same way."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any

import yaml

from conformance.backends import Column, Columns
from conformance.cases import Case, loaded
from conformance.policies import written

Check = Callable[[Case], None]
SECONDS = 40  # of making a failing case small
KEPT = ("format", "policy", "language")


def failure(check: Check, case: Case) -> str:
    """How a case fails: the kind of the exception and the head of its message; empty when it does not."""
    try:
        loaded(case.text)
    except Exception:  # with something left out it may be no policy any more
        return ""
    try:
        check(case)
    except Exception as error:  # whatever the evaluation raises is a finding
        return f"{type(error).__name__} {str(error).splitlines()[:1]}"[:160]
    return ""


def smaller(check: Check, case: Case) -> Case:
    """The case with all left out that its failure does not need, as far as time allows."""
    wanted, until, changed = failure(check, case), monotonic() + SECONDS, True
    while changed:
        changed = False
        for candidate in _candidates(case):
            if monotonic() > until:
                return case
            if failure(check, candidate) == wanted:
                case, changed = candidate, True
                break
    return case


def _candidates(case: Case) -> Iterator[Case]:
    if case.since:
        yield replace(case, since=None)
    if case.stores:
        yield replace(case, stores=None)
    if case.ranked:
        yield replace(case, ranked=False)
    for tables in _fewer_tables(case.tables):
        yield replace(case, tables=tables)
    for text in _less_text(case.text):
        yield replace(case, text=text)


def _fewer_tables(tables: Mapping[str, Columns]) -> Iterator[dict[str, Columns]]:
    for name, table in tables.items():
        if len(tables) > 1:
            yield {n: each for n, each in tables.items() if n != name}
        for less in (*_fewer_rows(table), *_fewer_columns(table)):
            yield {**tables, name: less}


def _fewer_rows(table: Columns) -> Iterator[Columns]:
    count = len(next(iter(table.values())).values)
    spans = [(0, count // 2), (count // 2, count)] if count > 3 else []
    for start, end in [*spans, *((n, n + 1) for n in range(count))]:
        yield {
            name: Column(each.dtype, [*each.values[:start], *each.values[end:]])
            for name, each in table.items()
        }


def _fewer_columns(table: Columns) -> Iterator[Columns]:
    for name in table:
        if name != "id":
            yield {n: each for n, each in table.items() if n != name}


def _less_text(text: str) -> Iterator[str]:
    said = yaml.load(text, yaml.BaseLoader)
    for path in sorted(_paths(said), key=len):
        if path[0] not in KEPT:
            yield written(_changed(said, path, None))
    for path in _paths(said):
        value = _at(said, path)
        if isinstance(value, str):
            for part in dict.fromkeys(re.findall(r"\(([^()]+)\)|(.+?) (?:and|or) ", value)):
                yield from (written(_changed(said, path, each)) for each in part if each)


def _paths(said: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys = said if isinstance(said, dict) else range(len(said)) if isinstance(said, list) else ()
    for key in keys:
        yield (*above, key)
        yield from _paths(said[key], (*above, key))


def _at(said: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        said = said[key]
    return said


def _changed(said: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with the value at a path replaced, or taken out."""
    key, *rest = path
    new = dict(said) if isinstance(said, dict) else list(said)
    if rest:
        new[key] = _changed(said[key], tuple(rest), value)
    elif value is None:
        del new[key]
    else:
        new[key] = value
    return new
