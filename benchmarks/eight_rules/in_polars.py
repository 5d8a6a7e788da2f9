# SPDX-License-Identifier: Apache-2.0
"""The eight rules over a table in lazy Polars: scan, join the day's small tables, sink.

One query, streamed from file to file: `python -m benchmarks.eight_rules.in_polars --help`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.eight_rules.by_file import main

DATES = ("due_on", "window_end")
EXTRA = ("trigger", "match", "prefix", "suffix", "end")
FLAGS = {"priority": pl.Int64, "by_phone": pl.Boolean, "by_consent": pl.Boolean}
TO_CUSTOMER = ("subject_id", "customer_id", "store_id")

tier, points = pl.col("tier"), pl.col("points_accumulated").fill_null(0)
bought, born = pl.col("last_purchase_on"), pl.col("date_of_birth")
now, before = (pl.col(f"purchases_{each}").fill_null(0) for each in ("12m", "prev_12m"))
consent, consent_asked = pl.col("consent_marketing"), pl.col("by_consent")
no_consent = consent_asked & consent.not_().fill_null(True)
invalid = pl.col("by_phone") & pl.col("phone_status").is_in(["vacant", "expired"]).fill_null(False)
held = no_consent | invalid


def run(source: Path, day: Mapping[str, Any], out: Path, held_out: Path, ordered: bool) -> None:
    """Write the actions of a day, and those held back, of the customers in a Parquet file."""
    acts = actions(pl.scan_parquet(source), day)
    sinks = []
    for rows, file in ((acts.filter(~held), out), (acts.filter(held), held_out)):
        stated = stamped(rows).select(day["columns"])
        stated = stated.sort("action_id") if ordered else stated
        sinks.append(stated.sink_parquet(file, lazy=True))
    pl.collect_all(sinks, engine="streaming")


def actions(customers: pl.LazyFrame, day: Mapping[str, Any]) -> pl.LazyFrame:
    """A row for each action: the customer's facts beside the constants of the action."""
    forms = _forms(day)
    birthday = (born.dt.month() == day["birth_month"]) & born.dt.day().is_in(day["birth_days"])
    asked = {
        "festival": (tier, customers),
        "birthday": (tier, customers.filter(birthday)),
        "after_sale": (bought, customers),
        "occupation": (pl.col("occupation"), customers),
    }
    cells = [
        some.join(_of(forms, trigger), left_on=fact, right_on="match")
        for trigger, (fact, some) in asked.items()
        if trigger in forms["trigger"]
    ]
    pair = ["match", "from_value", "to_value"]
    return pl.concat([*cells, _moved(customers, day).join(_of(forms, "move"), on=pair)], how="diagonal")


def _forms(day: Mapping[str, Any]) -> pl.DataFrame:
    columns = {*EXTRA, *day["columns"]} - {"action_id", *TO_CUSTOMER}
    schema = dict.fromkeys(columns, pl.String) | FLAGS
    return pl.DataFrame(day["forms"], schema).with_columns(pl.col(DATES).str.to_date())


def _of(forms: pl.DataFrame, trigger: str) -> pl.LazyFrame:
    date = [pl.col("match").str.to_date()] if trigger == "after_sale" else []
    return forms.filter(pl.col("trigger") == trigger).with_columns(date).lazy()


def _moved(customers: pl.LazyFrame, day: Mapping[str, Any]) -> pl.LazyFrame:
    """Customers whose tier changes: idle before slowing before upgrade."""
    since = bought.fill_null(pl.col("joined_on"))
    computed = pl.when(points >= 5000).then(pl.lit("A")).when(points >= 2000).then(pl.lit("B")).otherwise(pl.lit("C"))
    idle = (tier != "C") & (since <= pl.lit(day["idle_cut"]).str.to_date())
    slowing = (tier != "C") & (before >= 4) & (2 * now <= before)
    reason = (
        pl.when(idle).then(pl.lit("idle"))
        .when(slowing).then(pl.lit("slowing"))
        .when(computed < tier).then(pl.lit("upgrade"))
    )  # fmt: skip
    lower = pl.when(tier == "A").then(pl.lit("B")).otherwise(pl.lit("C"))
    moving = customers.with_columns(match=reason).filter(pl.col("match").is_not_null())
    upgrade, idly = pl.col("match") == "upgrade", pl.col("match") == "idle"
    return moving.with_columns(
        from_value=tier,
        to_value=pl.when(upgrade).then(computed).otherwise(lower),
        since=pl.when(idly).then(since).otherwise("tier_since").cast(pl.String).fill_null("none"),
    )


def stamped(acts: pl.LazyFrame) -> pl.LazyFrame:
    """What depends on the customer: the ids, and the gate's verdict."""
    lacking = pl.col("by_phone") & pl.col("mobile_phone").is_null()
    identity = ("prefix", "id", "suffix", pl.col("since").fill_null(""), "end")
    return acts.with_columns(
        action_id=pl.concat_str(identity),
        subject_id="id",
        customer_id="id",
        status=pl.when(held).then(pl.lit("suppressed"))
        .when(lacking).then(pl.lit("blocked_missing_data")).otherwise("status"),
        reason=pl.when(consent_asked & consent.is_null()).then(pl.lit("consent_unknown"))
        .when(no_consent).then(pl.lit("no_consent"))
        .when(invalid).then(pl.lit("invalid_phone"))
        .when(lacking).then(pl.lit("missing_data:mobile_phone")).otherwise("reason"),
        suppressed_by=pl.when(no_consent).then(pl.lit("gate.no_consent"))
        .when(invalid).then(pl.lit("gate.invalid_phone")),
    )  # fmt: skip


if __name__ == "__main__":
    main(run)
