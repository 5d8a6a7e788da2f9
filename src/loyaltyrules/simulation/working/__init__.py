# SPDX-License-Identifier: Apache-2.0
"""The days of a span as work."""
