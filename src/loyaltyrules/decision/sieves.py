# SPDX-License-Identifier: Apache-2.0
"""What each sieve does with the actions of one customer: one function for each kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, assert_never

from loyaltyrules.decision.across import merge_days
from loyaltyrules.decision.neighbours import Around
from loyaltyrules.decision.passing import PENDING, READY, SUPPRESSED, Passing
from loyaltyrules.decision.sieves_of_day import SievesOfDay
from loyaltyrules.decision.touches import NONE_BEFORE, Before, Kept, limit, touching
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.tree import Node
from loyaltyrules.policy.model import Approve, Cap, Hold, Merge, Move, Reserve, Sieve

FURTHEST = 31  # days that an action is put off at most


@dataclass(frozen=True, slots=True)
class Sifting:
    """One sieve at work: where it stands in the gate, and the actions that pass it.

    `facts` are those of the customer, then of the child records that emitted something. What is
    emitted in the place of held actions is added to `instead`. `before` is what the days of a span
    before this one let through.
    """

    sieves: SievesOfDay
    index: int
    facts: Sequence[Facts]
    passing: Sequence[Passing]
    instead: list[Passing]
    before: Before = NONE_BEFORE

    @property
    def around(self) -> Around:
        """What opens on other days, for the same actions."""
        return Around(self.sieves, self.index)

    def asked(self, each: Passing) -> object:
        """Whether the sieve speaks of an action; None where the customer's facts leave it open."""
        return self.sieves.test(self.index, each.recipe)(self.facts[0])

    def reaching(self) -> Iterator[Passing]:
        """Actions that will reach the customer and that the sieve may speak of."""
        for each in self.passing:
            if each.status in (READY, PENDING) and self.asked(each) is not False:
                yield each

    def number(self, node: Node) -> int | None:
        """A whole number of the customer; None where it is unknown."""
        return self.sieves.number(node, self.facts[0])


def sift(sieve: Sieve, at: Sifting) -> None:
    """Let the actions pass the sieve: what it does to each stands in the action afterwards."""
    match sieve:
        case Hold():
            hold(sieve, at)
        case Merge():
            merge(sieve, at)
        case Cap():
            cap(sieve, at)
        case Reserve():
            pass  # the cap behind it asks how many places it keeps
        case Approve():
            approve(sieve, at)
        case Move():
            move(sieve, at)
        case _:
            assert_never(sieve)


def numbers(sieve: Sieve) -> tuple[Node, ...]:
    """What a sieve asks of the customer beside its condition."""
    match sieve:
        case Cap(most=most, already=already):
            return tuple(each for each in (most, already) if most is not None and each is not None)
        case Reserve(places=places):
            return (places,)
        case Hold() | Merge() | Approve() | Move():
            return ()
        case _:
            assert_never(sieve)


def by_due_day(sieve: Sieve) -> bool:
    """True of a sieve that looks at the due days of actions."""
    match sieve:
        case Merge(by=by, across=across):
            return "due_on" in by or across is not None
        case Move():
            return True
        case Hold() | Cap() | Reserve() | Approve():
            return False
        case _:
            assert_never(sieve)


def hold(sieve: Hold, at: Sifting) -> None:
    for each in at.passing:
        if each.status == SUPPRESSED:
            continue
        held = at.asked(each)
        if held is True:
            each.suppress(sieve.reason, sieve)
        elif held is None and sieve.unknown is not None:
            each.suppress(sieve.unknown, sieve)
        each.way_out = each.status == SUPPRESSED and sieve.own
        if each.status == SUPPRESSED and sieve.instead:
            at.instead.append(Passing(at.sieves.other(each.recipe, sieve.instead), each.owner))


def merge(sieve: Merge, at: Sifting) -> None:
    """Of actions that say the same the most urgent is kept; those that say nothing stay apart.

    Where days are merged, what of several occasions stays is settled before; then only what is due on one
    day is left to merge.
    """
    if sieve.across is not None:
        merge_days(sieve, at.around, [*at.reaching()], at.facts)
    first: dict[tuple[Any, ...], Passing] = {}
    for each in at.reaching():
        facts = at.facts[each.owner]
        key = tuple(_value(each, name, facts) for name in sieve.by)
        says = any(part is not None for part in key)
        kept = first.setdefault((*key, each.due(facts) if sieve.across else None), each)
        if kept is not each and says:
            each.merge(kept, sieve)


def _value(each: Passing, name: str, facts: Facts) -> Any:
    """A field of an action by which sieves merge."""
    if name == "due_on":
        return each.due(facts)
    return each.recipe.rule if name == "rule" else getattr(each.recipe.form, name)


def cap(sieve: Cap, at: Sifting) -> None:
    if sieve.most is None:
        return
    among = [
        each for each in touching(at.reaching()) if not (sieve.carries and at.before.knows(each))
    ]
    room = _room(sieve, sieve.most, at)
    if room is not None:
        limit(sieve, among, room, [_kept(*step, at, among) for step in _reserved(at)])
    elif sieve.unknown is not None:
        for each in among:
            each.suppress(sieve.unknown, sieve)


def _room(sieve: Cap, limit_: Node, at: Sifting) -> int | None:
    """How many touches are left on the day; None where it is unknown how many there were."""
    most = at.number(limit_)
    already = 0 if sieve.already is None else at.number(sieve.already)
    before = at.before.counts.get(at.index, 0)
    return None if most is None or already is None else most - already - before


def _reserved(at: Sifting) -> Iterator[tuple[int, Reserve]]:
    """The steps between a cap and the one before it that keep places of it."""
    for index in range(at.index - 1, -1, -1):
        step = at.sieves.sieves[index]
        if isinstance(step, Cap) and step.most is not None:
            return
        if isinstance(step, Reserve):
            yield index, step


def _kept(index: int, step: Reserve, at: Sifting, among: Sequence[Passing]) -> Kept:
    """The places that a step keeps: none where it is known that nothing comes."""
    if at.sieves.comes(index)(at.facts[0]) is False:
        return Kept(step, 0, frozenset())
    asked = replace(at, index=index)
    others = (each for each in among if each.recipe.form.purpose != step.purpose)
    speaks = frozenset(id(each) for each in others if asked.asked(each) is not False)
    return Kept(step, at.number(step.places), speaks)


def approve(sieve: Approve, at: Sifting) -> None:
    """What awaits nobody's approval yet awaits that of the role."""
    for each in at.passing:
        asked = at.asked(each) if each.status == READY else False
        if asked is True or (asked is None and sieve.in_doubt):
            each.status, each.approver = PENDING, sieve.role


def move(sieve: Move, at: Sifting) -> None:
    """What is due on a day that will not do is put off to the next that will."""
    for each in at.reaching():
        due = each.due(at.facts[each.owner])
        if due is None or _will_do(sieve, due, at) is True:
            continue
        day, will_do = _first(sieve, due, at)
        if will_do is None or at.asked(each) is None:
            if sieve.unknown is not None:
                each.suppress(sieve.unknown, sieve)
        elif day is None:
            each.suppress(sieve.reason, sieve)
        else:
            each.due_on = day


def _first(sieve: Move, due: date, at: Sifting) -> tuple[date | None, bool | None]:
    """The first day from the due day on that will do, or of which it is unknown; None for no day."""
    for day in (due + timedelta(days=count) for count in range(FURTHEST + 1)):
        will_do = _will_do(sieve, day, at)
        if will_do is not False:
            return day, will_do
    return None, False


def _will_do(sieve: Move, day: date, at: Sifting) -> bool | None:
    """Whether an action may be due on a day; None where no notice tells."""
    if day.weekday() in sieve.weekdays:
        return False
    return at.sieves.is_workday(day) if sieve.rest_days else True
