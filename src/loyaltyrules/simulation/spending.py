# SPDX-License-Identifier: Apache-2.0
"""What the actions of a comparison cost under both policies, and how many have no price."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.simulation.costs import COST, SPENT, TYPES, says
from loyaltyrules.simulation.matching import GAINED, LOST, OLD_ID, SIDE
from loyaltyrules.simulation.side import Side

OLD, NEW, CHANGE = "old", "new", "change"
IDS = {OLD: OLD_ID, NEW: "action_id"}
ABSENT = {OLD: GAINED, NEW: LOST}  # the side of actions that a policy has not
FINE = 4  # decimals of a cost


def measured(sides: Iterable[Side]) -> tuple[str, ...]:
    """What the policies say of actions: `cost`, `minutes`."""
    policies = [each.policy for each in sides]
    return tuple(what for what in SPENT if any(says(each, what) for each in policies))


def with_spent(actions: Frame, old: Side, new: Side) -> Frame:
    """Matched actions with what each costs under both policies, and whether that is not known of one.

    Columns: `cost_old`, `cost_new`, `no_cost` and the same of minutes. Where it is not known it counts as
    nothing, and is counted.
    """
    for which, side in ((OLD, old), (NEW, new)):
        names = {what: f"{what}_{which}" for what in SPENT}
        own = side.priced.select("action_id", *names).rename({"action_id": "__id", **names})
        actions = actions.join(own, left_on=IDS[which], right_on="__id", how="left")
    return actions.with_columns(*map(_unknown, SPENT)).with_columns(
        nw.col(f"{what}_{which}").fill_null(0).cast(TYPES[what]) for what in SPENT for which in IDS
    )


def _unknown(what: str) -> nw.Expr:
    """1 for an action of which one of the policies that have it does not say it."""
    old, new = (
        (nw.col(SIDE) != ABSENT[which]) & nw.col(f"{what}_{which}").is_null() for which in IDS
    )
    return nw.when(old | new).then(1).otherwise(0).alias(f"no_{what}")


def columns(what: str) -> tuple[str, str, str]:
    """The columns of a group of actions."""
    return f"{what}_{OLD}", f"{what}_{NEW}", f"no_{what}"


def table(actions: Frame) -> Frame:
    """The costs by kind and gift: `old`, `new`, `change`, and how many actions have no price, `no_cost`."""
    old, new, lacking = columns(COST)
    sums = [nw.col(each).sum() for each in (old, new, lacking)]
    found = actions.group_by("kind", "gift").agg(*sums).sort("kind", "gift")
    change = (nw.col(new) - nw.col(old)).cast(TYPES[COST]).alias(CHANGE)
    named = found.with_columns(change).rename({old: OLD, new: NEW})
    return named.select("kind", "gift", OLD, NEW, CHANGE, lacking)


def rows(actions: Frame, what: str) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Old and new sum, and by kind how many actions have no price, as rows of a summary."""
    old, new = (_sum(actions[f"{what}_{which}"].sum()) for which in IDS)
    yield what, old, new
    lacking = actions.filter(nw.col(f"no_{what}") == 1)
    for kind in sorted({*lacking["kind"].to_list()}):
        own = lacking.filter(nw.col("kind") == kind)[SIDE].to_list()
        old, new = (Decimal(sum(side != ABSENT[which] for side in own)) for which in IDS)
        yield f"no {what}: {kind}", old, new


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
