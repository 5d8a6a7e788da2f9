# SPDX-License-Identifier: Apache-2.0
"""What if gold began at 6,000? Every question to a policy once, on the customers of the music shop.

pip install 'loyaltyrules[cli,notebook]'
python examples/what_if.py
"""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import loyaltyrules as lr
from loyaltyrules.history import facts_as_of
from loyaltyrules.simulation import actions, always, count, share

SHOP, PAGE = Path("examples/cdnow"), Path("build/what_if.html")
EVE = "1998-01-27"  # of the Spring Festival


def read(name: str) -> pl.DataFrame:
    """A file as text: the policy knows the types."""
    return pl.read_csv(SHOP / f"{name}.csv", infer_schema=False)


def compared(old: lr.Policy, new: lr.Policy, customers: Any, tables: Any) -> None:
    """Who moves and why, what is lost and gained; the same as a page."""
    delta = lr.compare(old, new, customers, on=EVE, tables=tables)
    for row in delta.matrix("tier").rows():
        print(*row)
    for who, before, after, why, *_ in delta.movers("tier").head(2).rows():
        print(f"{who}: {before} -> {after}: {why}")
    print(delta.by("kind").filter(pl.col("lost") + pl.col("gained") > 0).rows())
    PAGE.parent.mkdir(exist_ok=True)
    delta.to_html(PAGE, language="zh")


def thresholds(policy: lr.Policy, customers: Any, tables: Any) -> None:
    """What several values give, and the exact one for a share of a fifth."""
    measure = (count("tier", "A"), actions("call"))
    values = {"tier_a_points": range(4000, 7001, 1000)}
    grid = lr.sweep(policy, values, customers, on=EVE, measure=measure, tables=tables)
    print(grid.frame.select("tier_a_points", "word", "count", "measure", "value").rows())
    fifth = share("tier", "A") <= 0.20
    print(lr.solve(policy, "tier_a_points", customers, on=EVE, want=fifth, tables=tables))


def one(policy: lr.Policy, customers: pl.DataFrame, tables: Any) -> None:
    """What a customer lacks for the next tier."""
    plan = lr.compile_day(policy, EVE, tables=tables).with_population(customers)
    print(lr.lacking(plan, customers.row(0, named=True), "tier").explain())


def walked(policies: dict[str, lr.Policy], raw: Any, tables: Any) -> None:
    """The tiers that both policies would have put on file by the end of the first year."""
    story = lr.replay(
        policies, raw, start="1997-10-31", end="1997-12-31", approve=always, tables=tables
    )
    last = (pl.col("label") == "tier") & (pl.col("on") == date(1997, 12, 31))
    print(story.labels.filter(last).select("policy", "word", "count").rows())


def main() -> None:
    old = lr.load_policy(SHOP / "policy", root=".")
    new = old.with_(tier_a_points=6000)
    raw, tables = {name: read(name) for name in ("purchase", "customer")}, {"store": read("store")}
    customers = facts_as_of(raw, on=EVE, points_per_amount=20)
    compared(old, new, customers, tables)
    thresholds(old, customers, tables)
    one(old, customers, tables)
    walked({"5000": old, "6000": new}, raw, tables)
    work = lr.workload(old, customers, start="1998-01-01", end="1998-01-31", tables=tables)
    print(work.by("role", "channel").rows())


if __name__ == "__main__":
    main()
