# SPDX-License-Identifier: Apache-2.0
"""A document with its sections changed: keys away, twice, elsewhere; values of another place or kind."""

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

import yaml

from fuzz import expressions, texts

FIGURES = (
    "", "0", "-1", "1", "1.5", "00", "1e3", "99999999999999", "999999999999999", "9" * 400, "0.00001",
    "100%", "120%", "-5%", "0%", "33.33333%", "2027-02-05", "2027-02-30", "0001-01-01", "9999-12-31",
    "yes", "no", "none", "~", "rest", "no date", "any", "1 day", "0 days", "-3 days", "5 workdays",
    "999999 days", "13 months", "30 minutes", "day", "week", "monday", "lunar 1-1", "1-1", "2-29",
    "2-30", "12-31", "customer", "customer.id", "store", "id", "a, b, ,c", ",", "golf;茶", "A", "茶",
    "积分", "x" * 5000, "{a}", "{customer.id}", "{", "}", "{}", "%s", "<b>", "a/b", "..", "../..",
    "/etc/passwd", "policy.yaml", "shop.yaml", "Asia/Shanghai", "Mars/Olympus", "Etc/GMT+12", "source",
    "proposed",
)  # fmt: skip
LINES = (
    "policy",
    "format",
    "include",
    "extends",
    "facts",
    "rules",
    "words",
    "gate",
    "labels",
    "customer",
    "for",
    "if",
)
Holder = tuple[Any, Any]  # a mapping or list, and a key or place in it
Change = Callable[[Random, Any, Holder, list[Holder]], None]


class Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """YAML without aliases, which policies refuse."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def read(text: str) -> Any:
    """A document, every scalar as the text it is; None where the text is no YAML."""
    try:
        return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, TypeError, UnicodeError):
        return None


def written(document: Any) -> str:
    """The document as YAML; as JSON, which is YAML too, where it holds half signs."""
    try:
        return _yaml(document)
    except UnicodeEncodeError:
        return json.dumps(document)


def _yaml(document: Any) -> str:
    return str(
        yaml.dump(document, Dumper=Plain, allow_unicode=True, sort_keys=False, width=100_000)
    )


def holders(data: Any) -> Iterator[Holder]:
    """Every place in a document."""
    for key in (
        data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    ):
        yield data, key
        yield from holders(data[key])


class Mutator:
    """Changes documents; what is put in is drawn from the document itself and from others."""

    def __init__(self, others: Sequence[Any]) -> None:
        self.by_key: dict[str, list[Any]] = {}
        for each in others:
            for holder, key in holders(each):
                if isinstance(key, str):
                    self.by_key.setdefault(key, []).append(holder[key])
        self.keys = sorted(self.by_key)
        often = {  # what leaves most policies sound comes most often, so that they are also driven
            self.alike: 8, self.other_text: 5, self.figure: 3, self.away: 2, self.twice: 2, self.foreign: 2,
            self.renamed: 1, self.elsewhere: 1, self.exchanged: 1, self.wrapped: 1, self.deep: 1,
        }  # fmt: skip
        self.changes: Sequence[Change] = [
            each for each, times in often.items() for _ in range(times)
        ]

    def mutated(self, chance: Random, document: Any, times: int) -> Any:
        """The document after so many changes."""
        document = deepcopy(document)
        for _ in range(times):
            places = list(holders(document))
            if not places:
                return document
            change = chance.choice(self.changes)
            change(chance, document, chance.choice(places), places)
        return document

    def other_text(self, chance: Random, _: Any, place: Holder, places: list[Holder]) -> None:
        """Another expression in the place of one."""
        leaves = [each for each in places if isinstance(each[0][each[1]], str)]
        holder, key = chance.choice(leaves) if leaves else place
        text = str(holder[key])
        holder[key] = (
            expressions.mutated(chance, text)
            if chance.random() < 0.8
            else texts.mutated(chance, text, 1)
        )

    def alike(self, chance: Random, _: Any, place: Holder, __: list[Holder]) -> None:
        """What stands under the same key elsewhere."""
        holder, key = place
        if str(key) in self.by_key:
            holder[key] = deepcopy(chance.choice(self.by_key[str(key)]))

    def figure(self, chance: Random, _: Any, place: Holder, __: list[Holder]) -> None:
        place[0][place[1]] = chance.choice(FIGURES)

    def away(self, _: Random, __: Any, place: Holder, ___: list[Holder]) -> None:
        del place[0][place[1]]

    def twice(self, chance: Random, _: Any, place: Holder, __: list[Holder]) -> None:
        """A part once more, under another name."""
        holder, key = place
        if isinstance(holder, list):
            holder.insert(key, deepcopy(holder[key]))
        else:
            holder[f"{key}{chance.choice(('_2', '.b', '2', ' ', '/x', '茶', '%'))}"] = deepcopy(
                holder[key]
            )

    def renamed(self, chance: Random, _: Any, place: Holder, __: list[Holder]) -> None:
        """A part under another key; the order stays."""
        holder, old = place
        if isinstance(holder, dict):
            new = (
                chance.choice(self.keys)
                if chance.random() < 0.7
                else texts.mutated(chance, str(old), 1)
            )
            items = [(new if key == old else key, value) for key, value in holder.items()]
            holder.clear()
            holder.update(items)

    def elsewhere(self, chance: Random, _: Any, place: Holder, places: list[Holder]) -> None:
        """A part in another place too."""
        inside = [h[k] for h, k in places if isinstance(h[k], dict | list)]
        if inside:
            target, value = chance.choice(inside), deepcopy(place[0][place[1]])
            if isinstance(target, list):
                target.insert(chance.randrange(len(target) + 1), value)
            else:
                target[str(place[1])] = value

    def exchanged(self, chance: Random, _: Any, place: Holder, places: list[Holder]) -> None:
        """Two values in each other's places."""
        other = chance.choice(places)
        one, two = deepcopy(place[0][place[1]]), deepcopy(other[0][other[1]])
        place[0][place[1]], other[0][other[1]] = two, one

    def foreign(self, chance: Random, document: Any, place: Holder, __: list[Holder]) -> None:
        """A part of another document."""
        key = chance.choice(self.keys)
        holder = place[0] if chance.random() < 0.5 else document
        if isinstance(holder, dict):
            holder[key] = deepcopy(chance.choice(self.by_key[key]))

    def wrapped(self, chance: Random, _: Any, place: Holder, __: list[Holder]) -> None:
        """A value in a list or a mapping of its own, or without."""
        holder, key = place
        value = holder[key]
        if isinstance(value, dict | list) and value and chance.random() < 0.5:
            holder[key] = next(iter(value.values() if isinstance(value, dict) else value))
        else:
            name = chance.choice(LINES)
            holder[key] = chance.choice(([value], {name: value}, [value, value], [], {}, [[value]]))

    def deep(self, chance: Random, _: Any, place: Holder, __: list[Holder]) -> None:
        holder, key = place
        for _depth in range(chance.choice((3, 15, 30))):
            holder[key] = {"a": holder[key]} if chance.random() < 0.5 else [holder[key]]
