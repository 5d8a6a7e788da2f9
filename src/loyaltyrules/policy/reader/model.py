# SPDX-License-Identifier: Apache-2.0
"""A document: the plain data of one or several YAML files, and where every part of it stands."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from loyaltyrules.problem.problem import Place

Path: TypeAlias = tuple[str | int, ...]


@dataclass
class Document:
    """Data of one or several files; `places` and `keys` say where each value and key stands."""

    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    beside: tuple[str, ...] = ()  # files in the policy's folder that nothing includes
    inherited: frozenset[Path] = frozenset()  # entries of sections that are the base's alone
    added: dict[Path, tuple[str, ...]] = field(
        default_factory=dict
    )  # new names → those of the base

    def place(self, path: Path) -> Place | None:
        """Where the value at `path` stands, or the nearest part around it."""
        for length in range(len(path), -1, -1):
            found = self.places.get(path[:length])
            if found:
                return found
        return None

    def key_place(self, path: Path) -> Place | None:
        """Where the key at the end of `path` stands."""
        return self.keys.get(path) or self.place(path)
