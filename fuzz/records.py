# SPDX-License-Identifier: Apache-2.0
"""Records for a policy, as plain JSON that `fuzz.odd` reads: sound ones, and ones with something wrong."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from fuzz import texts
from fuzz.odd import NO_CELLS, ODD, SHAPES
from loyaltyrules.expression.types import Type
from loyaltyrules.fact.snapshot import Vocabulary

Written = dict[str, Any]
NAMES = tuple(ODD)
DAYS = (
    "2027-02-05", "2027-02-04", "2026-02-05", "2026-12-31", "2024-02-29", "1980-05-12", "1901-02-19",
    "2099-12-31", "2027-01-05", "2026-11-07", "0001-01-01", "9999-12-31",
)  # fmt: skip
SOUND: Mapping[str, Sequence[Any]] = {
    "text": ("golf", "茶", "s1", "A", "13800000001", "North", "x/y%z", 7), "whole": (0, 1, 2, 5, 100, 5000,
    "2000", -1),
    "number": (0, 1.5, "33.3333", {"!decimal": "99999999999.9999"}, 2000, -0.5), "share": ("20%", 0.2,
    "0.5", 1, 0),
    "yes/no": (True, False, "yes", "no", "是", 1), "date": (*DAYS, *({"!date": day} for day in DAYS)),
    "datetime": tuple(f"{day}T{time}" for day in DAYS for time in ("00:00", "10:30:00+08:00",
    "23:59:59.999999Z")),
    "list": ([], ["golf"], ["golf", "茶"], "golf;茶", "greet;offer;mail;ring", ["parcel", "tasks"], ""),
}  # fmt: skip


def record(chance: Random, vocabulary: Vocabulary, subject: str, identity: str = "1") -> Written:
    """A sound record of a policy, with child records."""
    found: Written = {"id": identity}
    for name, each in vocabulary.declarations.get(subject, {}).items():
        if chance.random() < 0.7:
            found[name] = value(chance, each.type)
    for child in vocabulary.children_of(subject):
        if chance.random() < 0.6:
            count = chance.choice((0, 1, 1, 2, 3))
            found[child.listed_as] = [
                record(chance, vocabulary, child.name, f"{identity}-{n}") for n in range(count)
            ]
    if vocabulary.subjects[subject].link:
        found[vocabulary.subjects[subject].link] = chance.choice(("s1", "s2", None))
    return found


def value(chance: Random, kind: Type) -> Any:
    return deepcopy(chance.choice(kind.words or SOUND.get(kind.kind, SOUND["text"])))


def anything(chance: Random) -> Any:
    """A value that is odd, or one of any type."""
    if chance.random() < 0.6:
        return {"!odd": chance.choice(NAMES)}
    return deepcopy(chance.choice(SOUND[chance.choice(tuple(SOUND))]))


def odd_value(chance: Random, found: Written) -> None:
    found[chance.choice(list(found))] = anything(chance)


def wrapped(chance: Random, found: Written) -> None:
    name = chance.choice(list(found))
    each = found[name]
    found[name] = chance.choice(
        ([each], {"a": each}, {name: each}, [each, each], [[each]], str(each), {})
    )


def other_name(chance: Random, found: Written) -> None:
    """A name with a letter more or less, or one that holds what another did."""
    name = chance.choice(list(found))
    new = texts.mutated(chance, name, 1) if chance.random() < 0.7 else chance.choice(list(found))
    found[new] = found.pop(name)


def away(chance: Random, found: Written) -> None:
    del found[chance.choice(list(found))]


def typed(chance: Random, found: Written) -> None:
    """A text as a hand types it."""
    name = chance.choice(list(found))
    found[name] = texts.mutated(chance, str(found[name]), chance.choice((1, 2)))


def below(chance: Random, found: Written) -> None:
    """Something wrong in a child record, or in their list."""
    lists = [each for each in found.values() if isinstance(each, list) and each]
    if lists:
        listed = chance.choice(lists)
        if isinstance(listed[0], dict) and "id" in listed[0] and chance.random() < 0.7:
            chance.choice(CHANGES)(chance, listed[0])
        else:
            listed.append(chance.choice((anything(chance), listed[0], None, "A", 5)))


CHANGES: Sequence[Callable[[Random, Written], None]] = (
    odd_value, odd_value, odd_value, odd_value, wrapped, other_name, away, typed, typed, below, below,
)  # fmt: skip


def spoiled(chance: Random, found: Written, times: int) -> Written:
    """The record after so many changes."""
    for _ in range(times):
        if found:
            chance.choice(CHANGES)(chance, found)
    return found


def fits_a_table(row: Written) -> bool:
    """False of a row with a value that cannot be a cell of any frame."""
    text = json.dumps(row)
    return not any(f'"{name}"' in text for name in NO_CELLS)


def purchases(chance: Random) -> list[Written]:
    """Rows of a raw table of purchases."""
    made = [_purchase(chance, str(number)) for number in range(chance.choice((1, 3)))]
    rows = [spoiled(chance, each, chance.choice((0, 1, 1))) for each in made]
    return list(filter(fits_a_table, rows))


def _purchase(chance: Random, identity: str) -> Written:
    return {
        "id": identity, "customer_id": chance.choice(("1", "2", None)),
        "returned": chance.choice((None, "yes")), "occurred_at": chance.choice(SOUND["date"]),
        "amount": chance.choice(SOUND["number"]),
    }  # fmt: skip


def shape(chance: Random) -> str:
    return "dict" if chance.random() < 0.9 else chance.choice(tuple(SHAPES))


def as_file(chance: Random, rows: Sequence[Written]) -> tuple[str, str]:
    """Rows as the name and the text of a file, with something wrong in its signs."""
    ending = chance.choice(("csv", "csv", "jsonl"))
    text = as_csv(rows) if ending == "csv" else "\n".join(json.dumps(each) for each in rows) + "\n"
    return f"customer.{ending}", texts.mutated(chance, text, chance.choice((0, 1, 1, 2)))


def as_csv(rows: Sequence[Written]) -> str:
    file = io.StringIO()
    names = dict.fromkeys(
        name for row in rows for name, each in row.items() if not isinstance(each, dict | list)
    )
    writer = csv.DictWriter(file, list(names), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
