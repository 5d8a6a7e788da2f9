# SPDX-License-Identifier: Apache-2.0
"""The day plan: a policy compiled for a span of days, with reference data and a population."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from logging import DEBUG
from typing import Any

from loyaltyrules.calendar import FIRST_DAY, instant_of, plain_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.fact.coerce import FactFault, coerce, is_missing
from loyaltyrules.fact.declaration import ways_up
from loyaltyrules.fact.frozen import NOTHING, Frozen
from loyaltyrules.fact.rows import rows_of
from loyaltyrules.fact.snapshot import Snapshot, shown
from loyaltyrules.host.day import NamedDay, day_of, moment_of
from loyaltyrules.host.html import section, table
from loyaltyrules.host.log import LOG, tells
from loyaltyrules.host.record import Record as Given
from loyaltyrules.host.record import mapping_of
from loyaltyrules.host.text import quoted, text_of
from loyaltyrules.plan.above import Above, counted, counts, reference_records, without_lost
from loyaltyrules.plan.alike import Alike
from loyaltyrules.plan.around_days import Openings
from loyaltyrules.plan.compile import compile_one
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Record, Surroundings, derived, reference
from loyaltyrules.plan.memory import Memory
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.population import Siblings
from loyaltyrules.plan.unread import Unread, refuse_unknown_tables, unread, unread_of
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import ArgumentError, PolicyError, SnapshotError
from loyaltyrules.problem.problem import Problem, problem

LAST_DAY = date(2099, 12, 31)


class Days:
    """The days of a policy, each compiled when it is first needed; with a population or without."""

    def __init__(self, policy: Policy, tables: Tables, now: datetime | None = None) -> None:
        self._policy, self._tables, self._now = policy, tables, now
        self._known: dict[date, Day] = {}
        self._alike = Alike()
        self.openings = Openings(policy, tables)

    def without_others(self) -> "Days":
        """No day yet, but what days have in common."""
        found = Days(self._policy, self._tables, self._now)
        found._alike, found.openings = self._alike, self.openings
        return found

    def of(self, day: date) -> Day:
        """The rules as they stand on a day."""
        found = self._known.get(day)
        if found is None:
            now = moment_on(day, self._now)
            found = compile_one(self._policy, day, self._tables, self._alike, now)
            self._known[day] = found
            LOG.debug("compiled %s for %s", self._policy.name, day)
        return found


def moment_on(day: date, now: datetime | None) -> datetime | None:
    """The moment of the run, on the one day of a span that it lies on."""
    return now if now is not None and now.date() == day else None


class Around(dict[date, Surroundings]):
    """What is counted of reference records, by day; it belongs to the plan's memory."""


@dataclass(frozen=True, repr=False)
class DayPlan:
    """A policy compiled for the span after `since`, up to and including `on`.

    A value: equal to any plan of the same policy, days, moment, reference data and population. What has been
    worked out of it (compiled days, decisions by signature) is kept in `memory`, which is no part of
    the value and stays behind when a plan is pickled.
    """

    policy: Policy
    on: date
    since: date
    tables: Tables = NOTHING
    siblings: Mapping[tuple[str, str], Siblings] = Frozen()
    members: Unread = field(default=Frozen(), compare=False)  # what nobody reads of the population
    now: datetime | None = (
        None  # the moment of the run, on the last day; None: the day alone counts
    )
    memory: Memory = field(default_factory=Memory, compare=False)

    def __hash__(self) -> int:
        return hash((self.policy, self.on, self.since))

    def __reduce__(self) -> tuple[Any, ...]:
        told = self.tables, self.siblings, self.members, self.now
        return DayPlan, (self.policy, self.on, self.since, *told)

    def __repr__(self) -> str:
        now = "" if self.now is None else f", now={self.now.isoformat()}"
        return f"DayPlan({self.policy.name!r}, on={self.on}, since={self.since}{now})"

    def __dir__(self) -> list[str]:
        """What hosts use, for those who complete names; the rest is for those who decide by it."""
        return [
            "dates",
            "ignored",
            "now",
            "on",
            "policy",
            "since",
            "snapshot",
            "tables",
            "with_population",
        ]

    def _repr_html_(self) -> str:
        rows: list[tuple[str, object]] = [
            ("policy", self.policy.name), ("version", self.policy.version),
            ("fingerprint", self.policy.fingerprint), ("after", self.since), ("up to", self.on),
        ]  # fmt: skip
        rows += [(f"rows of {name}", len(listed)) for name, listed in self.tables.items()]
        return section(repr(self), table(("", ""), rows))

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The days of the span, first to last."""
        count = (self.on - self.since).days
        return tuple(self.since + timedelta(days=step) for step in range(1, count + 1))

    @cached_property
    def days(self) -> Days:
        """The compiled days that this plan shares with those of other populations."""
        return self.memory.of(Days, lambda: Days(self.policy, self.tables, self.now))

    def alone(self, day: date) -> "DayPlan":
        """The plan of one day of the span, which goes on with what other days remember."""
        memory = _memory_of(self.days.without_others())
        now = moment_on(day, self.now)
        return replace(self, on=day, since=day - timedelta(days=1), now=now, memory=memory)

    def apart(self) -> "DayPlan":
        """The same plan, which remembers nothing but its compiled days."""
        return replace(self, memory=_memory_of(self.days))

    def day(self, day: date) -> Day:
        """The rules as they stand on one day of the span."""
        return self.days.of(day)

    @cached_property
    def _reference_records(self) -> Mapping[tuple[str, str], Snapshot]:
        """The records among reference data, each with the child records that it counts."""
        return reference_records(self.policy, self.tables)

    @cached_property
    def ignored(self) -> Mapping[str, Mapping[str, str]]:
        """By table of reference data, and of the population, the columns that nobody reads, each with
        the near name."""
        found = unread(self.policy, self.tables)
        return Frozen({**self.members, **found}) if self.members else found

    @cached_property
    def _around(self) -> Surroundings:
        """What records are derived from beside themselves, but for what is counted of their parents."""
        subjects = self.policy.vocabulary.subjects.values()
        links = {each.name: each.links for each in subjects if each.parent}
        known = self.policy.vocabulary.subjects
        ways = {e.name: ways_up(e.name, known) for e in known.values() if e.also}
        parents = dict(Above(self._reference_records, links, ways))
        return Surroundings(parents, self.siblings, links, ways)

    @cached_property
    def _counts(self) -> bool:
        return counts(self.policy, self.tables, self.siblings)

    def around(self, day: Day) -> Surroundings:
        """What the records of this plan are derived from beside themselves on a day of the span."""
        return self._counted(day) if self._counts else self._around

    def _counted(self, day: Day) -> Surroundings:
        """The same with what is counted of reference records, which may go by the day."""
        known = self.memory.of(Around, Around)
        if day.day not in known:
            count = counted(self._around, day, self.policy)
            above = Above(self._reference_records, self._around.links, self._around.ways, count)
            known[day.day] = replace(self._around, parents=above)
        return known[day.day]

    def reference(self, snapshot: Snapshot) -> Facts:
        """The facts of the record's parent on the last day, where that came as reference data."""
        around = self._counted(self.day(self.on)) if self._counts else self._around
        return reference(around, snapshot)

    def derived(self, day: Day, snapshot: Snapshot, remember: bool = True) -> Record:
        """The record of a snapshot with everything that the policy derives on a day of the span."""
        around = self.around(day)
        return derived(around if remember else replace(around, remember=False), day, snapshot)

    def with_population(self, customers: Any, subject: str = "customer") -> "DayPlan":
        """The same plan, knowing all records of a kind: shares and ranks become known.

        Args:
            customers: Rows, snapshots or a data frame; ranks are those of the last day. Identical
                ones count once.
            subject: The kind of record, where it is not a customer.

        Raises:
            SnapshotError: a row is faulty, several that differ have one id (LR408), or a snapshot is
                of another kind of record (LR489).
        """
        day, members = self.day(self.on), self._members(customers, subject)
        population = [self.derived(day, each).facts for each in members]
        found = {
            (subject, each.name): each.ranking.siblings(population)
            for each in day.subjects[subject].deriving
            if each.ranking is not None
        }
        memory = _memory_of(self.days)  # a day is compiled alike with and without a population
        siblings, ignored = Frozen({**self.siblings, **found}), unread_of(members)
        names = Frozen({**self.members, **ignored})
        return replace(self, siblings=siblings, members=names, memory=memory)

    def _members(self, given: Any, subject: str) -> list[Snapshot]:
        """The records of a population, each once."""
        found: dict[str, Snapshot] = {}
        faults: list[Problem] = []
        for row in rows_of(given):
            each = row if isinstance(row, Snapshot) else self.snapshot(row, subject)
            if each.subject != subject:
                details = {"id": each.id, "found": each.subject, "subject": subject}
                faults.append(problem("LR489", None, **details))
            elif found.setdefault(each.id, each) != each:
                faults.append(problem("LR408", None, id=each.id))
        if faults:
            raise SnapshotError(faults)
        return [*found.values()]

    def snapshot(
        self, record: Given, subject: str = "customer", *, strict: bool = False
    ) -> Snapshot:
        """Read one record, once: the facts of one customer (or other subject), validated.

        Args:
            record: A mapping, or what names its fields: a dataclass, a model of pydantic, a named
                tuple, a series of pandas, a row of a database.
            subject: The kind of record.
            strict: True refuses names that the policy does not declare.

        Raises:
            SnapshotError: facts with a wrong type or an impossible value (LR4xx); with `strict`
                names that are not read (LR471).
        """
        if not isinstance(subject, str) or subject not in self.policy.vocabulary.subjects:
            raise SnapshotError([problem("LR414", None, name=subject, near="")])
        read = self.policy.vocabulary.snapshot(record, subject)
        if strict and (unread := [*_unread(read)]):
            raise SnapshotError(unread)
        return read


def _memory_of(days: Days) -> Memory:
    """A memory that begins with compiled days."""
    memory = Memory()
    memory.of(Days, lambda: days)
    return memory


def _unread(snapshot: Snapshot) -> Iterator[Problem]:
    """The names of a record and of those below it that nobody reads."""
    for each in (snapshot, *snapshot.below()):
        for name, near in each.ignored.items():
            yield problem("LR471", None, id=each.id, name=name, near=near)


def compile_day(
    policy: Policy,
    on: NamedDay,
    since: NamedDay | None = None,
    tables: Mapping[str, Any] | None = None,
    now: NamedDay | None = None,
) -> DayPlan:
    """Compile a policy for a day, or for the span of days after `since` up to `on`.

    Args:
        policy: A loaded policy.
        on: The last day of the span, in the policy's time zone: a date, a datetime, a timestamp of
            pandas or NumPy, or ISO text.
        since: The last day already done; the day before `on` unless told otherwise.
        tables: Reference data by name (`store`, `event`, `launch` …): rows as mappings, or a frame.
        now: The moment of the run, on the last day: a datetime, a timestamp or ISO text, local where
            it has no offset. With it, what is late after a deadline to the minute is told in the
            first run at or after that; without it, in that of the first day that begins after it.

    Raises:
        PolicyError: days outside the calendar (LR306) or not in force (LR309), an empty span
            (LR307), or `now` is not on the last day (LR313).
        ArgumentError: `on` or `since` is no day (LR470), or `now` is no moment (LR314).
        SnapshotError: rows of reference data that cannot be read (LR4xx), or a table of a name that
            the policy does not know (LR269).
    """
    last = _day("on", on, policy)
    _check_day(policy, last)
    start = last - timedelta(days=1) if since is None else _day("since", since, policy)
    _check_days(policy, last, start)
    if tells(DEBUG):
        details = policy.name, policy.fingerprint, start, last
        LOG.debug("plan of %s (%s) after %s up to %s", *details)
    moment = None if now is None else _moment(now, last, policy)
    rows = reference_tables(policy, {} if tables is None else tables)
    return DayPlan(policy, last, start, rows, now=moment)


def _moment(value: object, last: date, policy: Policy) -> datetime:
    """The moment of a run, which lies on the last day of its span."""
    said = moment_of(value)
    if said is None:
        raise ArgumentError([problem("LR314", None, value=quoted(value))])
    found = instant_of(plain_of(said), policy.vocabulary.timezone)
    if found.date() != last:
        now = found.isoformat(timespec="minutes")
        raise PolicyError([problem("LR313", None, now=now, on=last)])
    return found


def _day(name: str, value: object, policy: Policy) -> date:
    """A day that was handed in, an instant by the policy's time zone."""
    found = day_of(value, policy.vocabulary.timezone)
    if found is None:
        raise ArgumentError([problem("LR470", None, name=name, value=quoted(value))])
    return found


def reference_tables(
    policy: Policy, given: Mapping[str, Any], set_aside: list[Problem] | None = None
) -> Tables:
    """The rows of reference data: those in the policy, and those given in their place.

    Faulty rows are added to `set_aside`; without it they are raised.
    """
    if not isinstance(given, Mapping):
        raise SnapshotError([problem("LR413", None, found=type(given).__name__)])
    refuse_unknown_tables(policy, given)
    rows = {table.name: table.rows for table in policy.tables.values() if table.rows}
    rows |= {name: tuple(rows_of(table)) for name, table in given.items()}
    faults: list[Problem] = []
    good = {name: _good_rows(policy, name, each, faults) for name, each in rows.items()}
    for name in {rule.each for rule in policy.rules} & good.keys():
        good[name] = _named_rows(name, good[name], faults)
    owned = without_lost(policy, good, faults)
    read = Frozen({name: tuple(each) for name, each in owned.items()})
    if faults and set_aside is None:
        raise SnapshotError(faults)
    (set_aside if set_aside is not None else []).extend(faults)
    return read


def _good_rows(
    policy: Policy, name: str, rows: Iterable[Any], faults: list[Problem]
) -> list[Mapping[str, Any]]:
    """The rows of a reference table that can be read; rows that share an id and differ cannot."""
    found: dict[Any, Mapping[str, Any]] = {}
    twice: dict[Any, None] = {}
    for number, given in enumerate(rows):
        row = given if type(given) is dict else mapping_of(given)
        if row is None:
            faults.append(problem("LR421", None, found=type(given).__name__))
            continue
        try:
            read = _read(policy, name, row)
            if name in policy.vocabulary.subjects:
                policy.vocabulary.snapshot(row, name)
        except SnapshotError as error:
            faults.extend(error.problems)
            continue
        key = number if is_missing(row.get("id")) else text_of(row["id"])
        if found.setdefault(key, read) != read:
            twice[key] = None
    faults.extend(problem("LR408", None, id=key) for key in twice)
    return [Frozen(row) for key, row in found.items() if key not in twice]


def _named_rows(
    name: str, rows: Iterable[Mapping[str, Any]], faults: list[Problem]
) -> list[Mapping[str, Any]]:
    """The rows of a table for each of which rules are said: those that have an id."""
    found = []
    for row in rows:
        if is_missing(row.get("id")):
            faults.append(problem("LR288", None, table=name))
        else:
            found.append(row)
    return found


def _check_days(policy: Policy, on: date, since: date) -> None:
    if since >= on:
        raise PolicyError([problem("LR307", None, since=since, on=on)])
    _check_day(policy, since + timedelta(days=1))


def _check_day(policy: Policy, day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        span = f"{FIRST_DAY} – {LAST_DAY}"
        raise PolicyError([problem("LR306", None, day=day, range=span)])
    first, last = policy.in_force
    if (first and day < first) or (last and day > last):
        raise PolicyError([problem("LR309", None, policy=policy.name, day=day)])


def _read(policy: Policy, name: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row of a reference table in the types of its columns; other columns stay as they are."""
    table = policy.tables.get(name)
    if table is None:
        return dict(row)
    kinds = dict(table.columns)
    found: dict[str, Any] = dict.fromkeys(kinds)  # an absent cell is missing, as an empty one
    for column, value in row.items():
        try:
            kind = kinds.get(column)
            found[column] = (
                coerce(value, kind, policy.vocabulary.timezone)
                if kind
                else None if is_missing(value) else value
            )  # fmt: skip
        except FactFault as fault:
            details = {"id": row.get("id", name), "field": column, "value": shown(value)}
            words = ", ".join(kinds[column].words)
            raise SnapshotError(
                [problem(fault.code, None, **details, expected=kinds[column], words=words)]
            ) from fault
    past = [*table.past(found)]
    if past:
        raise SnapshotError([_ended(name, found, *each) for each in past])
    return found


def _ended(table: str, row: Mapping[str, Any], begins: str, ends: str) -> Problem:
    named = f"{ends} of {row.get('id', table)}"
    return problem("LR486", None, name=named, first=row[begins], last=row[ends])
