# SPDX-License-Identifier: Apache-2.0
"""Decisions and results in words: explanations, summaries, records."""
