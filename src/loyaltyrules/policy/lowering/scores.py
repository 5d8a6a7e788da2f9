# SPDX-License-Identifier: Apache-2.0
"""Scores of labels: a mean of marks, or a weighted sum of shares of a target."""

from decimal import Decimal

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import NUMBER, SHARE, WHOLE, Type
from loyaltyrules.fact.coerce import NUMERAL
from loyaltyrules.policy.lowering.cases import REST
from loyaltyrules.policy.lowering.shares import check_target, check_weights
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Derived, Label
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import WayShape
from loyaltyrules.problem.problem import nearest


class Score:
    """What one way of a label reckons from factors."""

    def __init__(self, world: World, label: Label, shape: WayShape, path: Path, fact: str) -> None:
        self.world, self.label, self.shape, self.path, self.fact = world, label, shape, path, fact

    def number(self, how: str) -> Node:
        """A mean of marks (missing factors left out), or a weighted sum of shares of a target."""
        self._check_marks()
        if not self.shape.factors:
            self.world.fault("LR147", self.path, key=True, name=self.path[-1])
            return tree.Literal(0, WHOLE)
        pairs: list[Node] = []
        weights: dict[str, Node] = {}
        for name, factor in self.shape.factors.items():
            path = (*self.path, "factors", name)
            self._check_keys(factor, path, how)
            fact = self.world.expression(name, path, self.label.subject)
            value = (
                self._marked(fact, factor, path)
                if how == "mean"
                else self._reached(fact, factor, path)
            )
            if "weight" in factor:
                weights[name] = self._figure(factor["weight"], (*path, "weight"), SHARE)
            pairs += [value, weights.get(name, tree.Literal(1, WHOLE))]
        self._check_weights(weights, how == "weighted")
        return self._stated(tree.Call("mean", tuple(pairs), NUMBER))

    def _check_weights(self, weights: dict[str, Node], whole: bool) -> None:
        """Of several factors that make up a whole, each says how much of it."""
        path = (*self.path, "factors")
        lacking = [name for name in self.shape.factors if name not in weights]
        if whole and len(self.shape.factors) > 1 and lacking:
            for name in lacking:
                self.world.fault("LR141", (*path, name), key=True, name="weight")
        else:
            check_weights(self.world, weights, path, whole)

    def _stated(self, score: Node) -> Node:
        """The score itself is a fact too: `tier.card.score`."""
        subject, name = self.label.subject, f"{self.fact}.score"
        place = self.world.document.key_place(self.path)
        self.world.derived[subject][name] = Derived(subject, name, NUMBER, score, place=place)
        return tree.FactRef(name, NUMBER)

    def _check_marks(self) -> None:
        for name, mark in self.shape.marks.items():
            if not NUMERAL.fullmatch(mark.strip()):
                self.world.fault("LR143", (*self.path, "marks", name), name=name, expected=NUMBER)

    def _check_keys(self, factor: dict[str, str], path: Path, how: str) -> None:
        known = ["weight", *(self.shape.marks if how == "mean" else ("target", "better"))]
        for key in factor:
            if key not in known:
                details = {"name": key, "known": ", ".join(known), "near": nearest(key, known)}
                self.world.fault("LR140", (*path, key), key=True, **details)
        better = factor.get("better", "higher")
        if better not in ("lower", "higher"):
            here = (*path, "better")
            self.world.fault("LR142", here, name="better", found=better, known="lower, higher")

    def _figure(self, text: str, path: Path, want: Type | None) -> Node:
        return self.world.expression(text, path, self.label.subject, want)

    def _marked(self, fact: Node, factor: dict[str, str], path: Path) -> Node:
        rows: list[tuple[Node, Node]] = []
        for name, mark in self.shape.marks.items():
            bound = factor.get(name)
            if bound is None:
                self.world.fault("LR223", path, key=True, name=name)
                continue
            test: Node = tree.YES
            if bound != REST:
                kind = tree.type_of(fact)
                test = tree.Compare(">=", fact, self._figure(bound, (*path, name), kind))
            number = Decimal(mark) if NUMERAL.fullmatch(mark.strip()) else Decimal(0)
            rows.append((test, tree.Literal(number, NUMBER)))
        if rows and rows[-1][0] != tree.YES:  # what has no mark would be left out of the mean
            self.world.fault("LR222", path, key=True, name=path[-1])
        known = tree.Not(tree.Missing(fact))
        return tree.Case(((known, tree.Case(tuple(rows), NUMBER)),), NUMBER)

    def _reached(self, fact: Node, factor: dict[str, str], path: Path) -> Node:
        """How much of the target is reached, 0 to 100; where lower is better the other way round."""
        kind = tree.type_of(fact)
        target = self._figure(factor.get("target", "100"), (*path, "target"), kind)
        lower = factor.get("better") == "lower"
        if not lower:
            check_target(self.world, target, (*path, "target"))
        parts = (target, fact) if lower else (fact, target)
        full = tree.Compare("<=" if lower else ">=", fact, target)
        one, none = tree.Literal(1, WHOLE), tree.Literal(0, WHOLE)
        share = tree.Call("max", (tree.Arithmetic("/", *parts, NUMBER), none), NUMBER)
        reached = tree.Case(((full, one), (tree.YES, share)), NUMBER)
        return tree.Arithmetic("*", reached, tree.Literal(100, WHOLE), NUMBER)
