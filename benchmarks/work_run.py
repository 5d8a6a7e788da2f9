# SPDX-License-Identifier: Apache-2.0
"""One ordinary day of a file of customers, or a year of them as work; tells the seconds after the imports.

`python -m benchmarks.work_run POLICY CUSTOMERS DAY [LAST]`
"""

import sys
from datetime import date
from time import perf_counter

import polars as pl

from loyaltyrules import compile_day, evaluate_frame, load_policy, workload

if __name__ == "__main__":
    policy, file, *days = sys.argv[1:]
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    start = perf_counter()
    menswear, customers = load_policy(policy), pl.read_parquet(file)
    if len(days) == 1:
        found = evaluate_frame(compile_day(menswear, first), customers).actions
    else:
        load = workload(menswear, customers, start=first, end=last)
        found = load.by("month", "role", "kind")
        print(load)
    print(len(found))
    print(perf_counter() - start)
