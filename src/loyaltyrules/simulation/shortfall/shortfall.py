# SPDX-License-Identifier: Apache-2.0
"""What one record lacks for the next word of a label, and when it loses the present one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.host.html import Preformatted, section
from loyaltyrules.host.html import table as html_table
from loyaltyrules.host.text import visible
from loyaltyrules.plan.derive import Record
from loyaltyrules.policy.model import Label
from loyaltyrules.problem.language import called, mark, require_language, say
from loyaltyrules.report.naming import value_name
from loyaltyrules.simulation.base.tried import fact_of
from loyaltyrules.simulation.shortfall.conditions import COMMA, Condition, Telling, data_of
from loyaltyrules.simulation.shortfall.losing import Loss
from loyaltyrules.simulation.shortfall.towards import Asking, Lacks, condition_of, given_in

NOW = mark("{label} of {id} on {day}: {word}")
PROPOSED = mark("{label} of {id} on {day}: {word} on file, {proposed} by the rules")
UNKNOWN, NO_WORD = mark("unknown"), mark("no word")
BEST = mark("nothing is lacking: {word} is the best word")
NOTHING = mark("nothing is lacking for {word}")
FOR = mark("for {word} is lacking:")
MISSING = mark("not known, since these facts are missing: {facts}")
LOST = mark("as things stand {word} is lost on {day}, for {to}: {why}")
KEPT = mark("as things stand {word} is not lost up to {day}")


@dataclass(frozen=True, eq=False, repr=False)
class Lacking:
    """What one record lacks for the next word of a label, and by when it loses the present one.

    `word` is the one on file, or where there is none the one that the rules give, which is `proposed`;
    `next` is the word above it, None of the best. A word that is not known is None, and its `next` the
    last of all.
    """

    asking: Asking
    of: Label
    record: Record
    day: date
    until: date
    word: str | None
    proposed: str | None
    next: str | None
    lacks: Lacks
    loss: Loss | None

    @property
    def label(self) -> str:
        return self.of.name

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What is lacking for the next word: `fact`, `title`, `has`, `needs`, `short`."""
        return self._conditions("en")

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that are missing, where it is not known what is lacking."""
        return tuple(each.key for each in self._missing)

    @property
    def lost_on(self) -> date | None:
        """The day on which the present word is lost if only time passes; None if it is kept."""
        return self.loss.on if self.loss else None

    @property
    def lost_to(self) -> str | None:
        """The word for which it is lost; None also where it is lost for none."""
        return self.loss.to if self.loss else None

    def explain(self, language: str = "en") -> str:
        """The same in words.

        Raises:
            ValueError: there is no such language.
        """
        require_language(language)
        told = [self._now(language), *self._towards(language), *self._lost(language)]
        return Preformatted("\n".join(told))

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The same as plain data, which JSON takes as it is.

        Raises:
            ValueError: there is no such language.
        """
        conditions = [
            {name: data_of(value) for name, value in each._asdict().items()}
            for each in self._conditions(language)
        ]
        return {
            "label": self.label, "subject": self.record.subject, "id": self.record.id,
            "on": self.day.isoformat(), "word": self.word, "proposed": self.proposed,
            "next": self.next, "conditions": conditions, "missing": list(self.missing),
            "lost_on": self.lost_on.isoformat() if self.lost_on else None, "lost_to": self.lost_to,
            "lost_because": self._why(language) if self.loss else None,
            "looked_until": self.until.isoformat(),
        }  # fmt: skip

    def _conditions(self, language: str) -> tuple[Condition, ...]:
        telling = Telling(self.asking, language)
        return tuple(map(telling.of, self.lacks))

    @cached_property
    def _missing(self) -> tuple[tree.FactRef, ...]:
        policy, subject = self.asking.policy, self.of.subject
        unknown = (each.node for each in self.lacks if each.value is None)
        found = (fact for node in unknown for fact in given_in(policy, subject, node))
        there = self.asking.facts
        return tuple(dict.fromkeys(e for e in found if there.get(e.key) is None and not e.event))

    def _now(self, language: str) -> str:
        differs = self.word is not None and self.proposed != self.word
        return say(
            language, PROPOSED if differs else NOW, label=called(self.of.titles, language, self.label),
            id=visible(self.record.id), day=self.day, word=self._word(self.word, language),
            proposed=self._word(self.proposed, language),
        )  # fmt: skip

    def _towards(self, language: str) -> Iterator[str]:
        if self.next is None:
            yield say(language, BEST, word=self._word(self.word, language))
            return
        word, telling = self._word(self.next, language), Telling(self.asking, language)
        yield say(language, FOR if self.lacks else NOTHING, word=word)
        yield from (f"  {telling.line(each)}" for each in self._conditions(language))
        if self._missing:
            facts = say(language, COMMA).join(map(telling.title, self._missing))
            yield say(language, MISSING, facts=facts)

    def _lost(self, language: str) -> Iterator[str]:
        if self.word is None:
            return
        word = self._word(self.word, language)
        if self.loss is None:
            yield say(language, KEPT, word=word, day=self.until)
            return
        to = self._word(self.loss.to, language)
        details = {"word": word, "day": self.loss.on, "to": to, "why": self._why(language)}
        yield say(language, LOST, **details)

    def _why(self, language: str) -> str:
        """What takes the word: the move, and what has turned by then."""
        loss, policy = self.loss, self.asking.policy
        assert loss is not None
        then = self.asking.then(loss.on, loss.facts)
        telling, comma = Telling(then, language), say(language, COMMA)
        if loss.rule is None:
            lacks = then.of(
                condition_of(policy, self.of.subject, fact_of(policy, self.of), self.word or "")
            )
            return comma.join(telling.line(telling.of(each)) for each in lacks)
        turned = comma.join(map(telling.reason, loss.turned))
        title = called(loss.rule.titles, language, loss.rule.id)
        return f"{title}{say(language, mark(': '))}{turned}" if turned else title

    def _word(self, word: str | None, language: str) -> str:
        if word is None:
            return say(language, UNKNOWN if self._missing else NO_WORD)
        return value_name(self.asking.policy, word, language)

    def __repr__(self) -> str:
        lost = f", lost on {self.lost_on}" if self.loss else ""
        towards = f"; {len(self.lacks)} lacking for {self.next}" if self.next else ""
        return f"Lacking({self.label} of {self.record.id!r}: {self.word}{towards}{lost})"

    def _repr_html_(self) -> str:
        lines = [(each,) for each in self.explain().split("\n")]
        return section(repr(self), html_table(("",), lines))
