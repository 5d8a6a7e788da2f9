# SPDX-License-Identifier: Apache-2.0
"""What a policy declares of its records: the kinds of record and the facts that are given of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from loyaltyrules.expression.types import Type, Value

Texts: TypeAlias = tuple[tuple[str, str], ...]  # language → text


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record. A child names its parent by the fact `<parent>_id`.

    `also` are further parents, read and counted like the first; a record is decided below the first.
    """

    name: str
    parent: str | None = None
    listed_as: str = ""  # name of the list inside a record of the parent
    titles: Texts = ()
    also: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        """The fact that holds the parent's id."""
        return f"{self.parent}_id" if self.parent else ""

    @property
    def links(self) -> dict[str, str]:
        """The facts that hold the ids of its parents, by parent, the first one first."""
        parents = (self.parent, *self.also) if self.parent else ()
        return {each: f"{each}_id" for each in parents}


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


def linked_twice(names: Collection[str], subjects: Mapping[str, Subject]) -> bool:
    """True where a table has two tables of parents: no family holds all that read each other."""
    return any(each in names for name in names for each in subjects[name].also)


def ways_up(name: str, subjects: Mapping[str, Subject]) -> dict[str, str]:
    """All that is above a kind of record, the nearest first, each with the parent that leads to it."""
    found: dict[str, str] = {}
    open_ = [(parent, parent) for parent in (subjects[name].links if name in subjects else ())]
    while open_:
        above, by = open_.pop(0)
        if above not in found and above != name:
            found[above] = by
            open_ += [(each, by) for each in subjects[above].links if above in subjects]
    return found


def titled(declared: Iterable[Declaration]) -> dict[str, str]:
    """The names of facts by their titles, in every language."""
    return {title: each.name for each in declared for _, title in each.titles}


def parents_first(given: Iterable[str], subjects: Mapping[str, Subject]) -> list[str]:
    """The given subjects, each after its parents."""
    names, order = list(given), list[str]()

    def visit(name: str) -> None:
        if name in names and name not in order:
            for parent in subjects[name].links:
                visit(parent)
            order.append(name)

    for name in names:
        visit(name)
    return order
