# SPDX-License-Identifier: Apache-2.0
"""Cases of labels: the word of the first condition that holds."""

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import YES_NO, Type
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Label
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest

REST = "rest"


def cases(world: World, label: Label, rows: dict[str, str], path: Path) -> Node:
    """The word of the first case that holds; `rest` stands for all others."""
    found: list[tuple[Node, Node]] = []
    for word, text in rows.items():
        test: Node = tree.YES
        if text != REST:
            test = world.expression(text, (*path, word), label.subject, YES_NO)
        found.append((test, word_of(world, label, word, (*path, word))))
    return tree.Case(tuple(found), Type("word", words=label.words))


def word_of(world: World, label: Label, word: str, path: Path) -> Node:
    """A word of a label, where it is written as a key."""
    if word not in label.words:
        details = {"name": word, "words": ", ".join(label.words)}
        world.fault("LR202", path, key=True, **details, near=nearest(word, label.words))
    return tree.Literal(word, Type("word", words=label.words))
