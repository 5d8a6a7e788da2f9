#!/usr/bin/env bash
# Products of decimals lose their cents in Polars.
#
# Expected: 0.05 times 0.10 is 0.005. Arrow, DuckDB and Python's Decimal widen the scale of a product,
#   so a million such products add up to 5000, and 10.04 divided by 10.00 is above 1.
# Happens: Polars keeps the larger scale of the two operands and rounds each product and quotient to it,
#   half to even. A million times 0.005 is a million times 0.00; 10.04 / 10.00 is 1.00, and not above 1;
#   the price after two discounts depends on where the parentheses stand.
# Why it matters: points for a share of what was paid are such products, row by row, then a sum; limits
#   on ratios ("spent more than last year") are such quotients. Nothing warns: the type says decimal.
# Known: a choice of Polars, told where the fixed scale was introduced in late 2025; 1.30 still widened. Code that
#   was right then is wrong now without an error.
# Packages: polars 2.1.0, pyarrow 26.0.1.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"${PYTHON:-python3}" -m venv "$room/venv"
"$room/venv/bin/python" -m pip install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
cd "$room"
"$room/venv/bin/python" -I - <<'PYTHON'
import sys
from decimal import Decimal

import polars
import pyarrow
import pyarrow.compute as arrow

MILLION = 1_000_000
paid, share = Decimal("0.05"), Decimal("0.10")
rows = polars.DataFrame({"paid": [paid] * MILLION, "share": [share] * MILLION})
ratio = polars.DataFrame({"now": [Decimal("10.04")], "before": [Decimal("10.00")]})
price = polars.DataFrame({"price": [Decimal("99.90")], "off": [Decimal("0.95")]})
column = polars.col

products = arrow.multiply(pyarrow.array([paid] * MILLION), pyarrow.array([share] * MILLION))
each_then_sum = rows.select((column("paid") * column("share")).sum()).item()
sum_then_once = rows.select(column("paid").sum() * share).item()
above = ratio.select(column("now") / column("before") > 1).item()
left = price.select(column("price") * column("off") * column("off")).item()
right = price.select(column("price") * (column("off") * column("off"))).item()

print(f"packages: polars {polars.__version__}, pyarrow {pyarrow.__version__}")
print("guess: the sum of the products is 5000, the ratio is above 1, parentheses change nothing")
print(f"seen: Arrow sums the products to {arrow.sum(products).as_py()}, Polars to {each_then_sum},")
print(f"  and to {sum_then_once} where the sum is multiplied; 10.04 / 10.00 > 1 is {above}, 10.04 > 10.00 is True;")
print(f"  99.90 after twice 0.95 is {left}, or {right}")

seen = [arrow.sum(products).as_py(), each_then_sum, sum_then_once, above, left, right]
stated = [*map(Decimal, ("5000", "0", "5000")), False, Decimal("90.16"), Decimal("89.91")]
if seen != stated:
    sys.exit(f"changed: {seen} instead of {stated}")
print("as stated")
PYTHON
