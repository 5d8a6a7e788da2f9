# SPDX-License-Identifier: Apache-2.0
"""Where the command line starts, also as `python -m loyaltyrules`.

A process does one verb: what it imports and loads stays until it ends, and the collector of cycles may
rest. Otherwise it looks through all of that again and again, and once more at the end.
"""

import atexit
import gc
import sys


def _leave_all() -> None:
    """At the end nothing is looked through, unless a library counts what was not given back."""
    if "duckdb" not in sys.modules:
        gc.freeze()


gc.set_threshold(100_000)
atexit.register(_leave_all)

from loyaltyrules.cli.app import main  # noqa: E402  # what is imported is what the collector leaves

if __name__ == "__main__":
    main()
