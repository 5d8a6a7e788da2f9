# SPDX-License-Identifier: Apache-2.0
"""One YAML file as plain data. Every scalar stays the text it is: no dates, no yes/no, no numbers."""

from collections.abc import Iterator
from typing import Any

import yaml

from loyaltyrules.policy.reader.model import Document, Path
from loyaltyrules.policy.reader.raw import BREAK, Quoting, quote_expressions
from loyaltyrules.policy.reader.traps import broken_yaml, odd_characters, refuse_signs, unprintable
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Place, Problem, problem

DEEPEST = 24
LARGEST = 3_000_000  # characters; ten thousand rules take about two million
LONGEST_LINE = 2000  # characters of a line that is shown with a problem
MOST_FAULTS = 200  # of one file; who has more mends these first
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text(text: str, file: str) -> Document:
    """Read the text of one YAML file.

    Raises:
        PolicyError: the text is no YAML, or YAML that policies do not use (LR10x), all faults told.
    """
    if len(text) > LARGEST:
        raise PolicyError([problem("LR107", Place(file, 1, 1), limit=LARGEST)])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line if len(line) <= LONGEST_LINE else "" for line in BREAK.split(text)]
    refuse_signs(text, file, lines)
    quoting = quote_expressions(text)
    building = _Building(file, lines, quoting)
    try:
        for event in yaml.parse(quoting.text, Loader=LOADER):
            building.take(event)
    except yaml.YAMLError as fault:
        raise PolicyError([broken_yaml(fault, file, lines, quoting)]) from fault
    faults = [*odd_characters(building.document, file, lines), *building.faults]
    if faults:
        raise PolicyError(faults[:MOST_FAULTS])
    return building.document


class _Building:
    """Builds a document from the events of the YAML parser, without recursion."""

    def __init__(self, file: str, lines: list[str], quoting: Quoting) -> None:
        self.file, self.lines, self.quoting = file, lines, quoting
        self.document = Document()
        self.faults: list[Problem] = []
        self.open: list[tuple[Any, Path]] = []  # containers being filled, and their paths
        self.key: list[str | None] = []  # the key waiting for its value, per container

    def take(self, event: yaml.Event) -> None:
        if len(self.faults) >= MOST_FAULTS:
            raise PolicyError(self.faults)
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._start(event, {})
            case yaml.SequenceStartEvent():
                self._start(event, [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.open.pop()
                self.key.pop()
            case yaml.AliasEvent():
                raise PolicyError([problem("LR105", self._place(event), name=event.anchor)])

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        place = self._place(event, event.value)
        sign = unprintable(event.value)
        if sign or event.tag:
            self.faults.append(problem("LR101", place, found=sign or event.tag))
        if self._awaits_key():
            self._set_key(event.value, place)
            return
        empty = event.implicit[0] and event.value in ("", "~", "null")
        self._put("" if empty else event.value, place)

    def _start(self, event: yaml.Event, container: Any) -> None:
        place = self._place(event)
        if len(self.open) >= DEEPEST:
            raise PolicyError([problem("LR106", place, deepest=DEEPEST)])
        if self._awaits_key():
            raise PolicyError([problem("LR103", place)])
        tag = getattr(event, "tag", None)
        if tag:
            self.faults.append(problem("LR101", place, found=tag))
        path = self._put(container, place)
        self.open.append((container, path))
        self.key.append(None)

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], dict) and self.key[-1] is None

    def _set_key(self, key: str, place: Place) -> None:
        container, path = self.open[-1]
        if key in container:
            first = self.document.keys[(*path, key)]
            self.faults.append(problem("LR104", place, name=key, line=first.line))
        self.document.keys[(*path, key)] = place
        self.key[-1] = key

    def _put(self, value: Any, place: Place) -> Path:
        if not self.open:
            if self.document.places:
                raise PolicyError([problem("LR101", place, found="---")])
            self.document.data = value
            self.document.places[()] = place
            return ()
        container, path = self.open[-1]
        if isinstance(container, dict):
            own = (*path, self.key[-1] or "")
            container[self.key[-1]] = value
            self.key[-1] = None
        else:
            own = (*path, len(container))
            container.append(value)
        self.document.places[own] = place
        return own

    def _place(self, event: yaml.Event, text: str = "") -> Place:
        """Where an event begins, as written; quotes and `|` of the author are left out."""
        mark: Any = event.start_mark
        line, column = mark.line, mark.column
        style = getattr(event, "style", None)
        column = self.quoting.written(line, column, style in ("'", '"'))
        if style in ("|", ">") and text.strip():
            line, column = self._first_line(line + 1)
        excerpt = self.lines[line] if line < len(self.lines) else ""
        room = len(excerpt) - column if excerpt else len(text)
        return Place(self.file, line + 1, column + 1, max(1, min(len(text), room)), excerpt)

    def _first_line(self, line: int) -> tuple[int, int]:
        while line < len(self.lines) - 1 and not self.lines[line].strip():
            line += 1
        return line, len(self.lines[line]) - len(self.lines[line].lstrip())


def scalars(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in plain data with its path."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from scalars(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from scalars(value, (*path, index))
    elif isinstance(data, str):
        yield path, data
