# SPDX-License-Identifier: Apache-2.0
"""The one evaluator: what the rules of a plan come to for one record."""

from collections.abc import Mapping
from typing import Any

from loyaltyrules.action.action import Action
from loyaltyrules.decision.decision import Decision, Lacking, findings
from loyaltyrules.decision.one_day import Passage as Passage  # tables ask for these three here
from loyaltyrules.decision.one_day import fired, on_day
from loyaltyrules.decision.one_day import passage as passage
from loyaltyrules.decision.outcome import Outcome, outcome_of, parted
from loyaltyrules.decision.outcome import expired as expired
from loyaltyrules.decision.passing import verdict
from loyaltyrules.decision.stamp import stamped
from loyaltyrules.decision.whole import Emission, Place, WholeMemory, whole_memory
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import problem


def evaluate(
    plan: DayPlan, record: Snapshot | Mapping[str, Any], subject: str = "customer"
) -> Decision:
    """Decide what one record receives in the plan's span.

    The same plan and record always give the same decision. Nothing is stored: the host applies
    actions and hands in the changed record next time.

    Args:
        plan: A compiled day or span.
        record: A snapshot of `plan.snapshot`, or a mapping that is read as one.
        subject: The kind of record, where it is not a customer.

    Returns:
        Labels, actions, suppressed actions with their reasons, and rules left undecided.

    Raises:
        SnapshotError: the record is faulty, or of a kind the policy does not know.
    """
    known = record if isinstance(record, Snapshot) else plan.snapshot(record, subject)
    place = known.place
    if place is None or place.plan is not plan.token:
        place = _placed(plan, known)
        if place is None:
            return decided(plan, known, remember=True)
    outcome: Outcome = place.outcome or _outcome(plan, known, place)
    state = outcome.state
    if state is None:
        return Decision(plan, known, (), (), outcome.findings)
    actions, suppressed = state(plan, known)
    return Decision(plan, known, actions, suppressed, outcome.findings)


def interpret(
    plan: DayPlan, record: Snapshot | Mapping[str, Any], subject: str = "customer"
) -> Decision:
    """The same as `evaluate`, every condition interpreted anew: the meaning that it must keep."""
    known = record if isinstance(record, Snapshot) else plan.snapshot(record, subject)
    return decided(plan, known, remember=False)


def decided(plan: DayPlan, snapshot: Snapshot, remember: bool) -> Decision:
    """Decide a record stage by stage, day by day."""
    _check_subject(plan, snapshot)
    actions: dict[str, Action] = {}
    lacking: Lacking = []
    root = plan.derived(plan.day(plan.on), snapshot, remember)
    for date in plan.dates:
        day = plan.day(date)
        found = root if date == plan.on else plan.derived(day, snapshot, remember)
        fates, records = on_day(plan, day, found, lacking, remember)
        for action in stamped(plan.policy, fates, records):
            actions.setdefault(action.action_id, action)
    kept, held = parted([expired(plan, action) for action in actions.values()])
    said = findings(plan, snapshot.subject, root.facts, lacking)
    return Decision(plan, snapshot, kept, held, said)


def _check_subject(plan: DayPlan, snapshot: Snapshot) -> None:
    if snapshot.subject not in plan.policy.vocabulary.subjects:
        raise SnapshotError([problem("LR414", None, name=snapshot.subject, near="")])


def _placed(plan: DayPlan, snapshot: Snapshot) -> Place | None:
    """The place of a record in the plan's memory; None where it has none, or does not help."""
    _check_subject(plan, snapshot)
    memory = _memory(plan, snapshot.subject)
    return None if memory is None else memory.place(snapshot)


def _memory(plan: DayPlan, subject: str) -> WholeMemory | None:
    """The memory of whole decisions on the plan's day; None where there can be none."""
    memories = plan.memory
    if subject not in memories:
        day = plan.day(plan.on)
        memories[subject] = whole_memory(plan, day, subject, passage(plan, day).gate)
    found: WholeMemory | None = memories[subject]
    return found


def _outcome(plan: DayPlan, snapshot: Snapshot, place: Place) -> Outcome:
    """Decide the first record of a place by the stages, and keep what all others share with it."""
    memory: WholeMemory = plan.memory[snapshot.subject]
    emission = place.emission
    if emission is None:
        day, lacking = plan.day(plan.on), Lacking()
        record = plan.derived(day, snapshot)
        recipes = [(recipe, 0) for recipe in fired(day, record, lacking, True)]
        derived = {name: of for name, of in record.facts.items() if name in memory.derived}
        open_: Lacking = [(None, each) for _, each in lacking]
        found = findings(plan, snapshot.subject, derived, open_)
        if not recipes:
            place.outcome = Outcome(found, None)
            return place.outcome
        emission = place.emission = Emission(recipes, derived, found)
    return _gated(plan, snapshot, memory, emission)


def _gated(plan: DayPlan, snapshot: Snapshot, memory: WholeMemory, emission: Emission) -> Outcome:
    """What becomes of a known emission for the first record of those that the gate treats alike."""
    place = memory.emitting(emission, snapshot)
    if place.outcome is not None:
        return place.outcome
    gate, recipes = passage(plan, plan.day(plan.on)).gate, emission.recipes
    facts = {**memory.given(snapshot), **emission.derived}
    record = Record(snapshot.subject, snapshot.id, facts)
    fates = gate.fates(recipes, [facts])
    if gate.dated(recipes):  # days of the record itself count
        return outcome_of(plan, record, fates, emission.findings, memory.common)
    alike = *map(verdict, fates), *map(facts.get, memory.common)
    found = emission.outcomes.get(alike)
    if found is None:
        found = outcome_of(plan, record, fates, emission.findings, memory.common)
        emission.outcomes[alike] = found
    place.outcome = found
    return found
