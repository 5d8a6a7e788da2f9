# SPDX-License-Identifier: Apache-2.0
"""The test files of a policy: `*_test.yaml` beside its `policy.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.host.day import moment_of
from loyaltyrules.policy.reader.files import read_yaml
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.policy.shape import Names, Shape
from loyaltyrules.policy.shape_faults import shape_faults
from loyaltyrules.policy.shipped import located
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Place, Problem, nearest, problem

NONE = "none"


def _items(value: object) -> object:
    return [] if value == NONE else value if isinstance(value, list) else [value]


Expected = Annotated[list[str | dict[str, str]], BeforeValidator(_items)]


class ExpectShape(Shape):
    """What a case expects; what it does not name it leaves open."""

    rules: Names = []
    actions: Expected | None = None
    suppressed: Expected | None = None
    undecided: Annotated[list[str], BeforeValidator(_items)] | None = None
    labels: dict[str, str] = {}
    ways: dict[str, str] = {}


class CaseShape(Shape):
    who: str
    on: str
    since: str | None = None
    now: str | None = None
    with_: dict[str, Any] = Field({}, alias="with")
    population: Names = []
    tables: dict[str, list[dict[str, Any]]] = {}
    subject: str = "customer"
    change: str | None = None
    label: str | None = None
    rows: dict[str, str] = {}
    expect: ExpectShape = ExpectShape()
    source: Names = []


class TestsShape(Shape):
    __test__ = False
    given: dict[str, dict[str, Any]]
    tables: dict[str, list[dict[str, Any]]] = {}
    cases: dict[str, CaseShape]


@dataclass(frozen=True, slots=True)
class Case:
    """One case, its record put together."""

    file: str
    name: str
    place: Place | None
    record: Mapping[str, Any]
    on: date
    since: date | None
    shape: CaseShape
    population: tuple[Mapping[str, Any], ...]
    tables: Mapping[str, Any]


def case_files(policy: Path) -> list[Path]:
    """The test files beside a policy."""
    policy = located(policy)
    folder = policy if policy.is_dir() else policy.parent
    return sorted(folder.glob("*_test.yaml"))


def read_cases(file: Path) -> Iterator[Case]:
    """The cases of one test file.

    Raises:
        PolicyError: the file is faulty; all faults are told.
    """
    document = read_yaml(file)
    try:
        shape = TestsShape.model_validate(document.data)
    except ValidationError as error:
        raise PolicyError(shape_faults(error, document, TestsShape)) from error
    faults: list[Problem] = []
    cases = [_case(file, document, shape, name, faults) for name in shape.cases]
    if faults:
        raise PolicyError(faults)
    yield from cases


def _case(
    file: Path, document: Document, tests: TestsShape, name: str, faults: list[Problem]
) -> Case:
    case = tests.cases[name]
    place = document.key_place(("cases", name))
    faults.extend(_unknown_fields(document, name, case.expect))
    faults.extend(_no_moment(document, name, case.now))
    record = _given(document, tests, case.who, ("cases", name, "who"), faults)
    population = tuple(
        _given(document, tests, each, ("cases", name, "population"), faults)
        for each in case.population
    )
    return Case(
        str(file), name, place, known({**record, **case.with_}), _day(document, name, "on", case.on, faults),
        _day(document, name, "since", case.since, faults) if case.since else None,
        case, population, {**tests.tables, **case.tables},
    )  # fmt: skip


def _no_moment(document: Document, name: str, now: str | None) -> Iterator[Problem]:
    if now is not None and moment_of(now) is None:
        yield problem("LR314", document.place(("cases", name, "now")), value=repr(now))


def _unknown_fields(document: Document, name: str, expect: ExpectShape) -> Iterator[Problem]:
    """Fields of expected actions that actions do not have: such a case could never be right."""
    for key in ("actions", "suppressed"):
        for index, each in enumerate(getattr(expect, key) or ()):
            if not each or not str(each).strip():
                place = document.place(("cases", name, "expect", key, index))
                yield problem("LR143", place, name=key, expected="text")
            for field in each if isinstance(each, dict) else ():
                if field not in COLUMNS:
                    place = document.key_place(("cases", name, "expect", key, index, field))
                    yield problem("LR145", place, name=field, near=nearest(field, COLUMNS))


def _given(
    document: Document, tests: TestsShape, name: str, path: tuple[str, ...], faults: list[Problem],
    above: tuple[str, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    """A given record over the one it is `like`; a fact set to `none` is missing."""
    if name in above:
        faults.append(problem("LR148", document.place(path), name=name))
        return {}
    if name not in tests.given:
        near = nearest(name, tests.given)
        faults.append(problem("LR144", document.place(path), name=name, near=near))
        return {}
    own = dict(tests.given[name])
    base = own.pop("like", None)
    like = ("given", name, "like")
    start = _given(document, tests, str(base), like, faults, (*above, name)) if base else {}
    merged = {"id": name, **start, **own} if not base else {**start, "id": name, **own}
    return known(merged)


def known(record: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a record without those that a test sets to `none`: they are missing."""
    return {fact: value for fact, value in record.items() if value != NONE}


def _day(document: Document, name: str, key: str, text: str, faults: list[Problem]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(problem("LR301", document.place(("cases", name, key)), found=text, near=""))
        return date.min
