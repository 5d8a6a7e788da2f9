# SPDX-License-Identifier: Apache-2.0
"""What a policy was read from: it is read anew where something of it is changed."""

import pickle
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from loyaltyrules.expression.tree import Node
from loyaltyrules.policy.reader.merging import extended
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.problem.problem import Problem

if TYPE_CHECKING:
    from loyaltyrules.policy.model import Policy

Lower: TypeAlias = "Callable[[Document, Any], Policy]"


class Relation(NamedTuple):
    """What must hold between figures, on the days of a time."""

    rule: Node
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Written:
    """The document of a policy with what was laid over it, and the relations that its figures keep.

    `lower` makes a policy of a document and the plug-ins that it was read with.
    """

    base: Document
    plugins: Any
    relations: tuple[Relation, ...]
    lower: Lower
    changes: tuple[Document, ...] = ()

    @cached_property
    def document(self) -> Document:
        """All of it as one document."""
        whole, faults = self.base, list[Problem]()
        for each in self.changes:
            whole = extended(whole, each, faults)
        return whole

    def __reduce__(self) -> tuple[Any, ...]:
        """A document travels packed: it names files and lines again and again."""
        packed = zlib.compress(pickle.dumps(self.document, pickle.HIGHEST_PROTOCOL))
        return _unpacked, (packed, self.plugins, self.relations, self.lower)


def _unpacked(
    packed: bytes, plugins: Any, relations: tuple[Relation, ...], lower: Lower
) -> Written:
    return Written(pickle.loads(zlib.decompress(packed)), plugins, relations, lower)
