# SPDX-License-Identifier: Apache-2.0
"""A policy with some of it changed, as a file that extends it would change it."""

from dataclasses import replace
from datetime import date

from pydantic import ValidationError

from loyaltyrules.expression.tree import symbols_in
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.policy.changes import Changes, laid_over
from loyaltyrules.policy.lowering.musts import days_of, holds
from loyaltyrules.policy.lowering.parameters import lower_parameters
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Parameter, Policy
from loyaltyrules.policy.reader.files import limited
from loyaltyrules.policy.reader.merging import extended
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.policy.shape import ParameterShape, PolicyShape
from loyaltyrules.policy.written import Written
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Problem

FIGURES = "parameters"


def variant(policy: Policy, changes: Changes) -> Policy:
    """The policy with changes laid over it.

    Raises:
        PolicyError: a change that no file could make.
    """
    assert policy.written is not None  # what was loaded knows what it was read from
    own = laid_over(policy, policy.written.document, changes)
    quick = _figures_alone(policy, policy.written, own) if own.data else policy
    return quick or read_anew(policy.written, own)


def read_anew(written: Written, own: Document) -> Policy:
    """The long way, which tells what is faulty."""
    faults = list[Problem]()
    whole = extended(written.document, own, faults)
    if faults:
        raise PolicyError(limited(faults))
    return written.lower(whole, written.plugins)


def _figures_alone(policy: Policy, written: Written, own: Document) -> Policy | None:
    """The short way: other values of figures, which keep their types and all relations; else None."""
    if own.data.keys() != {FIGURES} or not own.data[FIGURES].keys() <= policy.parameters.keys():
        return None
    world = _figures(policy, written.document, own)
    if world is None:
        return None
    new = world.parameters
    if any(_differs(policy.parameters[name], each) for name, each in new.items()):
        return None
    world.parameters = {**policy.parameters, **new}
    for rule, first, last in written.relations:
        if new.keys() & symbols_in(rule) and any(
            holds(world, rule, day) is False for day in days_of(world, rule, first, last)
        ):
            return None
    return replace(
        policy,
        parameters=Frozen(world.parameters),
        written=replace(written, changes=(*written.changes, own)),
        told=(),
        prove=prove_anew,
    )


def _figures(policy: Policy, base: Document, own: Document) -> World | None:
    """The changed figures, read as the lowering reads them; None where one is faulty."""
    faults, there = list[Problem](), base.data[FIGURES]
    part = Document({FIGURES: {name: there[name] for name in own.data[FIGURES]}})
    data = extended(part, own, faults).data[FIGURES]
    try:
        shapes = {name: ParameterShape.model_validate(each) for name, each in data.items()}
    except ValidationError:
        return None
    language = base.data.get("language", "zh")
    shape = PolicyShape.model_construct(parameters=shapes, language=language)
    world = World(shape, own, policy.functions)
    lower_parameters(world)
    gone = own.data[FIGURES].keys() - world.parameters.keys()
    return None if faults or world.faults or gone else world


def _differs(before: Parameter, after: Parameter) -> bool:
    """True where more than values is another; a period may be too long where it is counted with."""
    return before.type != after.type or before.type.kind == "period"


def prove_anew(policy: Policy, day: date) -> tuple[Problem, ...]:
    """What is doubtful about a policy whose figures were changed: it is read anew when that is asked."""
    assert policy.written is not None
    return policy.written.lower(policy.written.document, policy.written.plugins).doubts_since(day)
