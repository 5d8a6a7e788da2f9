# SPDX-License-Identifier: Apache-2.0
"""The edge: files, clock, terminal, exit codes."""
