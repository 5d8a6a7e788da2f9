# SPDX-License-Identifier: Apache-2.0
"""Facts from contacts: how often the store reached out lately, and when it last did."""

from datetime import date

import narwhals.stable.v2 as nw

from loyaltyrules.history.columns import read_day, read_direction, read_id
from loyaltyrules.history.cuts import Cuts
from loyaltyrules.history.frames import Frame, require, sound_rows
from loyaltyrules.history.inward import inward
from loyaltyrules.problem.problem import Problem

CONTACT_FACTS = ("contacts_7d", "contacts_30d", "last_contact_on")

_READ = ("customer_id", "at", "direction")


def read_contacts(frame: Frame, *, timezone: str) -> tuple[Frame, tuple[Problem, ...]]:
    """Read and check the contact table.

    Returns:
        Columns id, day and out (true where the store reached out), and what is told of other rows.

    Raises:
        MissingColumnError: customer_id, at or direction is not there.
        FaultyColumnError: most rows cannot be read.
    """
    require("contact", frame, _READ)
    raw = inward("contact", frame, _READ)
    schema = raw.collect_schema()
    columns = {
        "id": read_id("customer_id", schema["customer_id"]),
        "day": read_day("at", schema["at"], timezone),
        "out": read_direction("direction"),
    }
    rows, told = sound_rows("contact", raw, list(columns.values()), "customer_id")
    return rows.select(**{name: column.value for name, column in columns.items()}), told


def contact_facts(contacts: Frame, cuts: Cuts) -> Frame:
    """Count the outgoing contacts of each customer as of a day.

    A contact of the day itself is 0 days old; "in 7 days" means 0 to 6 days old, "in 30 days" 0 to
    29.

    Args:
        contacts: Checked contacts.
        cuts: The days that part the spans.

    Returns:
        One row per customer who was contacted up to the day: `id` and the facts.
    """
    counted = nw.col("out") & (nw.col("day") <= nw.lit(cuts.on)) & ~nw.col("id").is_null()
    marked = contacts.filter(counted).with_columns(
        contacts_7d=_later_than(cuts.week), contacts_30d=_later_than(cuts.month)
    )
    return marked.group_by("id").agg(
        nw.col("contacts_7d").sum(),
        nw.col("contacts_30d").sum(),
        nw.col("day").max().alias("last_contact_on"),
    )


def _later_than(cut: date) -> nw.Expr:
    """Give 1 for a day later than the cut, else 0 (Int64)."""
    later = nw.col("day") > nw.lit(cut)
    return nw.when(later).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
