# SPDX-License-Identifier: Apache-2.0
"""A memo decides one thing of a record by interpreting conditions, and remembers it by signature."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from loyaltyrules.expression.buckets import Bucket, Read
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.functions import Function

Outcome = TypeVar("Outcome")
BOUND = 65_536  # signatures that a memo remembers; beyond them it decides each record directly


@dataclass(slots=True)
class Memo(Generic[Outcome]):
    """A decision about a record: `decide` defines it, `of` gives the same, remembered.

    The outcome is a function of the buckets' values, so records of one signature share it.
    """

    name: str
    buckets: tuple[Bucket, ...]
    decide: Callable[[Facts], Outcome]
    reads: tuple[Read, ...]
    memory: dict[Hashable, Outcome] = field(default_factory=dict)
    bound: int = BOUND

    def signature(self, facts: Facts) -> Hashable:
        """The values of the buckets for one record."""
        return tuple([read(facts) for read in self.reads])

    def of(self, facts: Facts) -> Outcome:
        """The outcome for a record, from memory where its signature was met before."""
        key = tuple([read(facts) for read in self.reads])
        found = self.memory.get(key, _NEW)
        if found is not _NEW:
            return found  # type: ignore[no-any-return]
        outcome = self.decide(facts)
        if len(self.memory) < self.bound:
            self.memory[key] = outcome
        return outcome


_NEW: Any = object()


def memo(
    name: str,
    buckets: Sequence[Bucket],
    decide: Callable[[Facts], Outcome],
    functions: Mapping[str, Function],
) -> Memo[Outcome]:
    """Put a memo together; the readers of its buckets are made once."""
    reads = tuple(bucket.reader(functions) for bucket in buckets)
    return Memo(name, tuple(buckets), decide, reads)
