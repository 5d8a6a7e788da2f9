# SPDX-License-Identifier: Apache-2.0
"""What a policy declares of its records: the kinds of record and the facts that are given of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from loyaltyrules.expression.types import Type, Value

Texts: TypeAlias = tuple[tuple[str, str], ...]  # language → text


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record. A child names its parent by the fact `<parent>_id`."""

    name: str
    parent: str | None = None
    listed_as: str = ""  # name of the list inside a record of the parent
    titles: Texts = ()

    @property
    def link(self) -> str:
        """The fact that holds the parent's id."""
        return f"{self.parent}_id" if self.parent else ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A given fact: its type, and what its absence means.

    `event`: absent means that it has not happened, which is known. Otherwise an absent fact takes
    the `default`, and is unknown where there is none. `personal` facts never leave in actions.
    """

    subject: str
    name: str
    type: Type
    default: Value | None = None
    event: bool = False
    personal: bool = False
    titles: Texts = ()


def titled(declared: Iterable[Declaration]) -> dict[str, str]:
    """The names of facts by their titles, in every language."""
    return {title: each.name for each in declared for _, title in each.titles}


def parents_first(given: Iterable[str], subjects: Mapping[str, Subject]) -> list[str]:
    """The given subjects, each after its parent."""
    names, order = list(given), list[str]()

    def visit(name: str) -> None:
        if name in names and name not in order:
            visit(subjects[name].parent or "")
            order.append(name)

    for name in names:
        visit(name)
    return order
