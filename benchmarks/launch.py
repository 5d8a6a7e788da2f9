# SPDX-License-Identifier: Apache-2.0
"""Start one program from a small process, and tell its seconds and its peak of resident memory.

A process inherits the peak of the one that starts it; so the peak is asked of children of this
small one, never of the benchmark itself. Only Python's own `os` and `time` are imported.
"""

import os
import sys
import time


def main(command: list[str]) -> int:
    """Run a command; the last line that it prints: seconds, of the processor too, KiB, exit code."""
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    cpu = used.ru_utime + used.ru_stime
    kib = used.ru_maxrss // 1024 if sys.platform == "darwin" else used.ru_maxrss
    print(f"\n{seconds} {cpu} {kib} {os.waitstatus_to_exitcode(status)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
