# SPDX-License-Identifier: Apache-2.0
"""Policies walked through history."""
