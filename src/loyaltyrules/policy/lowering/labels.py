# SPDX-License-Identifier: Apache-2.0
"""Labels: ways become derived facts, moves become rules of which at most one holds."""

from collections import Counter
from decimal import Decimal
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of
from loyaltyrules.expression.types import NUMBER, SHARE, TEXT, WHOLE, YES_NO, Type
from loyaltyrules.fact.coerce import NUMERAL
from loyaltyrules.policy.lowering.listed import near_words, parts_of
from loyaltyrules.policy.lowering.shares import (
    check_count,
    check_share,
    check_target,
    check_weights,
)
from loyaltyrules.policy.lowering.words import form_of, item_path
from loyaltyrules.policy.lowering.world import World, grounds, titles
from loyaltyrules.policy.model import Derived, Grounds, Label, Rank, Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import LabelShape, MoveShape, WayShape
from loyaltyrules.problem.problem import nearest

REST = "rest"


def declare_labels(world: World) -> None:
    """Say which labels there are, so that any expression may read them; they are computed later."""
    for name, shape in world.shape.labels.items():
        subject = shape.for_
        if subject not in world.subjects:
            near = nearest(subject, world.subjects)
            world.fault("LR215", ("labels", name, "for"), name=subject, near=near)
            continue
        computed = f"proposed.{name}" if shape.standing else name
        ways = tuple((way, f"{name}.{way}") for way in shape.ways)
        words = tuple(shape.values)
        for word in (each for each, many in Counter(words).items() if many > 1):
            world.fault("LR260", ("labels", name, "values"), name=word)
        title = titles(shape.title, world.shape.language)
        world.labels[name] = Label(name, subject, words, shape.standing, computed, ways, title)
        kind = Type("word", words=words)
        kinds = dict.fromkeys((computed, *(fact for _, fact in ways)), kind)
        kinds |= {f"{name}.{way}.score": NUMBER for way, each in shape.ways.items() if each.score}
        for fact, known in kinds.items():
            place = world.document.key_place(("labels", name))
            world.derived[subject][fact] = Derived(
                subject, fact, known, tree.Literal(None, known), title, grounds(shape), place
            )


def lower_labels(world: World) -> None:
    """Compute each label: its ways, and the one that counts."""
    for name, shape in world.shape.labels.items():
        if name not in world.labels:
            continue
        label = world.labels[name]
        path: Path = ("labels", name)
        member = world.expression(shape.if_, (*path, "if"), label.subject, YES_NO)
        for way, fact in label.ways:
            here = (*path, "ways", way)
            rows = _Way(world, label, shape.ways[way], here, fact).rows()
            _define(world, label, fact, _guarded(member, rows), shape.ways[way].source)
        _define(world, label, label.computed, _deciding(world, label, shape, path, member))


def _define(
    world: World, label: Label, fact: str, node: Node, source: list[str] | None = None
) -> None:
    known = world.derived[label.subject][fact]
    ground = Grounds(tuple(source)) if source else known.grounds
    world.derived[label.subject][fact] = Derived(
        label.subject, fact, known.type, node, known.titles, ground, known.place
    )


def _guarded(member: Node, node: Node) -> Node:
    kind = tree.type_of(node)
    return node if member == tree.YES else tree.Case(((member, node),), kind)


def _deciding(world: World, label: Label, shape: LabelShape, path: Path, member: Node) -> Node:
    kind = Type("word", words=label.words)
    if shape.cases is not None:
        return _guarded(member, cases(world, label, shape.cases, (*path, "cases")))
    facts = dict(label.ways)
    way = shape.decide or next(iter(facts), "")
    if way not in facts:
        here = (*path, "decide") if shape.decide else path
        world.fault("LR220", here, name=way or label.name, near=nearest(way, facts))
        return tree.Literal(None, kind)
    return tree.FactRef(facts[way], kind)


def cases(world: World, label: Label, rows: dict[str, str], path: Path) -> Node:
    """The word of the first case that holds; `rest` stands for all others."""
    found: list[tuple[Node, Node]] = []
    for word, text in rows.items():
        test: Node = tree.YES
        if text != REST:
            test = world.expression(text, (*path, word), label.subject, YES_NO)
        found.append((test, _word(world, label, word, (*path, word))))
    return tree.Case(tuple(found), Type("word", words=label.words))


def _word(world: World, label: Label, word: str, path: Path) -> Node:
    if word not in label.words:
        details = {"name": word, "words": ", ".join(label.words)}
        world.fault("LR202", path, key=True, **details, near=nearest(word, label.words))
    return tree.Literal(word, Type("word", words=label.words))


class _Way:
    """One way of a label, as the rows of a case."""

    def __init__(self, world: World, label: Label, shape: WayShape, path: Path, fact: str) -> None:
        self.world, self.label, self.shape, self.path, self.fact = world, label, shape, path, fact
        self.kind = Type("word", words=label.words)
        self.extra: dict[str, Any] = dict(shape.model_extra or {})

    def rows(self) -> Node:
        shape = self.shape
        if shape.cases is not None:
            return cases(self.world, self.label, shape.cases, (*self.path, "cases"))
        if shape.map is not None:
            return self._mapped(shape.map)
        if shape.top is not None:
            return self._shared()
        first = [
            (self._test(text, ("first", word)), self._literal(word, ("first", word)))
            for word, text in shape.first.items()
        ]
        return tree.Case((*first, *self._bands(self._number())), self.kind)

    def _test(self, text: str, path: Path) -> Node:
        return self.world.expression(text, (*self.path, *path), self.label.subject, YES_NO)

    def _literal(self, word: str, path: Path) -> Node:
        return _word(self.world, self.label, word, (*self.path, *path))

    def _number(self) -> Node:
        if self.shape.score:
            self._check_marks()
            return self._score(self.shape.score)
        if self.shape.bands is None:
            self.world.fault("LR221", self.path, key=True, name=self.path[-1])
            return tree.Literal(0, WHOLE)
        return self.world.expression(self.shape.bands, (*self.path, "bands"), self.label.subject)

    def _bands(self, number: Node) -> list[tuple[Node, Node]]:
        """Each word from its figure on; the word of `rest` takes what is left, and must be there."""
        rows = []
        for word, text in self.extra.items():
            test: Node = tree.YES
            if not isinstance(text, str):
                self.world.fault("LR143", (*self.path, word), name=word, expected=TEXT)
            elif text != REST:
                bound = self._bound(text, word, number)
                test = tree.Compare(">=", number, bound)
            rows.append((test, self._literal(word, (word,))))
        if not rows or rows[-1][0] != tree.YES:
            self.world.fault("LR222", self.path, key=True, name=self.path[-1])
        return rows

    def _bound(self, text: str, word: str, number: Node) -> Node:
        kind = tree.type_of(number)
        path = (*self.path, word)
        return self.world.expression(text, path, self.label.subject, kind)

    def _score(self, how: str) -> Node:
        """A mean of marks (missing factors left out), or a weighted sum of shares of a target."""
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

    def _mapped(self, other: str) -> Node:
        """Each word for some words of another fact; every one of these stands in one place."""
        source = self.world.expression(other, (*self.path, "map"), self.label.subject)
        rows, seen = [], set[str]()
        for word, texts in self.extra.items():
            path = (*self.path, word)
            listed = self._listed(texts, path)
            options = tuple(self._source_word(each, source, path) for each in listed)
            for each in (each for each in listed if each in seen):
                self.world.fault("LR260", path, name=each)
            seen |= {*listed}
            test = tree.In(source, tree.ListOf(options))
            rows.append((test, self._literal(word, (word,))))
        return tree.Case(tuple(rows), self.kind)

    def _listed(self, texts: Any, path: Path) -> list[str]:
        """Words in a list, or in one text between commas."""
        items = texts if isinstance(texts, list) else [texts]
        if not items or not all(isinstance(each, str) and each.strip() for each in items):
            self.world.fault("LR143", path, name=path[-1], expected=TEXT)
            return []
        return items if isinstance(texts, list) else parts_of(texts)

    def _source_word(self, text: str, source: Node, path: Path) -> Node:
        """A value of the fact that is mapped; a word must be one of its words."""
        kind = tree.type_of(source)
        if kind.kind not in ("word", "text", "unknown"):
            return self.world.expression(text, path, self.label.subject, kind)
        if kind.words and text not in kind.words:
            words, near = ", ".join(kind.words), near_words(text, kind.words)
            self.world.fault("LR202", path, name=text, words=words, near=near)
        return tree.Literal(text, kind)

    def _shared(self) -> Node:
        """The first word goes to the top share of the group, the rest by the bands given."""
        shape, subject = self.shape, self.label.subject
        label = self.world.shape.labels[self.label.name]
        member = self.world.expression(
            label.if_, ("labels", self.label.name, "if"), subject, YES_NO
        )
        share = self._figure(str(shape.top), (*self.path, "top"), SHARE)
        check_share(self.world, share, (*self.path, "top"))
        smallest = (
            self._figure(shape.smallest, (*self.path, "smallest"), WHOLE)
            if shape.smallest
            else None
        )
        if smallest is not None:
            check_count(self.world, smallest, (*self.path, "smallest"))
        by = self.world.own(subject, shape.by or (), (*self.path, "by"))
        group = [shape.within] if shape.within else []
        within = next(iter(self.world.own(subject, group, (*self.path, "within"))), None)
        standing = Rank("top", by, within, member, share, 0, smallest, shape.ties or "id")
        name = f"{self.fact}.top"
        place = self.world.document.key_place(self.path)
        self.world.derived[subject][name] = Derived(subject, name, YES_NO, standing, place=place)
        first = (tree.FactRef(name, YES_NO), self._literal(self.label.words[0], ("top",)))
        return tree.Case((first, *self._bands(self._number())), self.kind)


def lower_moves(world: World) -> list[Rule]:
    """One rule a move; each holds only where no move above it does."""
    rules: list[Rule] = []
    for name, shape in world.shape.labels.items():
        above: list[Node] = []
        for move, each in shape.moves.items():
            if name in world.labels:
                rules.append(_move(world, world.labels[name], move, each, above))
    return rules


def _move(world: World, label: Label, name: str, shape: MoveShape, above: list[Node]) -> Rule:
    path: Path = ("labels", label.name, "moves", name)
    subject, kind = label.subject, Type("word", words=label.words)
    test = world.expression(shape.if_, (*path, "if"), subject, YES_NO)
    to = world.expression(shape.to, (*path, "to"), subject, kind)
    since = world.expression(shape.since, (*path, "since"), subject)
    standing = tree.FactRef(label.standing or label.name, kind)
    world.written_at(("labels", label.name, "standing"), standing)
    label_path = ("labels", label.name, "if")
    member = world.expression(world.shape.labels[label.name].if_, label_path, subject, YES_NO)
    condition = all_of(member, test, *(tree.Not(each) for each in above))
    above.append(test)
    over = {"role": shape.role, "approver": shape.approver, "reason": shape.reason or name}
    forms = tuple(
        form_of(world, word, item_path((*path, "do"), index, shape.do), subject, grounds(shape),
                over, from_value=standing, to_value=to)
        for index, word in enumerate(shape.do)
    )  # fmt: skip
    return Rule(
        f"{label.name}.{name}", subject, "while", condition, forms, None,
        (standing, to, since), ">", grounds=grounds(shape),
        titles=titles(shape.title, world.shape.language), place=world.document.key_place(path),
    )  # fmt: skip
