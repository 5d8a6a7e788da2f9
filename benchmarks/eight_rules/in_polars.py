# SPDX-License-Identifier: Apache-2.0
"""The eight rules over a table in lazy Polars: scan, join the day's small tables, sink.

One query, streamed from file to files: `python -m benchmarks.eight_rules.in_polars --help`. Rows
stay narrow until the last join, so that a sort moves ids, occurrences and two small keys only.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.eight_rules.by_file import main

FORMS = {
    "form": pl.UInt8, "trigger": pl.String, "match": pl.String, "from_value": pl.String,
    "to_value": pl.String, "prefix": pl.String, "suffix": pl.String, "occurrence": pl.String,
    "by_phone": pl.Boolean, "by_consent": pl.Boolean,
}  # fmt: skip
VERDICT = pl.Enum(
    ["passed", "consent_unknown", "no_consent", "invalid_phone", "missing_data:mobile_phone"]
)
HELD = ["consent_unknown", "no_consent", "invalid_phone"]

tier, points = pl.col("tier"), pl.col("points_accumulated").fill_null(0)
bought, born = pl.col("last_purchase_on"), pl.col("date_of_birth")
now, before = (pl.col(f"purchases_{each}").fill_null(0) for each in ("12m", "prev_12m"))
consent, by_consent, by_phone = (
    pl.col("consent_marketing"),
    pl.col("by_consent"),
    pl.col("by_phone"),
)


def run(source: Path, small_tables: Path, out: Path, held_out: Path, ordered: bool) -> None:
    """Write the actions of a day, and those held back, of the customers in a Parquet file."""
    day = json.loads(small_tables.read_text(encoding="utf-8"))
    acts = gated(actions(pl.scan_parquet(source), day))
    held = pl.col("verdict").is_in(HELD)
    sinks = [
        stated(rows, day, ordered).sink_parquet(file, maintain_order=ordered, lazy=True)
        for rows, file in ((acts.filter(~held), out), (acts.filter(held), held_out))
    ]
    pl.collect_all(sinks, engine="streaming")


def actions(customers: pl.LazyFrame, day: Mapping[str, Any]) -> pl.LazyFrame:
    """A row for each action: the customer's facts beside the number of the form."""
    forms = pl.DataFrame(day["forms"], FORMS)
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
    own = pl.concat_str(pl.lit("/"), "occurrence", "suffix")
    steps = _of(forms, "move").drop("occurrence")
    moves = moved(customers, day).join(steps, on=pair).with_columns(suffix=own)
    return pl.concat([*cells, moves], how="diagonal")


def _of(forms: pl.DataFrame, trigger: str) -> pl.LazyFrame:
    date = [pl.col("match").str.to_date()] if trigger == "after_sale" else []
    return forms.filter(pl.col("trigger") == trigger).with_columns(date).lazy()


def moved(customers: pl.LazyFrame, day: Mapping[str, Any]) -> pl.LazyFrame:
    """Customers whose tier changes: idle before slowing before upgrade."""
    since, is_idle = bought.fill_null(pl.col("joined_on")), pl.col("match") == "idle"
    computed = (
        pl.when(points >= 5000).then(pl.lit("A"))
        .when(points >= 2000).then(pl.lit("B"))
        .otherwise(pl.lit("C"))
    )  # fmt: skip
    reason = (
        pl.when((tier != "C") & (since <= pl.lit(day["idle_cut"]).str.to_date())).then(pl.lit("idle"))
        .when((tier != "C") & (before >= 4) & (2 * now <= before)).then(pl.lit("slowing"))
        .when(computed < tier).then(pl.lit("upgrade"))
    )  # fmt: skip
    lower = pl.when(tier == "A").then(pl.lit("B")).otherwise(pl.lit("C"))
    moving = customers.with_columns(match=reason).filter(pl.col("match").is_not_null())
    start = pl.when(is_idle).then(since).otherwise("tier_since").cast(pl.String).fill_null("none")
    return moving.with_columns(
        from_value=tier,
        to_value=pl.when(pl.col("match") == "upgrade").then(computed).otherwise(lower),
    ).with_columns(occurrence=pl.concat_str("from_value", "to_value", start, separator=">"))


def gated(acts: pl.LazyFrame) -> pl.LazyFrame:
    """The gate's verdict: consent, then the number."""
    invalid = pl.col("phone_status").is_in(["vacant", "expired"])
    verdict = (
        pl.when(by_consent & consent.is_null()).then(pl.lit("consent_unknown", VERDICT))
        .when(by_consent & ~consent).then(pl.lit("no_consent", VERDICT))
        .when(by_phone & invalid).then(pl.lit("invalid_phone", VERDICT))
        .when(by_phone & pl.col("mobile_phone").is_null())
        .then(pl.lit("missing_data:mobile_phone", VERDICT))
        .otherwise(pl.lit("passed", VERDICT))
    )  # fmt: skip
    return acts.with_columns(verdict=verdict)


def stated(acts: pl.LazyFrame, day: Mapping[str, Any], ordered: bool) -> pl.LazyFrame:
    """All columns of the actions: the ids, then what the form says after the verdict."""
    schema = dict.fromkeys(day["outcomes"][0], pl.String)
    outcomes = pl.LazyFrame(
        day["outcomes"], schema | {"form": pl.UInt8, "verdict": VERDICT, "priority": pl.Int64}
    ).with_columns(pl.col("due_on", "window_end").str.to_date())
    narrow = acts.select(
        "form", "verdict", "store_id", "occurrence", subject_id="id", customer_id="id",
        action_id=pl.concat_str("prefix", "id", "suffix"),
    )  # fmt: skip
    rows = narrow.sort("action_id") if ordered else narrow
    order: Any = "left" if ordered else "none"
    return rows.join(outcomes, on=["form", "verdict"], maintain_order=order).select(day["columns"])


if __name__ == "__main__":
    main(run)
