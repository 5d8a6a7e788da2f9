# SPDX-License-Identifier: Apache-2.0
"""Parts of occurrences written by columns: words, whole numbers and days as text."""

from collections.abc import Callable, Mapping

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Form, Node
from loyaltyrules.frame.keys.conditions import Types

CHOICES: Mapping[Form | None, Callable[..., nw.Expr]] = {
    "first there": nw.coalesce, "latest there": nw.max_horizontal,
    "earliest there": nw.min_horizontal,
}  # fmt: skip


def written(node: Node, types: Types) -> nw.Expr | None:
    """A part as text, null where it is missing; None where columns do not compute it."""
    if isinstance(node, tree.FactRef):
        kind = types.get(node.key, node.type).kind
        if kind in ("text", "word"):
            known = nw.col(node.key)
            return nw.when(known != "").then(known)
        if kind == "whole":
            return nw.col(node.key).cast(nw.String)
    day = _day(node, types)
    return None if day is None else day.cast(nw.String)


def _day(node: Node, types: Types) -> nw.Expr | None:
    match node:
        case tree.FactRef(name, kind) if types.get(name, kind).kind == "date":
            return nw.col(name)
        case tree.Call(arguments=arguments, form=form) if form in CHOICES:
            days = [_day(item, types) for item in arguments]
            known = [day for day in days if day is not None]
            return CHOICES[form](*known) if len(known) == len(days) else None
    return None
