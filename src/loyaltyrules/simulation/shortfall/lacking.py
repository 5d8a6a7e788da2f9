# SPDX-License-Identifier: Apache-2.0
"""lacking: what one record lacks for the next word of a label, and by when the present one is lost."""

from collections.abc import Collection, Iterable, Iterator

from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.host.record import Record as Given
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Label, Rule
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import nearest, problem
from loyaltyrules.simulation.base.tried import fact_of
from loyaltyrules.simulation.shortfall.losing import losing
from loyaltyrules.simulation.shortfall.shortfall import Lacking
from loyaltyrules.simulation.shortfall.towards import Asking, Lacks, condition_of, goal_of, moves_of


def lacking(plan: DayPlan, customer: Snapshot | Given, label: str) -> Lacking:
    """What one record lacks for the next word of a label, and by when it loses the present one.

    Facts stay as they are and only the day goes on, for three years at most: so a word is lost by the
    moves of the label, or where none is on file by the label itself. Other records, and what is derived
    of parents, stay as on the plan's day.

    Args:
        plan: A compiled day; where the label goes by ranks or shares, with its population.
        customer: A record as `evaluate` takes it.
        label: The label.

    Raises:
        ArgumentError: the policy has no such label for records of this kind (LR515).
        SnapshotError: the record is faulty.
    """
    of = _label(plan, label, customer)
    known = customer if isinstance(customer, Snapshot) else plan.snapshot(customer, of.subject)
    record = plan.derived(plan.day(plan.on), known)
    folding = Folding(plan.policy, plan.on, plan.tables)
    asking = Asking(plan.policy, of.subject, folding, record.facts)
    proposed = record.facts.get(of.computed)
    on_file = record.facts.get(of.standing) if of.standing else None
    word = on_file or proposed
    losses = losing(plan, of, on_file is not None)
    above = _above(of, word)
    lacks = _lacks(asking, of, above, proposed, on_file) if above else ()
    loss = None if word is None else losses.loss(record, word)
    return Lacking(
        asking, of, record, plan.on, losses.ahead.last, word, proposed, above, lacks, loss
    )


def _label(plan: DayPlan, name: str, customer: object) -> Label:
    """The label that is asked for."""
    own = customer.subject if isinstance(customer, Snapshot) else None
    known = {e.name: e for e in plan.policy.labels if own in (None, e.subject)}
    if name not in known:
        details = {"names": ", ".join(known), "near": nearest(str(name), known)}
        raise ArgumentError([problem("LR515", None, name=name, **details)])
    return known[name]


def _above(label: Label, word: str | None) -> str | None:
    """The next better word; of no word the last one."""
    if word is None:
        return label.words[-1]
    place = label.words.index(word)
    return label.words[place - 1] if place else None


def _lacks(
    asking: Asking, label: Label, word: str, proposed: str | None, on_file: str | None
) -> Lacks:
    """What is lacking for a word: that the rules give it or a better one, and that a move puts it on file."""
    enough, by_rules = label.words[: label.words.index(word) + 1], asking
    lacks: Lacks = ()
    if proposed not in enough:
        whole = fact_of(asking.policy, label)
        lacks = asking.of(condition_of(asking.policy, label.subject, whole, word))
        by_rules = asking.supposing({label.computed: word})
    if on_file is None:
        return lacks
    moves = moves_of(asking.policy, label)
    ways: list[Lacks] = [*_moved(asking, label, moves, enough)]
    ways += [(*lacks, *each) for each in _moved(by_rules, label, moves, enough)]
    fewest = min(ways, key=len) if ways else lacks
    return tuple(dict.fromkeys(fewest))


def _moved(
    asking: Asking, label: Label, moves: Iterable[Rule], enough: Collection[str]
) -> Iterator[Lacks]:
    """What is lacking for each move that puts a word on file that is good enough."""
    for rule in moves:
        goal = goal_of(rule, label)
        if goal is not None and asking.evaluated(goal) in enough:
            yield asking.of(rule.condition)
