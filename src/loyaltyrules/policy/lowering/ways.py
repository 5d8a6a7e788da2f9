# SPDX-License-Identifier: Apache-2.0
"""Ways of labels: each becomes the rows of a case, by bands, words of another fact or a top share."""

from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import SHARE, TEXT, WHOLE, YES_NO, Type
from loyaltyrules.policy.lowering.cases import REST, cases, word_of
from loyaltyrules.policy.lowering.facts import standing_by
from loyaltyrules.policy.lowering.listed import near_words, parts_of
from loyaltyrules.policy.lowering.scores import Score
from loyaltyrules.policy.lowering.shares import check_count, check_share
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Derived, Label, Rank
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import WayShape


class Way:
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
        return word_of(self.world, self.label, word, (*self.path, *path))

    def _number(self) -> Node:
        if self.shape.score:
            score = Score(self.world, self.label, self.shape, self.path, self.fact)
            return score.number(self.shape.score)
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

    def _figure(self, text: str, path: Path, want: Type | None) -> Node:
        return self.world.expression(text, path, self.label.subject, want)

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
        by = standing_by(self.world, subject, shape.by or (), (*self.path, "by"))
        group = [shape.within] if shape.within else []
        within = next(iter(self.world.own(subject, group, (*self.path, "within"))), None)
        standing = Rank("top", by, within, member, share, 0, smallest, shape.ties or "id")
        name = f"{self.fact}.top"
        place = self.world.document.key_place(self.path)
        self.world.derived[subject][name] = Derived(subject, name, YES_NO, standing, place=place)
        first = (tree.FactRef(name, YES_NO), self._literal(self.label.words[0], ("top",)))
        return tree.Case((first, *self._bands(self._number())), self.kind)
