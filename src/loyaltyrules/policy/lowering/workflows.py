# SPDX-License-Identifier: Apache-2.0
"""Workflows: the first state that holds is the state; each state has its duty and its deadline."""

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import YES_NO, Type
from loyaltyrules.policy.lowering.rules import known_subject, lower_rule
from loyaltyrules.policy.lowering.was import former
from loyaltyrules.policy.lowering.world import World, grounds, titles
from loyaltyrules.policy.model import Derived, Label, Rule, Was
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import RuleShape, StateShape, WorkflowShape
from loyaltyrules.problem.problem import nearest


def declare_workflows(world: World) -> None:
    """Each workflow is a label of its subject, of the workflow's name, with the states as words."""
    for name, shape in world.shape.workflows.items():
        path: Path = ("workflows", name)
        if not known_subject(world, shape.for_, (*path, "for")):
            continue
        label = shape.id or name
        words = tuple(shape.states)
        title = titles(shape.title, world.shape.language)
        was = tuple(shape.was), tuple((n, tuple(e.was)) for n, e in shape.states.items())
        world.labels[label] = Label(label, shape.for_, words, None, label, (), title, *was)
        kind = Type("word", words=words)
        place = world.document.key_place(path)
        world.derived[shape.for_][label] = Derived(
            shape.for_, label, kind, tree.Literal(None, kind), title, grounds(shape), place
        )


def lower_workflows(world: World) -> list[Rule]:
    """The state of each workflow, and the rules of its states."""
    rules: list[Rule] = []
    for name, shape in world.shape.workflows.items():
        if shape.for_ in world.subjects:
            rules += _workflow(world, shape.id or name, shape, ("workflows", name))
    return rules


def _workflow(world: World, label: str, shape: WorkflowShape, path: Path) -> list[Rule]:
    known = world.derived[shape.for_][label]
    kind, rows = known.type, []
    for state, each in shape.states.items():
        test = _holds(world, shape.for_, each, (*path, "states", state))
        rows.append((test, tree.Literal(state, kind)))
        for goal in each.next:
            if goal not in shape.states:
                near = nearest(goal, shape.states)
                world.fault("LR230", (*path, "states", state, "next"), name=goal, near=near)
    begun = world.expression(f"({shape.begins}) is not missing", (*path, "begins"), shape.for_)
    node = tree.Case(((begun, tree.Case(tuple(rows), kind)),), kind)
    world.derived[shape.for_][label] = Derived(
        shape.for_, label, kind, node, known.titles, known.grounds, known.place
    )
    return _duties(world, label, shape, path)


def _holds(world: World, subject: str, state: StateShape, path: Path) -> Node:
    if state.is_ is not None:
        return world.expression(state.is_, (*path, "is"), subject, YES_NO)
    if state.until is not None:
        return world.expression(f"{state.until} is missing", (*path, "until"), subject, YES_NO)
    return tree.YES


def _duties(world: World, label: str, shape: WorkflowShape, path: Path) -> list[Rule]:
    """The rule of every state that has something to do, from the moment the state was entered."""
    rules: list[Rule] = []
    since, since_path = shape.begins, (*path, "begins")
    kind = world.derived[shape.for_][label].type
    for state, each in shape.states.items():
        here = (*path, "states", state)
        begun, begun_path = (each.since, (*here, "since")) if each.since else (since, since_path)
        if each.until:
            since, since_path = each.until, (*here, "until")
        if each.do:
            test = tree.Compare("=", tree.FactRef(label, kind), tree.Literal(state, kind))
            was = former((label, shape.was), (state, each.was))
            sentence = _sentence(shape, each, begun, was)
            rules += lower_rule(
                world, f"{label}.{state}", sentence, here, extra=test, places={"from": begun_path}
            )
        elif each.within or each.by or each.late:
            world.fault("LR231", here, key=True, name=state)
    return rules


def _sentence(shape: WorkflowShape, state: StateShape, since: str, was: Was) -> RuleShape:
    return RuleShape.model_validate({
        "for": shape.for_, "from": since, "do": state.do, "role": state.role,
        "approver": state.approver, "within": state.within, "by": state.by, "late": state.late,
        "source": state.source or shape.source, "origin": state.origin, "was": [*was],
    })  # fmt: skip
