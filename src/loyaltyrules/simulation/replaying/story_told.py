# SPDX-License-Identifier: Apache-2.0
"""The rows of a walk in the reader's words, for charts and pages."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from loyaltyrules.policy.model import Label, Policy
from loyaltyrules.problem.language import called
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.shown.titles import Titles

if TYPE_CHECKING:
    from loyaltyrules.simulation.replaying.story import Story


class Count(NamedTuple):
    """How many customers had a word after a step, under one policy."""

    policy: str
    on: date
    label: str
    word: str
    number: int


@dataclass(frozen=True, eq=False)
class Told:
    """What a walk came to so far, in one language; `policies` by the names under which they walk."""

    story: "Story"
    policies: dict[str, Policy]
    counts: tuple[Count, ...]
    language: str

    @classmethod
    def of(cls, story: "Story", language: str) -> "Told":
        """What a walk came to. One that was not begun is walked to its end."""
        _, rows = cells(story.labels)
        counts = tuple(
            Count(str(policy), _day(on), str(label), str(word), int(number))
            for policy, on, label, word, number in rows
        )
        policies = {each.name: each.policy for each in story.walk.walkers}
        return cls(story, policies, counts, language)

    @property
    def first(self) -> Policy:
        return next(iter(self.policies.values()))

    def titles(self, label: Label) -> Titles:
        """The titles of the first policy that has a label."""
        own = (each for each in self.policies.values() if label.name in _names(each))
        return Titles(next(own, self.first), self.language)

    @cached_property
    def general(self) -> Titles:
        return Titles(self.first, self.language)

    def name(self, policy: str) -> str:
        """What a policy is called: by the word of its name where it has one, else as it was handed in."""
        return called(self.first.names.get(policy, ()), self.language, policy)

    @cached_property
    def labels(self) -> list[Label]:
        """The labels of which there are counts, in the order of the policies."""
        known = {each.label for each in self.counts}
        found = {
            each.name: each
            for policy in reversed(self.policies.values())
            for each in policy.labels
            if each.name in known
        }
        order = {each.label: None for each in self.counts}
        return [found[name] for name in order if name in found]

    @cached_property
    def on_file(self) -> list[Label]:
        """The labels with a fact on file, which a walk carries along; all where none has one."""
        return [each for each in self.labels if each.standing] or self.labels

    @cached_property
    def days(self) -> list[date]:
        """The days of the steps walked so far."""
        return [*dict.fromkeys(each.on for each in self.counts)]

    @property
    def left(self) -> int:
        """How many steps were not walked yet."""
        return len(self.story.walk.days) - len(self.days)

    def of_label(self, label: Label) -> list[Count]:
        return [each for each in self.counts if each.label == label.name]


def _names(policy: Policy) -> set[str]:
    return {each.name for each in policy.labels}


def _day(value: date) -> date:
    """A day, also where the caller's frames know instants only."""
    return date.fromisoformat(str(value)[:10])
