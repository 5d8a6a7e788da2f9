# SPDX-License-Identifier: Apache-2.0
"""Keys that nothing reads because of what stands beside them: silence would hide a mistake."""

from collections.abc import Iterator

from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.policy.lowering.facts import RANKS
from loyaltyrules.policy.lowering.gate import PASS, SIEVES, sieve_keys
from loyaltyrules.policy.lowering.tables import ROWS
from loyaltyrules.policy.reader.model import Document, Path
from loyaltyrules.policy.shape import (
    BlockShape,
    FactShape,
    OccasionShape,
    PolicyShape,
    SieveShape,
    StateShape,
    WayShape,
)
from loyaltyrules.problem.codes import CODES
from loyaltyrules.problem.problem import Problem, nearest, problem

WAYS = (
    "cases",
    "map",
    "score",
    "top",
    "bands",
)  # what a way may go by; the first that it says counts
BESIDE = {
    "cases": (), "map": (), "score": ("marks", "factors", "first"), "bands": ("first",),
    "top": ("bands", "by", "within", "smallest", "ties"),
}  # fmt: skip
OF_WAYS = {*WAYS, *(key for keys in BESIDE.values() for key in keys)}


def unread_keys(shape: PolicyShape, document: Document) -> list[Problem]:
    """One problem for each key that has no effect, and for waivers of codes that there are not."""
    found = [
        problem("LR146", document.key_place((*path, key)), name=key, beside=beside)
        for path, key, beside in _unread(shape)
    ]
    for index, waiver in enumerate(shape.waivers):
        if waiver.code not in CODES:
            place = document.place(("waivers", index, "code"))
            near = nearest(waiver.code, CODES)
            found.append(problem("LR416", place, name=waiver.code, near=near))
    return found


def _unread(shape: PolicyShape) -> Iterator[tuple[Path, str, str]]:
    for index, sieve in enumerate(shape.gate):
        yield from _of_sieve(sieve, ("gate", index))
    for index, must in enumerate(shape.must):
        for key in ("texts", "never") if must.rule is not None else ():
            if getattr(must, key) is not None:
                yield ("must", index), key, "rule"
    for name, block in shape.blocks.items():
        yield from _of_block(block, ("blocks", name))
    for name, workflow in shape.workflows.items():
        for state, each in workflow.states.items():
            yield from _of_state(each, ("workflows", name, "states", state))
    for name, occasion in shape.occasions.items():
        yield from _of_occasion(occasion, ("occasions", name))
    for subject, facts in shape.facts.items():
        for name, fact in facts.items():
            yield from _of_fact(fact, ("facts", subject, name))
    for name, label in shape.labels.items():
        if label.cases is not None and label.decide is not None:
            yield ("labels", name), "decide", "cases"
        for way, each_way in label.ways.items():
            yield from _of_way(each_way, ("labels", name, "ways", way))
    for name, table in shape.tables.items():
        if table.cells != "every" and table.since is not None:
            yield ("tables", name), "since", f"cells: {table.cells}"
        if table.by[0] in ROWS and table.at is not None:
            yield ("tables", name), "at", f"by: {table.by[0]}"


def _of_block(block: BlockShape, path: Path) -> Iterator[tuple[Path, str, str]]:
    if block.first is not None:
        for key in {"rows", "before", "within", "if_"} & block.model_fields_set:
            yield path, key.rstrip("_"), "first"
    elif block.rows is not None and block.before is not None:
        yield path, "before", "rows"
    elif block.within is not None and block.before is None:
        yield path, "within", "if"


def _of_sieve(sieve: SieveShape, path: Path) -> Iterator[tuple[Path, str, str]]:
    keys = sieve_keys(sieve)
    if len(keys) != 1:  # a fault that was told
        return
    (own,) = keys
    others = {key for each in SIEVES.values() for key in each.beside} - {*SIEVES[own].beside}
    for key in others & sieve.model_fields_set:
        yield path, key.rstrip("_"), own
    if own == "approve" and sieve.unknown not in ("", PASS):
        yield path, "unknown", own


def _of_state(state: StateShape, path: Path) -> Iterator[tuple[Path, str, str]]:
    if state.is_ is not None and state.until is not None:
        yield path, "until", "is"


def _of_way(way: WayShape, path: Path) -> Iterator[tuple[Path, str, str]]:
    """What a way says beside what it goes by: only bands and a share of the best go together."""
    said = {key for key in way.model_fields_set if getattr(way, key) is not None}
    own = next((key for key in WAYS if key in said), "bands")
    for key in sorted(said & {*OF_WAYS} - {*BESIDE[own], own}):
        yield path, key, own
    for word in way.model_extra or () if own == "cases" else ():
        yield path, word, own


def _of_occasion(occasion: OccasionShape, path: Path) -> Iterator[tuple[Path, str, str]]:
    kinds = ("solar", "lunar", "nth", "term", "year_end", "anniversary", "rows")
    way = next((kind for kind in kinds if getattr(occasion, kind) is not None), "")
    if way != "rows" and "day" in occasion.model_fields_set:
        yield path, "day", way
    if way != "anniversary" and "calendar" in occasion.model_fields_set:
        yield path, "calendar", way


def _of_fact(fact: FactShape, path: Path) -> Iterator[tuple[Path, str, str]]:
    computed = (*AGGREGATES, *RANKS, "is_", "first")
    way = next((key for key in computed if getattr(fact, key) is not None), "")
    for key in ("default", "absent"):
        aggregate = key == "default" and way in AGGREGATES
        if way and getattr(fact, key) is not None and not aggregate:
            yield path, key, way.rstrip("_")
    ordered = tuple(name for name, each in AGGREGATES.items() if each.ordered)
    cut = tuple(name for name, each in AGGREGATES.items() if each.cut)
    ordering = {"by": ("rank", "top", "first", *ordered), "take": cut, "ties": RANKS}
    for key, ways in ordering.items():
        if getattr(fact, key) is not None and way not in ways:
            yield path, key, way.rstrip("_") or f"type: {fact.type}"
    if not way and fact.absent is not None and fact.type not in ("date", "datetime"):
        yield path, "absent", f"type: {fact.type}"
