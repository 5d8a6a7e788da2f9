# SPDX-License-Identifier: Apache-2.0
"""A policy's own tests: given records, cases and what they expect, written in YAML."""
