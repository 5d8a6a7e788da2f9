# SPDX-License-Identifier: Apache-2.0
"""`python -m loyaltyrules` is the command line."""

from loyaltyrules.cli.app import main

if __name__ == "__main__":
    main()
