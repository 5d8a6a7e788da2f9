# SPDX-License-Identifier: Apache-2.0
"""Subjects and their facts: what is declared, and how the facts of one record are read."""
