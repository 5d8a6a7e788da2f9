# SPDX-License-Identifier: Apache-2.0
"""Records that are gated together: those of a root's table, and all below them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from loyaltyrules.fact.declaration import Subject, parents_first


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of record that is gated on its own, and all kinds below it that are gated with it.

    `keys` name by kind of record the column that holds the id of its root.
    """

    root: str
    keys: Mapping[str, str]

    @property
    def members(self) -> Collection[str]:
        """The kinds of record, the root first and parents before their children."""
        return self.keys.keys()


def families(names: Collection[str], subjects: Mapping[str, Subject]) -> Iterator[Family]:
    """Customers, and all other tables without a table of parents, each with what is below it."""
    root: dict[str, str] = {}
    keys: dict[str, dict[str, str]] = {}
    for name in parents_first(names, subjects):
        parent = subjects[name].parent or ""
        top = root[name] = root[parent] if name != "customer" and parent in root else name
        link = subjects[name].link if parent == top else f"{top}.id"
        keys.setdefault(top, {})[name] = "id" if name == top else link
    for top, own in keys.items():
        yield Family(top, own)
