# SPDX-License-Identifier: Apache-2.0
"""Carrying out: the record of a host after an action was done."""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from typing import Any

from loyaltyrules.action.action import Action, plain, unfit
from loyaltyrules.action.as_data import exact, told_in
from loyaltyrules.action.changes import CHANGE_COLUMNS, Change, changes_of, written
from loyaltyrules.decision.by_rule import changed_by
from loyaltyrules.fact.coerce import NUMERAL, FactFault, coerce, is_missing
from loyaltyrules.fact.rows import rows_of
from loyaltyrules.fact.snapshot import shown
from loyaltyrules.host.record import Record, mapping_of
from loyaltyrules.host.text import quoted, text_of, visible
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import problem

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])
Rows = Iterable[Mapping[str, Any]]


def apply(
    record: Record, action: Action, changes: Rows | None = None, *, policy: Policy | None = None
) -> dict[str, Any]:
    """The record after the action was carried out: a new mapping with the facts that it changes.

    What an action adds, it adds to what the record has by then; so actions decided on an older
    record keep what came between. A host carries out each action id once.

    Args:
        record: Facts of the subject of the action, as the host stores them.
        action: A ready action; one that awaits approval changes nothing before it is approved.
        changes: Rows of `result.changes`, or of the file that `run --changes` wrote: what an action
            of a table changes, which does not say so itself. Rows of other actions may be among them.
        policy: The policy that decided it. It knows which facts a rule changes, and their types;
            without it, facts are set to the text of the row, and an action that no row of
            `changes` names changes nothing.

    Raises:
        ValueError: the action is not ready, is for another record, adds to what is no number, is
            one of a table and `changes` are not given, or changes other facts than its rule does.
            That it is ready is believed: a host carries out what `approve` gave it.
        SnapshotError: the record is none (LR421), or `changes` are no rows (LR413).
    """
    action, known = plain(action), mapping_of(record)
    if known is None:
        raise SnapshotError([problem("LR421", None, found=type(record).__name__)])
    if odd := unfit(action):
        raise ValueError(f"this is no action: no column holds what stands in {', '.join(odd)}")
    if action.status != "ready":
        raise ValueError(f"{action.action_id} is {action.status}, only a ready action is applied")
    own = text_of(known.get("id"))
    if own != action.subject_id:
        raise ValueError(f"{action.action_id} is for {action.subject_id}, not {visible(own)}")
    rows = None if changes is None else _rows(action, changes)
    if action.told:
        action = _read_again(action)
        _refuse_others(action, rows)
        if policy is not None:
            _refuse_foreign(
                action, policy, {each.fact for each in changes_of(action)}, "it changes"
            )
        return _changed(known, action.sets, action.adds)
    told = _told(action, rows, policy)
    sets = [(each.fact, _typed(action, each, policy)) for each in told if each.add is None]
    adds = [(each.fact, each.add) for each in told if each.add is not None]
    return _changed(known, sets, adds)


def _read_again(action: Action) -> Action:
    """The action with its changes as they are read from data: a host may have put them together."""
    sets, adds = told_in(action.sets, "sets"), told_in(action.adds, "adds")
    return action._replace(sets=sets or (), adds=adds or ())


def _changed(
    record: Mapping[str, Any], sets: Iterable[tuple[str, Any]], adds: Iterable[tuple[str, Any]]
) -> dict[str, Any]:
    grown = {name: _sum(name, record.get(name), exact(amount, name)) for name, amount in adds}
    return {**record, **dict(sets), **grown}


def _rows(action: Action, changes: Rows) -> tuple[Change, ...]:
    """The rows of one action."""
    found = []
    for row in rows_of(changes):
        if not isinstance(row, Mapping):
            raise ValueError(f"a row of changes is a mapping, not {quoted(row)}")
        lacking = [name for name in CHANGE_COLUMNS if name not in row]
        if lacking:
            raise ValueError(f"a row of changes lacks {', '.join(lacking)}")
        if isinstance(row["action_id"], str) and row["action_id"] == action.action_id:
            found.append(_change(row))
    return tuple(dict.fromkeys(found))


def _change(row: Mapping[str, Any]) -> Change:
    """One row; files have an empty cell for what is missing and for an empty list alike."""
    fact, set_to, add = text_of(row["fact"]), row["set_to"], row["add"]
    if not is_missing(add):
        return Change(fact, None, written(exact(add, fact)))
    said = (isinstance(set_to, str) and not set_to) or not is_missing(set_to)
    return Change(fact, text_of(set_to) if said else None, None)


def _refuse_others(action: Action, rows: tuple[Change, ...] | None) -> None:
    """An action that says what it changes is believed; rows beside it must say the same."""
    own = {each._replace(set_to=each.set_to or None) for each in changes_of(action)}
    if rows and {each._replace(set_to=each.set_to or None) for each in rows} != own:
        raise ValueError(f"{action.action_id} changes other facts than its rows of changes say")


def _told(
    action: Action, rows: tuple[Change, ...] | None, policy: Policy | None
) -> tuple[Change, ...]:
    """What an action of a table changes, as its rows say."""
    ruled = None if policy is None else changed_by(policy, action)
    if rows is None and ruled is not None and not ruled.all:
        return ()
    if rows is None:
        raise ValueError(
            f"{action.action_id} comes of a table and does not say what it changes: "
            f"give the rows of its changes, apply(record, action, changes=result.changes)"
        )
    if policy is not None:
        _refuse_foreign(action, policy, {each.fact for each in rows}, "its rows of changes name")
    return rows


def _refuse_foreign(action: Action, policy: Policy, named: set[str], said: str) -> None:
    """An action changes what its rule changes: all of it, and nothing else."""
    ruled = changed_by(policy, action)
    if ruled is not None and not ruled.sets <= named <= ruled.all:
        raise ValueError(
            f"{action.action_id}: its rule changes {', '.join(sorted(ruled.all)) or 'nothing'}, "
            f"{said} {', '.join(sorted(named)) or 'nothing'}"
        )


def _typed(action: Action, change: Change, policy: Policy | None) -> Any:
    """What a fact is set to, in its type where the policy is known."""
    declared = (
        policy.vocabulary.declarations.get(action.subject, {}).get(change.fact) if policy else None
    )
    if policy is None or declared is None or change.set_to is None:
        return change.set_to
    try:
        return coerce(change.set_to, declared.type, policy.vocabulary.timezone)
    except FactFault as fault:
        raise ValueError(f"{change.fact}: {quoted(change.set_to)} is no {declared.type}") from fault


def _sum(name: str, before: Any, amount: int | Decimal) -> int | Decimal:
    """What there was, as a host may store it, and what is added; nothing counts as 0."""
    if is_missing(before):
        return amount
    if isinstance(before, int) and not isinstance(before, bool) and isinstance(amount, int):
        return before + amount
    text = text_of(before).strip()
    try:
        if not isinstance(before, bool) and NUMERAL.fullmatch(text):
            return EXACT.add(Decimal(text), Decimal(amount))
    except DecimalException as fault:  # of more digits than any balance has
        raise ValueError(
            f"{name}: {quoted(shown(before))} is no number to add {amount} to"
        ) from fault
    raise ValueError(f"{name}: {quoted(shown(before))} is no number to add {amount} to")
