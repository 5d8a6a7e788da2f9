# SPDX-License-Identifier: Apache-2.0
"""Signatures as columns: what conditions ask of rows, one decision for each distinct answer, joined back."""
