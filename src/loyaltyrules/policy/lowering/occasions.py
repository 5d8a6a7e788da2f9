# SPDX-License-Identifier: Apache-2.0
"""Occasions and moments: which dates have a name, and when exactly a rule speaks."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from loyaltyrules.calendar import (
    MONTHS,
    ORDINALS,
    SCHEDULES,
    SOLAR_TERMS,
    WEEKDAYS,
    DateRule,
    Lunar,
    LunarYearEnd,
    NthWeekday,
    Solar,
    SolarTerm,
    counts_workdays,
    never_comes,
    schedule_named,
)
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, references_in, type_of
from loyaltyrules.expression.types import DATED, Type
from loyaltyrules.policy.lowering.days_meant import written_as
from loyaltyrules.policy.lowering.hours import (
    has_hours,
    moved_by_hours,
    refuse_hours_of_days,
    whole_days,
)
from loyaltyrules.policy.lowering.lengths import length, refuse_unlisted, tells_rest_days
from loyaltyrules.policy.lowering.world import SubjectScope, World, grounds, parted, titles
from loyaltyrules.policy.model import (
    Anniversary,
    Base,
    Moment,
    Occasion,
    PassedDates,
    TableDates,
)
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import OccasionShape
from loyaltyrules.problem.problem import nearest

REST = "rest day"
KINDS_OF_DAYS = (REST, *WEEKDAYS)  # as policies name them
BASES = ("solar", "lunar", "nth", "term", "year_end", "anniversary", "rows")
WORDS = re.compile(r"\w+(\s+\w+)+", re.ASCII)  # never an expression of a date
STAND_IN = Moment(schedule=SCHEDULES["daily"])  # where a fault was told
MOMENT = re.compile(r"^(?P<period>.+?) (?P<side>after|before) (?P<base>.+)$")


def lower_occasions(world: World) -> None:
    """Read every occasion; rules find it by its name, its id and its titles."""
    named: dict[str, str] = {}  # by id
    for name, shape in world.shape.occasions.items():
        path: Path = ("occasions", name)
        passed = world.dates.get(shape.id or name)
        base = PassedDates(passed) if passed else _base(world, path, shape)
        base = base or Solar(1, 1)  # a stand-in; the fault was told
        opens = None
        if shape.opens:
            here = (*path, "opens")
            opens = whole_days(world, length(world, shape.opens, here, "customer"), here)
        title = titles(shape.title or name, world.shape.language)
        first = named.setdefault(shape.id or name, name)
        if first != name:
            world.fault("LR166", path, key=True, name=shape.id or name, near=first)
        own, was = shape.id or name, tuple(shape.was)
        occasion = Occasion(own, base, opens, title, grounds(shape), was)
        for key in dict.fromkeys([name, occasion.id, *(text for _, text in title)]):
            known = world.occasions.get(key)
            if known and known.id != occasion.id:
                world.fault("LR126", path, key=True, name=key)
            world.occasions[key] = occasion


def _base(world: World, path: Path, shape: OccasionShape) -> Base | None:
    given = [each for each in BASES if getattr(shape, each) is not None]
    if len(given) != 1:
        world.fault("LR127", path, key=True, name=path[-1])
        return None
    way = given[0]
    if way == "anniversary":
        return _anniversary(world, path, shape)
    if way == "rows":
        return _rows(world, path, shape)
    here = (*path, way)
    base = _DATES[way](str(getattr(shape, way)))
    if base is None or never_comes(base):
        text = str(getattr(shape, way))
        world.fault("LR302", here, found=text, name=path[-1], near=written_as(way, text))
        return None
    return base


def _solar(text: str) -> DateRule | None:
    match = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})", text)
    return Solar(int(match[1]), int(match[2])) if match else None


def _lunar(text: str) -> DateRule | None:
    match = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})", text)
    return Lunar(int(match[1]), int(match[2])) if match else None


def _nth(text: str) -> DateRule | None:
    match = re.fullmatch(r"(\w+) (\w+) of (\w+)", text.lower())
    if not match or match[1] not in ORDINALS:
        return None
    if match[2] not in WEEKDAYS or match[3] not in MONTHS:
        return None
    return NthWeekday(ORDINALS[match[1]], WEEKDAYS.index(match[2]), MONTHS.index(match[3]) + 1)


def _term(text: str) -> DateRule | None:
    return SolarTerm(text) if text in SOLAR_TERMS else None  # type: ignore[arg-type]


_DATES: dict[str, Callable[[str], DateRule | None]] = {
    "solar": _solar, "lunar": _lunar, "nth": _nth, "term": _term,
    "year_end": lambda text: LunarYearEnd(),
}  # fmt: skip


def _anniversary(world: World, path: Path, shape: OccasionShape) -> Base:
    """The dated fact may belong to any subject: `special_date.date`, or of the customer: its name."""
    text = str(shape.anniversary)
    subject, fact = _dated_fact(world, text)
    born = world.expression(fact, (*path, "anniversary"), subject)
    if type_of(born).kind not in (*DATED, "unknown"):  # a fault in it was told already
        world.fault("LR303", (*path, "anniversary"), name=text)
    words = Type("word", words=("solar", "lunar"))
    calendar = world.expression(shape.calendar, (*path, "calendar"), subject, words)
    day = born if type_of(born).kind == "date" else tree.Call("date", (born,), Type("date"))
    return Anniversary(day, calendar)


def _dated_fact(world: World, text: str) -> tuple[str, str]:
    head, rest = parted(text)
    return (head, rest) if rest and head in world.subjects else ("customer", text)


def _rows(world: World, path: Path, shape: OccasionShape) -> Base:
    table = world.tables.get(str(shape.rows))
    world.used.add(f"reference.{shape.rows}")
    if table is None:
        near = nearest(str(shape.rows), world.tables)
        world.fault("LR128", (*path, "rows"), name=shape.rows, near=near)
    elif shape.day not in dict(table.columns):
        near = nearest(shape.day, dict(table.columns))
        world.fault("LR129", (*path, "day"), name=shape.day, table=shape.rows, near=near)
    elif dict(table.columns)[shape.day].kind not in (*DATED, "unknown"):  # told at the column
        world.fault("LR311", (*path, "day"), name=shape.day, table=shape.rows)
    return TableDates(str(shape.rows), shape.day)


def lower_moment(world: World, text: str, path: Path, subject: str) -> Moment:
    """Read `[PERIOD after|before] BASE`: an occasion, a schedule or a dated expression."""
    match = MOMENT.match(text)
    if match is None:
        return _base_moment(world, text.strip(), path, subject)
    offset = length(world, match["period"], path, subject)
    moment = _base_moment(world, match["base"].strip(), path, subject)
    sign = -1 if match["side"] == "before" else 1
    if has_hours(offset) and moment.instant is not None:
        return moved_by_hours(moment, offset, sign)
    refuse_hours_of_days(world, offset, moment, path)
    if moment.dated is None:
        refuse_unlisted(world, subject, offset, path)
    return replace(moment, offset=offset, sign=sign, opens=None)


def _base_moment(world: World, base: str, path: Path, subject: str) -> Moment:
    occasion, schedule = world.occasions.get(base), schedule_named(base)
    if occasion:
        world.used.add(f"occasions.{occasion.id}")
        _check_owner(world, occasion, path, subject)
        return Moment(occasion=occasion, opens=_opens(world, occasion, path, subject))
    if schedule is not None:
        if counts_workdays(schedule) and not tells_rest_days(world):
            world.fault("LR310", path, found=base)
        return Moment(schedule=schedule)
    if WORDS.fullmatch(base):
        world.fault("LR304", path, found=base, near=nearest(base, _named(world)))
        return STAND_IN
    if base.isidentifier() and SubjectScope(world, subject, {}).find(base) is None:
        world.fault("LR229", path, name=base, near=nearest(base, _named(world)))
        return STAND_IN
    return _dated(world, base, path, subject)


def _opens(world: World, occasion: Occasion, path: Path, subject: str) -> Node | None:
    """How long before an occasion it opens, as the records of a subject read it; it is said of customers."""
    if occasion.opens is None:
        return None
    refuse_unlisted(world, "customer", occasion.opens, path)
    read = references_in(occasion.opens)
    if not read or subject == "customer":
        return occasion.opens
    below = tree.from_below(occasion.opens, "customer")
    if not all(world.holds(subject, each) for each in references_in(below)):
        names = ", ".join(each.key for each in read)
        world.fault("LR316", path, subject=subject, name=occasion.id, names=names)
    return below


def _dated(world: World, text: str, path: Path, subject: str) -> Moment:
    dated = world.expression(text, path, subject)
    if type_of(dated).kind not in (*DATED, "unknown"):
        world.fault("LR304", path, found=text, near=nearest(text, _named(world)))
    day = dated if type_of(dated).kind == "date" else tree.Call("date", (dated,), Type("date"))
    return Moment(dated=day, instant=dated if type_of(dated).kind == "datetime" else None)


def lower_days(world: World, names: Sequence[str], path: Path) -> tuple[str, ...]:
    """Read kinds of days by their names: weekdays, and `rest day` where the notices are declared."""
    for name in names:
        if name not in KINDS_OF_DAYS:
            near, words = nearest(name, KINDS_OF_DAYS), ", ".join(KINDS_OF_DAYS)
            world.fault("LR202", path, name=name, words=words, near=near)
    if REST in names and not tells_rest_days(world):
        world.fault("LR310", path, found=REST)
    if {*WEEKDAYS} <= {*names}:
        world.fault("LR243", path, name=path[-1])
    return tuple(names)


def _named(world: World) -> tuple[str, ...]:
    """The names that a moment may have, for whoever misspelt one."""
    return (*world.occasions, *SCHEDULES)


def _check_owner(world: World, occasion: Occasion, path: Path, subject: str) -> None:
    """An anniversary is one of the records that have its date: a rule for others never acts."""
    if not isinstance(occasion.base, Anniversary):
        return
    for each in (*references_in(occasion.base.born), *references_in(occasion.base.calendar)):
        if not world.holds(subject, each):
            owner, fact = _whose(world, occasion)
            world.fault("LR163", path, subject=subject, name=occasion.id, fact=fact, owner=owner)
            return


def _whose(world: World, occasion: Occasion) -> tuple[str, str]:
    """Whose date an anniversary is, and which."""
    shapes = world.shape.occasions.items()
    text = next(str(s.anniversary) for name, s in shapes if occasion.id in (s.id, name))
    return _dated_fact(world, text)


def symbols_of(world: World, moment: Moment | None) -> dict[str, Node]:
    """Columns of the reference table whose rows the moment's occasion stands for."""
    if not moment or not moment.occasion or not isinstance(moment.occasion.base, TableDates):
        return {}
    table = world.tables.get(moment.occasion.base.table)
    columns = table.columns if table else ()
    name = moment.occasion.base.table
    return {f"{name}.{column}": tree.Symbol(f"{name}.{column}", kind) for column, kind in columns}
