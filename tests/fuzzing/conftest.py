# SPDX-License-Identifier: Apache-2.0
"""What draws cases is no installed package: it is found from the root of the project."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
