# SPDX-License-Identifier: Apache-2.0
"""Charts and pages that results show themselves with."""
