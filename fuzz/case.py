# SPDX-License-Identifier: Apache-2.0
"""A case: a policy by its files, a day, a record, and what is done with them. All of it is plain data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from fuzz import records, structure, texts
from fuzz.seeds import Files, Seed, faulty, mutator, sound
from loyaltyrules import Action, load_policy
from loyaltyrules.fact.snapshot import Vocabulary

PLAIN_DAYS = ("2027-02-05", "2027-05-01", "2027-03-20", "2026-12-31", "2024-02-29", "2027-04-29")
ODD_DAYS: Sequence[Any] = (
    "2027-02-30", "1901-02-19", "1901-02-20", "2099-12-31", "2100-01-01", "0001-01-01", "9999-12-31", "x",
    "", None, 5,
    {"!odd": "last"}, {"!odd": "first"}, {"!odd": "nat"}, {"!odd": "far"}, {"!odd": "ts max"},
    {"!odd": "date.min"},
    {"!odd": "date.max"}, {"!odd": "array day"}, {"!odd": "east"}, {"!odd": "west"}, {"!odd": "pdnat"},
    {"!odd": "period"},
    {"!date": "2027-02-05"}, {"!datetime": "2027-02-05T23:59:59+00:00"}, {"!odd": "surrogate day"},
    {"!odd": "years"},
)  # fmt: skip
STEPS = {  # what is done beside the decision, and how often
    "strict": 0.1, "population": 0.1, "doubts": 0.15, "explain": 0.05, "data": 0.15, "act": 0.4,
    "render": 0.5,
}  # fmt: skip


FAULTY, CHANGED, TABLES = 0.03, 0.1, 0.004
"""How often a policy is drawn that is faulty, one is changed, there are tables; these take longest."""


@dataclass(frozen=True)
class Case:
    """What is handed in. Values that JSON has not are written as `fuzz.odd` reads them.

    `action` are fields that an action has changed when it comes back to be approved or applied; `rows`
    become a table of one kind, `frame`, and so does `raw`, a table of purchases; `file`, a name and a
    text, is read as one.
    """

    files: Files
    on: Any = "2027-02-05"
    since: Any = None
    subject: str = "customer"
    record: Any = field(default_factory=lambda: {"id": "1"})
    shape: str = "dict"
    tables: Mapping[str, Any] = field(default_factory=dict)
    action: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Any] = ()
    raw: Sequence[Any] = ()
    frame: str = ""
    file: Sequence[str] = ()
    also: Sequence[str] = ()

    def written(self) -> str:
        """The case as JSON."""
        return json.dumps(asdict(self), indent=1)


def kept(text: str) -> Case:
    """The case that JSON says."""
    return Case(**json.loads(text))


def drawn(number: int) -> Case:
    """The case of a number."""
    chance = Random(number)
    if chance.random() < FAULTY:
        return Case(_changed(chance, chance.choice(list(faulty().values()))))
    seed = _seed(chance)
    files = _changed(chance, seed) if chance.random() < CHANGED else seed.files
    return _around(chance, files, seed)


def _seed(chance: Random) -> Seed:
    seeds = list(sound().values())
    return chance.choices(seeds, [each.weight for each in seeds])[0]


def _changed(chance: Random, seed: Seed) -> Files:
    """One of the files changed: its structure, or its signs."""
    name = chance.choice(list(seed.files))
    times = chance.choice((1, 1, 1, 2, 3))
    if name in seed.documents and chance.random() < 0.7:
        text = structure.written(mutator().mutated(chance, seed.documents[name], times))
    else:
        text = texts.mutated(chance, seed.files[name], times)
    return {**seed.files, name: text}


@cache
def vocabulary(seed: str) -> Vocabulary:
    """What a sound policy declares."""
    with TemporaryDirectory() as folder:
        return load_policy(on_disk(sound()[seed].files, Path(folder))).vocabulary


def _around(chance: Random, files: Files, seed: Seed) -> Case:
    """A record, a day and steps for a policy."""
    known = vocabulary(seed.name)
    subject = "customer" if chance.random() < 0.7 else chance.choice(list(known.subjects))
    found: Any = records.record(chance, known, subject)
    found = records.spoiled(chance, found, chance.choice((0, 0, 1, 1, 1, 2, 4)))
    if chance.random() < 0.01:
        found = records.anything(chance)
    on, since = _days(chance)
    tables = _tables(chance, known) if chance.random() < 0.06 else {}
    also = [each for each, often in STEPS.items() if chance.random() < often]
    action = _action(chance) if "act" in also else {}
    case = Case(files, on, since, subject, found, records.shape(chance), tables, action, also=also)
    return case if chance.random() > TABLES else _with_tables(chance, case, known)


def _days(chance: Random) -> tuple[Any, Any]:
    drawn = chance.random()
    if drawn < 0.95:
        return chance.choice(PLAIN_DAYS), None
    if drawn < 0.98:
        return "2027-02-05", chance.choice(("2027-02-04", "2027-02-01", "2027-01-20", "2027-02-05"))
    return chance.choice(
        ((chance.choice(ODD_DAYS), None), ("2027-02-05", chance.choice(ODD_DAYS[:1])))
    )


def _tables(chance: Random, known: Vocabulary) -> dict[str, Any]:
    """Reference data: parents of records, and rows of tables that policies of the tests know."""
    parents = [each.parent for each in known.subjects.values() if each.parent] or ["store"]
    name = chance.choice((*parents, "event", "launch", "rest_day", "nowhere"))
    if name not in known.subjects:
        row = {
            "id": "e1",
            "held_on": "2027-02-05",
            "active_from": "2027-02-05",
            "name": "n",
            "day": "2027-02-07",
        }
        return {name: [records.spoiled(chance, row, chance.choice((0, 1, 2)))]}
    listed = [records.record(chance, known, name, identity) for identity in ("s1", "s2", "1")]
    return {name: [records.spoiled(chance, each, chance.choice((0, 0, 1))) for each in listed]}


def _with_tables(chance: Random, case: Case, known: Vocabulary) -> Case:
    """The case with rows of a table too, with a file of them, or with purchases."""
    found = [
        records.record(chance, known, case.subject, str(n)) for n in range(chance.choice((1, 2, 4)))
    ]
    drawn = chance.random()
    if drawn < 0.4:
        return replace(case, file=records.as_file(chance, found))
    kind = chance.choice(("polars", "pandas", "arrow", "objects"))
    if drawn < 0.6:
        return replace(case, raw=records.purchases(chance), frame=kind)
    rows = [records.spoiled(chance, each, chance.choice((0, 0, 1))) for each in found]
    return replace(case, rows=list(filter(records.fits_a_table, rows)), frame=kind)


def _action(chance: Random) -> dict[str, Any]:
    names = chance.choices(
        (*Action._fields, "kind", "status", "sets", "adds"), k=chance.choice((0, 1, 1, 2))
    )
    return {name: _of_action(chance, name) for name in names}


def _of_action(chance: Random, name: str) -> Any:
    if name in ("sets", "adds") and chance.random() < 0.7:
        fact = chance.choice(("points", "balance", "grade", "tier", "x"))
        return [
            [fact, records.anything(chance)],
            *chance.choice(([], [[fact, "5", "number"]], ["A"])),
        ]
    return chance.choice(
        (records.anything(chance), "ready", "pending_approval", "lead", "credit", "text")
    )


def on_disk(files: Files, folder: Path) -> Path:
    """The files in a folder; half signs stand for the bytes that they were read from, or their own."""
    for name, text in files.items():
        try:
            raw = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raw = text.encode("utf-8", "surrogatepass")
        (folder / name).write_bytes(raw)
    return folder / "policy.yaml"
