# SPDX-License-Identifier: Apache-2.0
"""Write all that this build says of the examples, so that two builds can be compared with `diff -r`.

    python scripts/results.py FOLDER [store|cdnow|drafts] [--cases FILE]

`store`: every day of 2027 of the example stores, by rows and as tables, with explanations in both
languages. `cdnow`: every day of January 1998 of the music shop. `drafts`: random policies and tables
of the conformance suite; `--cases` keeps them in a file, so that another build gets the same ones.
`--every 7` takes each seventh day or draft only.
"""

import argparse
import json
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from loyaltyrules import compile_day, evaluate, evaluate_frame, explain, load_policy
from loyaltyrules.cli.reading import read_tables, split_tables
from loyaltyrules.cli.records import roots, with_siblings
from loyaltyrules.history import facts_as_of

ROOT = Path(__file__).parents[1]
DRAFTS = 400


def written(path: Path, parts: Iterable[tuple[str, Any]]) -> None:
    """One value a line, each under its name; dates and decimals as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for name, value in parts:
            file.write(f"{name}\t{json.dumps(value, ensure_ascii=False, default=str)}\n")


def of_decision(decision: Any, languages: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """All that a decision on one record says."""
    own = decision.snapshot.id
    for part in ("actions", "suppressed"):
        for action in getattr(decision, part):
            yield f"{own} {part}", action._asdict()
    yield f"{own} labels", dict(decision.labels)
    yield f"{own} on file", dict(decision.standing)
    yield f"{own} ways", {name: dict(ways) for name, ways in decision.ways.items()}
    yield f"{own} undecided", [list(each) for each in decision.undecided]
    for language in languages:
        yield f"{own} {language}", explain(decision, language).split("\n")


def of_result(result: Any) -> Iterator[tuple[str, Any]]:
    """All that a result over tables says, but for how often stages were asked."""
    for part in ("actions", "suppressed", "labels", "faults"):
        frame = nw.from_native(getattr(result, part), eager_only=True)
        for row in frame.iter_rows(named=True):
            yield f"table {part}", row
    notes = result.notes
    yield "rows", [dict(notes.rows), notes.set_aside]
    yield "ignored", {name: dict(each) for name, each in notes.ignored.items()}
    yield "missing", {name: dict(each) for name, each in notes.missing.items()}
    for rule, each in sorted(notes.undecided.items()):
        yield f"undecided {rule}", sorted((list(facts), count) for facts, count in each.items())


def store(folder: Path, options: argparse.Namespace) -> None:
    policy = load_policy(ROOT / "policies" / "menswear")
    tables, reference = split_tables(read_tables(ROOT / "examples" / "store", policy), policy)
    for number in range(0, 365, options.every):
        day = date(2027, 1, 1) + timedelta(days=number)
        plan = with_siblings(compile_day(policy, day, tables=reference), tables)
        made = [evaluate(plan, known, known.subject) for known in roots(plan, tables)]
        languages = ("en", "zh") if number % 4 == 0 else ()
        rows = (each for one in made for each in of_decision(one, languages))
        written(folder / "store" / f"{day}.rows.txt", rows)
        written(folder / "store" / f"{day}.table.txt", of_result(evaluate_frame(plan, tables)))


def cdnow(folder: Path, options: argparse.Namespace) -> None:
    shop = ROOT / "examples" / "cdnow"
    policy = load_policy(shop / "policy", root=ROOT)
    raw = {
        name: pl.read_csv(shop / f"{name}.csv", infer_schema=False)
        for name in ("customer", "purchase", "store")
    }
    for number in range(0, 31, options.every):
        day = date(1998, 1, 1) + timedelta(days=number)
        given = {name: raw[name] for name in ("customer", "purchase")}
        facts = facts_as_of(given, on=day, points_per_amount=20)
        plan = compile_day(policy, day, tables={"store": raw["store"]}).with_population(facts)
        made = [evaluate(plan, row) for row in facts.iter_rows(named=True)]
        rows = (
            each
            for place, one in enumerate(made)
            for each in of_decision(one, ("en", "zh") if place % 40 == 0 else ())
        )
        written(folder / "cdnow" / f"{day}.rows.txt", rows)
        written(folder / "cdnow" / f"{day}.table.txt", of_result(evaluate_frame(plan, facts)))


def drafts(folder: Path, options: argparse.Namespace) -> None:
    sys.path.insert(0, str(ROOT / "tests"))
    from conformance.backends import polars
    from conformance.cases import Case, cases
    from conformance.oracle import by_columns, records, sound

    known: list[Any] = []
    kept = options.cases
    if kept is not None and kept.exists():
        known = [Case(*each) for each in pickle.loads(kept.read_bytes())]
    else:
        known = list(_drawn(cases(), DRAFTS))
        if kept is not None:
            names = ("text", "on", "since", "tables", "ranked", "stores")
            kept.write_bytes(pickle.dumps([[getattr(c, n) for n in names] for c in known]))
    for number, case in list(enumerate(known))[:: options.every]:
        try:
            plan = case.plan()
            good, _ = sound(plan, case.rows)
            lines = []
            for subject in good:
                for record in records(plan, subject, good):
                    lines += of_decision(evaluate(plan, record, subject), ("en",))
            frames = {name: polars(each) for name, each in case.tables.items()}
            lines += of_result(evaluate_frame(plan, frames))
            with by_columns():
                lines += of_result(evaluate_frame(plan, frames))
        except Exception as error:  # a figure that is too large, in both builds alike
            lines = [("error", f"{type(error).__name__}: {error}")]
        written(folder / "drafts" / f"{number:04}.txt", lines)


def _drawn(strategy: Any, count: int) -> Iterator[Any]:
    """So many examples, each of a seed of its own."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    for number in range(count):
        found: list[Any] = []
        quiet = settings(
            max_examples=2, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        seed(f"results {number}")(quiet(given(case=strategy)(lambda case: found.append(case))))()  # noqa: B023
        yield found[-1]


PARTS: dict[str, Callable[[Path, argparse.Namespace], None]] = {
    "store": store, "cdnow": cdnow, "drafts": drafts,
}  # fmt: skip

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    for part in options.part or PARTS:
        PARTS[part](options.folder, options)
