# SPDX-License-Identifier: Apache-2.0
"""Snapshot → decision: labels, the rules that act, the gate, approval."""
