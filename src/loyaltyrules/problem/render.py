# SPDX-License-Identifier: Apache-2.0
"""Problems as text: framed for people, one line for pipes, records for machines."""

from unicodedata import east_asian_width

from loyaltyrules.host.text import visible
from loyaltyrules.problem.codes import CODES
from loyaltyrules.problem.language import mark, say
from loyaltyrules.problem.problem import Place, Problem

NO_SPAN = mark("no two times of the day with `-` between")
NO_CLOCK = mark("a day has the hours 0 to 23, an hour the minutes 00 to 59")
NOT_BEFORE = mark("the first time is not before the second")
WHYS = (NO_SPAN, NO_CLOCK, NOT_BEFORE, *map(mark, (
    "not found", "no such folder", "a folder", "given twice",
    "more cells than in the heading", "fewer cells than in the heading", "no CSV", "no JSON record",
    "No such file or directory", "Permission denied", "Is a directory", "Not a directory",
    "File name too long", "No space left on device", "Read-only file system", "embedded null byte",
    "Too many levels of symbolic links", "Input/output error", "Disk quota exceeded",
    "a device or a pipe", "it is an input of this command", "a name stands twice in one record",
    "half of a sign, which no text can hold", "UTF-16", "neither UTF-8 nor GB18030",
    "most lines are UTF-8, this one is not", "GB18030 (GBK)",
    "a share of a whole lies between 0% and 100%, and is written like 20%", "a weight is never below zero",
    "what work costs is never below zero", "this is its own name", "something is still called so",
    "something else was called so too",
    "a target of zero or below is always reached", "more than the whole", "below zero",
    "no time at all", "nothing can be divided by it", "the old policy", "the new policy",
)))  # fmt: skip
SEPARATORS = {
    "\t": mark("tabs"), ";": mark("semicolons"), "|": mark("vertical bars"),
    "，": mark("full-width commas"), "；": mark("full-width semicolons"),
}  # fmt: skip
PARSER = tuple(map(mark, (
    "mapping values are not allowed in this context", "did not find expected key",
    "did not find expected '-' indicator", "did not find expected ',' or '}'",
    "did not find expected ',' or ']'", "found unexpected end of stream",
    "could not find expected ':'", "found character that cannot start any token",
    "block sequence entries are not allowed in this context",
    "did not find expected node content", "found unexpected ':'",
    "found unexpected document indicator", "found duplicate anchor",
)))  # fmt: skip
SHAPES = tuple(map(mark, (
    "a mapping", "text", "yes / no", "a whole number", "a list", "a name of letters, digits, _ . -",
    "a period, such as 90 days", "a list with items",
)))  # fmt: skip
TYPES = {
    "text": mark("a text"), "whole": mark("a whole number"), "number": mark("a number"),
    "share": mark("a share"), "yes/no": mark("yes or no"), "date": mark("a date"),
    "datetime": mark("a date with time"), "period": mark("a period"), "list": mark("a list"),
}  # fmt: skip

WRITE = {
    "yes/no": mark("a condition, such as `points >= 2000`"),
    "period": mark(
        "a period: a whole number of days, weeks, months or years, such as `3 days`, of an instant also of "
        "hours or minutes, or such a parameter"
    ),
    "list": mark("a list: words in brackets, such as `[A, B]`, or the name of one"),
    "": mark("a name or a value of this type and unit"),
}  # fmt: skip

BY_TYPE = {  # remedies that go by the type of what is needed
    ("LR402", "yes/no"): mark("Write yes or no (是, 否, true, false, 1, 0 are read too), or leave it empty."),
    ("LR402", "text"): mark("Write one text, or leave it empty."),
    ("LR402", "list"): mark("Write the items with semicolons between, or leave it empty."),
}  # fmt: skip
LONGEST = 1000  # signs of a detail that are told: an id may be as long as a book


def message(problem: Problem, language: str = "en") -> str:
    """What is wrong, in one sentence."""
    return _said(CODES[problem.code].message, problem, language)


def remedy(problem: Problem, language: str = "en") -> str:
    """How to mend it; names the nearest known word where there is one."""
    kind = dict(problem.details).get("expected", "")
    sentence = BY_TYPE.get((problem.code, kind), CODES[problem.code].remedy)
    text = _said(sentence, problem, language)
    near = dict(problem.details).get("near")
    if not near or "{near" in sentence:
        return text
    return f"{text}{say(language, ' Did you mean {near}?', near=repr(near))}"


def headline(problem: Problem, language: str = "en") -> str:
    """`file:line:column: CODE what is wrong`, on one line."""
    return f"{_where(problem.place)}{problem.code} {message(problem, language)}"


def render(problem: Problem, language: str = "en") -> str:
    """The problem with its line, a caret under the spot, the remedy and the page that explains it."""
    page = f"docs/reference/problems.md#{problem.code.lower()}"
    tail = [
        say(language, "  = help: {remedy}", remedy=remedy(problem, language)),
        say(language, "  = see: {page}", page=page),
    ]
    return "\n".join([headline(problem, language), *_frame(problem.place), *tail])


def as_record(problem: Problem, language: str = "en") -> dict[str, object]:
    """The problem for machines."""
    place = problem.place
    return {
        "code": problem.code,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "message": message(problem, language),
        "remedy": remedy(problem, language),
    }


def _said(sentence: str, problem: Problem, language: str) -> str:
    details = {
        name: worded(name, visible(text, LONGEST), language) for name, text in problem.details
    }
    return say(language, sentence, **details)


def worded(name: str, detail: str, language: str) -> str:
    """A reason, or a detail that names a type of value, in the reader's words; any other as it is."""
    if name == "name":  # a fact or function may be called `date`
        return detail
    if name == "why" or (name == "found" and detail in PARSER):
        return say(language, detail)
    parts = detail.split(" / ") if detail not in SHAPES else [detail]
    if {*parts} <= {*SHAPES}:
        return " / ".join(say(language, each) for each in parts)
    several = detail.split(", ")
    if len(several) > 1 and all(each.partition(" (")[0] in TYPES for each in several):
        return say(language, ", ").join(_type(each, language) for each in several)
    return _type(detail, language)


def _type(detail: str, language: str) -> str:
    """A type in the reader's words, its unit as the policy has it; what is none as it is."""
    kind, bracket, unit = detail.partition(" (")
    return say(language, TYPES[kind]) + bracket + unit if kind in TYPES else detail


def _where(place: Place | None) -> str:
    return f"{place.file}:{place.line}:{place.column}: " if place else ""


def _frame(place: Place | None) -> list[str]:
    if not place or not place.excerpt.strip():
        return []
    gutter = " " * len(str(place.line))
    before = place.excerpt[: place.column - 1]
    under = place.excerpt[place.column - 1 : place.column - 1 + place.length] or " "
    indent = "".join("\t" if c == "\t" else " " * _width(c) for c in before)
    caret = indent + "^" * max(1, sum(map(_width, under)))
    return [f"{gutter} |", f"{place.line} | {place.excerpt}", f"{gutter} | {caret}"]


def _width(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1
