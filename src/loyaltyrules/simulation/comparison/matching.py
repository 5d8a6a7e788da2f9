# SPDX-License-Identifier: Apache-2.0
"""Actions of two policies, matched by record, rule, occurrence and word."""

from dataclasses import replace

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.policy.model import Policy
from loyaltyrules.simulation.base.renamed import KEY, Renamed

SIDE, DIFFERS, OLD_ID = "side", "differs", "__old_id"
SIDES = LOST, GAINED, BOTH = "lost", "gained", "both"
COMPARED = tuple(
    name
    for name in COLUMNS
    if name not in ("action_id", "policy", "policy_version", "source", "origin", "customer_id")
)  # what a host does otherwise where one of them differs


def named_alike(new: Policy, old: Policy) -> Policy:
    """The new policy under the name of the old one, so that the ids of their actions are alike."""
    return replace(new, name=old.name)


def matched(old: Frame, new: Frame, names: Renamed) -> Frame:
    """The actions of both with their side; those of both as the new policy says them.

    `differs` names the columns in which an action of both is another; `__old_id` is its id under the old
    policy.
    """
    old = names.of_actions(old).with_columns(nw.col("action_id").alias(OLD_ID))
    before = old.select(KEY, OLD_ID, *(nw.col(n).alias(f"__{n}") for n in COMPARED))
    both = new.join(before, left_on="action_id", right_on=KEY)
    told = [
        nw.when(_other(name)).then(nw.lit(f"{name};")).otherwise(nw.lit("")) for name in COMPARED
    ]
    differs = nw.concat_str(*told).str.strip_chars(";")
    both = both.with_columns(nw.when(differs != "").then(differs).alias(DIFFERS))
    none = nw.lit(None, nw.String).alias(DIFFERS)
    ids = new.select(nw.col("action_id").alias(KEY))
    lost = old.join(ids, on=KEY, how="anti").with_columns(none)
    gained = new.join(old.select(KEY), left_on="action_id", right_on=KEY, how="anti")
    gained = gained.with_columns(none, nw.lit(None, nw.String).alias(OLD_ID))
    sides = {LOST: lost, GAINED: gained, BOTH: both}
    parts = [
        frame.with_columns(nw.lit(side).alias(SIDE)).select(SIDE, *COLUMNS, DIFFERS, OLD_ID)
        for side, frame in sides.items()
    ]
    return nw.concat(parts).sort("action_id", SIDE)


def _other(name: str) -> nw.Expr:
    """Two columns are other where one of them alone is missing, or both say something else."""
    mine, before = nw.col(name), nw.col(f"__{name}")
    missing = mine.is_null() != before.is_null()
    return missing | ((mine != before).fill_null(False))
