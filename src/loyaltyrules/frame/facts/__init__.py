# SPDX-License-Identifier: Apache-2.0
"""Derived facts as columns: aggregates, ranks, and what waits for parents."""
