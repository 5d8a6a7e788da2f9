# SPDX-License-Identifier: Apache-2.0
"""The verb of this stage: raw tables and a day → one row of facts per customer."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw
from narwhals.stable.v2.typing import IntoFrame

from loyaltyrules.history.columns import amount_of, read_id
from loyaltyrules.history.contacts import CONTACT_FACTS, contact_facts, read_contacts
from loyaltyrules.history.cuts import FIRST, LAST, Cuts, cuts_as_of
from loyaltyrules.history.errors import HistoryError, HistoryWarning
from loyaltyrules.history.frames import Frame, outward, require, sound_rows, wrap
from loyaltyrules.history.inward import inward, with_texts
from loyaltyrules.history.points import points_rate
from loyaltyrules.history.purchases import (
    AMOUNTS,
    Purchases,
    purchase_facts,
    read_purchases,
)
from loyaltyrules.host.day import NamedDay, day_of, zone_of
from loyaltyrules.host.text import quoted
from loyaltyrules.problem.problem import Problem, problem

TABLES = ("purchase", "customer", "contact")


def facts_as_of(
    tables: Mapping[str, IntoFrame],
    *,
    on: NamedDay,
    points_per_amount: Decimal | int | None = None,
    timezone: str = "Asia/Shanghai",
) -> Any:
    """Compute what was known of each customer at the end of a day.

    Rows after `on` are not known yet, rows without a customer id are of nobody. A row that is
    `returned`, or has an amount below zero, is no purchase; an amount below zero lowers the amounts
    and points of the span in which it happened. A row with `return_of` takes the purchase of that
    `id` or `order_id` out whole, and changes nothing else. Rows of one `order_id` are one purchase,
    of the first day. A purchase is in the last 12 months while its day + 12 calendar months (clamped
    to the month's end) is later than `on`; it is in the 12 months before that while its day + 24
    months is. Contacts count when they went out.

    What a reader of the facts must know is told by a `HistoryWarning` with `.problems`: rows that
    were set aside because a cell cannot be read (LR445, and of each column the first), rows that
    look like lines of one receipt (LR446), returns of purchases that are not there (LR447).

    Args:
        tables: Frames of one kind (Polars eager or lazy, pandas, Arrow). `purchase` has
            customer_id, occurred_at, amount (currency, at most 4 decimals) and perhaps id,
            order_id, points_earned, returned and return_of; `contact`, if given, customer_id, at,
            direction (in/out); `customer`, if given, id and any facts on file. Days are dates,
            datetimes or ISO text. Other tables and columns are ignored.
        on: The day: a date, a datetime, a timestamp of pandas or NumPy, or ISO text; what happened
            later is unknown.
        points_per_amount: Points per unit of currency for purchases that do not tell their points,
            rounded down per purchase; a return takes away as many. Without it points are computed
            only from points_earned.
        timezone: Where datetimes with an offset become local days; naive ones are local already.

    Returns:
        The caller's kind of frame, sorted by id: the customers of `customer` (else every id of
        `purchase`) with their columns in order, computed facts in place of those on file, new ones
        behind. Counts are Int64 (0 without events), amounts Float64 (the nearest to the exact
        decimal), days Date (null without events). Facts without ground stay as on file: points
        when neither points_earned nor points_per_amount is there, contacts when `contact` is not.
        In pandas the computed columns have Arrow types.

    Raises:
        MissingTableError: there is no `purchase`.
        MissingColumnError: a table lacks a column.
        FaultyColumnError: more than half of a table cannot be read; of each column the first such
            row is told, and how many there are. A lazy frame is checked at once, so it is read twice.
        HistoryError: kinds of frames are mixed, or an argument has no use.
    """
    facts, told = facts_and_notes(
        tables, on=on, points_per_amount=points_per_amount, timezone=timezone
    )
    if told:
        warnings.warn(HistoryWarning(told), stacklevel=2)
    return facts


def facts_and_notes(
    tables: Mapping[str, IntoFrame],
    *,
    on: NamedDay,
    points_per_amount: Decimal | int | None = None,
    timezone: str = "Asia/Shanghai",
) -> tuple[Any, tuple[Problem, ...]]:
    """The same facts, and what a reader must know of them."""
    cuts = _cuts(on, timezone)
    read = History.read(tables, points_per_amount=points_per_amount, timezone=timezone)
    return read.as_of(cuts), read.told


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Raw tables, read once: the facts of any day are computed from them.

    Attributes:
        subjects: The customers to describe, in the caller's kind of frame.
        bought: Their purchases.
        reached: Their contacts, where the table was given.
        told: What a reader of the facts must know of the tables.
    """

    subjects: Frame
    bought: Purchases
    reached: Frame | None
    told: tuple[Problem, ...]

    @classmethod
    def read(
        cls,
        tables: Mapping[str, IntoFrame],
        *,
        points_per_amount: Decimal | int | None,
        timezone: str,
    ) -> "History":
        """Read and check raw tables.

        Raises:
            HistoryError: as `facts_as_of`.
        """
        frames, rate = wrap(tables, TABLES), points_rate(points_per_amount)
        bought = read_purchases(frames["purchase"], timezone=timezone, rate=rate)
        subjects, told, reached = _subjects(frames, bought.rows), bought.told, None
        if "contact" in frames:
            reached, aside = read_contacts(frames["contact"], timezone=timezone)
            told += aside
        return cls(subjects, bought, reached, told)

    @property
    def computed(self) -> frozenset[str]:
        """The facts that are computed from the tables, whatever is on file."""
        return frozenset((*self.bought.facts, *(() if self.reached is None else CONTACT_FACTS)))

    def as_of(self, cuts: Cuts) -> Any:
        """The facts of each customer, as the caller's kind of frame, sorted by id."""
        facts = outward(purchase_facts(self.bought, cuts), self.subjects)
        result = _joined(self.subjects, facts, self.bought.facts)
        if self.reached is not None:
            facts = outward(contact_facts(self.reached, cuts), self.subjects)
            result = _joined(result, facts, CONTACT_FACTS)
        return nw.maybe_reset_index(result.sort("id")).to_native()


def _cuts(on: NamedDay, timezone: str) -> Cuts:
    """Work out the cuts of a day; what names none is refused (LR444), and the calendar ends (LR306).

    A time zone that there is not is refused too (LR138).
    """
    zone = zone_of(timezone)
    if zone is None:
        raise HistoryError([problem("LR138", None, found=timezone)])
    day = day_of(on, zone)
    if day is None:
        raise HistoryError([problem("LR444", None, value=quoted(on))])
    if not FIRST <= day <= LAST:
        raise HistoryError([problem("LR306", None, day=day, range=f"{FIRST} – {LAST}")])
    return cuts_as_of(day)


def _subjects(frames: Mapping[str, Frame], bought: Frame) -> Frame:
    """Give the customers to describe: those on file, else all who appear in purchases."""
    if "customer" not in frames:
        ids = bought.select("id").filter(~nw.col("id").is_null()).unique()
        return outward(ids, frames["purchase"])
    customer = with_texts(frames["customer"], ("id",))
    dtype = require("customer", customer, ("id",))["id"]
    sound_rows("customer", inward("customer", customer, ("id",)), (read_id("id", dtype),), "id")
    if dtype == nw.String and not customer.implementation.is_pyarrow():
        return customer
    # Arrow has several types of text, which it does not join
    return customer.with_columns(nw.col("id").cast(nw.String))


def _joined(subjects: Frame, facts: Frame, names: Sequence[str]) -> Frame:
    """Put facts beside their customers, in place of those on file; the rest of the columns stay."""
    present = subjects.collect_schema().names()
    order = [*present, *(name for name in names if name not in present)]
    kept = subjects.drop(*(name for name in names if name in present))
    beside = kept.join(facts, on="id", how="left")  # type: ignore[arg-type]  # kinds were checked
    return beside.with_columns(*_filled(names)).select(*order)


def _filled(names: Sequence[str]) -> list[nw.Expr]:
    """Give customers without events their zeros, and amounts their unit."""
    zero = nw.lit(0, nw.Int64)
    numbers = {name: nw.col(name).fill_null(zero) for name in names if not name.endswith("_on")}
    return [
        (amount_of(number) if name in AMOUNTS else number.cast(nw.Int64)).alias(name)
        for name, number in numbers.items()
    ]
