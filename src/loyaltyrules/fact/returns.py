# SPDX-License-Identifier: Apache-2.0
"""A child record that names another of its parent in `return_of` makes that one `returned`.

A till writes a return as a row of its own. Policies ask of the purchase whether it is `returned`;
where both facts are declared, reading brings them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltyrules.fact.declaration import Declaration
from loyaltyrules.fact.frozen import Frozen

if TYPE_CHECKING:
    from loyaltyrules.fact.snapshot import Snapshot

RETURN_OF, RETURNED = "return_of", "returned"


def tells_returns(declared: Mapping[str, Declaration]) -> bool:
    """True of a kind of record whose returns name what they return."""
    return (
        RETURN_OF in declared and RETURNED in declared and declared[RETURNED].type.kind == "yes/no"
    )


def with_returned(
    children: Iterable["Snapshot"], declared: Mapping[str, Declaration]
) -> tuple["Snapshot", ...]:
    """The child records of one parent; those that another names are returned."""
    found = tuple(children)
    if not tells_returns(declared):
        return found
    named = {each.facts.get(RETURN_OF) for each in found} - {None}
    return tuple(_returned(each) if each.id in named else each for each in found)


def _returned(child: "Snapshot") -> "Snapshot":
    facts = Frozen({**child.facts, RETURNED: True})
    return replace(child, facts=facts, by_default=child.by_default - {RETURNED})
