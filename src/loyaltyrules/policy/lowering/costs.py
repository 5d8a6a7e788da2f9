# SPDX-License-Identifier: Apache-2.0
"""Costs: what a gift, a channel or kinds of action cost, in money of the policy and in minutes."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from loyaltyrules.action.kinds import CHANNELS, KINDS
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import NUMBER, Type
from loyaltyrules.fact.frozen import frozen
from loyaltyrules.policy.lowering.listed import titled
from loyaltyrules.policy.lowering.roles import all_forms
from loyaltyrules.policy.lowering.shares import check_cost
from loyaltyrules.policy.lowering.world import World, grounds
from loyaltyrules.policy.model import OWN_VALUE, ActionForm, Price, Priced, Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import CostShape
from loyaltyrules.problem.problem import nearest
from loyaltyrules.problem.render import WRITE

OF: tuple[Priced, ...] = ("gift", "channel", "kind")
MINUTES = Type("number", "minutes")
CURRENCY = "CNY"  # where no fact of money says another


def lower_costs(world: World, rules: Iterable[Rule]) -> Mapping[str, Price]:
    """Every entry of the section, each of what actions of the policy have."""
    forms = all_forms(world, rules)
    found = {}
    for name, shape in world.shape.costs.items():
        found[name] = _price(world, name, shape, _meant(world, name, shape, forms))
    for form in forms:
        for each in fitting(found.values(), form.kind, form.channel, form.gift):
            world.used.add(f"costs.{each.name}")
            _refuse_no_money(world, each, form)
    return frozen(found)


def fitting(
    prices: Iterable[Price], kind: str, channel: str | None, gift: str | None
) -> list[Price]:
    """What an action costs is the sum of these: of its gift, its channel, and the kind that is closest."""
    listed = [*prices]
    own = [e for e in listed if (e.of, e.name) in (("gift", gift), ("channel", channel))]
    kinds = [each for each in listed if each.of == "kind" and fnmatchcase(kind, each.name)]
    return own + sorted(kinds, key=lambda each: _closeness(each.name, kind))[-1:]


def _closeness(name: str, kind: str) -> tuple[bool, int, int, str]:
    """The kind itself, then the longest pattern; of equally long ones that which begins the longer."""
    return name == kind, len(name), name.find("*"), name


def _meant(world: World, name: str, shape: CostShape, forms: Iterable[ActionForm]) -> Priced:
    """Whether a name is that of a gift, a channel or of kinds."""
    known = {of: {text for form in forms if (text := getattr(form, of))} for of in OF}
    there = [of for of in OF if _among(name, known[of], of)]
    known["channel"] |= {*CHANNELS, *world.shape.channels}
    known["kind"] |= KINDS
    possible = there or [of for of in OF if _among(name, known[of], of)]
    path: Path = ("costs", name)
    if shape.of is not None and shape.of not in possible or not possible:
        if path not in world.document.inherited:
            names = known[shape.of] if shape.of else set[str]().union(*known.values())
            near = _called(world, name) or nearest(name, names)
            world.fault("LR491", path, key=True, name=name, near=near)
    elif shape.of is None and len(possible) > 1:
        meanings = ", ".join(possible)
        world.fault("LR492", path, key=True, name=name, found=meanings, of=possible[0])
    return shape.of or (possible or OF)[0]


def _called(world: World, title: str) -> str:
    """The name of what people call so: a channel, something given, or an occasion."""
    occasion = world.occasions.get(title)
    return titled(title, {**world.shape.channels, **world.shape.names}) or (
        occasion.id if occasion else ""
    )


def _among(name: str, known: Iterable[str], of: Priced) -> bool:
    return (
        name in known or of == "kind" and "*" in name and any(fnmatchcase(e, name) for e in known)
    )


def _price(world: World, name: str, shape: CostShape, of: Priced) -> Price:
    path: Path = ("costs", name)
    if shape.cost is None and shape.minutes is None:
        world.fault("LR169", path, key=True, name=name)
    money = Type("number", _currency(world))
    cost = _amount(world, shape.cost, (*path, "cost"), money)
    minutes = _amount(world, shape.minutes, (*path, "minutes"), MINUTES)
    return Price(name, of, cost, minutes, grounds(shape))


def _amount(world: World, text: str | None, path: Path, want: Type) -> Node | None:
    """A number of money or minutes; of money also the action's own value."""
    if text is None:
        return None
    if text == OWN_VALUE and want is not MINUTES:
        if OWN_VALUE in world.parameters:
            names = f"the action's {OWN_VALUE}, parameters.{OWN_VALUE}"
            world.fault("LR264", path, name=OWN_VALUE, names=names)
        return tree.Symbol(OWN_VALUE, want)
    node = world.expression(text, path, "policy", want)
    if type_of(node).kind == "share":
        world.fault("LR203", path, found=type_of(node), expected=want, why=WRITE[""])
        return node
    check_cost(world, node, path)
    return node


def _currency(world: World) -> str:
    """The money of the policy: that of its facts, if it is one."""
    facts = (each for subject in world.shape.facts.values() for each in subject.values())
    units = {each.unit or CURRENCY for each in facts if each.type == "money"}
    return units.pop() if len(units) == 1 else CURRENCY


def _refuse_no_money(world: World, price: Price, form: ActionForm) -> None:
    """Note a fault where an action whose own value is its cost states no money."""
    if not isinstance(price.cost, tree.Symbol) or price.cost.name != OWN_VALUE:
        return
    stated = type_of(form.value) if form.value else NUMBER
    if stated.unit != price.cost.type.unit and stated.kind != "unknown":
        path, unit = ("costs", price.name, "cost"), price.cost.type.unit
        world.fault("LR493", path, name=form.word, kind=form.kind, unit=unit)
