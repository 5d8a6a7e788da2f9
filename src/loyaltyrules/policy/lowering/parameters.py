# SPDX-License-Identifier: Apache-2.0
"""Parameters: figures by the day they come into force."""

from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from loyaltyrules.expression import tree
from loyaltyrules.expression.parser import KEYWORDS, ExpressionFault, parse
from loyaltyrules.expression.tokens import day_meant
from loyaltyrules.expression.types import LIST, TEXT, Type, Value, common
from loyaltyrules.policy.lowering.world import FIGURES, World, grounds, titles
from loyaltyrules.policy.model import Parameter
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import ParameterShape
from loyaltyrules.problem.problem import Problem, problem

ALWAYS = date.min


def lower_parameters(world: World) -> None:
    """Read every parameter: its values, their common type and unit, where they come from."""
    for name, shape in world.shape.parameters.items():
        path: Path = ("parameters", name)
        if name in KEYWORDS:
            world.fault("LR257", path, key=True, name=name)
        values = _values(world, path, shape)
        if not values:  # a fault that was told; it still counts as declared, so that none follows
            values = [(ALWAYS, 0, Type("unknown"))]
        kinds = [kind for _, _, kind in values]
        if any(kind != kinds[0] for kind in kinds[1:]) and not _mixed(kinds):
            world.fault("LR214", path, key=True, name=name)
        dated = tuple(sorted(((since, value) for since, value, _ in values), key=lambda v: v[0]))
        kind = kinds[0] if len(set(kinds)) == 1 else common(kinds) or Type("number", kinds[0].unit)
        place = world.document.key_place(path)
        title = titles(shape.title, world.shape.language)
        was = tuple(shape.was)
        world.parameters[name] = Parameter(name, kind, dated, grounds(shape), title, place, was)
        world.entitle(FIGURES, name, title)


def _values(world: World, path: Path, shape: ParameterShape) -> list[tuple[date, Value, Type]]:
    if (shape.value is None) == (shape.values is None):
        world.fault("LR123", path, key=True, name=path[-1])
        return []
    if shape.values is None:
        read = _value(world, (*path, "value"), shape.value, shape.unit)
        return [(ALWAYS, *read)] if read else []
    found = []
    for text, written in shape.values.items():
        here = (*path, "values", text)
        since = day(world, here, text, key=True)
        read = _value(world, here, written, shape.unit)
        if since and read:
            found.append((since, *read))
    return found


def _value(world: World, path: Path, written: Any, unit: str) -> tuple[Value, Type] | None:
    if isinstance(written, list):
        return tuple(written), LIST
    place = world.document.place(path)
    try:
        node = parse(written, place)
    except ExpressionFault as fault:
        world.faults += [_of_figure(each, str(path[1]), written) for each in fault.problems]
        return None
    found = _read(node, unit)
    if found is None:
        world.fault("LR124", path, name=path[1])
        return None
    if unit and found[1].unit != unit:
        world.fault("LR253", path, found=written, unit=unit)
        return None
    return found


def _of_figure(found: Problem, name: str, written: str) -> Problem:
    """What is wrong with the text of a figure, which is no condition."""
    if found.code == "LR110":
        meant = normalize("NFKC", written)
        near = meant if meant != written else ""
        return problem("LR110", found.place, found=dict(found.details)["found"], near=near)
    if found.code in ("LR111", "LR113"):
        return problem("LR124", found.place, name=name)
    return found


def _read(node: tree.Node, unit: str) -> tuple[Value, Type] | None:
    match node:
        case tree.Quantity(tree.Literal(value, kind), own):
            return value, Type(kind.kind, own)  # type: ignore[return-value]
        case tree.Literal(value, kind):
            return value, Type(kind.kind, unit) if kind.kind in ("whole", "number") else kind  # type: ignore[return-value]
        case tree.Name(text):
            return text, TEXT
        case tree.Arithmetic("-", tree.Literal(0), of):
            found = _read(of, unit)
            if found and isinstance(found[0], int | Decimal):
                return -found[0], found[1]
    return None


def _mixed(kinds: list[Type]) -> bool:
    """True of figures of several types that go together: numbers of one unit, and periods."""
    if {kind.kind for kind in kinds} == {"period"}:
        return True
    same_unit = len({kind.unit for kind in kinds}) == 1
    return same_unit and {kind.kind for kind in kinds} <= {"whole", "number"}


def day(world: World, path: Path, text: str, key: bool = False) -> date | None:
    """A date as written in a policy; what is no date is a fault."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        world.fault("LR301", path, key=key, found=text, near=day_meant(text))
        return None
