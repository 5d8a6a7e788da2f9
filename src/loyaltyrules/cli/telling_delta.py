# SPDX-License-Identifier: Apache-2.0
"""A comparison told to a person, or as figures to a machine."""

from typing import Any

from loyaltyrules.cli.fail_on import OPTION
from loyaltyrules.cli.terminal import Terminal
from loyaltyrules.cli.verdict import Measured, Verdict
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.render import as_record as problem_record
from loyaltyrules.simulation.base import figures
from loyaltyrules.simulation.base.ordered import cells
from loyaltyrules.simulation.comparison import kinds
from loyaltyrules.simulation.comparison.delta import Delta
from loyaltyrules.simulation.comparison.delta_charts import NEW_WORD, OLD_WORD, SIDE_WORDS, counted
from loyaltyrules.simulation.comparison.delta_page import OF_FIGURES, OF_KINDS, OF_WHOLE, days
from loyaltyrules.simulation.comparison.headline import Headline
from loyaltyrules.simulation.comparison.moves import Moves
from loyaltyrules.simulation.comparison.summing_up import summed_up
from loyaltyrules.simulation.shown.pages import identity
from loyaltyrules.simulation.shown.titles import change_text, number_text

HOLDS = mark("{option} holds: {expression}; {numbers}")
HOLDS_NOT = mark("{option} does not hold: {expression}; {numbers}")
NUMBER, PART = mark("{measure} is {number}"), mark("{measure} is {number} of {whole} ({share})")
LABEL = mark("{label} (rows: before, columns: after)")


def tell_delta(terminal: Terminal, delta: Delta) -> None:
    """What changes, in sentences and tables."""
    told = Headline.of(delta, terminal.language)
    terminal.line(days(delta, told))
    for role, policy in zip((OLD_WORD, NEW_WORD), delta.policies, strict=True):
        terminal.line(identity(terminal.say(role), policy, told.titles))
    for sentence in told.sentences:
        terminal.line(sentence)
    _figures(terminal, delta)
    for each in delta.moving:
        _matrix(terminal, told, each)
    _actions(terminal, told)
    heads = [terminal.say(each) for each in OF_WHOLE]
    rows = summed_up(delta, told.titles)
    terminal.line()
    terminal.table(heads, ((name, *_texts(old, new, by)) for name, old, new, by in rows))


def _texts(old: Any, new: Any, by: Any) -> tuple[str, ...]:
    return number_text(old), number_text(new), change_text(by)


def _figures(terminal: Terminal, delta: Delta) -> None:
    columns = figures.table(*delta.policies, terminal.language)
    if columns["name"]:
        terminal.line()
        heads = [terminal.say(each) for each in OF_FIGURES]
        listed = (columns[each] for each in ("title", "old", "new", "source"))
        terminal.table(heads, zip(*listed, strict=True))


def _matrix(terminal: Terminal, told: Headline, moves: Moves) -> None:
    (_, *words), rows = cells(moves.matrix())
    label = told.titles.label(moves.label)
    terminal.line()
    terminal.line(terminal.say(LABEL, label=label))
    heads = [label, *map(told.titles.word, words)]
    terminal.table(heads, ((told.titles.word(o), *map(number_text, n)) for o, *n in rows))


def _actions(terminal: Terminal, told: Headline) -> None:
    rows = [
        (name, *map(number_text, counts), change_text(counts[1] - counts[0]))
        for name, *counts in kinds.told(told.delta, told.titles)
    ]
    if rows:
        terminal.line()
        terminal.table([terminal.say(each) for each in OF_KINDS], rows)


def tell_verdict(terminal: Terminal, verdict: Verdict | None) -> None:
    """Whether the condition holds, with the numbers."""
    if verdict is None:
        return
    numbers = terminal.say(", ").join(
        _measured(terminal, text, found) for text, found in verdict.numbers.items()
    )
    details = {"option": OPTION, "expression": verdict.condition.text, "numbers": numbers}
    terminal.line()
    terminal.line(terminal.say(HOLDS if verdict.holds else HOLDS_NOT, **details))


def _measured(terminal: Terminal, text: str, found: Measured) -> str:
    number = number_text(found.number)
    if not found.whole:
        return terminal.say(NUMBER, measure=text, number=number)
    share = f"{found.share * 100:.2f}%"
    whole = number_text(found.whole)
    return terminal.say(PART, measure=text, number=number, whole=whole, share=share)


def as_record(delta: Delta, verdict: Verdict | None, language: str) -> dict[str, Any]:
    """The comparison for machines: names as the policy has them, numbers as they are."""
    dates = delta.new.plan.dates
    old, new = delta.policies
    told = Headline.of(delta, language)
    return {
        "on": dates[0].isoformat(), "until": dates[-1].isoformat(),
        "old": _policy(old), "new": _policy(new),
        "headline": told.sentences,
        "parameters": _rows(figures.table(old, new, language)),
        "labels": {name: _label(each) for name, each in delta.moves.items()},
        "actions": dict(told.sides), "done_otherwise": told.otherwise,
        "by_kind": {kind: dict(zip(SIDE_WORDS, n, strict=True)) for kind, *n in kinds.by_kind(delta)},
        "summary": [dict(zip(*pair, strict=True)) for pair in _summary(delta)],
        "incomparable": [problem_record(each, language) for each in delta.incomparable],
        "fail_on": None if verdict is None else _verdict(verdict),
    }  # fmt: skip


def _policy(policy: Policy) -> dict[str, str]:
    return {"policy": policy.name, "version": policy.version, "fingerprint": policy.fingerprint}


def _rows(columns: dict[str, list[str]]) -> list[dict[str, str]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _label(moves: Moves) -> dict[str, Any]:
    matrix: dict[str, dict[str, int]] = {}
    for old, new, count in counted(moves):
        matrix.setdefault(old, {})[new] = count
    return {"records": len(moves.pairs), "movers": len(moves.moved), "matrix": matrix}


def _summary(delta: Delta) -> list[tuple[list[str], tuple[Any, ...]]]:
    names, rows = cells(delta.summary)
    return [(names, row) for row in rows]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    numbers = {
        text: {"number": found.number, "whole": found.whole}
        for text, found in verdict.numbers.items()
    }
    return {"expression": verdict.condition.text, "holds": verdict.holds, "numbers": numbers}
