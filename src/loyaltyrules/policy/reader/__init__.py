# SPDX-License-Identifier: Apache-2.0
"""YAML files become one document of plain texts, lists and mappings, every part with its place."""
