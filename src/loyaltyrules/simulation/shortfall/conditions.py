# SPDX-License-Identifier: Apache-2.0
"""A condition that a record does not meet, in words of the handbook: what it has, and what it needs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import SIGNS
from loyaltyrules.expression.fold import MIRRORED
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import COUNTED, NOT_HAPPENED
from loyaltyrules.expression.written import Writing, shown, written
from loyaltyrules.fact.snapshot import masked
from loyaltyrules.policy.model import Policy, Rank
from loyaltyrules.problem.language import mark, say
from loyaltyrules.report.naming import is_personal, part_name, value_name
from loyaltyrules.simulation.base.figures import valued
from loyaltyrules.simulation.shortfall.towards import Asking, Lack, read_by

TOP = mark("among the first {share} by {facts}")
HAS_NEEDS = mark("{title}: {has}, needs {needs}")
MORE = mark("{line}, {more} more")
OF_FIGURE = mark("{needs} ({figure})")
COMMA = mark(", ")
SCORE = mark("{way}, score")
PRESENT, ABSENT = mark("any value"), mark("no value")


class Condition(NamedTuple):
    """One condition: the fact, what the record has and what it needs (None has where it is missing).

    `short` is by how much a number is too low.
    """

    fact: str
    title: str
    has: Any
    needs: str
    short: int | Decimal | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """How conditions about a record are told in a language."""

    asking: Asking
    language: str

    def of(self, lack: Lack) -> Condition:
        """A condition, with values as people say them."""
        node = lack.node
        match node:
            case tree.Compare():
                return self._compared(self._plain(node), lack.wanted)
            case tree.In(item, options):
                sign = mark("in") if lack.wanted else mark("not in")
                needs = f"{say(self.language, sign)} {self._told(options)}"
                return Condition(*self._side(item), needs)
            case tree.Missing(item):
                return Condition(
                    *self._side(item), say(self.language, ABSENT if lack.wanted else PRESENT)
                )
        return Condition(*self._side(node), value_name(self.policy, lack.wanted, self.language))

    def line(self, each: Condition) -> str:
        """A condition as one line."""
        unknown = say(self.language, mark("unknown"))
        has = unknown if each.has is None else value_name(self.policy, each.has, self.language)
        text = say(self.language, HAS_NEEDS, title=each.title, has=has, needs=each.needs)
        if each.short is None:
            return text
        return say(self.language, MORE, line=text, more=shown(each.short))

    def reason(self, node: Node) -> str:
        """A condition that holds, with what it was worked out from."""
        title, listed = self.title(node), list[str]()
        for each in read_by(self.policy, self.asking.subject, node):
            value = self.asking.evaluated(each)
            if value is not None and value is not NOT_HAPPENED:
                listed.append(f"{self.title(each)} {self._told_value(each, value)}")
        if not listed:
            return title
        return say(
            self.language, OF_FIGURE, needs=title, figure=say(self.language, COMMA).join(listed)
        )

    @property
    def policy(self) -> Policy:
        return self.asking.policy

    def _compared(self, node: tree.Compare, wanted: bool) -> Condition:
        sign = node.sign if wanted else tree.OPPOSITE[node.sign]
        fact, title, has = self._side(node.left)
        bound = self.asking.evaluated(node.right)
        needs = f"{sign} {self._bound(node, bound)}"
        return Condition(fact, title, has, needs, self._short(node, sign, bound))

    def _plain(self, node: tree.Compare) -> tree.Compare:
        """The comparison with what the record has on its left; dates as they stand on the day."""
        if not tree.facts_in(node.left) and tree.facts_in(node.right):
            node = tree.Compare(MIRRORED[node.sign], node.right, node.left)
        folded = self.asking.folded(node)
        if not isinstance(node.left, tree.FactRef) and isinstance(folded, tree.Compare):
            return folded if isinstance(folded.left, tree.FactRef) else node
        return node

    def _bound(self, node: tree.Compare, bound: Any) -> str:
        """What is needed: a value with its unit, and the figure that says it."""
        right, policy = node.right, self.policy
        if isinstance(right, tree.Symbol) and right.name in policy.parameters:
            value = valued(policy, policy.parameters[right.name], bound, self.language)
            title = part_name(policy, self.asking.subject, right, self.language)
            return say(self.language, OF_FIGURE, needs=value, figure=title)
        if tree.facts_in(right):
            return f"{self.title(right)} {self._told_value(right, bound)}"
        return value_name(policy, bound, self.language)

    def _short(self, node: tree.Compare, sign: str, bound: Any) -> int | Decimal | None:
        """By how much a number is too low."""
        has = self.asking.evaluated(node.left)
        if sign not in (">", ">=") or self._personal(node.left) or self._personal(node.right):
            return None
        if tree.type_of(node.left).kind not in COUNTED or not isinstance(has, int | Decimal):
            return None
        return (
            None if not isinstance(bound, int | Decimal) or SIGNS[sign](has, bound) else bound - has
        )

    def _side(self, node: Node) -> tuple[str, str, Any]:
        """What a condition asks of a record: as policies write it, its title, and its value."""
        value = self.asking.evaluated(node)
        name = node.key if isinstance(node, tree.FactRef) else written(node)
        if value is NOT_HAPPENED or value is None:
            return name, self.title(node), None
        if self._personal(node) and not isinstance(value, bool):
            return name, self.title(node), masked(shown(value))
        return name, self.title(node), value

    def _personal(self, node: Node) -> bool:
        named = (e for e in tree.walk(node) if isinstance(e, tree.FactRef | tree.Symbol))
        return any(is_personal(self.policy, self.asking.subject, each) for each in named)

    def _told(self, node: Node) -> str:
        return value_name(self.policy, self.asking.evaluated(node), self.language)

    def _told_value(self, node: Node, value: Any) -> str:
        return (
            masked(shown(value))
            if self._personal(node)
            else value_name(self.policy, value, self.language)
        )

    def title(self, node: Node) -> str:
        """What a condition or a part of one is called."""
        if isinstance(node, tree.FactRef) and not node.owner:
            derived = self.policy.derived.get(self.asking.subject, {}).get(node.name)
            origin = derived.origin if derived else None
            if isinstance(origin, Rank) and origin.share is not None:
                return self._top(origin)
            way, dot, own = node.name.rpartition(".")
            if dot and own == "score":
                return say(self.language, SCORE, way=self.title(tree.FactRef(way, node.type)))
        name = partial(part_name, self.policy, self.asking.subject, language=self.language)
        return Writing(name, partial(say, self.language)).of(node)

    def _top(self, rank: Rank) -> str:
        share = self.asking.evaluated(rank.share) if rank.share is not None else None
        by = say(self.language, COMMA).join(map(self.title, rank.order))
        percent = f"{shown(share * 100)}%" if isinstance(share, Decimal) else shown(share)
        return say(self.language, TOP, share=percent, facts=by)


def data_of(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, tuple | frozenset):
        return [*map(data_of, value)]
    return shown(value) if isinstance(value, Decimal | date) else value
