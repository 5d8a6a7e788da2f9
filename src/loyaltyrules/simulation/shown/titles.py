# SPDX-License-Identifier: Apache-2.0
"""How pages and charts call the things of a policy: labels, words, figures, kinds, records, numbers."""

from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real

from loyaltyrules.policy.model import Label, Policy
from loyaltyrules.problem.language import called, mark, say
from loyaltyrules.report.naming import word_name
from loyaltyrules.simulation.base.costs import COST, MINUTES, currency

CURRENCIES = (mark("CNY"), mark("EUR"), mark("USD"))  # that have a word of their own
SPENDING = {
    COST: mark("Cost ({currency})"), f"no {COST}": mark("Actions without a cost"),
    MINUTES: mark("Minutes"), f"no {MINUTES}": mark("Actions without minutes"),
}  # fmt: skip
OF_KINDS = mark("{name}: {kinds}")
UNKNOWN_WORD = mark("not known")
DIGITS = 2  # of a number that is no whole one


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of a policy in one language."""

    policy: Policy
    language: str

    def say(self, sentence: str, **details: object) -> str:
        """A sentence in the language."""
        return say(self.language, sentence, **details)

    def label(self, label: Label) -> str:
        return called(label.titles, self.language, label.name)

    def word(self, word: str) -> str:
        """A word of a label; `?` is the word of those of whom it is not known."""
        return (
            self.say(UNKNOWN_WORD) if word == "?" else word_name(self.policy, word, self.language)
        )

    def kind(self, kind: str) -> str:
        """A kind of action, in English with blanks for the signs of its name."""
        return self._plain(kind)

    def gift(self, name: str) -> str:
        """What is given: by its word, or by the occasion that it is named after."""
        occasion = self.policy.occasions.get(name)
        titles = self.policy.names.get(name) or (occasion.titles if occasion else ())
        return dict(titles).get(self.language) or name.replace("_", " ")

    def reason(self, reason: str) -> str:
        """Why an action is held back, in the same manner."""
        return self._plain(reason)

    def _plain(self, name: str) -> str:
        found = word_name(self.policy, name, self.language)
        return found if found != name else name.replace(".", ": ").replace("_", " ")

    @property
    def currency(self) -> str:
        """The money of the policy: `CNY`, 元."""
        return word_name(self.policy, currency(self.policy), self.language)

    def money(self, amount: object) -> str:
        """An amount with its currency: `120.5 CNY`, 120.5 元."""
        return self.say("{amount} {currency}", amount=number_text(amount), currency=self.currency)

    def spending(self, measure: str, kinds: str = "*") -> str:
        """What a measure of costs is called: `cost`, `minutes`, `no cost`, `no minutes`."""
        name = self.say(SPENDING[measure], currency=self.currency)
        return name if kinds == "*" else self.say(OF_KINDS, name=name, kinds=kinds)

    def figure(self, name: str) -> str:
        """A figure by its name; what is no figure as it was written."""
        known = self.policy.parameters.get(name)
        return called(known.titles, self.language, name) if known else name

    def records(self, subject: str) -> str:
        """What records are called: `customers`, 客户."""
        known = self.policy.vocabulary.subjects[subject]
        if self.language == "en":
            return (known.listed_as or f"{subject}s").replace("_", " ")
        title = called(known.titles, self.language, subject)
        return title if title != "customer" else self.say("Customers")

    def one(self, subject: str) -> str:
        """What one record is called: `customer`, 客户."""
        if self.language == "en":
            return subject.replace("_", " ")
        return self.records(subject)

    def counted(self, number: int, subject: str) -> str:
        """A number of records: `43 customers`, `1 customer`; in Chinese with its measure word."""
        name = self.one(subject) if number == 1 else self.records(subject)
        if subject == "customer":
            return self.say("{count} {people}", count=number_text(number), people=name)
        return self.say("{count} {things}", count=number_text(number), things=name)

    def some(self, number: int, subject: str) -> str:
        """A number of records that have been named before: `43`; in Chinese with its measure word."""
        if subject == "customer":
            return self.say("{people}", people=number_text(number))
        return self.say("{things}", things=number_text(number))


def first_large(text: str) -> str:
    """A sentence with a capital, whatever it begins with."""
    return text[:1].upper() + text[1:]


def number_text(value: object) -> str:
    """A number with its thousands apart; nothing where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case Integral():
            return f"{int(value):,}"
        case Decimal() | Real():
            return f"{round(float(value), DIGITS):,.{DIGITS}f}".rstrip("0").rstrip(".")
    return str(value)


def change_text(value: object) -> str:
    """A change with its sign; a minus that is as wide as the plus."""
    text = number_text(value)
    if text.startswith("-"):
        return f"−{text[1:]}"
    return f"+{text}" if isinstance(value, Real | Decimal) and text != "0" else text


def share_text(part: float, whole: float) -> str:
    """A part of a whole in percent, to a tenth: `1.8%`; nothing where there is no whole."""
    return f"{part / whole * 100:.1f}%" if whole else ""
