# SPDX-License-Identifier: Apache-2.0
"""Measurements of loyaltyrules beside hand-written Python; run `python -m benchmarks.bench`."""
