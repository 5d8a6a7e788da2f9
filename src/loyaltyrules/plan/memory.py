# SPDX-License-Identifier: Apache-2.0
"""What stages remember of a plan: one owner a stage, and no part of the plan's value."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Memory(dict[type[Any], Any]):
    """One value of each type, made when it is first asked for.

    The compiled days, the decider of single records and the readers of tables each keep all that they
    remember in one such value. A memory never travels, and never counts when plans are compared.
    """

    __slots__ = ()

    def of(self, kind: type[T], make: Callable[[], T]) -> T:
        """The value of this type; of two threads that make it at once, one is heard."""
        found: T | None = self.get(kind)
        return self.setdefault(kind, make()) if found is None else found
