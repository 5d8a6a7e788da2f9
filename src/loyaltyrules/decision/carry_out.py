# SPDX-License-Identifier: Apache-2.0
"""Carrying out: the record of a host after an action was done."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from typing import Any, NamedTuple

from loyaltyrules.action.action import Action, plain, unfit
from loyaltyrules.action.as_data import exact, told_in
from loyaltyrules.action.changes import CHANGE_COLUMNS, Change, changes_of, written
from loyaltyrules.calendar import is_instant, local_of
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
STATED = ("customer", "store")  # parents of which actions state the ids


class Told(NamedTuple):
    """One row of changes: whose fact it is, and what becomes of it."""

    subject: str
    id: str
    change: Change


def apply(
    record: Record,
    action: Action,
    changes: Rows | None = None,
    *,
    policy: Policy | None = None,
    subject: str | None = None,
) -> dict[str, Any]:
    """The record after the action was carried out: a new mapping with the facts that it changes.

    An action may change facts of records above its own, `adds: {customer.points: 5}`: it is applied to
    each of them too, and of each only its own facts change.

    What an action adds, it adds to what the record has by then; so actions decided on an older
    record keep what came between. A host carries out each action id once.

    Args:
        record: Facts of the record of the action, or of one above it that it changes, as the host stores
            them.
        action: A ready action; one that awaits approval changes nothing before it is approved.
        changes: Rows of `result.changes`, or of the file that `run --changes` wrote: what an action
            of a table changes, which does not say so itself. Rows of other actions may be among them.
        policy: The policy that decided it. It knows which facts a rule changes, and their types;
            without it, facts are set to the text of the row, and an action that no row of
            `changes` names changes nothing.
        subject: The kind of record that is handed in, where several of one id may be meant.

    Raises:
        ValueError: the action is not ready, is for another record, adds to what is no number, is
            one of a table and `changes` are not given, or changes other facts than its rule does;
            whose id it is cannot be told.
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
    rows = None if changes is None else _rows(action, changes)
    action = _read_again(action) if action.told else action
    whose = _whose(action, rows, text_of(known.get("id")), subject)
    if action.told:
        _refuse_others(action, rows)
        if policy is not None:
            _refuse_foreign(
                action, policy, {each.fact for each in changes_of(action)}, "it changes"
            )
        return _changed(known, _own(action, whose, action.sets), _own(action, whose, action.adds))
    told = [each.change for each in _told(action, rows, policy) if each.subject == whose]
    sets = [(each.fact, _typed(whose, each, policy)) for each in told if each.add is None]
    adds = [(each.fact, each.add) for each in told if each.add is not None]
    return _changed(known, sets, adds)


def _whose(action: Action, rows: tuple[Told, ...] | None, own: str, subject: str | None) -> str:
    """The kind of record that is handed in: that of the action, or of one above it that it changes."""
    known = {action.subject: action.subject_id, **_parents(action, rows)}
    fits = [name for name, identity in known.items() if identity == own]
    if subject is not None:
        fits = [name for name in fits if name == subject]
    if len(fits) > 1:
        named = " or ".join(fits)
        raise ValueError(f"{action.action_id}: {visible(own)} may be the {named}, say `subject=`")
    if not fits:
        unknown = ", ".join(name for name, identity in known.items() if identity is None)
        if unknown and subject in (None, *unknown.split(", ")):
            raise ValueError(
                f"{action.action_id} does not say which {unknown} it changes: give the rows of its "
                f"changes, apply(record, action, changes=decision.changes)"
            )
        raise ValueError(f"{action.action_id} is for {_listed(known)}, not {visible(own)}")
    return fits[0]


def _listed(known: Mapping[str, str | None]) -> str:
    (_, first), *others = known.items()
    named = (f"{name} {text_of(identity)}" for name, identity in others)
    return visible(" and ".join([text_of(first), *named]))


def _parents(action: Action, rows: tuple[Told, ...] | None) -> dict[str, str | None]:
    """The records above that it changes, by kind: as its rows say, else as its own columns do."""
    found: dict[str, str | None] = {}
    for name, _ in (*action.sets, *action.adds) if action.told else ():
        subject, _, fact = name.partition(".")
        if fact:
            found[subject] = getattr(action, f"{subject}_id", None) if subject in STATED else None
    own = (action.subject, action.subject_id)
    return found | {e.subject: e.id for e in rows or () if (e.subject, e.id) != own}


def _own(
    action: Action, whose: str, changes: Iterable[tuple[str, Any]]
) -> Iterator[tuple[str, Any]]:
    """The changes of one kind of record, by the plain names of its facts."""
    for name, value in changes:
        head, _, rest = name.partition(".")
        owner, fact = (head, rest) if rest else (action.subject, name)
        if owner == whose:
            yield fact, value


def _read_again(action: Action) -> Action:
    """The action with its changes as they are read from data: a host may have put them together."""
    sets, adds = told_in(action.sets, "sets"), told_in(action.adds, "adds")
    return action._replace(sets=sets or (), adds=adds or ())


def _changed(
    record: Mapping[str, Any], sets: Iterable[tuple[str, Any]], adds: Iterable[tuple[str, Any]]
) -> dict[str, Any]:
    grown = {name: _sum(name, record.get(name), exact(amount, name)) for name, amount in adds}
    return {**record, **dict(sets), **grown}


def _rows(action: Action, changes: Rows) -> tuple[Told, ...]:
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


def _change(row: Mapping[str, Any]) -> Told:
    """One row; files have an empty cell for what is missing and for an empty list alike."""
    whose = text_of(row["subject"]), text_of(row["subject_id"])
    fact, set_to, add = text_of(row["fact"]), row["set_to"], row["add"]
    if not is_missing(add):
        return Told(*whose, Change(fact, None, written(exact(add, fact))))
    said = (isinstance(set_to, str) and not set_to) or not is_missing(set_to)
    return Told(*whose, Change(fact, text_of(set_to) if said else None, None))


def _as_action(action: Action, told: Told) -> Change:
    """A change as the action itself calls its fact."""
    of_parent = told.subject != action.subject
    named = f"{told.subject}.{told.change.fact}" if of_parent else told.change.fact
    return told.change._replace(fact=named)


def _refuse_others(action: Action, rows: tuple[Told, ...] | None) -> None:
    """An action that says what it changes is believed; rows beside it must say the same."""
    own = {each._replace(set_to=each.set_to or None) for each in changes_of(action)}
    said = [_as_action(action, each) for each in rows or ()]
    if said and {each._replace(set_to=each.set_to or None) for each in said} != own:
        raise ValueError(f"{action.action_id} changes other facts than its rows of changes say")


def _told(action: Action, rows: tuple[Told, ...] | None, policy: Policy | None) -> tuple[Told, ...]:
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
        named = {_as_action(action, each).fact for each in rows}
        _refuse_foreign(action, policy, named, "its rows of changes name")
    return rows


def _refuse_foreign(action: Action, policy: Policy, named: set[str], said: str) -> None:
    """An action changes what its rule changes: all of it, and nothing else."""
    ruled = changed_by(policy, action)
    if ruled is not None and not ruled.sets <= named <= ruled.all:
        raise ValueError(
            f"{action.action_id}: its rule changes {', '.join(sorted(ruled.all)) or 'nothing'}, "
            f"{said} {', '.join(sorted(named)) or 'nothing'}"
        )


def _typed(subject: str, change: Change, policy: Policy | None) -> Any:
    """What a fact is set to, in its type where the policy is known."""
    declared = policy.vocabulary.declarations.get(subject, {}).get(change.fact) if policy else None
    if policy is None or declared is None or change.set_to is None:
        return change.set_to
    try:
        found = coerce(change.set_to, declared.type, policy.vocabulary.timezone)
    except FactFault as fault:
        raise ValueError(f"{change.fact}: {quoted(change.set_to)} is no {declared.type}") from fault
    return local_of(found) if is_instant(found) else found


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
