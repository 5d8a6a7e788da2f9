# SPDX-License-Identifier: Apache-2.0
"""YAML text becomes a validated policy: reader → shape → lowering → checks → model."""
