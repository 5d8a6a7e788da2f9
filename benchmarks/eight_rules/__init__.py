# SPDX-License-Identifier: Apache-2.0
"""Eight rules of customer care, as a policy and by hand."""
