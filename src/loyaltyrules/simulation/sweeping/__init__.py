# SPDX-License-Identifier: Apache-2.0
"""Several values of figures, each with each."""
