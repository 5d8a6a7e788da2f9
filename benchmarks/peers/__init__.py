# SPDX-License-Identifier: Apache-2.0
"""The eight rules in other rule engines, each used as its documentation advises for speed."""
