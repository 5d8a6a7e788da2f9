# SPDX-License-Identifier: Apache-2.0
"""A policy compiled for a span of days: dates and figures are constants, conditions ask of buckets."""
