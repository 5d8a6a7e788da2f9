# SPDX-License-Identifier: Apache-2.0
"""--fail-on EXPR: a condition on a comparison, such as `movers(tier) > 5% or lost(gift) > 10`."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

from loyaltyrules.cli.measure import MOVERS, Measure, Side, no_condition, side_of
from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.expression import tree
from loyaltyrules.expression.parser import ExpressionFault, parse
from loyaltyrules.expression.tree import Node
from loyaltyrules.policy.model import ActionForm, Hold, Policy
from loyaltyrules.problem.problem import Place, nearest, problem

OPTION = "--fail-on"


class Test(NamedTuple):
    """Two sides and the sign between them."""

    left: Side
    sign: str
    right: Side


class Joined(NamedTuple):
    """Conditions of which all hold (`and`), some hold (`or`), or the only one does not (`not`)."""

    word: str
    parts: "tuple[Part, ...]"


Part: TypeAlias = Test | Joined


@dataclass(frozen=True, slots=True)
class Condition:
    """What must not come of a change, and the text that says so."""

    text: str
    part: Part

    @classmethod
    def read(cls, text: str) -> "Condition":
        """Read a condition.

        Raises:
            MisuseError: it is none: LR11x, or what no comparison measures (LR535, LR536).
        """
        place = Place(OPTION, 1, 1, len(text), text)
        try:
            node = parse(text, place)
        except ExpressionFault as fault:
            raise MisuseError(fault.problems) from fault
        return cls(text, _part(node, place))

    @property
    def measures(self) -> list[Measure]:
        """What is measured, each once, as they are written."""
        return list({each.text: each for each in _measures(self.part)}.values())

    def require_names(self, old: Policy, new: Policy, subjects: Collection[str]) -> None:
        """Refuse labels that both policies do not give to these kinds of record, and unknown kinds of action.

        Raises:
            MisuseError: LR515 or LR537.
        """
        known = {(each.name, each.subject) for each in old.labels if each.subject in subjects}
        labels = [each.name for each in new.labels if (each.name, each.subject) in known]
        kinds = sorted({*kinds_of(old), *kinds_of(new)})
        for each in self.measures:
            if each.name == MOVERS:
                _require_label(each, labels)
            else:
                _require_kind(each, kinds)


def _require_label(measure: Measure, labels: Collection[str]) -> None:
    if measure.of not in labels:
        details = {"names": ", ".join(labels), "near": nearest(measure.of, labels)}
        raise MisuseError([problem("LR515", measure.place, name=measure.of, **details)])


def _require_kind(measure: Measure, kinds: Iterable[str]) -> None:
    if not any(fits(kind, measure.of) for kind in kinds):
        families = (kind.partition(".")[0] for kind in kinds)
        near = nearest(measure.of, {*kinds, *families})
        raise MisuseError([problem("LR537", measure.place, name=measure.of, near=near)])


def _part(node: Node, place: Place) -> Part:
    match node:
        case tree.And(items):
            return Joined("and", tuple(_part(each, place) for each in items))
        case tree.Or(items):
            return Joined("or", tuple(_part(each, place) for each in items))
        case tree.Not(item):
            return Joined("not", (_part(item, place),))
        case tree.Compare(sign, left, right):
            found = Test(side_of(left, place), sign, side_of(right, place))
            if any(_measures(found)):
                return found
    raise MisuseError([no_condition(node, place)])


def _measures(part: Part) -> Iterator[Measure]:
    if isinstance(part, Joined):
        for each in part.parts:
            yield from _measures(each)
        return
    for side in (part.left, part.right):
        if isinstance(side, Measure):
            yield side


def kinds_of(policy: Policy) -> set[str]:
    """The kinds of action that a policy may give."""
    forms = [form for rule in policy.rules for form in rule.actions]
    forms += [each.instead for each in policy.gate if isinstance(each, Hold) and each.instead]
    return {each.kind for form in forms for each in _with_instead(form)}


def _with_instead(form: ActionForm | None) -> Iterator[ActionForm]:
    while form is not None:
        yield form
        form = form.instead


def fits(kind: str, name: str) -> bool:
    """True of a kind, of its family (`gift`), and of a pattern (`gift.*`)."""
    return kind == name or kind.startswith(f"{name}.") or fnmatchcase(kind, name)
