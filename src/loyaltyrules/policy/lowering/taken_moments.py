# SPDX-License-Identifier: Apache-2.0
"""What `at:` names is one thing: an occasion is called like no schedule and no day of a record."""

from collections.abc import Iterator

from loyaltyrules.calendar import schedule_named
from loyaltyrules.expression.tokens import SYNONYMS
from loyaltyrules.expression.tree import YES, references_in
from loyaltyrules.expression.types import DATED
from loyaltyrules.policy.lowering.world import FIGURES, Meaning, World
from loyaltyrules.policy.model import Anniversary, Occasion

TODAY = "today"


def refuse_taken_moments(world: World) -> None:
    """Note a fault for each occasion whose name, id or title a moment may take for something else."""
    for name, shape in world.shape.occasions.items():
        called = shape.id or name
        for key in (key for key, each in world.occasions.items() if each.id == called):
            other = next(_others(world, key, world.occasions[key]), "")
            if other:
                world.fault("LR165", ("occasions", name), key=True, name=key, other=other)


def _others(world: World, text: str, occasion: Occasion) -> Iterator[str]:
    """What else a text means where a moment is named."""
    if schedule_named(text) is not None:
        yield f"at: {text}"
    if SYNONYMS.get(text, text) == TODAY:
        yield TODAY
    for subject in world.subjects:
        meant = world.meanings(subject, text)
        yield from (str(each) for each in meant if _is_other_day(world, subject, each, occasion))


def _is_other_day(world: World, subject: str, meant: Meaning, occasion: Occasion) -> bool:
    """True of a figure or a fact that is a day, but for the one whose anniversary the occasion is."""
    if meant.owner == FIGURES:
        return world.parameters[meant.name].type.kind in DATED
    fact = world.fact(subject, meant)
    of_day = occasion.base.born if isinstance(occasion.base, Anniversary) else YES
    own = {each.name for each in references_in(of_day)}
    return fact is not None and fact.type.kind in DATED and fact.name not in own
