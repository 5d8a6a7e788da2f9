# SPDX-License-Identifier: Apache-2.0
"""The one evaluator: what the rules of a plan come to for one record."""

from collections.abc import Iterator

from loyaltyrules.action.action import Action
from loyaltyrules.decision.decider import Decider, decider_of
from loyaltyrules.decision.decision import Decision, Lacking, results
from loyaltyrules.decision.gate import Gate, gate_of
from loyaltyrules.decision.one_day import Passage, fired, on_day
from loyaltyrules.decision.outcome import Both, parted, stated
from loyaltyrules.decision.passing import verdict
from loyaltyrules.decision.touches import carried_over
from loyaltyrules.decision.whole import (
    CacheEntry,
    Emission,
    Shared,
    WholeMemory,
    read_off,
    shared,
)
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.host.record import Record as Given
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import problem

NOTHING: Both = ((), ())
new = tuple.__new__


def evaluate(plan: DayPlan, record: Snapshot | Given, subject: str = "customer") -> Decision:
    """Decide what one record receives in the plan's span.

    The same plan and record always give the same decision. Nothing is stored: the host applies
    actions and hands in the changed record next time.

    Args:
        plan: A compiled day or span.
        record: A snapshot of `plan.snapshot`, or a mapping or other record that is read as one.
        subject: The kind of record, where it is not a customer.

    Returns:
        Labels, actions, suppressed actions with their reasons, and rules left undecided.

    Raises:
        SnapshotError: the record is faulty, or of a kind the policy does not know.
    """
    decider = plan.memory.get(Decider) or decider_of(plan)
    found = decider.met.get(id(record))  # only snapshots are met, and only while they live
    if found is None or type(record) is not Snapshot:
        return _new_to(plan, decider, record, subject)
    kept, held = read_off(plan, found, record) if found.acts else NOTHING
    results = found.results
    return new(Decision, (plan, record, kept, held, results.labels, results))


def interpret(plan: DayPlan, record: Snapshot | Given, subject: str = "customer") -> Decision:
    """The same as `evaluate`, every condition interpreted anew: the meaning that it must keep."""
    known = record if isinstance(record, Snapshot) else plan.snapshot(record, subject)
    return decide_record(plan, known, remember=False)


def _new_to(plan: DayPlan, decider: Decider, record: Snapshot | Given, subject: str) -> Decision:
    """Find the place of a record that the plan has not met; the stages decide one that has none."""
    known = record if isinstance(record, Snapshot) else plan.snapshot(record, subject)
    place = _placed(plan, decider, known)
    if place is None:
        return decide_record(plan, known, remember=True)
    found = place.shared or _shared(plan, decider, known, place)
    if known is record:
        decider.meet(known, found)
    kept, held = read_off(plan, found, known) if found.acts else NOTHING
    results = found.results
    return new(Decision, (plan, known, kept, held, results.labels, results))


def decide_record(plan: DayPlan, snapshot: Snapshot, remember: bool) -> Decision:
    """Decide a record stage by stage, day by day."""
    _check_subject(plan, snapshot)
    lacking: Lacking = []
    root = plan.derived(plan.day(plan.on), snapshot, remember)
    kept, held = parted(_actions(plan, snapshot, root, lacking, remember))
    said = results(plan, snapshot.subject, root.facts, lacking)
    return Decision(plan, snapshot, kept, held, said.labels, said)


def _actions(
    plan: DayPlan, snapshot: Snapshot, root: Record, lacking: Lacking, remember: bool
) -> Iterator[Action]:
    """The actions of every day of the span, the first day first."""
    carried = carried_over(plan)
    for date in plan.dates:
        day = plan.day(date)
        found = root if date == plan.on else plan.derived(day, snapshot, remember)
        passage = decider_of(plan).passage(plan, date) if remember else Passage(gate_of(plan, day))
        assignments = on_day(passage, day, found, lacking, remember, carried)
        if date < plan.on:
            assignments = [each._replace(outcome=each.outcome.by(plan.on)) for each in assignments]
        yield from stated(assignments)


def _check_subject(plan: DayPlan, snapshot: Snapshot) -> None:
    if snapshot.subject not in plan.policy.vocabulary.subjects:
        raise SnapshotError([problem("LR414", None, name=snapshot.subject, near="")])


def _placed(plan: DayPlan, decider: Decider, snapshot: Snapshot) -> CacheEntry | None:
    """The place of a record in the plan's memory; None where it has none, or does not help."""
    subject = snapshot.subject
    if subject not in decider.memories:
        _check_subject(plan, snapshot)
    memory = decider.memory(plan, subject)
    return None if memory is None else memory.place(snapshot)


def _shared(plan: DayPlan, decider: Decider, snapshot: Snapshot, place: CacheEntry) -> Shared:
    """Decide the first record of a place by the stages, and keep what all others share with it."""
    memory = decider.memory(plan, snapshot.subject)
    assert memory is not None  # it has the place
    emission = place.emission
    if emission is None:
        day, lacking = plan.day(plan.on), Lacking()
        record = plan.derived(day, snapshot)
        recipes = [(recipe, 0) for recipe in fired(day, record, lacking, True)]
        derived = {name: of for name, of in record.facts.items() if name in memory.derived}
        found = results(plan, snapshot.subject, derived, [(None, each) for _, each in lacking])
        if not recipes:
            place.shared = Shared(found)
            return place.shared
        emission = place.emission = Emission(recipes, derived, found)
    return _gated(plan, decider.passage(plan, plan.on).gate, snapshot, memory, emission)


def _gated(
    plan: DayPlan, gate: Gate, snapshot: Snapshot, memory: WholeMemory, emission: Emission
) -> Shared:
    """What becomes of a known emission for the first record of those that the gate treats alike."""
    place = memory.emitting(emission, snapshot)
    if place.shared is not None:
        return place.shared
    facts = {**memory.given(snapshot), **emission.derived}
    record = Record(snapshot.subject, snapshot.id, facts)
    fates = gate.fates(emission.recipes, [facts])
    if gate.dated(emission.recipes):  # days of the record itself count
        return shared(plan.policy, record, fates, emission.results, memory.common)
    alike = *map(verdict, fates), *map(facts.get, memory.common)
    found = emission.shared.get(alike)
    if found is None:
        found = shared(plan.policy, record, fates, emission.results, memory.common)
        emission.shared[alike] = found
    place.shared = found
    return found
