# SPDX-License-Identifier: Apache-2.0
"""Sentences become rules; `late` becomes a second rule, the day after the deadline."""

from collections.abc import Mapping
from dataclasses import replace

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of, type_of
from loyaltyrules.expression.types import DATED, PERIOD, YES_NO
from loyaltyrules.expression.written import written
from loyaltyrules.policy.lowering.each import each_symbols
from loyaltyrules.policy.lowering.hours import has_hours, refuse_hours_of_days
from loyaltyrules.policy.lowering.lengths import countable, counts_workdays, refuse_unlisted
from loyaltyrules.policy.lowering.occasions import lower_moment, symbols_of
from loyaltyrules.policy.lowering.words import forms_of, item_path
from loyaltyrules.policy.lowering.world import World, grounds, titles
from loyaltyrules.policy.model import Moment, Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import RuleShape
from loyaltyrules.problem.problem import nearest

PERIODS = ("day", "week", "month", "quarter", "year")
SAID = (
    "role", "approver", "to", "value", "reason", "priority", "figures", "assignee", "hours",
)  # fmt: skip


def lower_rules(world: World) -> list[Rule]:
    """Every sentence of the section `rules`."""
    rules: list[Rule] = []
    for name, shape in world.shape.rules.items():
        if known_subject(world, shape.for_, ("rules", name, "for")):
            rules += lower_rule(world, shape.id or name, shape, ("rules", name))
    return rules


def known_subject(world: World, subject: str, path: Path) -> bool:
    """Note a fault where there is no such kind of record."""
    if subject not in world.subjects:
        world.fault("LR215", path, name=subject, near=nearest(subject, world.subjects))
    return subject in world.subjects


def lower_rule(
    world: World,
    rule_id: str,
    shape: RuleShape,
    path: Path,
    *,
    extra: Node = tree.YES,
    fill: Mapping[str, str] | None = None,
    places: Mapping[str, Path] | None = None,
) -> list[Rule]:
    """One sentence: its rule, and the late one where `late` says so.

    Args:
        rule_id: The dotted path that is its stable name.
        extra: A condition that the table, label or workflow around it adds.
        fill: Texts for `{occasion}`, `{row}` and `{column}`.
        places: Where keys of the sentence stand that are not written under their own name.
    """
    subject, at = shape.for_, places or {}
    moment, mode = _moment(world, shape, path, at.get("from", (*path, "from")))
    each = each_symbols(world, shape.each, (*path, "each"), subject, moment)
    symbols = {**symbols_of(world, moment), **each}
    condition = _condition(world, shape, path, subject, symbols, extra)
    texts = {
        **({"occasion": moment.occasion.id} if moment and moment.occasion else {}),
        **(fill or {}),
    }
    over = {key: getattr(shape, key) for key in SAID}
    ground = grounds(shape)
    words = at.get("do", (*path, "do"))
    forms = tuple(
        form
        for index, word in enumerate(shape.do)
        for form in forms_of(world, word, item_path(words, index, shape.do), subject, ground, over,
                             said_at=path, fill=texts, symbols=symbols)
    )  # fmt: skip
    within = _within(world, shape, path, moment)
    refuse_hours_of_days(world, within, moment, (*path, "within"))
    by = _by(world, shape, at.get("by", (*path, "by")), symbols, moment)
    keys, periods = _once_per(world, shape, path, at.get("once_per", (*path, "once_per")), mode)
    rule = Rule(
        rule_id, subject, mode, condition, forms, moment, keys, ";", periods, within, by, ground,
        titles(shape.title, world.shape.language), world.document.key_place(path), tuple(shape.was),
        shape.each if shape.each in world.tables else "",
    )  # fmt: skip
    return [rule, *_late(world, shape, path, rule, symbols)]


def _moment(world: World, shape: RuleShape, path: Path, since: Path) -> tuple[Moment | None, str]:
    if shape.at and shape.from_:
        world.fault("LR131", since, key=True)
    if shape.at:
        return lower_moment(world, shape.at, (*path, "at"), shape.for_), "at"
    if shape.from_:
        moment = lower_moment(world, shape.from_, since, shape.for_)
        if moment.dated is None:
            world.fault("LR305", since, found=shape.from_)
        return moment, "from"
    return None, "while"


def _condition(
    world: World, shape: RuleShape, path: Path, subject: str, symbols: Mapping[str, Node],
    extra: Node,
) -> Node:  # fmt: skip
    wanted = world.expression(shape.if_, (*path, "if"), subject, YES_NO, symbols)
    unless = world.expression(shape.unless, (*path, "unless"), subject, YES_NO, symbols)
    return all_of(extra, wanted, tree.YES if unless == tree.NO else tree.Not(unless))


def _within(world: World, shape: RuleShape, path: Path, moment: Moment | None) -> Node | None:
    if shape.late and not (shape.within or shape.by):
        world.fault("LR132", (*path, "late"), key=True)
    if shape.late and shape.within and moment is None:
        world.fault("LR133", (*path, "late"), key=True)
    if not shape.within:
        return None
    here = (*path, "within")
    read = world.expression(shape.within, here, shape.for_, PERIOD)
    within = countable(world, read, here, shape.for_)
    one_by_one = moment is None or moment.dated is not None  # and no window of an occasion
    if (shape.late or not one_by_one) and not (one_by_one and _added(moment)):
        refuse_unlisted(world, shape.for_, within, here)
    if has_hours(within) and moment is not None and not _added(moment):
        world.fault("LR275", here, found=written(moment.offset) if moment.offset else "")
    return within


def _added(moment: Moment | None) -> bool:
    """True of a day of the record to which any period can be added: none before counts workdays."""
    return moment is None or moment.offset is None or not counts_workdays(moment.offset)


def _by(
    world: World, shape: RuleShape, here: Path, symbols: Mapping[str, Node], moment: Moment | None
) -> Node | None:
    """The day until when it is to be done, in place of a period."""
    if shape.by is None:
        return None
    if shape.within:
        world.fault("LR276", here, key=True, name=here[-1])
    by = world.expression(shape.by, here, shape.for_, None, symbols)
    if type_of(by).kind not in (*DATED, "unknown"):  # a fault in it was told already
        world.fault("LR278", here, found=shape.by, name=here[-1])
    if shape.late and moment is not None and moment.dated is None:
        world.fault("LR277", here, key=True, name=here[-1])
    return by


def _once_per(
    world: World, shape: RuleShape, path: Path, here: Path, mode: str
) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    if mode != "while":
        if shape.once_per:
            world.fault("LR134", here, key=True)
        return (), ()
    if shape.once_per is None and not shape.each:
        world.fault("LR135", path, key=True, name=path[-1])
    names = shape.once_per or []
    periods = tuple(name for name in names if name in PERIODS)
    keys = tuple(
        world.expression(name, (*here, index), shape.for_)
        for index, name in enumerate(names)
        if name not in PERIODS
    )
    return keys, periods


def _late(
    world: World, shape: RuleShape, path: Path, rule: Rule, symbols: Mapping[str, Node]
) -> list[Rule]:
    if not shape.late or (rule.by is None and (rule.moment is None or rule.within is None)):
        return []
    forms = tuple(
        form
        for index, cell in enumerate(shape.late)
        for form in forms_of(world, cell, item_path((*path, "late"), index, shape.late),
                             rule.subject, rule.grounds, {"reason": "late"}, symbols=symbols)
    )  # fmt: skip
    name, was = f"{rule.id}.late", tuple(f"{each}.late" for each in rule.was)
    late = _late_by(rule, rule.by) if rule.by is not None else _late_within(rule)
    return [replace(late, id=name, actions=forms, within=None, by=None, was=was)]


def _late_within(rule: Rule) -> Rule:
    """What is late when a period has passed since the moment."""
    assert rule.moment is not None
    return replace(rule, moment=replace(rule.moment, then=rule.within))


def _late_by(rule: Rule, by: Node) -> Rule:
    """What is late when a day has passed; another such day makes it new."""
    moment = rule.moment or Moment()
    begun = (moment.dated,) if moment.dated is not None else ()
    mode = "at" if rule.mode == "at" else "from"
    keys = (*begun, *rule.once_per, by)
    return replace(rule, mode=mode, moment=replace(moment, by=by), once_per=keys)
