# SPDX-License-Identifier: Apache-2.0
"""A fault that a figure brings with it is told where the figure stands, not at all that read it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from loyaltyrules.policy.model import Parameter
from loyaltyrules.problem.problem import Place, Problem, problem

MISFITS = {
    "LR203",
    "LR204",
    "LR206",
    "LR209",
    "LR211",
}  # types or units that do not go together
Named: TypeAlias = Sequence[tuple[str, Place]]  # figures, and where an expression names them


@dataclass
class Figures:
    """Which figures fit somewhere, and the faults of expressions that some figure may have brought."""

    fitting: Counter[str] = field(default_factory=Counter)  # and how often
    doubtful: list[tuple[Problem, tuple[str, ...]]] = field(default_factory=list)

    def read(self, names: Collection[str], facts: Collection[str]) -> None:
        """Note which figures fit; of several that stand beside no fact each may be as wrong as the other."""
        if facts or len(names) == 1:
            self.fitting.update(names)

    def misfit(self, found: Problem, name: str) -> None:
        """Note a fault that a figure has brought where it seemed to fit."""
        self.fitting[name] -= 1
        self.doubtful.append((found, (name,)))

    def others(self, problems: Iterable[Problem], named: Named) -> list[Problem]:
        """The problems that no figure has brought; the rest wait until all expressions were read."""
        listed, found = list(problems), []
        faulty = [each.place for each in listed]
        self.fitting.update(
            {name for name, at in named if not any(_inside(at, place) for place in faulty)}
        )
        for each in listed:
            names = tuple(name for name, place in named if _inside(place, each.place))
            if each.code in MISFITS and names:
                self.doubtful.append((each, names))
            else:
                found.append(each)
        return found

    def faults(self, parameters: Mapping[str, Parameter]) -> list[Problem]:
        """The waiting faults: of a figure that fits nowhere one, at its own place; others as they are.

        Of several figures in one expression one may have been found guilty by another expression.
        """
        found: dict[str, Problem] = {}
        left = []
        for each, names in self.doubtful:
            guilty = {name for name in names if self.fitting[name] <= 0}
            if len(guilty) != 1:
                left.append((each, names))
                continue
            parameter = parameters[guilty.pop()]
            details = {"name": parameter.name, "found": parameter.type, "where": _where(each.place)}
            found.setdefault(parameter.name, problem("LR254", parameter.place, **details))
        others = (each for each, names in left if found.keys().isdisjoint(names))
        return [*found.values(), *others]


def _inside(part: Place, whole: Place | None) -> bool:
    return (
        whole is not None
        and part.line == whole.line
        and whole.column <= part.column < whole.column + whole.length
    )


def _where(place: Place | None) -> str:
    if place is None:
        return "–"
    start = place.column - 1
    return f"{place.file}:{place.line}: {place.excerpt[start : start + place.length]}"
