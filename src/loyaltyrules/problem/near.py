# SPDX-License-Identifier: Apache-2.0
"""The known name that somebody may have meant, where names are Chinese, or name whose a thing is."""

import re
from collections.abc import Iterable, Mapping

from loyaltyrules.problem.opposites import opposed
from loyaltyrules.problem.problem import near_miss, nearest

BETWEEN = re.compile(r"\s*[、，,；;/和及]\s*")  # what people write between items


def near_name(name: str, known: Iterable[str]) -> str:
    """The known name most like one of a fact: `级别` is `现有级别`, `店名` or `门店.店名` is `store.店名`.

    Of what belongs to somebody the last part counts; a Chinese name is about what it ends in.
    """
    names = sorted({*known})
    tail = name.rpartition(".")[2]
    same = [each for each in names if "." in each and each.rpartition(".")[2] == tail]
    if len(same) == 1:
        return same[0]
    found = nearest(name, names)
    if found or name.isascii() or len(name) < 3:
        return found
    alike = [each for each in names if each.rpartition(".")[2].endswith(tail[-2:])]
    return alike[0] if len(alike) == 1 and not opposed(name, alike[0]) else ""


def items_in(text: str, known: Iterable[str]) -> str:
    """Several known names that are written as one, with the commas that belong between them."""
    parts = [each for each in BETWEEN.split(text.strip()) if each]
    return ", ".join(parts) if len(parts) > 1 and {*parts} <= {*known} else ""


def unread_near(name: str, known: Iterable[str], titled: Mapping[str, str]) -> str:
    """What a name of a record that nobody reads was meant for, if that is nearly sure.

    Records have many names that are nobody's slip: so only a title, or a slip of a letter or two, counts.
    """
    own = name if name in titled else name.strip()
    if own in titled:
        return titled[own]
    near = near_miss(own, [*known, *titled]) if own else ""
    ends = [] if own.isascii() else [each for each in titled if own.endswith(each)]
    if not near and ends and len(longest := max(ends, key=len)) > 1:
        return titled[longest]
    return titled.get(near, near)
