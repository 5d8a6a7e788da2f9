# SPDX-License-Identifier: Apache-2.0
"""`loyaltyrules` as its console script starts it, which tells the seconds after its imports."""

from time import perf_counter

from loyaltyrules.__main__ import main

if __name__ == "__main__":
    start = perf_counter()
    try:
        main()
    finally:
        print(perf_counter() - start)
