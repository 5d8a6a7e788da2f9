# SPDX-License-Identifier: Apache-2.0
"""What the entries of a policy were called in another one, as their `was` says."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import narwhals.stable.v2 as nw

from loyaltyrules.action.kinds import ADDRESSED
from loyaltyrules.frame.actions.assignments import Frame, escaped_in
from loyaltyrules.policy.model import Label, Policy, Was

KEY = "__key"
Names = Mapping[str, str]  # by the old name


class Entry(Protocol):
    """What may say how it was called."""

    @property
    def was(self) -> Was: ...


def renamed(old: Collection[str], new: Mapping[str, Entry]) -> dict[str, str]:
    """The new names of old entries, by these, that say how they were called."""
    return names_of(old, {name: each.was for name, each in new.items()})


def names_of(old: Collection[str], new: Mapping[str, Was]) -> dict[str, str]:
    """The new names of what is not there any more, as new names say how they were called."""
    found: dict[str, str] = {}
    for name, former_names in new.items():
        former = (was for was in former_names if was in old and was not in {*new, *found})
        if name not in old and (was := next(former, None)) is not None:
            found[was] = name
    return found


@dataclass(frozen=True, eq=False)
class Renamed:
    """The entries of two policies that are called otherwise."""

    old: Policy
    new: Policy

    @cached_property
    def figures(self) -> Names:
        return renamed(self.old.parameters, self.new.parameters)

    @cached_property
    def labels(self) -> Names:
        return renamed(*self._labels)

    @cached_property
    def _labels(self) -> tuple[dict[str, Label], dict[str, Label]]:
        return {e.name: e for e in self.old.labels}, {e.name: e for e in self.new.labels}

    @cached_property
    def rules(self) -> Names:
        before, after = ({e.id: e for e in each.rules} for each in (self.old, self.new))
        return renamed(before, after)

    @cached_property
    def in_expressions(self) -> Names:
        """By the new name of a figure, or of what a label computes, the old one."""
        found = {now: was for was, now in self.figures.items()}
        for old, new in self.labels.items():
            before, after = self._labels[0][old], self._labels[1][new]
            ways = dict(before.ways)
            found |= {fact: ways[way] for way, fact in after.ways if way in ways}
            found[after.computed] = before.computed
        return found

    @cached_property
    def occasions(self) -> Names:
        return renamed(self.old.occasions, self.new.occasions)

    @cached_property
    def templates(self) -> Names:
        return renamed(self.old.templates, self.new.templates)

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Section, old and new name of all of them."""
        for section in ("figures", "labels", "rules", "occasions", "templates"):
            yield from ((section, old, new) for old, new in sorted(getattr(self, section).items()))

    def of_actions(self, old: Frame) -> Frame:
        """The actions of the old policy in the names of the new one, in `__key` their ids made of these.

        Their own ids stay as they were.
        """
        columns = {"rule": self.rules, "template": self.templates, "gift": self.occasions}
        if not any(columns.values()):
            return old.with_columns(nw.col("action_id").alias(KEY))
        called = [in_names(column, names) for column, names in columns.items() if names]
        return old.with_columns(*called).with_columns(action_ids().alias(KEY))


def in_names(column: str, names: Names) -> nw.Expr:
    """A column with other names in it."""
    own = nw.col(column)
    return own.replace_strict([*names], [*names.values()], default=own, return_dtype=nw.String)


def action_ids() -> nw.Expr:
    """The ids of actions, made of their columns."""
    addressed = nw.when(nw.col("kind").is_in([*ADDRESSED])).then(nw.col("role"))
    about = nw.coalesce(nw.col("gift"), nw.col("template"), addressed)
    key = nw.concat_str(nw.col("kind"), nw.col("channel"), about, separator=":", ignore_nulls=True)
    names = ("policy", "rule", "subject", "subject_id", "occurrence")
    parts: Iterable[nw.Expr] = (*map(nw.col, names), key)
    return nw.concat_str(*map(escaped_in, parts), separator="/")
