# SPDX-License-Identifier: Apache-2.0
"""Actions of two policies, matched by record, rule, occurrence and word."""

from dataclasses import replace

import narwhals.stable.v2 as nw

from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.policy.model import Policy

SIDE, DIFFERS = "side", "differs"
SIDES = LOST, GAINED, BOTH = "lost", "gained", "both"
COMPARED = tuple(
    name
    for name in COLUMNS
    if name not in ("action_id", "policy", "policy_version", "source", "origin", "customer_id")
)  # what a host does otherwise where one of them differs


def named_alike(new: Policy, old: Policy) -> Policy:
    """The new policy under the name of the old one, so that the ids of their actions are alike."""
    return replace(new, name=old.name)


def matched(old: Frame, new: Frame) -> Frame:
    """The actions of both with their side; those of both as the new policy says them.

    `differs` names the columns in which an action of both is another.
    """
    ids = old.select("action_id")
    before = old.select("action_id", *(nw.col(n).alias(f"__{n}") for n in COMPARED))
    both = new.join(before, on="action_id")
    names = [
        nw.when(_other(name)).then(nw.lit(f"{name};")).otherwise(nw.lit("")) for name in COMPARED
    ]
    differs = nw.concat_str(*names).str.strip_chars(";")
    both = both.with_columns(nw.when(differs != "").then(differs).alias(DIFFERS))
    none = nw.lit(None, nw.String).alias(DIFFERS)
    lost = old.join(new.select("action_id"), on="action_id", how="anti").with_columns(none)
    gained = new.join(ids, on="action_id", how="anti").with_columns(none)
    sides = {LOST: lost, GAINED: gained, BOTH: both}
    parts = [
        frame.with_columns(nw.lit(side).alias(SIDE)).select(SIDE, *COLUMNS, DIFFERS)
        for side, frame in sides.items()
    ]
    return nw.concat(parts).sort("action_id", SIDE)


def _other(name: str) -> nw.Expr:
    """Two columns are other where one of them alone is missing, or both say something else."""
    mine, before = nw.col(name), nw.col(f"__{name}")
    missing = mine.is_null() != before.is_null()
    return missing | ((mine != before).fill_null(False))
