# SPDX-License-Identifier: Apache-2.0
"""How much people can do on a day, and the days on which they are asked for more."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.host.text import quoted
from loyaltyrules.policy.lowering.roles import AND, forms_of
from loyaltyrules.policy.model import ActionForm, Hold, Policy
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import Problem, nearest, problem
from loyaltyrules.simulation.base.costs import DONE, MINUTES

ACTIONS = "actions"
DAY = ["store_id", "due_on", "role"]
SAID = ("role", "wanted", "possible", "unit")
A_MINUTE = timedelta(minutes=1)
Possible: TypeAlias = int | timedelta  # so many actions, or so much time


class Capacity(NamedTuple):
    """What one role of a store can do on a day."""

    possible: float
    unit: str  # `actions` or `minutes`


def capacities(policy: Policy, given: Mapping[str, Possible]) -> dict[str, Capacity]:
    """What roles can do, as it was handed in.

    Raises:
        ArgumentError: no capacity (LR540), or one of a role that the policy does not know (LR541).
    """
    faults: list[Problem] = []
    found: dict[str, Capacity] = {}
    known = sorted({part for form in _forms(policy) for part in _parts(form.role)})
    for role, possible in given.items():
        if role not in known:
            near = nearest(str(role), known)
            faults.append(problem("LR541", None, name=role, near=near, names=", ".join(known)))
        elif isinstance(possible, timedelta) and possible >= timedelta():
            found[role] = Capacity(possible / A_MINUTE, MINUTES)
        elif isinstance(possible, int) and not isinstance(possible, bool) and possible >= 0:
            found[role] = Capacity(possible, ACTIONS)
        else:
            faults.append(problem("LR540", None, name=role, value=quoted(possible)))
    if faults:
        raise ArgumentError(faults)
    return found


def _forms(policy: Policy) -> Iterator[ActionForm]:
    """All that rules emit, and what sieves emit in its place."""
    for rule in policy.rules:
        yield from forms_of(rule)
    yield from (each.instead for each in policy.gate if isinstance(each, Hold) and each.instead)


def _parts(role: str | None) -> list[str]:
    """Those who do something together."""
    return [part.strip() for part in role.split(AND)] if role else []


def beyond(work: Frame, able: Mapping[str, Capacity], kind: FrameFormat) -> Frame:
    """The days on which a role of a store is asked for more than it can do."""
    schema = {"role": nw.String, "possible": nw.Float64, "unit": nw.String}
    said: dict[str, list[Any]] = {
        "role": [*able], "possible": [float(each.possible) for each in able.values()],
        "unit": [each.unit for each in able.values()],
    }  # fmt: skip
    texts = (nw.col(name).cast(nw.String) for name in ("store_id", "role"))
    done = work.filter(nw.col("status").cast(nw.String).is_in(DONE))
    own = _each_role(done.select(*texts, "due_on", MINUTES), kind)
    able_on = own.join(kind.frame(said, schema), on="role").group_by(*DAY, "possible", "unit")
    days = able_on.agg(nw.len().alias(ACTIONS), nw.col(MINUTES).sum())
    counted = nw.col(ACTIONS).cast(nw.Float64)
    wanted = nw.when(nw.col("unit") == ACTIONS).then(counted).otherwise(nw.col(MINUTES))
    told = days.with_columns(wanted.alias("wanted"), nw.col("due_on").alias("day"))
    over = told.filter(nw.col("wanted") > nw.col("possible"))
    return over.select("store_id", "day", *SAID).sort("day", "store_id", "role")


def _each_role(work: Frame, kind: FrameFormat) -> Frame:
    """What several do together is work of each of them."""
    said = work["role"].unique().to_list()
    pairs = [(text, part) for text in said for part in _parts(text)]
    columns = {"role": [text for text, _ in pairs], "__part": [part for _, part in pairs]}
    each = kind.frame(columns, dict.fromkeys(columns, nw.String))
    return work.join(each, on="role").drop("role").rename({"__part": "role"})
