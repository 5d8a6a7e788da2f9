# SPDX-License-Identifier: Apache-2.0
"""Talking to a person at a terminal, or to a program at the end of a pipe."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from errno import EPIPE
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from loyaltyrules.problem.errors import LoyaltyRulesError, PolicyError
from loyaltyrules.problem.language import say
from loyaltyrules.problem.problem import Problem, problem
from loyaltyrules.problem.render import as_record, headline, remedy, render

FINE, FOUND, MISUSED, FAULTY_POLICY, FAULTY_DATA = range(5)
INTERRUPTED = 130
MISUSES = {
    "LR306", "LR307", "LR309", "LR412", "LR414", "LR416", "LR417", "LR418", "LR423", "LR427",
    "LR510", "LR511", "LR515", "LR530", "LR538",
}  # fmt: skip


BREAKS = str.maketrans(
    dict.fromkeys("\n\r\t\0\v\f\x85\u2028\u2029", " ")
)  # one line stays one line


class MisuseError(LoyaltyRulesError):
    """An option or argument that cannot be followed."""


class OutputError(LoyaltyRulesError):
    """Standard output takes no more; what is wrong is told elsewhere, in `.language`."""

    def __init__(self, language: str, why: str) -> None:
        name = say(language, "standard output")
        super().__init__([problem("LR100", None, file=name, why=why)])
        self.language = language


def code_of(error: LoyaltyRulesError) -> int:
    """The exit code of what went wrong: wrong use, a faulty policy or faulty data."""
    misused = all(each.code in MISUSES for each in error.problems)
    if isinstance(error, MisuseError) or misused:
        return MISUSED
    return FAULTY_POLICY if isinstance(error, PolicyError) else FAULTY_DATA


def _say_no_more(stream: TextIO) -> None:
    """Let what is said from now on go nowhere, also what is held back until the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def default_language() -> str:
    """Chinese where the environment says so, else English."""
    settings = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, settings), "").lower().startswith("zh") else "en"


class Terminal:
    """Where a verb writes: text or JSON, in one language; plain when it is piped."""

    def __init__(self, language: str, style: str) -> None:
        self.language, self.style = language, style
        self.out, self.err = Console(highlight=False), Console(stderr=True, highlight=False)

    def say(self, sentence: str, **details: object) -> str:
        return say(self.language, sentence, **details)

    def plain(self, sentence: str) -> str:
        """A sentence with its placeholders left open: `{name}`."""
        text = re.sub(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})", r"‹\1›", say(self.language, sentence))
        return text.replace("{{", "{").replace("}}", "}")

    def line(self, text: str = "") -> None:
        """One line to standard output, never wrapped or coloured by its content.

        Raises:
            OutputError: there is no room for it (LR100).
        """
        with self._outgoing():
            print(text, file=sys.stdout)  # noqa: T201

    def flush(self) -> None:
        """Have written what was said.

        Raises:
            OutputError: there is no room for it (LR100).
        """
        with self._outgoing():
            sys.stdout.flush()

    @contextmanager
    def _outgoing(self) -> Iterator[None]:
        """Whoever reads may stop reading; that there is no room is told."""
        try:
            yield
        except OSError as fault:
            if fault.errno != EPIPE:
                raise self.no_room(fault) from fault
            _say_no_more(sys.stdout)

    def no_room(self, fault: OSError) -> OutputError:
        """What is to be told where standard output takes no more; nothing is said there from now on."""
        _say_no_more(sys.stdout)
        return OutputError(self.language, fault.strerror or str(fault))

    def warn(self, text: str) -> None:
        """One line to standard error; where that takes nothing, nobody can be told."""
        try:
            print(text, file=sys.stderr, flush=True)  # noqa: T201
        except OSError:
            _say_no_more(sys.stderr)

    def json(self, value: Any) -> None:
        self.line(json.dumps(value, ensure_ascii=False, indent=2, default=str))

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table on a terminal; into a pipe lines with tabs, no cell cut."""
        texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
        if not self.out.is_terminal:
            for row in [headings, *texts]:
                self.line("\t".join(cell.translate(BREAKS) for cell in row))
            return
        table = Table(*headings, box=None, pad_edge=False, header_style="bold")
        for row in texts:
            table.add_row(*map(Text, row))
        self.out.print(table)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Problems framed for people, one a line into a pipe, as records for machines."""
        listed = list(problems)
        if self.style == "json":
            self.json({"problems": [as_record(each, self.language) for each in listed]})
            return
        for each in listed:
            if self.err.is_terminal:
                self.warn(render(each, self.language) + "\n")
            else:
                what, how = headline(each, self.language), remedy(each, self.language)
                told = self.say("{problem}. {remedy}", problem=what, remedy=how)
                self.warn(told.translate(BREAKS))

    @contextmanager
    def working(self, sentence: str) -> Iterator[Callable[[int, int], None]]:
        """Show on a terminal that something takes its time; what is yielded tells how far it is."""
        if not self.err.is_terminal:
            yield lambda done, of: None
            return
        with self.err.status(self.say(sentence)) as status:
            yield lambda done, of: status.update(f"{self.say(sentence)} {done}/{of}")
