# SPDX-License-Identifier: Apache-2.0
"""What the actions of a comparison cost under both policies, and how many have no price."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.simulation.base.costs import COST, SPENT, TYPES, says
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.base.side import Side
from loyaltyrules.simulation.comparison.matching import GAINED, LOST, OLD_ID, SIDE

if TYPE_CHECKING:
    from loyaltyrules.simulation.comparison.delta import Delta

OLD, NEW, CHANGE = "old", "new", "change"
IDS = {OLD: OLD_ID, NEW: "action_id"}
ABSENT = {OLD: GAINED, NEW: LOST}  # the side of actions that a policy has not
TABLE: dict[str, Any] = {
    "kind": nw.String, "gift": nw.String, OLD: TYPES[COST], NEW: TYPES[COST], CHANGE: TYPES[COST],
    f"no_cost_{OLD}": nw.Int64, f"no_cost_{NEW}": nw.Int64,
}  # fmt: skip
FINE = 4  # decimals of a cost


def measured(sides: Iterable[Side]) -> tuple[str, ...]:
    """What the policies say of actions: `cost`, `minutes`."""
    policies = [each.policy for each in sides]
    return tuple(what for what in SPENT if any(says(each, what) for each in policies))


def with_spent(actions: Frame, old: Side, new: Side) -> Frame:
    """Matched actions with what each costs under both policies: the `columns` of cost and of minutes.

    Where it is not known it adds nothing, and is counted.
    """
    for which, side in ((OLD, old), (NEW, new)):
        names = {what: f"{what}_{which}" for what in SPENT}
        own = side.priced.select("action_id", *names).rename({"action_id": "__id", **names})
        actions = actions.join(own, left_on=IDS[which], right_on="__id", how="left")
    both = [(what, which) for what in SPENT for which in IDS]
    return actions.with_columns(_unknown(*each) for each in both).with_columns(
        nw.col(f"{what}_{which}").fill_null(0).cast(TYPES[what]) for what, which in both
    )


def _unknown(what: str, which: str) -> nw.Expr:
    """1 for an action of a policy that does not say what it costs."""
    lacking = (nw.col(SIDE) != ABSENT[which]) & nw.col(f"{what}_{which}").is_null()
    return nw.when(lacking).then(1).otherwise(0).alias(f"no_{what}_{which}")


def columns(what: str) -> tuple[str, str, str, str]:
    """The columns of a group of actions: two sums, and how many actions are not in them."""
    return f"{what}_{OLD}", f"{what}_{NEW}", f"no_{what}_{OLD}", f"no_{what}_{NEW}"


def table(actions: Frame, kind: FrameFormat) -> Any:
    """The costs by kind and gift: `old`, `new`, `change`, and how many actions have no price."""
    sums = [nw.col(each).sum() for each in columns(COST)]
    found = actions.group_by("kind", "gift").agg(*sums).sort("kind", "gift")
    kinds, gifts, old, new, *lacking = (found[name].to_list() for name in found.columns)
    change = [after - before for before, after in zip(old, new, strict=True)]
    data = dict(zip(TABLE, (kinds, gifts, old, new, change, *lacking), strict=True))
    return kind.native(data, TABLE)


def rows(actions: Frame, what: str) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Old and new sum, and of how many actions it is not known, as rows of a summary."""
    old, new, *lacking = (_sum(actions[name].sum()) for name in columns(what))
    yield what, old, new
    yield f"no {what}", lacking[0], lacking[1]


def sums(delta: "Delta", what: str) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Old and new sum, and how many actions are not in them."""
    (_, old, new), (_, before, after) = rows(delta.spent, what)
    return old, new, before, after


class Line(NamedTuple):
    """What work of a kind, with a gift or none, costs under both policies."""

    kind: str
    gift: str | None
    old: Decimal
    new: Decimal


def lines(delta: "Delta") -> list[Line]:
    """The kinds and gifts that cost anything, the greatest difference first."""
    _, found = cells(delta.cost)
    known = [Line(str(kind), gift, *map(Decimal, said[:2])) for kind, gift, *said in found]
    dear = [each for each in known if each.old or each.new]
    return sorted(dear, key=lambda each: (-abs(each.new - each.old), each.kind, each.gift or ""))


def by_kind(delta: "Delta") -> dict[str, Decimal]:
    """The kinds of which work costs more or less now, and by how much, the greatest difference first."""
    found: dict[str, Decimal] = {}
    for each in lines(delta):
        found[each.kind] = found.get(each.kind, Decimal(0)) + each.new - each.old
    differing = {kind: by for kind, by in found.items() if by}
    return dict(sorted(differing.items(), key=lambda item: (-abs(item[1]), item[0])))


def _sum(value: Any) -> Decimal:
    return round(Decimal(str(value or 0)), FINE)


def numbers(rows: Sequence[Sequence[Any]], names: Sequence[str], kind: FrameFormat) -> Any:
    """Rows of a text and numbers as a frame: decimals with as many places as one of them needs."""
    known = [
        [row[0], *(None if each is None else Decimal(each).normalize() for each in row[1:])]
        for row in rows
    ]
    places = [-int(each.as_tuple().exponent) for row in known for each in row[1:] if each]
    data = {name: [row[at] for row in known] for at, name in enumerate(names)}
    decimal = nw.Decimal(38, max(0, *places, 0))
    return kind.native(data, {names[0]: nw.String, **dict.fromkeys(names[1:], decimal)})
